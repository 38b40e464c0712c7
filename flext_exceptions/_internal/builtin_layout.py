"""What a class owes to the builtin whose memory layout it has: its ``__new__``, its ``__init__``, its own fields."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

_LIBRARY = __name__.partition(".")[0]  # whose own classes have no __slots__, and many attributes to look through
_HEAP_TYPE = 1 << 9  # Py_TPFLAGS_HEAPTYPE: made by a class statement
_BUILTIN_FUNCTION = type(len)
state_slot: Any = vars(BaseException)["__dict__"]
"""What gives and takes the instance dict of an error."""

set_args: Any = vars(BaseException)["args"].__set__
"""Give an error its arguments, whatever its class makes of assignments."""

_FIELD = (type(ImportError.name), type(vars(OSError)["characters_written"]))  # member and getset descriptors

# What the builtin's __init__ takes by keyword. It keeps these in its own fields.
_KEYWORDS: dict[type, tuple[str, ...]] = {
    ImportError: ("name", "path"),
    ModuleNotFoundError: ("name", "path"),
    AttributeError: ("name", "obj"),
}


def solid(cls: type) -> type[BaseException]:
    """The builtin exception that decides how instances lie in memory."""
    base: type = cls
    while base.__flags__ & _HEAP_TYPE:
        assert base.__base__ is not None
        base = base.__base__
    return base


def has_builtin_new(cls: type) -> bool:
    """Whether no class of a program's has a ``__new__`` of its own."""
    return isinstance(cls.__new__, _BUILTIN_FUNCTION)


def fitting_new(cls: type) -> object:
    """The builtin's ``__new__`` where the inherited one is a builtin's that may not fit; None for a user's own."""
    return solid(cls).__new__ if has_builtin_new(cls) else None


def is_computed(cls: type, name: str) -> bool:
    """Whether a class of a program's computes an attribute, which then may not be set: a property, or the like."""
    found = next((vars(base)[name] for base in cls.__mro__ if name in vars(base)), None)
    return hasattr(type(found), "__set__") and found is not vars(BaseException).get(name)


def native_init(cls: type) -> Callable[..., None] | None:
    """The builtin's ``__init__`` where it fills more than ``args``: OSError's, ImportError's, UnicodeError's."""
    builtin = solid(cls)
    return builtin.__init__ if builtin.__basicsize__ > BaseException.__basicsize__ else None


def field_names(cls: type) -> frozenset[str]:
    """The names of what is kept outside ``__dict__``."""
    return frozenset(_descriptors(cls))


def native_keywords(cls: type) -> tuple[str, ...]:
    """The keywords that the builtin's ``__init__`` takes."""
    return _KEYWORDS.get(solid(cls), ())


def fields(error: BaseException) -> Iterator[tuple[str, object]]:
    """Name and value of what is set outside ``__dict__``: the builtin's own fields, and ``__slots__``."""
    for name, descriptor in _descriptors(type(error)).items():
        try:
            value = descriptor.__get__(error)
        except (AttributeError, TypeError):
            continue  # never set: characters_written, and the text of a UnicodeError that was not filled
        if value is not None:  # as which an empty field reads; setting it would fill the field, and show in str()
            yield name, value


def refill(error: BaseException, args: tuple[object, ...], values: dict[str, object]) -> None:
    """Give a bare instance its arguments back, and what :func:`fields` read."""
    init = native_init(type(error))
    if init is not None:
        # OSError takes its filenames out of args, so that a third argument left there is none, as long as they are few.
        given = args[:2] if isinstance(error, OSError) and len(args) < 6 else args
        try:
            init(error, *given)
        except Exception:
            set_args(error, args)  # as at first, when the builtin refused them too
    set_args(error, args)
    set_fields(error, values)


def set_fields(error: BaseException, values: dict[str, object]) -> None:
    """Set fields by name."""
    descriptors = _descriptors(type(error))
    for name, value in values.items():
        try:
            descriptors[name].__set__(error, value)
        except (AttributeError, TypeError, ValueError, OverflowError):
            continue  # read-only: the message and members of a group, which its __new__ has set; or no fitting number


def clear_fields(error: BaseException, names: Iterable[str]) -> None:
    """Leave fields by name as if they had never been set."""
    descriptors = _descriptors(type(error))
    for name in names:
        try:
            descriptors[name].__delete__(error)
        except (AttributeError, TypeError):
            continue  # it never was, or cannot be


def _descriptors(cls: type) -> dict[str, property]:
    """The descriptors by name; kept on a class of ours, since to look for them takes longer than to read an error."""
    kept: dict[str, property] | None = vars(cls).get("_descriptors")
    if kept is not None:
        return kept
    found: dict[str, property] = {}
    for base in cls.__mro__[:-2]:  # without BaseException, whose own are args and the chain
        own = vars(base)
        if own.get("__module__") == _LIBRARY:
            continue
        for name, value in own.items():
            if isinstance(value, _FIELD) and not name.startswith("__") and value is not state_slot:
                found.setdefault(name, value)  # type: ignore[arg-type]
    if hasattr(cls, "_plan"):
        type.__setattr__(cls, "_descriptors", found)
    return found
