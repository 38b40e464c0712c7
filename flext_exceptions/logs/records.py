"""Log records of the standard library that name the incident, and one JSON object for each.

    handler = logging.StreamHandler()
    handler.addFilter(ErrorFilter())
    handler.setFormatter(JsonFormatter())

The filter belongs on a handler: one on a logger does not see the records of its child loggers. With a QueueHandler it
belongs on that handler, since the listener writes in another thread, where no id is bound.
"""

from __future__ import annotations

import json
import logging
from copy import copy
from datetime import UTC, datetime
from typing import Any

from .. import settings
from .._internal.redaction import hidden, is_secret, redacted
from .._internal.safe_logging import attribute, context_of
from .._internal.safe_text import REDACTED, clean, name_of, text_of
from ..documents.json_values import AFTER, CUT, bounded, object_text
from ..documents.to_dict import TEXT, message_of, told
from .errors import correlation_id, described, exception_of, is_exception, typed_error

# The attributes that every record has, and those that formatters and later versions of Python add.
_STANDARD = frozenset((*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"))
_NOTHING: dict[str, Any] = {"correlation_id": "", "error_code": "", "exception_type": "", "context": {}}
# The attributes of a record that an error's own document repeats.
_SAID_TWICE = {"error_code": "code", "exception_type": "type", "context": "context", "timestamp": "timestamp"}


class ErrorFilter(logging.Filter):
    """Sets ``correlation_id``, ``error_code``, ``exception_type`` and ``context`` on every record; it drops none.

    The values are those of the typed error of ``exc_info``, or behind it, otherwise of one in ``extra``; without any,
    the bound correlation id, and "" and {}. Secrets are removed from the context. Attributes that a record already has
    are kept. Never raises.

    >>> record = logging.makeLogRecord({"msg": "m"})
    >>> from flext_exceptions import FlextExceptions
    >>> with FlextExceptions.correlation("req-1"):
    ...     ErrorFilter().filter(record), record.correlation_id, record.error_code
    (True, 'req-1', '')
    """

    def filter(self, record: logging.LogRecord) -> bool:
        state = vars(record)
        for name, value in _facts(record).items():
            state.setdefault(name, value)
        return True


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON, in ASCII, whatever it holds. Never raises.

    Always present: ``time`` (RFC 3339, in UTC), ``level``, ``logger``, ``message`` and ``correlation_id``. ``error`` is
    the ``to_dict`` form of the exception, with stack traces whatever ``enable_stack_traces`` is: logging with
    ``exc_info`` asks for them. The fields of ``extra`` are added, as ``extra_<name>`` if a name is taken; an exception
    among them is shown in its ``to_dict`` form. Values under one of ``redact_keys`` are hidden, at any depth, also in
    containers given as arguments of the message; so are secrets within texts. Message, fields, ``context``, and each
    part of an error take at most ``max_error_details`` characters (a message at least 1000).

    >>> record = logging.makeLogRecord({"created": 0, "name": "shop", "levelname": "INFO", "msg": "sold", "token": "x"})
    >>> JsonFormatter().format(record)
    '{"time": "1970-01-01T00:00:00.000000Z", "level": "INFO", "logger": "shop", "message": "sold", \
"correlation_id": "", "token": "[redacted]"}'
    """

    def format(self, record: logging.LogRecord) -> str:
        try:
            return json.dumps(_document(record), allow_nan=False)
        except Exception as failure:
            return json.dumps(_head(record, f"<unprintable record: {name_of(type(failure))}>", ""))


def attribute_of(record: logging.LogRecord, name: str) -> Any:
    """An attribute of a record, or None if someone deleted it."""
    return getattr(record, name, None)


def _head(record: logging.LogRecord, message: str, name: str) -> dict[str, Any]:
    return {
        "time": _time(attribute_of(record, "created")),
        "level": told(attribute_of(record, "levelname")),
        "logger": told(attribute_of(record, "name")),
        "message": hidden(told(message, max(settings.current.max_error_details, TEXT))),
        "correlation_id": told(name),
    }


def _document(record: logging.LogRecord) -> dict[str, Any]:
    room = settings.current.max_error_details
    extra = _extra(record)
    name = extra.pop("correlation_id") if "correlation_id" in extra else _facts(record)["correlation_id"]
    document = _head(record, _message(record), name)
    error = exception_of(attribute_of(record, "exc_info"))
    if error is not None:
        document["error"] = described(error)
    elif attribute_of(record, "exc_text"):  # of a record that was pickled
        document["traceback"] = _end(attribute_of(record, "exc_text"))
    if attribute_of(record, "stack_info"):
        document["stack_info"] = _end(attribute_of(record, "stack_info"))
    for name, value in _fields(extra, room, document.get("error", {})).items():
        document.setdefault(f"extra_{name}" if name in document else name, value)
    return document


def _end(value: object) -> str:
    """The end of a text of stack frames, where the error happened."""
    text, room = clean(text_of(value)), max(settings.current.max_error_details, TEXT)
    shown = hidden(text[-room - AFTER :])
    return shown if len(text) <= room else CUT + shown[-room:]


def _fields(extra: dict[str, Any], room: int, error: dict[str, Any]) -> dict[str, Any]:
    """The fields of ``extra`` as JSON, without the filter's empty ones and those that the error repeats."""
    errors = {name: value for name, value in extra.items() if is_exception(value)}
    apart = {"context": bounded(extra["context"], room)} if "context" in extra else {}
    fields: dict[str, Any] = bounded(
        {name: value for name, value in extra.items() if name not in errors and name not in apart}, room
    )
    fields |= apart
    for name, key in _SAID_TWICE.items():
        value, said = fields.get(name), error.get(key)
        same = value == (said.rpartition(".")[2] if key == "type" and said else said)
        if name in fields and (same or value in ("", {})):
            del fields[name]
    return fields | {name: REDACTED if is_secret(name) else described(value) for name, value in errors.items()}


def _extra(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name, value in list(vars(record).items()) if name not in _STANDARD}


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    error = exception_of(attribute_of(record, "exc_info"))
    found = typed_error(error)
    if found is None:
        others = (typed_error(value) for value in _extra(record).values() if is_exception(value))
        found = next((other for other in others if other is not None), None)
    facts = _NOTHING | {"correlation_id": correlation_id(found), "context": {}}
    if found is not None:
        facts["error_code"] = told(attribute(found, "code"))
        facts["context"] = context_of(found)
    if found is not None or error is not None:
        facts["exception_type"] = name_of(type(error if found is None else found))
    return facts


def _time(seconds: Any) -> str:
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except Exception:  # a hand-made record: the current time
        moment = datetime.now(UTC)
    return moment.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def _message(record: logging.LogRecord) -> str:
    """The message with its arguments; containers among them are shown without secrets."""
    message: Any = record.msg
    args: Any = record.args
    if type(message) is not str:
        message = message_of(message) if is_exception(message) else text_of(_shown(message, object_text))
    try:
        shown = copy(record)  # of a class that may format its arguments in its own way
        shown.msg = message
        if issubclass(type(args), dict):  # any other mapping is only asked for its names: it may be endless
            shown.args = {key: REDACTED if is_secret(key) else _shown(value) for key, value in dict.items(args)}
        elif type(args) is tuple:
            shown.args = tuple(_shown(value) for value in args)
        return str(shown.getMessage())
    except Exception:
        return f"{message} (its arguments do not fit)"


def _shown(value: object, otherwise: Any = lambda value: value) -> Any:
    if not issubclass(type(value), dict | list | tuple | set | frozenset):
        return otherwise(value)
    try:
        return redacted(value)
    except Exception:  # nested deeper than the stack, or a dict of the program's that fails
        return f"<unprintable {name_of(type(value))}>"
