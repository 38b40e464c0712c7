"""What a class owes to the builtin whose memory layout it has: its ``__new__``, its ``__init__``, its own fields."""

from __future__ import annotations

import builtins

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_HEAP_TYPE = 1 << 9  # Py_TPFLAGS_HEAPTYPE: made by a class statement
_BUILTIN_FUNCTION = type(len)
_FIELD = (type(ImportError.name), type(OSError.characters_written))  # member and getset descriptors

# What the builtin's __init__ takes by keyword. It keeps these in its own fields.
_KEYWORDS = {builtins.ImportError: ("name", "path"), builtins.AttributeError: ("name", "obj")}


def solid(cls: type) -> type[BaseException]:
    """The builtin exception that decides how instances lie in memory."""
    base: type = cls
    while base.__flags__ & _HEAP_TYPE:
        assert base.__base__ is not None
        base = base.__base__
    return base  # type: ignore[return-value]


def fitting_new(cls: type) -> object:
    """The builtin's ``__new__`` where the inherited one is a builtin's that may not fit; None for a user's own."""
    return solid(cls).__new__ if isinstance(cls.__new__, _BUILTIN_FUNCTION) else None


def native_init(cls: type) -> Callable[..., None] | None:
    """The builtin's ``__init__`` where it fills more than ``args``: OSError's, ImportError's, UnicodeError's."""
    builtin = solid(cls)
    return builtin.__init__ if builtin.__basicsize__ > BaseException.__basicsize__ else None


def native_keywords(cls: type) -> tuple[str, ...]:
    """The keywords that the builtin's ``__init__`` takes."""
    return next((names for builtin, names in _KEYWORDS.items() if issubclass(solid(cls), builtin)), ())


def fields(error: BaseException) -> Iterator[tuple[str, object]]:
    """Name and value of what is kept outside ``__dict__``: the builtin's own fields, and ``__slots__``."""
    for name, descriptor in _descriptors(type(error)).items():
        try:
            yield name, descriptor.__get__(error)
        except (builtins.AttributeError, builtins.TypeError):
            continue  # never set: characters_written, and the text of a UnicodeError that was not filled


def set_fields(error: BaseException, values: dict[str, object]) -> None:
    """Put back what :func:`fields` read."""
    descriptors = _descriptors(type(error))
    for name, value in values.items():
        try:
            descriptors[name].__set__(error, value)
        except (builtins.AttributeError, builtins.TypeError):
            continue  # read-only: the message and members of a group, which its __new__ has set


def _descriptors(cls: type) -> dict[str, property]:
    found: dict[str, property] = {}
    for base in cls.__mro__[:-2]:  # not BaseException's own, which are args and the chain
        for name, value in vars(base).items():
            if isinstance(value, _FIELD) and not name.startswith("__"):
                found.setdefault(name, value)  # type: ignore[arg-type]
    return found
