"""Objects that try to make their reader fail."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator, Mapping
from types import MappingProxyType, SimpleNamespace
from typing import Any

from hypothesis import strategies as st


class Refusing:
    """Raises from whatever it is asked."""

    def __repr__(self) -> str:
        raise ValueError("no")

    __str__ = __repr__
    __eq__ = __hash__ = __len__ = __iter__ = __bool__ = __int__ = __repr__  # type: ignore[assignment]

    @property
    def __class__(self) -> Any:
        """No class."""
        raise ValueError("no")

    @__class__.setter
    def __class__(self, value: Any) -> None: ...


class Recursing:
    """Never ends."""

    def __repr__(self) -> str:
        return repr(self)


class Lying(str):
    """A text that raises when it is used as one."""

    def __str__(self) -> str:
        raise ValueError("no")

    isascii = encode = lower = __len__ = __eq__ = __str__  # type: ignore[assignment]
    __hash__ = __str__  # type: ignore[assignment]


class Broken(dict[str, Any]):
    """A dict of which nothing works but that it is one."""

    def keys(self) -> Any:
        """Raise."""
        raise ValueError("no")

    __iter__ = items = values = get = __getitem__ = __len__ = __repr__ = keys


class Endless(Mapping[str, int]):
    """A mapping without an end, and of a size that it does not know."""

    def __getitem__(self, key: str) -> int:
        return 1

    def __iter__(self) -> Iterator[str]:
        number = 0
        while True:
            yield str(number)
            number += 1

    def __len__(self) -> int:
        raise ValueError("no")


class Nesting(Mapping[str, Any]):
    """A mapping that holds another of its kind, for ever."""

    def __getitem__(self, key: str) -> Any:
        return Nesting()

    def __iter__(self) -> Iterator[str]:
        return iter(["more"])

    def __len__(self) -> int:
        return 1


class Meta(type):
    """A class of classes without a name."""

    @property
    def __name__(cls) -> str:
        """No name."""
        raise ValueError("no")


class Nameless(metaclass=Meta):
    """Its class does not tell its name, and it has no repr."""

    def __repr__(self) -> str:
        raise ValueError("no")


def _looped() -> list[Any]:
    loop: list[Any] = []
    loop.append({"again": loop})
    return loop


def _deep() -> Any:
    value: Any = 1
    for _ in range(300):
        value = {"in": [value]}
    return value


HOSTILE: list[Any] = [
    Refusing(),
    Recursing(),
    Lying("text"),
    Broken(a=1),
    Endless(),
    Nesting(),
    Nameless(),
    Nameless,
    _looped(),
    _deep(),
    MappingProxyType({"a": Refusing()}),
    float("nan"),
    float("-inf"),
    10**5000,
    "\ud800\udc00 \udfff",
    b"\xff\x00" * 99,
    {frozenset({1, 2}), "a", 3.5},
    {None: 1, 2: 2, "2": 3, (1, 2): 4, b"5": 5, "\udc80": 6},
    {str(number): number for number in range(10_000)},
    list(range(10_000)),
    "x" * 100_000,
    OrderedDict(a={"b": deque([1])}),
    SimpleNamespace(a=1),
    object(),
    iter([1, 2]),
    ValueError("v"),
    memoryview(b"abc"),
]


def anything() -> st.SearchStrategy[Any]:
    """Anything that could be given to an error."""
    scalars = (
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(st.characters(), max_size=30)
        | st.binary(max_size=30)
        | st.complex_numbers()
        | st.integers(0, len(HOSTILE) - 1).map(lambda number: HOSTILE[number])
    )
    keys = st.none() | st.integers() | st.floats() | st.text(st.characters(), max_size=10) | st.binary(max_size=5)
    return st.recursive(
        scalars,
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.tuples(inner, inner)
            | st.dictionaries(keys, inner, max_size=4)
            | st.builds(MappingProxyType, st.dictionaries(keys, inner, max_size=2))
        ),
        max_leaves=10,
    )
