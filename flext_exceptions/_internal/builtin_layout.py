"""What a class owes to the builtin whose memory layout it has: ``__new__``, ``__init__``, its own fields."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

_LIBRARY = __name__.partition(".")[0]  # these classes have no __slots__, and many attributes to look through
_HEAP_TYPE = 1 << 9  # Py_TPFLAGS_HEAPTYPE: created by a class statement
_BUILTIN_FUNCTION = type(len)
state_slot: Any = vars(BaseException)["__dict__"]
"""The descriptor that reads and sets the instance dict of an error."""

set_args: Any = vars(BaseException)["args"].__set__
"""Give an error its arguments, even if its class overrides assignment."""

_FIELD = (type(ImportError.name), type(vars(OSError)["characters_written"]))  # member and getset descriptors

# The keywords of the builtin's __init__, which it keeps in its own fields.
_KEYWORDS: dict[type, tuple[str, ...]] = {
    ImportError: ("name", "path"),
    ModuleNotFoundError: ("name", "path"),
    AttributeError: ("name", "obj"),
}


def solid(cls: type) -> type[BaseException]:
    """The builtin exception that decides the memory layout of the instances."""
    base: type = cls
    while base.__flags__ & _HEAP_TYPE:
        assert base.__base__ is not None
        base = base.__base__
    return base


def has_builtin_new(cls: type) -> bool:
    """Whether no class written by the program defines ``__new__``."""
    return isinstance(cls.__new__, _BUILTIN_FUNCTION)


def fitting_new(cls: type) -> object:
    """The builtin's ``__new__`` if the inherited one belongs to a builtin and may not fit; None for a program's own."""
    return solid(cls).__new__ if has_builtin_new(cls) else None


def is_computed(cls: type, name: str) -> bool:
    """Whether a class of the program computes this attribute, by a property for example, so that it may not be set."""
    found = next((vars(base)[name] for base in cls.__mro__ if name in vars(base)), None)
    return hasattr(type(found), "__set__") and found is not vars(BaseException).get(name)


def native_init(cls: type) -> Callable[..., None] | None:
    """The builtin's ``__init__`` if it fills more than ``args``: OSError's, ImportError's, UnicodeError's."""
    builtin = solid(cls)
    return builtin.__init__ if builtin.__basicsize__ > BaseException.__basicsize__ else None


def field_names(cls: type) -> frozenset[str]:
    """The names of the attributes that are kept outside ``__dict__``."""
    return frozenset(_descriptors(cls))


def native_keywords(cls: type) -> tuple[str, ...]:
    """The keywords that the builtin's ``__init__`` takes."""
    return _KEYWORDS.get(solid(cls), ())


def fields(error: BaseException) -> Iterator[tuple[str, object]]:
    """Names and values of what is set outside ``__dict__``: the builtin's own fields, and ``__slots__``."""
    for name, descriptor in _descriptors(type(error)).items():
        try:
            value = descriptor.__get__(error)
        except (AttributeError, TypeError):
            continue  # never set: characters_written, and the text of an unfilled UnicodeError
        if value is not None:  # an empty field reads as this; setting it would fill the field, and show in str()
            yield name, value


def refill(error: BaseException, args: tuple[object, ...], values: dict[str, object]) -> None:
    """Give a bare instance its arguments back, and the fields that :func:`fields` read."""
    init = native_init(type(error))
    if init is not None:
        # OSError takes its filenames out of args, so a short args without a third argument must not get one.
        given = args[:2] if isinstance(error, OSError) and len(args) < 6 else args
        try:
            init(error, *given)
        except Exception:
            set_args(error, args)  # as in the constructor, when the builtin refused them too
    set_args(error, args)
    set_fields(error, values)


def set_fields(error: BaseException, values: dict[str, object]) -> None:
    """Set fields by name."""
    descriptors = _descriptors(type(error))
    for name, value in values.items():
        try:
            descriptors[name].__set__(error, value)
        except (AttributeError, TypeError, ValueError, OverflowError):
            # read-only (the message and members of a group, which its __new__ has set), or a number out of range
            continue


def clear_fields(error: BaseException, names: Iterable[str]) -> None:
    """Leave the named fields as if they had never been set."""
    descriptors = _descriptors(type(error))
    for name in names:
        try:
            descriptors[name].__delete__(error)
        except (AttributeError, TypeError):
            continue  # it was never set, or cannot be deleted


def _descriptors(cls: type) -> dict[str, property]:
    """The descriptors by name; kept on our classes, since looking for them takes longer than reading an error."""
    kept: dict[str, property] | None = vars(cls).get("_descriptors")
    if kept is not None:
        return kept
    found: dict[str, property] = {}
    for base in cls.__mro__[:-2]:  # without BaseException, whose descriptors are args and the chain
        own = vars(base)
        if own.get("__module__") == _LIBRARY:
            continue
        for name, value in own.items():
            if isinstance(value, _FIELD) and not name.startswith("__") and value is not state_slot:
                found.setdefault(name, value)  # type: ignore[arg-type]
    if hasattr(cls, "_plan"):
        type.__setattr__(cls, "_descriptors", found)
    return found
