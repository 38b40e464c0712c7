"""The document of an ordinary error: one short text, its own context, and facts that its class states.

It takes a third of the time of any other document. What can be known beforehand is kept on the class.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from .. import FlextExceptions, settings
from .._internal.beginnings import Texts
from .._internal.redaction import NAMED, beside_secret, hidden
from .._internal.safe_text import REDACTED
from .json_values import bounded, texts_within
from .plain_values import plain

BaseError = FlextExceptions.BaseError

VERSION = 1
SHORT = 99
"""Characters of a text whose JSON no limit ever cuts."""

# About a class: itself; its code, category, severity and HTTP status; a document with all these; what its instances may
# hold; their named keywords; the builtin's own fields, which must be empty.
Head = tuple[Any, Any, Any, Any, Any, dict[str, Any], frozenset[str], tuple[str, ...], tuple[str, ...]]

_read = attrgetter(*"code category severity http_status retryable correlation_id retry_after context".split())
_TIMESTAMP = vars(BaseError)["timestamp"]
_NONE: Any = object()
_HANDLED = frozenset(("_made", "_later", "code", "context", "correlation_id", "retryable", "http_status", "_is_remote"))


def usual_document(error: Any) -> dict[str, Any] | None:
    """The document, without traceback and chain; None for any error that needs more.

    A class that answers no question may raise anything.
    """
    cls = type(error)
    head: Head = cls._head
    if head[0] is not cls:
        head = _learn(cls)
    _, own_code, own_category, own_severity, own_status, template, handled, keywords, native = head
    args, state = error.args, error._state
    if len(args) != 1 or not handled.issuperset(state):
        return None
    message = args[0]
    if type(message) is not str or len(message) > SHORT or not message.isascii():
        return None
    code, category, severity, status, retryable, correlation_id, wait, held = _read(error)
    timestamp = state.get("_made")
    if not (
        type(correlation_id) is str
        and len(correlation_id) <= SHORT
        and correlation_id.isascii()
        and correlation_id.isprintable()
        and type(timestamp) is float
        and 0 < timestamp < 1e12
        and wait is None
        and type(held) is dict
    ):
        return None
    document = template.copy()
    if code is not own_code:
        if not _is_short_line(code):
            return None
        document["code"] = code
    if status is not own_status:
        if not _is_status(status):
            return None
        document["http_status"] = status
    if category is not own_category or severity is not own_severity:
        if not (_is_short_line(category) and _is_short_line(severity)):
            return None
        document["category"] = category
        document["severity"] = severity
    for field in native:
        if getattr(error, field, None) is not None:
            return None
    for keyword in keywords:
        if getattr(error, keyword) is not held.get(keyword):
            return None
    limit = settings.current.max_error_details
    context, fields = plain(held, limit), None
    if context is None:
        texts = texts_within(limit)
        context = bounded(held, limit, texts)
        lost = {name: held[name] for name in keywords if name not in context and held.get(name) is not None}
        if lost:
            fields = fields_beside(lost, ((name, held.get(name)) for name in keywords), limit, texts)
    document["message"] = hidden(message) if len(message) > 11 or ":" in message or "=" in message else message
    document["retryable"] = retryable is True
    document["correlation_id"] = correlation_id
    document["timestamp"] = timestamp
    document["context"] = context
    if fields:
        document["fields"] = fields
    return document


def fields_beside(
    values: dict[str, Any], named: Iterable[tuple[str, object]], limit: int, texts: Texts
) -> dict[str, Any]:
    """Fields as JSON; None if one of the named keywords marks a value as a secret."""
    if beside_secret(named):
        values |= dict.fromkeys(NAMED.intersection(values), REDACTED)
    fields = bounded(values, limit, texts)
    return fields if isinstance(fields, dict) else {}


def type_name(cls: type) -> str:
    """The name of a class in a document, which identifies it."""
    if cls.__module__ == BaseError.__module__ and issubclass(cls, BaseError):
        return cls.__name__
    return f"{cls.__module__}.{cls.__qualname__}"


def _is_short_line(text: object) -> bool:
    return type(text) is str and len(text) <= SHORT and text.isascii() and text.isprintable()


def _is_status(status: object) -> bool:
    return type(status) is int and 0 < status < 1000


def _learn(cls: type[FlextExceptions.BaseError]) -> Head:
    facts = cls.code, cls.category, cls.severity, cls.http_status
    if not (all(map(_is_short_line, facts[:3])) and _is_status(facts[3])):
        facts = _NONE, _NONE, _NONE, _NONE  # so that those of each error are looked at
    names = "version", "type", "code", "message", "category", "severity", "http_status", "retryable"
    values: tuple[Any, ...] = VERSION, type_name(cls), facts[0], "", facts[1], facts[2], facts[3], False
    template: dict[str, Any] = dict(zip(names, values, strict=True)) | {
        "correlation_id": "",
        "timestamp": 0.0,
        "context": {},
    }
    handled = _HANDLED.union(cls._keywords)
    if next(vars(base)["timestamp"] for base in cls.__mro__ if "timestamp" in vars(base)) is not _TIMESTAMP:
        handled = frozenset()  # no instance is ordinary
    code, category, severity, status = facts
    head: Head = cls, code, category, severity, status, template, handled, cls._keywords, tuple(cls._native_fields)
    type.__setattr__(cls, "_head", head)
    return head
