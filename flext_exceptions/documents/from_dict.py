"""Errors read back from their documents: only existing classes are looked up, and nothing is imported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any, TypeGuard

from .. import FlextExceptions, pickling, settings
from .._internal import builtin_layout
from .._internal.beginnings import DEEPEST
from .._internal.redaction import shown
from .._internal.state import state_of
from ..base import BaseError, below
from ..errors import name_types
from .json_values import CUT, bounded
from .to_dict import LEFT_OUT, MOST_ERRORS, MOST_FRAMES, TEXT, is_field, line, number
from .usual import VERSION, type_name

MOST_READ = 10_000  # members of all mappings and lists in one part of a document: more than any limit lets through


def _is_frame(value: object) -> bool:
    return (
        type(value) is dict
        and value.keys() == {"file", "line", "function"}
        and [type(part) for part in (value["file"], value["line"], value["function"])] == [str, int, str]
    )


def _are_frames(value: object) -> TypeGuard[list[dict[str, Any]]]:
    return type(value) is list and all(map(_is_frame, value[-MOST_FRAMES:]))


def is_mapping(value: object) -> TypeGuard[Mapping[Any, Any]]:
    """Whether it is a mapping; isinstance would ask the value, which may raise."""
    return type(value) is dict or issubclass(type(value), Mapping)


def _is_list(value: object) -> bool:
    return issubclass(type(value), list)


def _is_text(value: object) -> bool:
    return issubclass(type(value), str)


def _all(fits: Callable[[object], bool], most: int) -> Callable[[Any], bool]:
    """Whether it is a list whose members fit, in the part of it that is read."""
    return lambda value: type(value) is list and all(map(fits, value[:most]))


# For each member of a document, whether a value is valid, and the words for the valid ones.
_VALID: dict[str, tuple[Callable[[Any], bool], str]] = {
    "type": (_is_text, "a text"),
    "message": (_is_text, "a text"),
    "code": (_is_text, "a text"),
    "category": (_is_text, "a text"),
    "severity": (_is_text, "a text"),
    "http_status": (lambda value: type(value) is int, "a whole number"),
    "retryable": (lambda value: type(value) is bool, "true or false"),
    "retry_after": (lambda value: number(value) is not None, "a number of seconds"),
    "correlation_id": (_is_text, "a text"),
    "timestamp": (lambda value: number(value) is not None, "a number of seconds since the epoch"),
    "context": (is_mapping, "a mapping"),
    "args": (_is_list, "a list"),
    "fields": (is_mapping, "a mapping"),
    "notes": (_all(_is_text, MOST_READ), "a list of texts"),
    "stack_trace": (_are_frames, 'a list of {"file": text, "line": number, "function": text}'),
    "exceptions": (_all(is_mapping, MOST_ERRORS + 1), "a list of mappings"),
    "cause": (is_mapping, "a mapping"),
    "while_handling": (is_mapping, "a mapping"),
}
_FACTS = ("code", "category", "severity", "http_status", "retryable", "retry_after")


def from_dict(document: Mapping[str, Any]) -> BaseError:
    """See :meth:`FlextExceptions.from_dict`."""
    try:
        members = _members(document, "")
        version = members.get("version", VERSION)
        if type(version) is not int or version != VERSION:
            raise _refusal("version", f"{VERSION}, the only one that this release reads", version)
        return _error(members, "", [MOST_ERRORS - 1])
    except FlextExceptions.ValidationError:
        raise
    except Exception as error:  # a broken mapping
        raise FlextExceptions.ValidationError(f"from_dict: the document cannot be read: {in_short(error)}") from error


def _members(document: object, where: str) -> dict[str, Any]:
    """The members that are present, each of the right type."""
    if not is_mapping(document):
        raise _refusal(where, "a mapping, as to_dict() gives it", document)
    members = {name: document[name] for name in ("version", *_VALID) if name in document}
    members = {name: value for name, value in members.items() if value is not None}
    for name, (valid, words) in _VALID.items():
        if name in members and not valid(members[name]):
            raise _refusal(where + name, words, members[name])
    if "type" not in members:
        raise _refusal(where + "type", "the name of a class", None)
    return members


def _refusal(where: str, words: str, value: object) -> FlextExceptions.ValidationError:
    text = f"from_dict: {where or 'the document'} must be {words}; it is {in_short(value)}"
    return FlextExceptions.ValidationError(text, field=where or None)


def in_short(value: object) -> str:
    """A value, short enough for a message."""
    text = " ".join(shown(value).split())
    return text if len(text) <= 60 else text[:57] + "..."


def _error(members: dict[str, Any], where: str, left: list[int]) -> BaseError:
    """The error of these members and those behind it, up to the number that is left."""
    name, message = members["type"], members.get("message", "")

    def linked(document: object, place: str) -> BaseError:
        found = _members(document, place)
        if found["type"] != CUT:
            left[0] -= 1
        return _error(found if left[0] >= 0 else dict(LEFT_OUT), place, left)

    inner: list[BaseError] = []
    for at, each in enumerate(members.get("exceptions", ())):
        inner.append(linked(each, f"{where}exceptions[{at}]."))
        if inner[-1]._class_elsewhere == CUT:
            break
    cls = _class(name, bool(inner))
    error = _bare(cls or FlextExceptions.Error, message, inner)
    state = state_of(error)
    if cls is None:
        state["_class_elsewhere"] = bounded(name, TEXT)
        if inner:
            state["_members_elsewhere"] = tuple(inner)
    for fact in _FACTS:
        # For a class that does not exist here, a code of its own also marks that the error is not a foreign one.
        if fact in members and (cls is None or members[fact] != getattr(cls, fact, None)):
            state[fact] = members[fact]
    if "code" in state:
        state["code"] = line(state["code"])
    state["_made"] = members.get("timestamp", 0.0)
    state["_is_remote"] = True
    if "correlation_id" in members:
        state["correlation_id"] = line(members["correlation_id"])
    if "notes" in members:
        error.__notes__ = list(members["notes"][:MOST_READ])
    if "stack_trace" in members:
        state["_trace_elsewhere"] = frames(members["stack_trace"])
    _fill(error, members, message)
    if "cause" in members:
        error.__cause__ = linked(members["cause"], where + "cause.")
    if "while_handling" in members:
        error.__context__ = linked(members["while_handling"], where + "while_handling.")
    return error


def _class(name: str, has_members: bool) -> type[BaseError] | None:
    """The class of this name, the latest if it was defined again; a group only if there are members for it."""
    found = [cls for cls in below(BaseError) if type_name(cls) == name]
    return next((cls for cls in reversed(found) if issubclass(cls, BaseExceptionGroup) == has_members), None)


def _bare(cls: type[BaseError], message: str, members: list[BaseError]) -> BaseError:
    return pickling.rebuild(cls, message, members) if issubclass(cls, BaseExceptionGroup) else pickling.rebuild(cls)


def _fill(error: BaseError, members: dict[str, Any], message: str) -> None:
    """Give a bare instance its arguments, context and fields."""
    cls, state = type(error), state_of(error)
    state["context"] = copied(members.get("context", {}), room())
    said = copied(members.get("fields", {}), room())
    fields = {name: value for name, value in said.items() if isinstance(name, str) and is_field(cls, name)}
    for name in cls._keywords:
        if fields.get(name, ...) is None:
            del fields[name]
    # No document changes what a class states about itself; the value is kept for the next document anyway.
    kept = {name: fields.pop(name) for name in tuple(fields) if not _is_settable(cls, name)}
    if kept:
        state["_fields_elsewhere"] = kept
    native = {name: fields.pop(name) for name in cls._native_fields if name in fields}
    state.update(fields)
    args = tuple(copied(members["args"], room())) if "args" in members else (message,) if "message" in members else ()
    if isinstance(error, BaseExceptionGroup):
        builtin_layout.set_fields(error, native)
    elif isinstance(error, UnicodeError):
        error.args = args  # its __init__ trusts every number, and its __str__ reads where they point
    else:
        builtin_layout.refill(error, args, native)
        builtin_layout.clear_fields(
            error, cls._native_fields - native.keys()
        )  # the arguments alone would restore these
    if args != (message,) and "message" in members:
        state["message"] = message
    take_from_context(error, said)


def _is_settable(cls: type[BaseError], name: str) -> bool:
    return name in cls._keywords or name in cls._native_fields or not hasattr(cls, name)


def take_from_context(error: BaseError, said: Mapping[str, object] | None = None) -> None:
    """Set the named keywords that the context holds and no other member set, and what follows from them."""
    context = error.context
    values = {name: context[name] for name in error._keywords if name in context and name not in (said or {})}
    builtin_layout.set_fields(error, {name: value for name, value in values.items() if name in error._native_fields})
    state_of(error).update({name: value for name, value in values.items() if name not in error._native_fields})
    if isinstance(error, FlextExceptions.TypeError):
        name_types(error, values)


def frames(value: object) -> list[dict[str, Any]]:
    """A stack trace in the form that is kept; none if this is something else."""
    if not _are_frames(value):
        return []
    return [{name: bounded(part, TEXT) for name, part in frame.items()} for frame in value[-MOST_FRAMES:]]


def items(mapping: Mapping[Any, Any], most: int = MOST_READ) -> Iterable[tuple[Any, Any]]:
    """The contents of a mapping, up to so many members; a thousand for any but a dict, since it may have no end."""
    if issubclass(type(mapping), dict):
        return tuple(islice(dict.items(mapping), most))  # type: ignore[arg-type]
    return [(key, mapping[key]) for key in islice(iter(mapping), min(most, 1000))]


_SCALARS = frozenset((str, int, float, bool, type(None)))


def room() -> list[int]:
    """How many members of a part of a document may still be read; no limit lets as many out again."""
    return [max(MOST_READ, settings.current.max_error_details)]


def copied(value: Any, left: list[int], levels: int = DEEPEST) -> Any:
    """The value with mappings and lists copied, down to the depth that is shown or read."""
    left[0] -= 1
    if type(value) in _SCALARS or not levels:
        return value
    if is_mapping(value):
        members: dict[Any, Any] = {}
        for name, item in items(value, max(left[0], 0)):
            if left[0] <= 0:
                break
            members[name] = copied(item, left, levels - 1)
        return members
    if _is_list(value):
        elements: list[Any] = []
        for item in list.__getitem__(value, slice(max(left[0], 0))):
            if left[0] <= 0:
                break
            elements.append(copied(item, left, levels - 1))
        return elements
    return value
