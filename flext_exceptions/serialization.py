"""An error as data: a dict that JSON takes whatever the error holds, bounded, and without its secrets.

Always there, of an error of ours::

    version         1, on the outermost error only
    type            its class: the public name of a type of the catalogue ("ValidationError"), module and qualified
                    name of any other ("shop.errors.OutOfStock", "builtins.KeyError")
    message         text
    code, category, severity, correlation_id    texts
    http_status     int
    retryable       bool
    timestamp       float: seconds since the epoch, which loses nothing and needs no time zone
    context         dict

Only where there is something to tell::

    retry_after     seconds
    args            list, where the arguments are anything but the message alone
    fields          dict: named keywords where context does not say the same (None: it has none), the builtin's own
                    fields (errno, filename, name, path, ...), and the error's other public attributes
    notes           list of texts
    stack_trace     list of {"file", "line", "function"}, the last 20, the raise last; with ``enable_stack_traces``
    exceptions      the members of a group, each a dict like this one
    cause           the error it was raised ``from``, likewise
    while_handling  the one that was being handled, likewise: where a traceback would show it

A foreign error in the chain has type and message, and of the others what Python knows: no code was ever given to it.

``context``, ``args``, ``fields`` and ``notes`` take ``max_error_details`` characters each as ``json.dumps`` writes
them; the message as many, yet never less than 1000; other texts 1000. A dict holds 32 errors at most. What is left out
says so with "...".
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from . import layout, settings
from .base import BaseError
from .details import Details, name_of, redacted, tells_secret, text_of
from .values import CUT, bounded

if TYPE_CHECKING:
    from types import TracebackType

VERSION = 1
MOST_ERRORS = 32
MOST_FRAMES = 20
TEXT = 1000  # characters of a text that is read first, whatever max_error_details says

_LEFT_OUT = {"type": CUT, "message": "more errors are left out"}
_DEFAULTS: dict[str, Any] = {
    "context": {},
    "correlation_id": "",
    "timestamp": 0.0,
}  # as on the class, where they compute
_SIMPLE = frozenset((str, int, float, bool, type(None), bytes))

Chain = tuple[int, ...]  # the ids of the errors that led to one


def to_dict(error: BaseError) -> dict[str, Any]:
    """See :meth:`FlextExceptions.BaseError.to_dict`."""
    return {"version": VERSION, **_document(error, [MOST_ERRORS], ())}


def _document(error: BaseException, left: list[int], chain: Chain) -> dict[str, Any]:
    try:
        if left[0] <= 0 or vars(error).get("_class_elsewhere") == CUT:
            return dict(_LEFT_OUT)
        return _described(error, left, chain)
    except Exception:  # a class of errors that raises on everything
        return {"type": name_of(type(error)), "message": f"<unprintable {name_of(type(error))}>"}


def _described(error: BaseException, left: list[int], chain: Chain) -> dict[str, Any]:
    left[0] -= 1
    limit = settings.current.max_error_details
    message = message_of(error)
    document: dict[str, Any] = {"type": type_of(error)}
    if isinstance(error, BaseError) and not is_foreign(error):
        document |= _facts(error, message, limit)
    else:
        document["message"] = bounded(message, max(limit, TEXT))
        fields = bounded(_own_fields(error), limit)
        if fields:
            document["fields"] = fields
    notes = _notes(error, limit)
    if notes:
        document["notes"] = notes
    if settings.current.enable_stack_traces:
        trace = stack_trace(error)
        if trace:
            document["stack_trace"] = trace
    _link(error, document, left, (*chain, id(error)))
    return document


def type_name(cls: type) -> str:
    """The name of a class in a document: it is told by this alone."""
    if cls.__module__ == BaseError.__module__ and issubclass(cls, BaseError):
        return cls.__name__
    return f"{cls.__module__}.{cls.__qualname__}"


def type_of(error: BaseException) -> str:
    """The class of an error by name; of one that came from elsewhere, the name that it had there."""
    return (isinstance(error, BaseError) and error._class_elsewhere) or type_name(type(error))


def is_foreign(error: BaseError) -> bool:
    """Whether this stands for an error of a foreign class, which had no code where it came from."""
    return error._class_elsewhere is not None and "code" not in vars(error)


def message_of(error: BaseException) -> str:
    """The message; where an object that is an argument shows a secret in it, this argument without."""
    if isinstance(error, BaseError) and "message" in vars(error):
        told = vars(error)["message"]
        return told if issubclass(type(told), str) else text_of(redacted(told))
    text = text_of(error.message if isinstance(error, BaseError | BaseExceptionGroup) else error)
    if any(type(arg) not in _SIMPLE for arg in error.args) and tells_secret(text):
        shown_in_it = (arg for arg in error.args if text_of(arg) == text)
        return text_of(redacted(next(shown_in_it, error.args)))
    return text


def _facts(error: BaseError, message: str, limit: int) -> dict[str, Any]:
    held = _read(error, "context")
    context = context_of(held, limit)
    facts = {
        "code": text_fact(error, "code"),
        "message": bounded(message, max(limit, TEXT)),
        "category": text_fact(error, "category"),
        "severity": text_fact(error, "severity"),
        "http_status": status_of(error),
        "retryable": _read(error, "retryable") is True,
        "correlation_id": text_fact(error, "correlation_id"),
        "timestamp": number(_read(error, "timestamp")) or 0.0,
        "context": context,
    }
    retry_after = number(_read(error, "retry_after"))
    if retry_after is not None:
        facts["retry_after"] = retry_after
    args = error.args
    if not (len(args) == 1 and args[0] is message) and not isinstance(error, BaseExceptionGroup):
        shown = bounded(args, limit)
        if shown != [facts["message"]]:
            facts["args"] = shown if isinstance(shown, list) else [shown]
    fields = _fields(error, held if issubclass(type(held), dict) else {}, context, limit)
    if fields:
        facts["fields"] = fields
    return facts


def _read(error: BaseError, name: str) -> Any:
    """An attribute; its default where a class made it one that raises."""
    try:
        return getattr(error, name)
    except Exception:
        return _DEFAULTS.get(name) if name in _DEFAULTS else getattr(BaseError, name, None)


def text_fact(error: BaseError, name: str) -> str:
    """An attribute that is a text, whatever somebody set it to."""
    value = _read(error, name)
    if type(value) is str and len(value) < 100 and value.isascii() and value.isprintable():
        return value
    text: str = bounded(value if issubclass(type(value), str) else text_of(value), TEXT)
    return text


def number(value: Any) -> int | float | None:
    """The value where it is a number that JSON has, and not too long for anybody."""
    if type(value) is float:
        return value if isfinite(value) else None
    kind = type(value)  # isinstance would ask the value, which may be of those that raise
    if not issubclass(kind, int) or kind is bool or int.bit_length(value) > 64:
        return None
    return int.__int__(value)  # of HTTPStatus.NOT_FOUND, 404


def status_of(error: BaseError) -> int:
    """The HTTP status, or 500 where it is set to what is none."""
    status = number(_read(error, "http_status"))
    return status if isinstance(status, int) else BaseError.http_status


def context_of(held: object, limit: int) -> dict[str, Any]:
    """The context as JSON; what is no mapping is made one as in the constructor."""
    context = bounded(held, limit)
    if not isinstance(context, dict):
        context = bounded({"context": held}, limit)
    return context if isinstance(context, dict) else {}


def is_field(cls: type[BaseError], name: str) -> bool:
    """Whether an attribute of errors of a class is data of theirs that no other part of a document holds.

    What hides a method is none: nobody's document shall take ``to_dict`` away from an error.
    """
    if name in cls._keywords:
        return True
    hidden = name.startswith("_") or hasattr(BaseError, name)
    return not hidden and (name in cls._native_fields or not hasattr(type(getattr(cls, name, None)), "__get__"))


def _fields(error: BaseError, held: dict[Any, Any], context: dict[str, Any], limit: int) -> dict[str, Any]:
    cls = type(error)
    values: dict[str, object] = {}
    if cls._native_fields:
        values.update(_own_fields(error))
    for name, value in vars(error).items():
        if name not in cls._keywords and is_field(cls, name):
            values[name] = value
    for name in cls._keywords:
        value, said = _read(error, name), dict.get(held, name)
        if value is said and (value is None or name in context):
            values.pop(name, None)
        else:
            values[name] = value
    if not values:
        return values
    fields = bounded(values, limit)
    return {
        name: value
        for name, value in (fields if isinstance(fields, dict) else {}).items()
        if not (name in cls._keywords and name in context and context[name] == value)
    }


def _own_fields(error: BaseException) -> dict[str, object]:
    """What the builtin and ``__slots__`` keep, unless arguments or members tell it all."""
    if isinstance(error, UnicodeError | BaseExceptionGroup):
        return {}
    kind = type(error) if isinstance(error, BaseError) else BaseError
    found = {name: value for name, value in layout.fields(error) if is_field(kind, name)}
    if isinstance(error, BaseError) and is_foreign(error):
        found |= {name: value for name, value in vars(error).items() if is_field(kind, name)}
    return found


def _notes(error: BaseException, limit: int) -> list[Any]:
    notes: Any = getattr(error, "__notes__", None)
    if type(notes) not in (list, tuple):
        return []
    shown = bounded([text_of(note) for note in notes if type(note) is not Details], limit)
    return shown if isinstance(shown, list) else []


def stack_trace(error: BaseException) -> list[dict[str, Any]]:
    """Where the error was raised: here, or where it came from."""
    brought = vars(error).get("_trace_elsewhere")
    return brought if isinstance(brought, list) else _frames(error.__traceback__)


def _frames(traceback: TracebackType | None) -> list[dict[str, Any]]:
    entries = []
    while traceback is not None:
        entries.append(traceback)
        traceback = traceback.tb_next
    frames = []
    for entry in entries[-MOST_FRAMES:]:
        code = entry.tb_frame.f_code
        file, function = bounded(code.co_filename, TEXT), bounded(code.co_qualname, TEXT)
        frames.append({"file": file, "line": entry.tb_lineno or 0, "function": function})
    return frames


def _link(error: BaseException, document: dict[str, Any], left: list[int], chain: Chain) -> None:
    """Add the errors that belong to one: its members, and the one behind it that a traceback would show."""
    if isinstance(error, BaseExceptionGroup):
        members: tuple[BaseException, ...] = error.exceptions
    else:
        members = vars(error).get("_members_elsewhere", ())
    shown = []
    for member in members:
        if id(member) in chain:
            continue
        shown.append(_document(member, left, chain))
        if shown[-1] == _LEFT_OUT:
            break
    if shown:
        document["exceptions"] = shown
    name, other = "cause", error.__cause__
    if other is None and not error.__suppress_context__:
        name, other = "while_handling", error.__context__
    if other is not None and id(other) not in chain:
        document[name] = _document(other, left, chain)
