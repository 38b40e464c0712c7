"""The cost of documents and reprs is bounded, whatever an error or a document contains.

The tests count calls, of Python and C, and bytes: reading all of these values would take many times as many.
"""

from __future__ import annotations

import sys
import tracemalloc
from collections import OrderedDict, UserDict, UserList, defaultdict, deque
from collections.abc import Callable
from types import FrameType, MappingProxyType, SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flext_exceptions import FlextExceptions
from flext_exceptions._internal.beginnings import Texts
from flext_exceptions.documents.json_values import bounded
from flext_exceptions.web.problem_json import _heads
from flext_exceptions.web.responses import problem_response

from .hostile import anything

SIZE = 2_500_000  # characters, or thereabouts
MOST_CALLS = {"to_dict": 90_000, "__repr__": 240_000}  # of a list of as many there are 250,000 members
MOST_BYTES = {"to_dict": 1_300_000, "__repr__": 2_400_000}


class Keys(dict[str, int]):
    """A dict of another class."""


class Text(str):
    """A text of another class."""


class Asked:
    """An object that counts how often it is asked for its text, which is long."""

    def __init__(self, size: int = SIZE) -> None:
        self.times = 0
        self.text = "x" * size

    def __repr__(self) -> str:
        self.times += 1
        return self.text


class Told(Asked):
    """The same with a ``str``."""

    __str__ = Asked.__repr__
    __repr__ = object.__repr__


def numbers(size: int) -> range:
    return range(size // 10)


def keyed(size: int) -> dict[str, int]:
    return {str(number): number for number in numbers(size)}


def nested(size: int, around: Callable[[Any], Any], inner: Any) -> Any:
    for _ in range(size // 50):
        inner = around(inner)
    return inner


VALUES: dict[str, Callable[[int], Any]] = {
    "a text": lambda size: "a" * size,
    "a text that is not ASCII": lambda size: "é" * size,
    "surrogates": lambda size: "\ud800" * size,
    "a text of a class": lambda size: Text("a" * size),
    "bytes": bytes,
    "a bytearray": bytearray,
    "a number": lambda size: 1 << 8 * size,
    "a list": lambda size: list(numbers(size)),
    "a set": lambda size: set(numbers(size)),
    "a frozenset of texts": lambda size: frozenset({"a" * size, "b" * size}),
    "a deque": lambda size: deque(numbers(size)),
    "a dict": keyed,
    "a defaultdict": lambda size: defaultdict(int, keyed(size)),
    "an OrderedDict": lambda size: OrderedDict(keyed(size)),
    "a UserDict": lambda size: UserDict(keyed(size)),
    "a mapping proxy": lambda size: MappingProxyType(keyed(size)),
    "keys": lambda size: keyed(size).keys(),
    "items": lambda size: keyed(size).items(),
    "a namespace": lambda size: SimpleNamespace(held=list(numbers(size))),
    "an error": lambda size: ValueError("a" * size),
    "an error of a key": lambda size: KeyError("a" * size),
    "a group": lambda size: ExceptionGroup("g", [ValueError(1)] * (size // 50)),
    "a long key": lambda size: {"k" * size: 1},
    "long keys": lambda size: {f"{number}{'k' * 1000}": 1 for number in range(size // 1000)},
    "a key of bytes": lambda size: {b"k" * size: 1},
    "a number as key": lambda size: {1 << 8 * size: 1},
    "a tuple as key": lambda size: {tuple(numbers(size)): 1},
    "a list of lists": lambda size: [list(range(100))] * (size // 300),
    "lists in lists": lambda size: nested(size, lambda inner: [inner], 1),
    "headers": lambda size: [("Authorization", "x")] * (size // 20),
    "names of secrets": lambda size: "password=x " * (size // 11),
    "an open login": lambda size: "http://a:" + "b" * size,
    "open quotes": lambda size: '{"password": "' * (size // 14),
    "open brackets": lambda size: "password=(" * (size // 10),
    "backslashes": lambda size: '"password": \\"' + "\\" * size,
    "keys in PEM": lambda size: "-----BEGIN PRIVATE KEY-----" * (size // 27),
}  # fmt: skip


def noted(note: Any) -> FlextExceptions.BaseError:
    error = FlextExceptions.Error("m")
    error.__notes__ = [note]
    return error


def caused(cause: BaseException) -> FlextExceptions.BaseError:
    error = FlextExceptions.Error("m")
    error.__cause__ = cause
    return error


PLACES: dict[str, Callable[[Any], FlextExceptions.BaseError]] = {
    "context": lambda value: FlextExceptions.ValidationError("m", context={"v": value}, w=value),
    "field": lambda value: FlextExceptions.ValidationError("m", field="f", value=value),
    "message": lambda value: FlextExceptions.Error(value),
    "arguments": lambda value: FlextExceptions.KeyError(value, value),
    "code": lambda value: FlextExceptions.Error("m", code=value, correlation_id=value),
    "note": noted,
    "cause": lambda value: caused(KeyError(value)),
}


def cost(call: Callable[[], object]) -> tuple[int, int]:
    """The calls that a call makes, and the bytes that it needs at its peak."""
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    tracemalloc.start()
    sys.setprofile(count)
    try:
        call()
    finally:
        sys.setprofile(None)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return calls, peak


@pytest.mark.parametrize("what", VALUES)
def test_what_an_error_holds_costs_no_more_than_what_is_shown(what: str) -> None:
    """Wherever it holds it."""
    value = VALUES[what](SIZE)
    for place, put in PLACES.items():
        error = put(value)
        for way in ("to_dict", "__repr__") if place == "field" else ("to_dict",):
            calls, size = cost(getattr(error, way))
            assert calls <= MOST_CALLS[way] and size <= MOST_BYTES[way], (place, way, calls, size)


BASE = {"type": "Error", "message": "m"}
DOCUMENTS: dict[str, Callable[[int], dict[str, Any]]] = {
    "a wide context": lambda size: {"context": keyed(size)},
    "wide mappings in a list": lambda size: {"context": {"a": [keyed(size)] * 1000}, "args": [keyed(size)] * 1000},
    "lists in lists": lambda size: {"context": {"a": nested(size, lambda inner: [inner], 1)}},
    "a long list": lambda size: {"args": [1] * (size // 3)},
    "wide fields": lambda size: {"fields": keyed(size)},
    "many members": lambda size: {"exceptions": [BASE | {"context": {"a": 1}}] * (size // 50)},
    "many causes": lambda size: {"cause": nested(size, lambda inner: BASE | {"cause": inner}, BASE)},
    "many notes": lambda size: {"notes": ["n"] * (size // 3)},
    "many frames": lambda size: {"stack_trace": [{"file": "f", "line": 1, "function": "f"}] * (size // 50)},
    "long texts": lambda size: dict.fromkeys(
        ("type", "message", "code", "correlation_id", "title", "detail"), "\n" * size
    ),
    "an encoded type": lambda size: {"type": "urn:flext-exceptions:type:" + "%41" * (size // 3)},
    "a long key": lambda size: {"context": {"k" * size: 1}, "k" * size: 1},
    "extensions": lambda size: {str(number): [1] * 100 for number in range(size // 300)},
    "large numbers": lambda size: dict.fromkeys(("status", "retry_after", "timestamp"), 1 << size),
}


def read(how: Callable[[dict[str, Any]], FlextExceptions.BaseError], document: dict[str, Any]) -> None:
    try:
        how(document).to_dict()
    except FlextExceptions.ValidationError as error:
        repr(error)


@pytest.mark.parametrize("what", DOCUMENTS)
def test_a_document_is_read_no_further_than_it_can_matter(what: str) -> None:
    """Nor is what was read of it written any further."""
    document = BASE | DOCUMENTS[what](SIZE)
    for how in (FlextExceptions.from_dict, FlextExceptions.from_problem):
        calls, size = cost(lambda how=how: read(how, document))  # type: ignore[misc]
        assert calls <= 800_000 and size <= 9_000_000, (how.__name__, calls, size)


@pytest.mark.parametrize("kind", [Asked, Told])
@pytest.mark.parametrize("place", PLACES)
def test_an_object_is_asked_once_for_a_text_of_its_own(place: str, kind: type[Asked]) -> None:
    """However often a document meets it; only the object itself can bound that cost."""
    value = kind()
    error = PLACES[place](value)
    for way in (error.to_dict, error.to_problem, error.__repr__):
        value.times = 0
        way()
        assert value.times <= 1


def test_what_has_no_room_left_is_not_asked() -> None:
    """Of a thousand objects those that are shown."""
    values = [Asked(100) for _ in range(1000)]
    FlextExceptions.Error("m", context={str(number): value for number, value in enumerate(values)}).to_dict()
    assert sum(value.times for value in values) < 100


def test_what_is_remembered_of_answers_is_short() -> None:
    """The title of an error that another service described may have any length."""
    _heads.clear()
    for number in range(10):
        problem_response(FlextExceptions.from_problem({"status": 404, "title": f"{number}{'t' * 100_000}"}))
    assert not _heads
    problem_response(FlextExceptions.NotFoundError("no"))
    assert len(_heads) == 1


class Plain(set[int]):
    """A set of another class."""


FORMS: list[Any] = [
    [], [1, "a"], (), (1,), (1, 2), {}, {1: 2, "a": [3]}, set(), {1, 2}, Plain(), Plain([1]), frozenset(),
    frozenset([1]), deque(), deque([1, 2], 5), {}.keys(), {1: 2}.items(), {1: 2}.values(), OrderedDict(a=1),
    OrderedDict(), OrderedDict(a=1).items(), OrderedDict(a=1).keys(), defaultdict(int, a=1), MappingProxyType({1: 2}),
    SimpleNamespace(a=1, b=[2]), UserDict(a=1), UserList([1]), ValueError(), ValueError(1), KeyError("a", 2), "it's",
    KeyError("k"), b"x", bytearray(b"x"), 5, True, None, 1.5, 10**4000, -5, int, ExceptionGroup("g", [ValueError(1)]),
    OSError(2, "x"), FlextExceptions.Error("m"), Text("a"), Keys(a=1),
]  # fmt: skip


@given(st.recursive(st.sampled_from(FORMS), lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner)))
def test_a_text_that_fits_is_what_python_makes(value: Any) -> None:
    """To the character."""
    texts = Texts(100_000)
    assert texts.repr_of(value) == repr(value) and texts.str_of(value) == str(value)


@settings(max_examples=50)
@given(
    st.recursive(st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.integers(), inner)),
    st.integers(0, 60),
)
def test_a_text_that_does_not_fit_is_its_beginning(value: Any, most: int) -> None:
    """One character longer than there is room for, which says so."""
    assert Texts(most).repr_of(value) == repr(value)[: most + 1]


@settings(max_examples=50)
@given(anything(), st.integers(0, 300))
def test_a_text_of_anything_is_a_text(value: Any, most: int) -> None:
    """And never an error, with or without an end."""
    for text in (Texts(most).repr_of(value), Texts(most).str_of(value)):
        assert type(text) is str and len(text) <= most + 40
    bounded(value, most)


class Group(ExceptionGroup[Exception]):
    """A group of a program."""


def test_the_repr_of_a_group_is_that_of_python() -> None:
    """Which has one for groups since 3.14: of the members as they were when it was made."""
    members: list[Exception] = [ValueError(1), KeyError("a")]
    changed = ExceptionGroup("g", members)
    members.append(OSError())
    within = BaseExceptionGroup("it's", (KeyboardInterrupt(), ExceptionGroup("h", [OSError(1, "b")])))
    for group in (changed, within, ExceptionGroup("g", deque(members)), Group("g", (ValueError(1),))):
        assert Texts(1000).repr_of(group) == repr(group)
