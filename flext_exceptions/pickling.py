"""Pickles and copies that are whole: the class's own ``__init__`` is not called, and nothing is counted again."""

from __future__ import annotations

from . import layout
from .details import Details, repr_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from .base import BaseError

    E = TypeVar("E", bound=BaseError)

_PLAIN = frozenset((str, int, float, bool, type(None), bytes, complex))


def rebuild(cls: type[E], *args: object) -> E:
    """A bare instance. Only a group is given its arguments, since its members cannot be set later."""
    bare: E = layout.solid(cls).__new__(cls, *args)  # type: ignore[assignment, arg-type]
    return bare


def reduce(error: BaseError) -> tuple[Any, ...]:
    """What ``pickle`` keeps of an error; a value that does not pickle is replaced by a text that says so."""
    return rebuild, (type(error), *_members(error)), _state(error, _portable)


def restore(error: BaseError, state: dict[str, Any]) -> None:
    """Fill a bare instance."""
    error.args = state["args"]
    vars(error).update(state["dict"])
    layout.set_fields(error, state["fields"])


def shallow(error: E) -> E:
    """A copy with a context and notes of its own, which share their values with the original."""
    copied = rebuild(type(error), *_members(error))
    return _filled(copied, _state(error, lambda value: value))


def deep(error: E, memo: dict[int, Any]) -> E:
    """A copy down to the values; those that cannot be copied are shared."""
    copied = rebuild(type(error), *_members(error))
    memo[id(error)] = copied

    def copy_of(value: object) -> object:
        from copy import deepcopy

        try:
            return deepcopy(value, memo)
        except Exception:  # locks, files, sockets
            return value

    return _filled(copied, _state(error, copy_of))


def _members(error: BaseError) -> tuple[object, ...]:
    return error.args if isinstance(error, BaseExceptionGroup) else ()


def _filled(copied: E, state: dict[str, Any]) -> E:
    notes = state["dict"].get("__notes__")
    if isinstance(notes, list):  # a note about the original becomes one about the copy
        state["dict"]["__notes__"] = [Details(copied) if isinstance(note, Details) else note for note in notes]
    restore(copied, state)
    return copied


def _state(error: BaseError, treat: Callable[[object], object]) -> dict[str, Any]:
    _ = error.correlation_id  # read now, or original and copy would each make their own
    attributes = {
        name: [*value] if name == "__notes__" and isinstance(value, list) else treat(value)
        for name, value in vars(error).items()
        if name != "context"
    }
    if error.context:
        attributes["context"] = _each(error.context, treat)
    return {
        "args": tuple(treat(value) for value in error.args),
        "fields": {name: treat(value) for name, value in layout.fields(error)},
        "dict": attributes,
    }


def _each(context: object, treat: Callable[[object], object]) -> object:
    """A context treated value by value: one that does not pickle must not take the others with it."""
    return {key: treat(value) for key, value in context.items()} if type(context) is dict else treat(context)


# The errors whose values are being tried, by thread: a context may hold its own error.
_trying: set[int] = set()


def _portable(value: object) -> object:
    """The value, or a text in its place where it would not come back from a pickle."""
    return value if type(value) in _PLAIN or _survives(value) else f"<not picklable: {repr_of(value)}>"


def _survives(value: object) -> bool:
    import pickle

    if id(value) in _trying:
        return True
    try:
        pickle.loads(pickle.dumps(value))
    except Exception:
        return False
    return True
