"""The marker ``flext``: checked before any test runs, and turned into the fixture that does what it asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

import pytest

from flext_exceptions import FlextExceptions
from flext_pytest.isolation import bind_id, isolate, readable_id, restore_settings

__all__ = ["apply_marker", "correlation_id_of", "prepare"]

FIXTURE = "_flext_marked"


class MarkerRequest(NamedTuple):
    """What a test asks for. If the markers of test, class and module differ, the nearest one decides."""

    environment: str | None = None
    correlation_id: str | None = None
    isolate: bool = True


def request_for(item: pytest.Item) -> MarkerRequest | None:
    """Return what a test asks for by its markers and by ``flext_isolate``; None if nothing."""
    marks = list(item.iter_markers("flext"))
    if not marks:
        return MarkerRequest() if item.config.getini("flext_isolate") else None
    keywords: dict[str, Any] = {}
    for mark in reversed(marks):  # the nearest comes last, and decides
        keywords |= mark.kwargs
    return MarkerRequest(**keywords)


def prepare(items: Iterable[pytest.Item]) -> None:
    """Check the markers of the tests, and give each test that asks for something the fixture that does it.

    Raises:
        pytest.UsageError: a line for each marker with a wrong argument, naming it.
    """
    items = list(items)
    found = list(mistakes(items))
    if found:
        # An exception in a worker of xdist is lost; its output reaches pytest_testnodedown.
        getattr(items[0].config, "workeroutput", {})["flext_mistakes"] = found
        raise pytest.UsageError(*found)
    for item in items:
        if request_for(item) not in (None, MarkerRequest(isolate=False)):
            insert(item)


def mistakes(items: Iterable[pytest.Item]) -> Iterator[str]:
    """Yield a line for each wrong argument of a marker, once for all the tests that it marks."""
    seen: set[int] = set()
    for item in items:
        for node, mark in item.iter_markers_with_node("flext"):
            if id(mark) not in seen:
                seen.add(id(mark))
                yield from (f"{node.nodeid}: marker flext: {text}" for text in wrong(mark))


def wrong(mark: pytest.Mark) -> Iterator[str]:
    """Yield what is wrong with each argument of a marker."""
    for value in mark.args:
        yield f"{value!r}: give arguments by name; valid are {', '.join(MarkerRequest._fields)}"
    for name, value in mark.kwargs.items():
        if name not in MarkerRequest._fields:
            yield f"{name}: unknown argument (value {value!r}); valid are {', '.join(MarkerRequest._fields)}"
        elif name == "isolate" and not isinstance(value, bool):
            yield f"isolate: {value!r} is not valid; valid is True or False"
        elif name == "correlation_id" and value is not None and not (isinstance(value, str) and value):
            yield f"correlation_id: {value!r} is not valid; valid is a text that is not empty, or None"
        elif name == "environment" and value is not None:
            yield from no_environment(value)


def no_environment(value: Any) -> Iterator[str]:
    """Yield the runtime's own message if a value is not an environment."""
    failure = FlextExceptions.create_environment_specific_config(value).error
    if failure is not None:
        yield failure


def insert(item: Any) -> None:
    """Let pytest set the fixture up for a test: before all others of the test, after those of broader scope.

    What a fixture of broader scope configures must persist, so it must not be restored with this one. A test without
    fixtures, such as one in another language, is left alone.
    """
    info = getattr(item, "_fixtureinfo", None)
    if info is None or FIXTURE in item.fixturenames:  # the cases of a parametrized test share one list
        return
    names, known = item.fixturenames, info.name2fixturedefs
    broader = [at for at, name in enumerate(names) if name in known and known[name][-1].scope != "function"]
    names.insert(broader[-1] + 1 if broader else 0, FIXTURE)


@contextmanager
def apply_marker(item: pytest.Item) -> Iterator[None]:
    """Do what a test asks for by its markers and by ``flext_isolate``, and restore everything at the end."""
    asked = request_for(item)
    with ExitStack() as stack:
        if asked is not None and asked.isolate:
            stack.enter_context(isolate(item))
        if asked is not None and asked.environment is not None:
            stack.enter_context(restore_settings())
            FlextExceptions.configure_error_handling({"environment": asked.environment}).unwrap()
        if asked is not None and asked.correlation_id is not None:
            stack.enter_context(bind_id(item, asked.correlation_id))
        yield


def correlation_id_of(item: pytest.Item) -> str:
    """Return the correlation id of a test: the one that its marker gives, otherwise a readable one from its node id."""
    asked = request_for(item)
    return readable_id(item.nodeid) if asked is None or asked.correlation_id is None else asked.correlation_id
