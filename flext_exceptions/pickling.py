"""Pickles and copies that are complete: the class's own ``__init__`` is not called, and nothing is counted again."""

from __future__ import annotations

from _thread import get_ident

from ._internal import builtin_layout
from ._internal.safe_text import repr_of
from ._internal.state import state_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    E = TypeVar("E", bound=Exception)

_CONTAINERS = frozenset((list, tuple, set, frozenset, dict))
_PARTS = frozenset(("args", "fields", "dict"))  # for the state in the result of reduce
_PLAIN = frozenset((str, int, float, bool, type(None), bytes, complex))


def rebuild(cls: type[E], *args: object) -> E:
    """A bare instance. Only a group gets its arguments, since its members cannot be set later."""
    bare: E = builtin_layout.solid(cls).__new__(cls, *args)
    return bare


def reduce(self: Any) -> tuple[Any, ...]:
    """The pickled form of an error; a value that does not pickle is replaced by a text that says so."""
    return rebuild, (type(self), *_members(self)), _state(self, _portable)


def restore(error: Any, state: dict[str, Any] | None) -> None:
    """Fill a bare instance, or do what the builtin does, if a base that comes first pickled it in its own way."""
    if state is None or state.keys() != _PARTS:
        BaseException.__setstate__(error, state)
        return
    state_of(error).update(state["dict"])
    builtin_layout.refill(error, state["args"], state["fields"])


def shallow(error: E) -> E:
    """A copy with its own context and notes, which share their values with the original."""
    copied = rebuild(type(error), *_members(error))
    _fill(copied, _state(error, lambda value: value))
    return copied


def deep(error: E, memo: dict[int, Any]) -> E:
    """A deep copy; values that cannot be copied are shared."""
    copied = rebuild(type(error), *_members(error))
    memo[id(error)] = copied

    def copy_of(value: object) -> object:
        from copy import deepcopy

        try:
            return deepcopy(value, memo)
        except Exception:  # locks, files, sockets
            return value

    _fill(copied, _state(error, copy_of))
    return copied


def derived(error: Any, members: Any) -> Any:
    """A part of a group, as ``split``, ``subgroup`` and ``except*`` create it: with its class and data."""
    part = rebuild(type(error), error.args[0], members)
    state = _state(error, lambda value: value)
    _fill(part, state | {"args": (error.args[0], members), "fields": {}})
    state_of(part).pop("__notes__", None)  # split copies them
    return part


def _members(error: Any) -> tuple[object, ...]:
    return error.args if isinstance(error, BaseExceptionGroup) else ()


def _fill(copied: Any, state: dict[str, Any]) -> None:
    notes = state["dict"].get("__notes__")
    if notes is not None:  # a note about the original becomes one about the copy
        from ._internal.notes import Details

        state["dict"]["__notes__"] = [Details(copied) if isinstance(note, Details) else note for note in notes]
    restore(copied, state)


def _state(error: Any, treat: Callable[[object], object]) -> dict[str, Any]:
    _ = error.correlation_id  # read now, or original and copy would each generate their own
    if "_later" in state_of(error):
        _ = error.context
    attributes = {name: treat(value) for name, value in state_of(error).items() if name not in ("context", "__notes__")}
    notes = state_of(error).get("__notes__")
    if notes is not None:
        from ._internal.notes import Details

        attributes["__notes__"] = [note if isinstance(note, Details) else treat(note) for note in notes]
    if "context" in state_of(error):
        attributes["context"] = _each(error.context, treat)
    return {
        "args": tuple(treat(value) for value in error.args),
        "fields": {name: treat(value) for name, value in builtin_layout.fields(error)},
        "dict": attributes,
    }


def _each(context: object, treat: Callable[[object], object]) -> object:
    """A context made portable value by value: one that does not pickle must not take the others with it."""
    return {treat(key): treat(value) for key, value in context.items()} if type(context) is dict else treat(context)


def _portable(value: object) -> object:
    """The value, or a text in its place if it could not be unpickled."""
    try:
        survives = _survives(value, set())
    except RecursionError:  # nested too deeply for pickle as well
        survives = False
    return value if survives else f"<not picklable: {repr_of(value)}>"


# Values being tried, by thread: one of them may hold the very error that is being pickled.
_tried: set[tuple[int, int]] = set()


def _survives(value: object, around: set[int]) -> bool:
    """Whether a value can be unpickled; plain containers are searched, anything else is tried."""
    kind = type(value)
    if kind in _PLAIN or id(value) in around:
        return True
    if kind in _CONTAINERS:
        around.add(id(value))
        items = [*value, *value.values()] if isinstance(value, dict) else [*value]  # type: ignore[misc]
        return all(_survives(item, around) for item in items)
    if getattr(kind, "__reduce__", None) is reduce:
        return _survives(kind, around)  # its own values are made portable when its turn comes
    return _comes_back(value)


def _comes_back(value: object) -> bool:
    import pickle

    key = (get_ident(), id(value))
    if key in _tried:
        return True
    _tried.add(key)
    try:
        pickle.loads(pickle.dumps(value))
    except Exception:  # noqa: FLX202 (it does not pickle)
        return False
    finally:
        _tried.discard(key)
    return True
