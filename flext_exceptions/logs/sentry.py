"""An event processor for Sentry's SDK, which is not imported: any function with this signature is one.

sentry_sdk.init(dsn=..., before_send=add_error)
sentry_sdk.get_global_scope().add_event_processor(add_error)  # the same, beside your own before_send
"""

from __future__ import annotations

from typing import Any, TypeVar

from .._internal.redaction import hidden
from ..documents.to_dict import to_dict, told
from .errors import correlation_id, exception_of, typed_error

E = TypeVar("E")

_LEFT_OUT = ("version", "type", "stack_trace", "cause", "while_handling")
_MAX_LENGTH = 200  # characters of a tag: Sentry drops a longer one


def add_error(event: E, hint: Any) -> E:
    """Add what Sentry does not read from an exception by itself: the code, the id and the context of a typed error.

    The error is that of ``hint["exc_info"]``, or the first typed one behind it. Tags: ``flext.code``, ``flext.type``
    and ``correlation_id``; without an error, the bound id. The context ``flext`` is its ``to_dict`` form, without
    secrets and without stack traces, which Sentry collects itself; its type is there as ``error_type``, and ``causes``
    are the errors behind it, nearest first.
    Secrets are removed from the texts that Sentry took from the errors, their ``str``. Existing tags are kept. So is
    the fingerprint: Sentry groups by type and stack trace, and a code that many places share would merge those groups.
    Never raises.

    >>> from flext_exceptions import FlextExceptions
    >>> error = FlextExceptions.NotFoundError("no such user", resource_id="42", correlation_id="req-1")
    >>> event = add_error({}, {"exc_info": (type(error), error, None)})
    >>> event["tags"]
    {'correlation_id': 'req-1', 'flext.code': 'NOT_FOUND', 'flext.type': 'NotFoundError'}
    >>> event["contexts"]["flext"]["context"]
    {'resource_id': '42'}
    """
    known: Any = event
    try:
        error = typed_error(exception_of(hint.get("exc_info") if isinstance(hint, dict) else None))
        tags = {"correlation_id": correlation_id(error)}
        if error is not None:
            facts = _facts(to_dict(error))
            tags |= {"flext.code": facts.get("code", ""), "flext.type": facts["error_type"]}
            _hide_in_values(known)
            known["contexts"] = {**(known.get("contexts") or {}), "flext": facts}
        tags = {name: told(value, _MAX_LENGTH) for name, value in tags.items() if value}
        if tags:
            known["tags"] = tags | dict(known.get("tags") or {})
    except Exception:  # an event of an unexpected shape is sent unchanged
        return event
    return event


def _hide_in_values(event: Any) -> None:
    """Remove the secrets from the texts of the exceptions, which Sentry reads by itself."""
    for value in (event.get("exception") or {}).get("values") or ():
        if isinstance(value.get("value"), str):
            value["value"] = hidden(value["value"])


def _facts(document: dict[str, Any]) -> dict[str, Any]:
    errors = []
    behind: dict[str, Any] | None = document
    while behind is not None:
        # "type" would be the type of the context, which tells Sentry how to show it.
        facts = {"error_type": behind["type"], **behind}
        errors.append({name: value for name, value in facts.items() if name not in _LEFT_OUT})
        behind = behind.get("cause") or behind.get("while_handling")
    return errors[0] | ({"causes": errors[1:]} if errors[1:] else {})
