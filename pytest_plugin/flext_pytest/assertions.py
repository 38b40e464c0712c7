"""Assertions on errors in hand: their parts, their documents, their correlation ids, and that there is none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, TypeVar, overload

from flext_exceptions import FlextExceptions
from flext_pytest.failures import described, typed_errors
from flext_pytest.parts import ABSENT, difference, fits, in_context, shown
from flext_pytest.raises import flext_raises

__all__ = ["assert_error", "assert_error_dict", "assert_same_correlation", "flext_no_raises"]

E = TypeVar("E", bound=BaseException)
D = TypeVar("D", bound=Mapping[str, Any])

# What a part is called in a document: by ``to_dict``, and by RFC 9457.
# The names of one member, in to_dict and in a problem document (RFC 9457).
SAME = (("code", "error_code"), ("message", "detail"), ("status", "http_status"))
MEMBERS = {name: (name, *names) for names in SAME for name in names}


@overload
def assert_error(error: object, expected: type[E] | tuple[type[E], ...], /, **parts: Any) -> E: ...
@overload
def assert_error(error: object, /, **parts: Any) -> BaseException: ...
def assert_error(
    error: object, expected: type[BaseException] | tuple[type[BaseException], ...] = BaseException, /, **parts: Any
) -> BaseException:
    """Check an error in hand, and return it; classes and parts are those of ``flext_raises``.

    >>> error = FlextExceptions.ValidationError("must not be empty", field="sku")
    >>> assert_error(error, FlextExceptions.ValidationError, code="FLEXT_3001", field="sku").field
    'sku'

    Raises:
        FlextExceptions.TypeError: the class is none of an error, or a part is expected in a way that cannot be.
        AssertionError: it is no error, one of another class, or a part differs: a line for each.
    """
    __tracebackhide__ = True
    wanted = flext_raises(expected, **parts)
    if not isinstance(error, expected):
        classes = expected if isinstance(expected, tuple) else (expected,)
        names = " or ".join(each.__name__ for each in classes) if expected is not BaseException else "an error"
        raise AssertionError(f"expected {names}, got {shown(error)}")
    if not wanted.matches(error):
        raise AssertionError(wanted.fail_reason)
    return error


def assert_error_dict(
    document: D,
    /,
    *,
    match: str | re.Pattern[str] | None = None,
    context: Mapping[str, object] | None = None,
    exact_context: Mapping[str, object] | None = None,
    **members: object,
) -> D:
    """Check an error that is a document: one of ``to_dict``, or a problem document of RFC 9457; return it.

    Args:
        document: the mapping, such as ``response.json()``.
        match: a regular expression that the message (``detail``) holds.
        context: what the context holds, among other things; with ``exact_context`` instead all that it holds.
        members: any member; ``code``, ``message`` and ``status`` are also found as ``error_code``, ``detail`` and
            ``http_status``, and the other way round. A value may be a predicate.

    >>> problem = {"status": 404, "detail": "no such user", "code": "NOT_FOUND", "context": {"resource_id": "42"}}
    >>> _ = assert_error_dict(problem, status=404, code="NOT_FOUND", context={"resource_id": "42"}, match="user")

    Raises:
        FlextExceptions.TypeError: context and exact_context are both given.
        AssertionError: it is no document of an error, or a member differs: a line for each.
    """
    __tracebackhide__ = True
    if context is not None and exact_context is not None:
        raise FlextExceptions.TypeError("context and exact_context say the same thing; give one")
    if not isinstance(document, Mapping):
        raise AssertionError(f"expected the document of an error, a mapping, got {type(document).__name__}")
    if not any(name in document for name in ("code", "error_code", "message", "detail", "title")):
        raise AssertionError(f"no document of an error: no code, message, detail or title in {list(document)!r}")
    given = exact_context if exact_context is not None else context
    found = list(in_document(document, match, members))
    if given is not None:
        found += in_context(document.get("context", ABSENT), given, exact_context is not None)
    if found:
        raise AssertionError("\n".join(["the document of the error differs:", *(f"  {line}" for line in found)]))
    return document


def in_document(
    document: Mapping[str, Any], match: str | re.Pattern[str] | None, members: Mapping[str, object]
) -> Iterator[str]:
    """Yield a line for each member that is not as expected."""
    for name, value in members.items():
        held = member(document, name)
        if held is ABSENT or not fits(value, held):
            yield difference(name, value, held)
    if match is not None:
        text = member(document, "message")
        if not isinstance(text, str) or re.search(match, text) is None:
            pattern = match if isinstance(match, str) else match.pattern
            yield f"message: expected a match of {pattern!r}, got {text!r}"


def member(document: Mapping[str, Any], name: str) -> object:
    """Return a member under one of its names, or ABSENT."""
    return next((document[each] for each in MEMBERS.get(name, (name,)) if each in document), ABSENT)


class flext_no_raises:
    """Expect that no typed error comes out; any other exception goes on as it is. ``async with`` works as well.

    >>> with flext_no_raises():
    ...     pass

    Raises:
        AssertionError: a typed error came out, alone, in a group or as a cause: its parts, a line for each.
    """

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Say which typed error came out."""
        __tracebackhide__ = True
        found = [] if error is None else list(typed_errors(error))
        if found:
            lines = [f"  {line}" for each in found for line in described(each)]
            raise AssertionError("\n".join(["expected no typed error, got:", *lines])) from error

    async def __aenter__(self) -> None:
        """Do what ``with`` does."""

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Do what ``with`` does."""
        __tracebackhide__ = True
        self.__exit__(kind, error, traceback)


def assert_same_correlation(*errors: BaseException) -> str:
    """Check that errors belong to one incident, and return its correlation id.

    >>> with FlextExceptions.correlation("req-1"):
    ...     assert_same_correlation(FlextExceptions.Error("a"), FlextExceptions.KeyError("b"))
    'req-1'

    Raises:
        FlextExceptions.TypeError: fewer than two errors were given: there is nothing to compare.
        AssertionError: the ids differ, or one has none: a line for each error.
    """
    __tracebackhide__ = True
    if len(errors) < 2:
        raise FlextExceptions.TypeError(
            f"assert_same_correlation compares two errors or more, {len(errors)} given", given=errors
        )
    ids: Sequence[Any] = [getattr(error, "correlation_id", ABSENT) for error in errors]
    if ids[0] is ABSENT or not ids[0] or any(each != ids[0] for each in ids):
        lines: Sequence[str] = [f"  {each!r} of {error!r}" for each, error in zip(ids, errors, strict=True)]
        raise AssertionError("\n".join(["expected one correlation id, got:", *lines]))
    return str(ids[0])
