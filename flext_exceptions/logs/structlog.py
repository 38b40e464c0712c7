"""A processor for structlog, which is not imported: any function with this signature is one.

    structlog.configure(processors=[
        structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, add_error,
        structlog.processors.JSONRenderer(),
    ])

It belongs near the end, before the renderer: values that later processors add are not looked at.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from .. import settings
from .._internal.redaction import hidden, is_secret
from .._internal.safe_text import REDACTED
from ..documents.json_values import bounded
from .errors import correlation_id, described, exception_of, is_exception, typed_error

_STRUCTLOGS = ("exc_info", "positional_args")  # a tuple that is formatted into the message
_CONTAINERS = (dict, list, tuple, set, frozenset)


def add_error(logger: Any, method_name: str, event_dict: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Add ``correlation_id`` and, in place of ``exc_info``, ``error``: the ``to_dict`` form of the exception.

    The id is that of the typed error, in ``exc_info`` or behind it, otherwise of one among the values, otherwise the
    bound one. An existing id is kept, and if there is none at all, none is added. Exceptions among the values are
    replaced by their ``to_dict`` form as well; if ``error`` is taken, that of ``exc_info`` goes to ``exception``.
    Values under one of ``redact_keys`` are hidden at any depth, and a container becomes JSON of at most
    ``max_error_details`` characters; secrets within texts are hidden too. Other values are left to the renderer, and so
    is what structlog keeps under names with an underscore.
    Never raises.

    >>> from flext_exceptions import FlextExceptions
    >>> error = FlextExceptions.NotFoundError("no such user", correlation_id="req-1")
    >>> event = add_error(None, "error", {"event": "failed", "exc_info": error, "login": {"password": "x"}})
    >>> event["correlation_id"], event["error"]["code"], event["login"], "exc_info" in event
    ('req-1', 'NOT_FOUND', {'password': '[redacted]'}, False)
    """
    error = exception_of(event_dict.get("exc_info"))
    candidates = (error, *(value for value in event_dict.values() if is_exception(value)))
    typed = next((found for found in map(typed_error, candidates) if found is not None), None)
    name = correlation_id(typed)
    if name:
        event_dict.setdefault("correlation_id", name)
    if error is not None:
        del event_dict["exc_info"]
    for key, value in list(event_dict.items()):
        if type(key) is not str or not (key in _STRUCTLOGS or key.startswith("_")):
            event_dict[key] = _shown(key, value)
    if error is not None:
        event_dict["exception" if "error" in event_dict else "error"] = described(error)
    return event_dict


def _shown(key: str, value: Any) -> Any:
    if is_secret(key):
        return REDACTED
    if is_exception(value):
        return described(value)
    if issubclass(type(value), _CONTAINERS):
        return bounded(value, settings.current.max_error_details)
    return hidden(value) if type(value) is str else value
