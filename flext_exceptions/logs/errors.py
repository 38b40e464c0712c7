"""What the log output of every library says about an error."""

from __future__ import annotations

import sys
from typing import Any, TypeGuard

from flext_exceptions import FlextExceptions

from .. import settings
from .._internal.safe_logging import attribute
from ..correlation import current_scope
from ..documents.to_dict import stack_trace, to_dict, told

BaseError = FlextExceptions.BaseError

MOST_ERRORS = 1000
"""How many errors are searched for a typed one."""


def exception_of(exc_info: object) -> BaseException | None:
    """The exception of an ``exc_info``: a tuple, an exception, or True for the one being handled.

    >>> exception_of((KeyError, KeyError("k"), None)), exception_of(KeyError("k")), exception_of(True)
    (KeyError('k'), KeyError('k'), None)
    """
    if type(exc_info) is tuple and len(exc_info) > 1:
        exc_info = exc_info[1]
    if exc_info is True:
        exc_info = sys.exception()
    return exc_info if is_exception(exc_info) else None


def is_exception(value: object) -> TypeGuard[BaseException]:
    """Whether a value is an exception; isinstance would ask the value, which may raise."""
    return issubclass(type(value), BaseException)


def typed_error(error: BaseException | None) -> FlextExceptions.BaseError | None:
    """The error itself if it is a typed one, otherwise the first one in a group, otherwise the first one behind it.

    "Behind it" follows the chain that a traceback would show. Groups are searched at any depth, up to the thousandth
    error.

    >>> typed_error(ExceptionGroup("g", [KeyError("k"), FlextExceptions.Error("m")])), typed_error(KeyError("k"))
    (Error('m'), None)
    """
    found = [] if error is None else [error]
    seen: set[int] = set()
    while found and len(seen) < MOST_ERRORS:
        error = found.pop()
        if isinstance(error, BaseError):
            return error
        if id(error) in seen:
            continue
        seen.add(id(error))
        behind = error.__cause__ if error.__cause__ is not None or error.__suppress_context__ else error.__context__
        if behind is not None:
            found.append(behind)
        if isinstance(error, BaseExceptionGroup):
            found += reversed(error.exceptions)
    return None


def correlation_id(error: FlextExceptions.BaseError | None) -> str:
    """The id of an error, otherwise the bound one, otherwise ""."""
    scope = current_scope()
    name = attribute(error, "correlation_id") if error is not None else scope[0] if scope is not None else None
    return "" if name is None else told(name)


def described(error: BaseException) -> dict[str, Any]:
    """An error, typed or not, as ``to_dict`` returns it; always with stack traces, since logs are the place for them.

    >>> described(KeyError("k"))
    {'version': 1, 'type': 'builtins.KeyError', 'message': "'k'"}
    """
    document = to_dict(error)
    if not settings.current.enable_stack_traces:
        _add_traces(document, error)
    return document


def _add_traces(document: dict[str, Any], error: BaseException) -> None:
    trace = stack_trace(error)
    if trace:
        document["stack_trace"] = trace
    for name, other in (("cause", error.__cause__), ("while_handling", error.__context__)):
        if name in document and other is not None:
            _add_traces(document[name], other)
    if isinstance(error, BaseExceptionGroup):
        for shown, member in zip(document.get("exceptions", ()), error.exceptions, strict=False):
            _add_traces(shown, member)
