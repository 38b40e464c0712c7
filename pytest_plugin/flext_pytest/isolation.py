"""Isolate tests from each other: restore counts, settings and the bound correlation id of typed errors."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import wraps
from hashlib import sha256
from inspect import iscoroutinefunction

import pytest

from flext_exceptions import FlextExceptions
from flext_exceptions.correlation import bound as binding

__all__ = ["bind_id", "flext_config", "isolate", "readable_id", "restore_settings"]

Scope = Callable[[], AbstractContextManager[None]]

MAX_LENGTH = 64  # characters of a readable id: short enough for a log line
DIGITS = 8  # of a digest: among 10,000 tests two share one with a chance of 1 in 86, and then their names differ anyway


@contextmanager
def restore_settings() -> Iterator[None]:
    """Restore at the end the current settings, and the level of the logger, which configuring sets."""
    logger = logging.getLogger("flext_exceptions")
    level = logger.level
    before = FlextExceptions.get_error_handling_config().unwrap()
    for name in ("total_errors_recorded", "error_types_available"):  # reported, not settable
        del before[name]
    try:
        yield
    finally:
        # Configured, not assigned: watchers of errors must keep watching.
        FlextExceptions.configure_error_handling(before).unwrap()
        logger.setLevel(level)


@contextmanager
def restore_binding() -> Iterator[None]:
    """Restore at the end the current binding of correlation ids, whatever was entered and not left."""
    before = binding.get()
    try:
        yield
    finally:
        binding.set(before)


@contextmanager
def isolate(item: pytest.Item) -> Iterator[None]:
    """Start the counts of a test at zero; restore counts, settings and bound correlation id at the end.

    Args:
        item: the test.
    """
    with (
        restore_settings(),
        restore_binding(),
        around_coroutine(item, restore_binding),
        FlextExceptions.Metrics.isolated(),
    ):
        yield


@contextmanager
def bind_id(item: pytest.Item, correlation_id: str) -> Iterator[str]:
    """Bind a correlation id for a test, and yield it; at the end the previous binding is restored.

    Args:
        item: the test.
        correlation_id: the id of each error that the test constructs without one.
    """

    @contextmanager
    def scope() -> Iterator[None]:
        with restore_binding(), FlextExceptions.correlation(correlation_id):
            yield

    with scope(), around_coroutine(item, scope):
        yield correlation_id


@contextmanager
def around_coroutine(item: pytest.Item, scope: Scope) -> Iterator[None]:
    """Enter a scope also where the body of an asynchronous test runs, which may be another context."""
    function = item if isinstance(item, pytest.Function) else None
    # An IsolatedAsyncioTestCase copies the context when it is instantiated, which pytest does at collection.
    context = getattr(function and function.instance, "_asyncioTestContext", None)
    if context is not None:
        entered = scope()
        context.run(entered.__enter__)
        try:
            yield
        finally:
            context.run(entered.__exit__, None, None, None)
    elif function is not None and iscoroutinefunction(function.obj):
        test = function.obj
        function.obj = within(scope, test)
        try:
            yield
        finally:
            function.obj = test
    else:
        yield


def within(scope: Scope, test: Callable[..., Awaitable[object]]) -> Callable[..., Awaitable[object]]:
    """Return a coroutine test with a scope around it, in its own task.

    A task of anyio is as old as the first asynchronous fixture, and is shared by the tests that use that fixture.
    """

    @wraps(test)
    async def run(*args: object, **kw: object) -> object:
        __tracebackhide__ = True
        with scope():
            return await test(*args, **kw)

    return run


def readable_id(node_id: str) -> str:
    """Return the correlation id for a test: its names, and the start of a digest of its whole node id.

    It is the same in every run, has at most 64 characters, and only ASCII letters, digits, ``-``, ``.`` and ``_``, so
    that it may stand in a header and in a log line. Folders are left out; if it would be too long, the module is too,
    and the rest is cut. The digest distinguishes names that read alike.

    >>> readable_id("tests/test_shop.py::TestOrder::test_sold_out[A-1]")
    'test_shop.TestOrder.test_sold_out-A-1-e5970c7d'
    """
    path, *names = node_id.split("::")
    room = MAX_LENGTH - DIGITS - 1
    name = safe(".".join([path.rpartition("/")[2].removesuffix(".py"), *names]))
    if len(name) > room and names:
        name = safe(".".join(names))
    digest = sha256(node_id.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{name[:room].rstrip('-')}-{digest[:DIGITS]}"


def safe(name: str) -> str:
    """Return a name with a dash in place of characters that may not stand in a header.

    >>> safe("test_order[A 1/ü]")
    'test_order-A-1'
    """
    return re.sub(r"[^A-Za-z0-9._]+", "-", name).strip("-")


def flext_config(**settings: object) -> None:
    """Change settings of typed errors as :meth:`FlextExceptions.configure_error_handling` does; a failure is raised."""
    __tracebackhide__ = True
    failure = FlextExceptions.configure_error_handling(settings).error
    if failure is not None:
        pytest.fail(f"flext_config: {failure}")
