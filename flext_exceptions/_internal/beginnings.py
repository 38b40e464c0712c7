"""Texts of values, as ``str`` and ``repr`` give them, but only as many characters as are asked for.

Documents show only the first few thousand characters, so no more are made, neither of a ten-megabyte text nor of a list
with a million members. That holds for Python's own values, and for classes that inherit the ``__repr__`` of one of
those. An object with its own text is asked for all of it, once.
"""

from __future__ import annotations

import sys
from collections import OrderedDict, UserDict, UserList, UserString, defaultdict, deque
from itertools import islice
from types import MappingProxyType, SimpleNamespace

from .safe_text import name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

DEEPEST = 50
"""Levels that are shown. Python and JSON manage about a thousand, on a stack that others need as well."""

MAX_BITS = 14_000
"""Of an int: below the 4,300 digits that Python shows. A longer one is shown in hexadecimal, which takes no time."""

_args_of: Any = vars(BaseException)["args"].__get__


class Texts:
    """The texts of values, each of at most so many characters. An object is asked for its own text once.

    A longer text gets one character more than the limit, so that the caller can tell, cut it, and mark the cut.

    >>> texts = Texts(10)
    >>> texts.repr_of([1, "a"]), texts.repr_of("a" * 10_000_000), texts.str_of(list(range(10_000_000)))
    ("[1, 'a']", "'aaaaaaaaaa", '[0, 1, 2, 3')
    """

    __slots__ = ("_made", "most")

    def __init__(self, most: int) -> None:
        self.most = most
        # By id, together with the object itself: the id of a collected object could be reused.
        self._made: dict[tuple[int, bool], tuple[object, str]] = {}

    def repr_of(self, value: object) -> str:
        """``repr(value)``, or a placeholder if it fails."""
        try:
            return self._once(value, repr, self._parts(value, ()))
        except Exception:
            return f"<unprintable {name_of(type(value))}>"

    def str_of(self, value: object) -> str:
        """``str(value)``, or a placeholder if it fails."""
        try:
            return self._once(value, str, self._text_parts(value))
        except Exception:
            return f"<unprintable {name_of(type(value))}>"

    def _once(self, value: object, show: Callable[[object], str], parts: Iterable[str]) -> str:
        key = id(value), show is str
        if key not in self._made:
            found, left = [], self.most + 1
            for part in parts:
                found.append(part)
                left -= len(part)
                if left <= 0:
                    break
            self._made[key] = value, "".join(found)[: self.most + 1]
        return self._made[key][1]

    def _text_parts(self, value: object) -> Iterator[str]:
        show: Any = type(value).__str__
        if show is str.__str__:
            text: Any = value
            return iter((str.__getitem__(text, slice(self.most + 1)),))
        if show in _SAME:
            return self._parts(value, ())
        if show is MappingProxyType.__str__:
            return self._written(_dict_like(value, self.most + 1), (id(value),))
        if show is BaseException.__str__ or show is KeyError.__str__:
            args = _args_of(value)
            if len(args) == 1:
                return self._parts(args[0], ()) if show is KeyError.__str__ else self._text_parts(args[0])
            return self._parts(args, ()) if args else iter(("",))
        return (str(each) for each in (value,))  # asked for when it is not yet known

    def _parts(self, value: object, around: tuple[int, ...]) -> Iterator[str]:
        write = _WRITERS.get(type(value).__repr__)
        if write is None:
            yield self._once(value, repr, (repr(each) for each in (value,)))
        elif id(value) in around or len(around) >= DEEPEST:
            yield "..."
        else:
            yield from self._written(write(value, self.most + 1), (*around, id(value)))

    def _written(self, parts: Iterator[Any], around: tuple[int, ...]) -> Iterator[str]:
        for part in parts:
            if type(part) is _Member:
                yield from self._parts(part.value, around)
            else:
                yield part


def pairs_at_once(held: Any, most: int) -> tuple[tuple[Any, Any], ...]:
    """The first pairs of a dict, even while another thread is changing it.

    >>> pairs_at_once({"a": 1, "b": 2, "c": 3}, 2)
    (('a', 1), ('b', 2))
    """
    try:
        return tuple(islice(dict.items(held), most))
    except RuntimeError:  # it changed meanwhile, which takes a Python without the GIL; there a copy is made in one step
        return tuple(islice(dict.items(dict.copy(held)), most))


def members_at_once(held: Any, most: int) -> tuple[Any, ...]:
    """The first members of a set or frozenset, even while another thread is changing it.

    >>> members_at_once(frozenset([1]), 2)
    (1,)
    """
    kind: Any = set if isinstance(held, set) else frozenset
    try:
        return tuple(islice(kind.__iter__(held), most))
    except RuntimeError:
        return tuple(islice(kind.copy(held), most))


class _Member:
    """A value within the text of another."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value


def _members(members: Iterable[object], most: int) -> Iterator[Any]:
    before = ""
    for member in tuple(islice(members, most)):  # in one step, since another thread may be changing it
        yield before
        yield _Member(member)
        before = ", "


def _pairs(pairs: Iterable[tuple[object, object]], most: int) -> Iterator[Any]:
    before = ""
    for key, value in tuple(islice(pairs, most)):
        yield before
        yield _Member(key)
        yield ": "
        yield _Member(value)
        before = ", "


def _list(value: Any, most: int) -> Iterator[Any]:
    yield "["
    yield from _members(list.__iter__(value), most)
    yield "]"


def _tuple(value: Any, most: int) -> Iterator[Any]:
    yield "("
    yield from _members(tuple.__iter__(value), most)
    yield ",)" if tuple.__len__(value) == 1 else ")"


def _dict(value: Any, most: int) -> Iterator[Any]:
    yield "{"
    yield from _pairs(pairs_at_once(value, most), most)
    yield "}"


def _defaultdict(value: Any, most: int) -> Iterator[Any]:
    yield f"{type(value).__name__}("
    yield _Member(value.default_factory)
    yield ", "
    yield from _dict(value, most)
    yield ")"


def _ordered_dict(value: Any, most: int) -> Iterator[Any]:
    yield f"{type(value).__name__}("
    if dict.__len__(value):
        yield from _dict(value, most) if sys.version_info >= (3, 12) else _bracketed(pairs_at_once(value, most), most)
    yield ")"


def _bracketed(members: Iterable[object], most: int) -> Iterator[Any]:
    yield "["
    yield from _members(members, most)
    yield "]"


def _set(value: Any, most: int) -> Iterator[Any]:
    plain = type(value) is set
    if not set.__len__(value):
        yield f"{type(value).__name__}()"
    else:
        yield "{" if plain else f"{type(value).__name__}({{"
        yield from _members(members_at_once(value, most), most)
        yield "}" if plain else "})"


def _frozenset(value: Any, most: int) -> Iterator[Any]:
    yield f"{type(value).__name__}("
    if frozenset.__len__(value):
        yield "{"
        yield from _members(frozenset.__iter__(value), most)
        yield "}"
    yield ")"


def _deque(value: Any, most: int) -> Iterator[Any]:
    yield f"{type(value).__name__}("
    yield from _bracketed(deque.__iter__(value), most)
    yield ")" if value.maxlen is None else f", maxlen={value.maxlen})"


def _view(value: Any, most: int) -> Iterator[Any]:
    yield f"{type(value).__name__}("
    yield from _bracketed(value, most)
    yield ")"


def _proxy(value: Any, most: int) -> Iterator[Any]:
    yield "mappingproxy("
    yield from _dict_like(value, most)
    yield ")"


def _dict_like(value: Any, most: int) -> Iterator[Any]:
    yield "{"
    yield from _pairs(((key, value[key]) for key in value), most)
    yield "}"


def _namespace(value: Any, most: int) -> Iterator[Any]:
    yield "namespace(" if type(value) is SimpleNamespace else f"{type(value).__name__}("
    before = ""
    for name, held in tuple(islice(vars(value).items(), most)):
        yield f"{before}{name}="
        yield _Member(held)
        before = ", "
    yield ")"


def _data(value: Any, most: int) -> Iterator[Any]:
    yield _Member(value.data)


def _exception(value: Any, most: int) -> Iterator[Any]:
    args = _args_of(value)
    yield type(value).__name__
    if len(args) == 1:
        yield "("
        yield _Member(args[0])
        yield ")"
    else:
        yield from _tuple(args, most)


def _group(value: Any, most: int) -> Iterator[Any]:
    message, held = _args_of(value)
    members = BaseExceptionGroup.exceptions.__get__(value)  # the length as it was then: the list may have changed
    if type(held) not in (list, tuple):
        yield repr(value)
        return
    yield f"{type(value).__name__}("
    yield _Member(message)
    yield ", "
    yield from (_list(list(members[:most]), most) if type(held) is list else _tuple(members, most))
    yield ")"


def _str(value: Any, most: int) -> Iterator[str]:
    yield repr(str.__getitem__(value, slice(most)))


def _bytes(value: Any, most: int) -> Iterator[str]:
    yield repr(bytes.__getitem__(value, slice(most)))


def _bytearray(value: Any, most: int) -> Iterator[str]:
    yield f"{type(value).__name__}({bytes(bytearray.__getitem__(value, slice(most)))!r})"


def _int(value: Any, most: int) -> Iterator[str]:
    yield int.__repr__(value) if int.bit_length(value) <= MAX_BITS else hexadecimal(value, most)


def hexadecimal(value: int, most: int) -> str:
    """``hex(value)``, or at least so many of its first characters.

    >>> hexadecimal(2**100, 40), len(hexadecimal(1 << 80_000_000, 40))
    ('0x10000000000000000000000000', 43)
    """
    digits = int.bit_length(value) // 4
    return hex(int.__rshift__(value, 4 * max(digits - most, 0)))


_SAME = frozenset((object.__str__, bytes.__str__, bytearray.__str__))  # whose text is the repr

# By the class's __repr__, which may be inherited.
_WRITERS: dict[Any, Callable[[Any, int], Iterator[Any]]] = {
    str.__repr__: _str,
    bytes.__repr__: _bytes,
    bytearray.__repr__: _bytearray,
    int.__repr__: _int,
    list.__repr__: _list,
    tuple.__repr__: _tuple,
    dict.__repr__: _dict,
    defaultdict.__repr__: _defaultdict,
    OrderedDict.__repr__: _ordered_dict,
    set.__repr__: _set,
    frozenset.__repr__: _frozenset,
    deque.__repr__: _deque,
    MappingProxyType.__repr__: _proxy,
    SimpleNamespace.__repr__: _namespace,
    UserDict.__repr__: _data,
    UserList.__repr__: _data,
    UserString.__repr__: _data,
    BaseExceptionGroup.__repr__: _group,  # before Python 3.14 the text is in the next one
    BaseException.__repr__: _exception,
    **{
        type(view).__repr__: _view
        for held in (dict[str, str](), OrderedDict[str, str]())
        for view in (held.keys(), held.values(), held.items())
    },
}
