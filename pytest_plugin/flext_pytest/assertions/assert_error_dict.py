"""``assert_error_dict``: check an error that is a document, such as the response of an HTTP service."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from flext_exceptions import FlextExceptions
from flext_pytest.assertions.matching import ABSENT, difference, fits, in_context

__all__ = ["assert_error_dict"]

D = TypeVar("D", bound=Mapping[str, Any])

# The names of one member, in to_dict and in a problem document (RFC 9457).
SAME = (("code", "error_code"), ("message", "detail"), ("status", "http_status"))
MEMBERS = {name: (name, *names) for names in SAME for name in names}


def assert_error_dict(
    document: D,
    /,
    *,
    match: str | re.Pattern[str] | None = None,
    context: Mapping[str, object] | None = None,
    exact_context: Mapping[str, object] | None = None,
    **members: object,
) -> D:
    """Check an error that is a document, of ``to_dict`` or a problem document of RFC 9457, and return it.

    Args:
        document: the mapping, such as ``response.json()``.
        match: a regular expression to find in the message (``detail``).
        context: keys and values that the context contains; with ``exact_context`` its complete content.
        members: any member; ``code``, ``message`` and ``status`` are also found as ``error_code``, ``detail`` and
            ``http_status``, and vice versa; a named keyword such as ``field`` in the context too. A value may
            be a predicate.

    >>> problem = {"status": 404, "detail": "no such user", "code": "NOT_FOUND", "context": {"resource_id": "42"}}
    >>> _ = assert_error_dict(problem, status=404, code="NOT_FOUND", context={"resource_id": "42"}, match="user")

    Raises:
        FlextExceptions.TypeError: context and exact_context are both given.
        AssertionError: it is not the document of an error, or a member differs: a line for each.
    """
    __tracebackhide__ = True
    if context is not None and exact_context is not None:
        raise FlextExceptions.TypeError("context and exact_context exclude each other; pass one")
    if not isinstance(document, Mapping):
        raise AssertionError(f"expected the document of an error, a mapping, got {type(document).__name__}")
    if not any(name in document for name in ("code", "error_code", "message", "detail", "title")):
        raise AssertionError(f"not the document of an error: no code, message, detail or title in {list(document)!r}")
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
    """Return a member under one of its names, or a named keyword from the context, or ABSENT."""
    context = document.get("context")
    inside = context.get(name, ABSENT) if isinstance(context, Mapping) else ABSENT
    return next((document[each] for each in MEMBERS.get(name, (name,)) if each in document), inside)
