"""An error as data: a dict that is valid JSON whatever the error holds, bounded, and without its secrets.

Always present, for our own errors::

    version         1, on the outermost error only
    type            its class: the public name of a type of the catalogue ("ValidationError"), module and qualified
                    name of any other ("shop.errors.OutOfStock", "builtins.KeyError")
    message         text
    code, category, severity, correlation_id    texts
    http_status     int
    retryable       bool
    timestamp       float: seconds since the epoch, which is exact and needs no time zone
    context         dict

Only if there is something to report::

    retry_after     seconds
    args            list, if the arguments are anything but the message alone
    fields          dict: named keywords that context does not repeat (None: it has none), the builtin's own
                    fields (errno, filename, name, path, ...), and the error's other public attributes
    notes           list of texts
    stack_trace     list of {"file", "line", "function"}, the last 20, the raise last; with ``enable_stack_traces``
    exceptions      the members of a group, each a dict like this one
    cause           the error it was raised ``from``, likewise
    while_handling  the one that was being handled, likewise: if a traceback would show it

A foreign error in the chain has type and message, and of the rest only what Python knows: it never had a code.

``context``, ``args``, ``fields`` and ``notes`` take at most ``max_error_details`` characters each as ``json.dumps``
writes them; the message as many, but never less than 1000; other texts 1000. A dict holds at most 32 errors. Omissions
are marked with "...".
"""

from __future__ import annotations

from math import isfinite
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from .. import settings
from .._internal import builtin_layout
from .._internal.beginnings import Texts
from .._internal.notes import Details
from .._internal.redaction import MOST_SHOWN, hidden, redacted, tells_secret
from .._internal.safe_text import REDACTED, name_of, text_of
from .._internal.state import state_of
from ..base import BaseError
from .json_values import CUT, bounded, texts_within
from .usual import SHORT, VERSION, fields_beside, type_name, usual_document

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

MOST_ERRORS = 32
MOST_FRAMES = 20
TEXT = 1000  # characters of a text that is read first, whatever max_error_details is

LEFT_OUT = {"type": CUT, "message": "more errors are left out"}
_FACTS = tuple("code category severity http_status retryable correlation_id timestamp retry_after context".split())
# Computed on the class, for an instance whose own way to it raises.
_DEFAULTS: dict[str, Any] = {"context": {}, "correlation_id": "", "timestamp": 0.0}
_read_all = attrgetter(*_FACTS)
_NO_FIELDS = frozenset(("_made", *dir(BaseError)))
_SIMPLE = frozenset((str, int, float, bool, type(None), bytes))
_CONTAINERS = frozenset((dict, list, tuple))

Chain = tuple[int, ...]  # the ids of the errors that led to one


def to_dict(error: BaseException, trace: bool = True) -> dict[str, Any]:
    """See :meth:`FlextExceptions.BaseError.to_dict`; a foreign error is shown as in the chain of one of ours.

    ``trace=False`` means that the caller has no use for the frames, and they may be left out.
    """
    try:
        document = usual_document(error)
    except Exception:  # noqa: FLX202 (a class that answers no question)
        document = None
    if document is None:
        return _document(error, Walk(MOST_ERRORS), (), {"version": VERSION})
    if trace and settings.current.enable_stack_traces and (frames := _frames(error.__traceback__)):
        document["stack_trace"] = frames
    if error.__context__ is not None or error.__cause__ is not None:
        _link(error, document, Walk(MOST_ERRORS - 1), (id(error),))
    return document


class Walk:
    """How much a document may still hold, and the texts of objects, since the same one may occur in several places."""

    __slots__ = ("errors", "limit", "texts")

    def __init__(self, errors: int) -> None:
        self.errors = errors
        self.limit = settings.current.max_error_details
        self.texts = texts_within(max(self.limit, TEXT))


def _document(error: BaseException, walk: Walk, chain: Chain, start: dict[str, Any]) -> dict[str, Any]:
    try:
        if walk.errors <= 0 or state_of(error).get("_class_elsewhere") == CUT:
            return start | LEFT_OUT
        walk.errors -= 1
        return _described(error, walk, chain, dict(start))
    except Exception:  # a class of errors that raises on everything
        return start | {"type": name_of(type(error)), "message": f"<unprintable {name_of(type(error))}>"}


def _described(error: BaseException, walk: Walk, chain: Chain, document: dict[str, Any]) -> dict[str, Any]:
    message = message_of(error, walk.texts)
    document["type"] = type_of(error)
    if isinstance(error, BaseError) and not is_foreign(error):
        _add_facts(document, error, message, walk)
    else:
        document["message"] = bounded(message, max(walk.limit, TEXT))
        fields = bounded(_own_fields(error), walk.limit, walk.texts)
        if fields and isinstance(fields, dict):
            document["fields"] = fields
    notes = _notes(error, walk)
    if notes:
        document["notes"] = notes
    if settings.current.enable_stack_traces:
        trace = stack_trace(error)
        if trace:
            document["stack_trace"] = trace
    _link(error, document, walk, (*chain, id(error)))
    return document


def type_of(error: BaseException) -> str:
    """The class of an error by name; for one that came from elsewhere, the name that it had there."""
    return (isinstance(error, BaseError) and error._class_elsewhere) or type_name(type(error))


def is_foreign(error: BaseError) -> bool:
    """Whether this represents an error of a foreign class, which had no code where it came from."""
    return error._class_elsewhere is not None and "code" not in state_of(error)


def message_of(error: BaseException, texts: Texts | None = None) -> str:
    """The message, or the beginning of a long one; without the text of an argument that shows a secret in it."""
    args, state = error.args, state_of(error)
    own = isinstance(error, BaseError)
    if own and len(args) == 1 and type(args[0]) is str and not isinstance(error, OSError) and "message" not in state:
        return args[0]  # the next branch gives the same
    texts = texts or Texts(max(settings.current.max_error_details, MOST_SHOWN))
    if own and "message" in state:
        told = state["message"]
        return told if issubclass(type(told), str) else text_of(redacted(told, texts.most + 1))
    text = texts.str_of(_teller(error))
    if any(type(arg) not in _SIMPLE for arg in args):
        shown_in_it = (arg for arg in args if texts.str_of(arg) == text)
        told = next(shown_in_it, args)
        # A text does not show that one member names the secret that another is.
        if tells_secret(text) or type(told) in _CONTAINERS:
            without = text_of(redacted(told, texts.most + 1))
            return without if REDACTED in without else text
    return text


def _teller(error: BaseException) -> object:
    """The object whose text is the message."""
    if isinstance(error, BaseError):
        if type(error).message is not BaseError.message:  # of a class that computes it
            return error.message
        if isinstance(error, OSError) and error.strerror is not None:
            return error.strerror
        return error.args[0] if error.args else ""
    return error.message if isinstance(error, BaseExceptionGroup) else error


def _add_facts(document: dict[str, Any], error: BaseError, message: str, walk: Walk) -> None:
    try:
        facts = _read_all(error)
    except Exception:
        facts = tuple(read(error, name) for name in _FACTS)
    code, category, severity, status, retryable, correlation_id, timestamp, retry_after, held = facts
    status = status if type(status) is int and 0 < status < 1000 else number(status)
    limit, texts = walk.limit, walk.texts
    context = bounded(held, limit, texts)
    if type(context) is not dict:
        context = _as_dict(held, limit, texts)
    document["code"] = line(code, texts)
    document["message"] = said = hidden(told(message, limit if limit > TEXT else TEXT))
    document["category"] = told(category)
    document["severity"] = told(severity)
    document["http_status"] = status if type(status) is int else BaseError.http_status
    document["retryable"] = retryable is True
    if retry_after is not None and number(retry_after) is not None:
        document["retry_after"] = number(retry_after)
    document["correlation_id"] = line(correlation_id, texts)
    document["timestamp"] = timestamp if type(timestamp) is float and 0 < timestamp < 1e12 else number(timestamp) or 0.0
    document["context"] = context
    args = error.args
    if not (len(args) == 1 and args[0] is message) and not isinstance(error, BaseExceptionGroup):
        shown = bounded(args, limit, texts)
        if shown != [said]:
            document["args"] = shown if isinstance(shown, list) else [shown]
    fields = _fields(error, held if issubclass(type(held), dict) else {}, context, walk)
    if fields:
        document["fields"] = fields


def read(error: BaseError, name: str) -> Any:
    """An attribute; its default if a class made it one that raises."""
    try:
        return getattr(error, name)
    except Exception:
        return _DEFAULTS.get(name) if name in _DEFAULTS else getattr(BaseError, name, None)


def told(value: Any, room: int = TEXT, texts: Texts | None = None) -> str:
    """A text, whatever type the attribute was given."""
    if type(value) is str and len(value) < 100 and value.isascii():  # of which JSON makes at most six times as much
        return value
    text: str = bounded(value if issubclass(type(value), str) else (texts or texts_within(room)).str_of(value), room)
    return text


def line(value: Any, texts: Texts | None = None) -> str:
    """A text of one line, as a header may have it: unprintable characters are escaped."""
    text = told(value, TEXT, texts)
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def number(value: Any) -> int | float | None:
    """The value if it is a number that JSON has, of bounded length."""
    kind = type(value)  # isinstance would ask the value, which may raise
    if kind is float:
        return value if isfinite(value) else None
    if not issubclass(kind, int) or kind is bool or int.bit_length(value) > 64:
        return None
    return int.__int__(value)  # of HTTPStatus.NOT_FOUND, 404


def _as_dict(held: object, limit: int, texts: Texts) -> dict[str, Any]:
    """A context that is not a mapping, made one as in the constructor."""
    context = bounded({"context": held}, limit, texts)
    return context if isinstance(context, dict) else {}


def is_field(cls: type[BaseError], name: str) -> bool:
    """Whether an attribute of errors of a class is data that no other part of a document holds.

    One that hides a method is not: no document may take ``to_dict`` away from an error.
    """
    if name in cls._keywords:
        return True
    hidden = name.startswith("_") or hasattr(BaseError, name)
    return not hidden and (name in cls._native_fields or not hasattr(type(getattr(cls, name, None)), "__get__"))


def _fields(error: BaseError, held: dict[Any, Any], context: dict[str, Any], walk: Walk) -> dict[str, Any]:
    cls = type(error)
    values: dict[str, object] = {}
    if cls._native_fields:
        values.update(_own_fields(error))
    state, keywords = state_of(error), cls._keywords
    for name, value in list(state.items()):  # in one step, since another thread may set another
        if name in keywords:
            if dict.get(held, name) is not value or (value is not None and name not in context):
                values[name] = value
        elif name not in _NO_FIELDS and is_field(cls, name):
            values[name] = value
    for name in keywords:
        if name not in state:
            value = read(error, name)
            if value is not dict.get(held, name) or (value is not None and name not in context):
                values[name] = value
            else:
                values.pop(name, None)
    if "_fields_elsewhere" in state:
        values = {**state["_fields_elsewhere"], **values}
    if not values:
        return values
    fields = fields_beside(values, ((name, read(error, name)) for name in keywords), walk.limit, walk.texts)
    return {
        name: value
        for name, value in fields.items()
        if not (name in cls._keywords and name in context and context[name] == value)
    }


def _own_fields(error: BaseException) -> dict[str, object]:
    """What the builtin and ``__slots__`` keep, unless arguments or members contain all of it."""
    if isinstance(error, UnicodeError | BaseExceptionGroup):
        return {}
    kind = type(error) if isinstance(error, BaseError) else BaseError
    found = {name: value for name, value in builtin_layout.fields(error) if is_field(kind, name)}
    if isinstance(error, BaseError) and is_foreign(error):
        found |= {name: value for name, value in list(state_of(error).items()) if is_field(kind, name)}
    return found


def _notes(error: BaseException, walk: Walk) -> list[Any]:
    notes: Any = getattr(error, "__notes__", None)
    if type(notes) not in (list, tuple):
        return []
    if any(type(note) is not str for note in notes[: walk.limit]):
        notes = [walk.texts.str_of(note) for note in notes[: walk.limit] if type(note) is not Details]
    shown = bounded(notes, walk.limit)
    return shown if isinstance(shown, list) else []


def stack_trace(error: BaseException) -> list[dict[str, Any]]:
    """Where the error was raised: here, or where it came from."""
    brought = state_of(error).get("_trace_elsewhere")
    return brought if isinstance(brought, list) else _frames(error.__traceback__)


def _members(members: Iterable[BaseException], walk: Walk, chain: Chain) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = []
    for member in members:
        shown.append(_document(member, walk, chain, {}))
        if shown[-1] == LEFT_OUT:
            break
    return shown


def _frames(traceback: TracebackType | None) -> list[dict[str, Any]]:
    left = -MOST_FRAMES
    following = traceback
    while following is not None:
        following = following.tb_next
        left += 1
    frames: list[dict[str, Any]] = []
    while traceback is not None:
        entry, traceback = traceback, traceback.tb_next
        left -= 1
        if left >= 0:
            continue
        code = entry.tb_frame.f_code
        file, function = code.co_filename, code.co_qualname
        if len(file) > SHORT or len(function) > SHORT or not (file.isascii() and function.isascii()):
            file, function = told(file), told(function)
        frames.append({"file": file, "line": entry.tb_lineno or 0, "function": function})
    return frames


def _link(error: BaseException, document: dict[str, Any], walk: Walk, chain: Chain) -> None:
    """Add the errors that belong to one: its members, and the one behind it that a traceback would show."""
    if isinstance(error, BaseExceptionGroup):
        members: tuple[BaseException, ...] = error.exceptions
    else:
        members = state_of(error).get("_members_elsewhere", ())
    if members:
        document["exceptions"] = _members(members, walk, chain)
    name, other = "cause", error.__cause__
    if other is None and not error.__suppress_context__:
        name, other = "while_handling", error.__context__
    if other is not None and id(other) not in chain:
        document[name] = _document(other, walk, chain, {})
