"""Errors whose constructor never calls ours: dataclasses, attrs, legacy classes, and classes for one error."""

from __future__ import annotations

import pickle
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from time import time
from typing import Any

import pytest

from flext_exceptions import FlextExceptions


@dataclass
class SoldOut(FlextExceptions.ValidationError):
    sku: str
    left: int = 0


@dataclass(slots=True)
class Slotted(FlextExceptions.ValidationError):
    sku: str


@dataclass(frozen=True)
class Frozen(FlextExceptions.NotFoundError):
    sku: str


@dataclass
class WithPost(FlextExceptions.Error):
    sku: str

    def __post_init__(self) -> None:
        self.shout = self.sku.upper()


@dataclass
class Below(SoldOut):
    shelf: int = 7


class Legacy(FlextExceptions.ValidationError):
    def __init__(self, sku: str) -> None:
        ValueError.__init__(self, f"{sku} sold out")
        self.number = sku


class Inheriting(Legacy):
    pass


class Deeper(Legacy):
    def __init__(self, sku: str) -> None:
        super().__init__(sku)
        self.more = 1


class Foreign:
    def __init__(self, sku: str) -> None:
        self.number = sku


class Mixed(Foreign, FlextExceptions.ValidationError):
    pass


class Usual(FlextExceptions.ValidationError):
    def __init__(self, sku: str) -> None:
        super().__init__(f"{sku} sold out", context={"sku": sku})


def pickled(error: BaseException) -> bytes:
    """Pickle without the reducers that tblib registers for every exception: they cannot set a frozen one's cause."""
    pickler = pickle.Pickler(file := BytesIO())
    pickler.dispatch_table = {}
    pickler.dump(error)
    return file.getvalue()


KINDS: list[Callable[[str], Any]] = [
    SoldOut, Slotted, Frozen, WithPost, Below, Legacy, Inheriting, Deeper, Mixed, Usual,
]  # fmt: skip
each = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


@each
def test_it_is_counted_once_each_time(kind: Callable[[str], Any]) -> None:
    """The first instance as the third."""
    with FlextExceptions.Metrics.isolated():
        for _ in range(3):
            kind("A-1")
        assert FlextExceptions.get_metrics() == {kind.__name__: 3}


@each
def test_it_has_a_time_and_the_bound_id(kind: Callable[[str], Any]) -> None:
    """Taken when it was made, not when they are read."""
    with FlextExceptions.correlation("req-1"):
        error = kind("A-1")
    assert error.correlation_id == "req-1"
    assert abs(time() - error.timestamp) < 60
    assert error.to_dict()["correlation_id"] == "req-1"


@each
def test_it_can_be_hashed_raised_and_pickled(kind: Callable[[str], Any]) -> None:
    """A dataclass has no hash by itself, and trackers hold errors in sets."""
    error = kind("A-1")
    assert error in {error}
    with pytest.raises(kind):  # type: ignore[call-overload]
        raise error
    twin = pickle.loads(pickled(error))
    assert type(twin) is type(error) and twin.args == error.args and twin.context == error.context


def test_a_dataclass_tells_its_fields_in_the_context() -> None:
    """With slots too, where they lie outside the instance's dict."""
    assert SoldOut("A-1", left=2).context == {"sku": "A-1", "left": 2}
    assert Slotted("A-1").context == {"sku": "A-1"}
    assert Below("A-1", shelf=2).context == {"sku": "A-1", "left": 0, "shelf": 2}
    assert FlextExceptions.from_dict(SoldOut("A-1").to_dict()).context == {"sku": "A-1", "left": 0}


def test_equality_of_a_dataclass_is_what_it_says() -> None:
    """Its hash is that of the object."""
    assert SoldOut("A-1") == SoldOut("A-1") != SoldOut("A-2")
    assert len({SoldOut("A-1"), SoldOut("A-1")}) == 2


def test_attrs_classes_are_completed_too() -> None:
    """Plain ones and slotted ones."""
    attrs = pytest.importorskip("attrs")
    with FlextExceptions.Metrics.isolated():
        for slots in (False, True):
            made = attrs.define(slots=slots)(
                type("Refused", (FlextExceptions.ValidationError,), {"__annotations__": {"sku": str}})
            )
            error = made("A-1")
            assert error.context == {"sku": "A-1"} and error.timestamp
        assert FlextExceptions.get_metrics() == {"Refused": 2}


def test_a_constructor_that_comes_to_ours_is_left_as_it_was_written() -> None:
    """After the first instance nothing stands around it."""
    written = Usual.__init__
    Usual("A-1")
    assert not hasattr(Usual.__init__, "__wrapped__")
    assert "sku" in written.__annotations__ or written.__name__ == "__init__"


def test_a_constructor_that_fails_makes_no_error() -> None:
    """Nothing is counted, and its own error comes through."""

    class Strict(FlextExceptions.ValidationError):
        def __init__(self, sku: str) -> None:
            raise LookupError(sku)

    with FlextExceptions.Metrics.isolated(), warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(LookupError):
            Strict("A-1")
        assert FlextExceptions.get_metrics() == {}


class OutOfStock(FlextExceptions.ConnectionError):
    code = "SHOP-1"
    sku: str | None = None

    def __init__(self, sku: str, left: int) -> None:
        super().__init__(2, f"{sku} sold out", sku=sku, context={"left": left})


class TaskError(Exception):
    """What a runner raises."""


def stand_in(cause: Exception) -> Any:
    class Both(TaskError, type(cause)):  # type: ignore[misc]
        def __init__(self, cause: Exception) -> None:
            self.cause = cause
            self.args = (cause,)

        def __getattr__(self, name: str) -> Any:
            return getattr(self.cause, name)

    return Both(cause)


def test_an_error_that_forwards_to_one_of_ours_says_what_that_one_says() -> None:
    """And is counted no second time: Ray raises such."""
    with FlextExceptions.correlation("req-1"):
        cause = OutOfStock("A-1", 3)
    with FlextExceptions.Metrics.isolated():
        raised = stand_in(cause)
        assert FlextExceptions.get_metrics() == {}
    assert (raised.code, raised.sku, raised.correlation_id, raised.errno) == ("SHOP-1", "A-1", "req-1", 2)
    assert raised.context == {"left": 3, "sku": "A-1"}
    assert raised.timestamp == cause.timestamp


def test_a_class_that_answers_to_every_name_is_not_taken_for_one() -> None:
    """It forwards to no error of ours."""

    class Anything(FlextExceptions.ValidationError):
        def __init__(self) -> None:
            self.given = 1

        def __getattr__(self, name: str) -> Any:
            return 5

    with FlextExceptions.Metrics.isolated():
        assert Anything().context == {}
        assert FlextExceptions.get_metrics() == {"Anything": 1}


def fail_with(kind: str) -> None:
    with FlextExceptions.correlation("req-1"):
        raise SoldOut("A-1") if kind == "dataclass" else OutOfStock("A-1", 3)


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(1) as executor:
        yield executor


@pytest.mark.parametrize(("kind", "expected"), [("dataclass", SoldOut), ("usual", OutOfStock)])
def test_they_cross_a_process_pool(pool: ProcessPoolExecutor, kind: str, expected: type[Any]) -> None:
    """With their data."""
    with pytest.raises(expected) as caught:
        pool.submit(fail_with, kind).result(timeout=60)
    assert caught.value.sku == "A-1" and caught.value.correlation_id == "req-1"


class Failures(FlextExceptions.Error, ExceptionGroup[Exception]):
    code = "SHOP-7"
    shop: str | None = None


def group() -> Failures:
    made = Failures("m", [FlextExceptions.NotFoundError("a"), KeyError("b")])
    made.add_note("n")
    return made.with_context(shop="x")


def test_the_parts_of_a_typed_group_are_typed_and_counted_once() -> None:
    """Of split, subgroup and derive: class, code, context, id, notes."""
    whole = group()
    with FlextExceptions.Metrics.isolated():
        parts = [*whole.split(KeyError), whole.subgroup(KeyError), whole.derive([OSError()])]
        assert FlextExceptions.get_metrics() == {}
    for part in parts:
        assert isinstance(part, Failures)
        assert (part.code, part.context, part.correlation_id) == ("SHOP-7", {"shop": "x"}, whole.correlation_id)
        assert part.context is not whole.context
        assert part.message == "m"
    assert [getattr(part, "__notes__", []) for part in parts] == [["n"], ["n"], ["n"], []]


def test_except_star_leaves_a_typed_group() -> None:
    """What is not caught goes on as one."""
    seen = []
    with pytest.raises(Failures) as rest:
        try:
            raise group()
        except* KeyError as part:
            seen.append(part)
    assert [type(part) for part in seen] == [Failures]
    assert rest.value.code == "SHOP-7" and len(rest.value.exceptions) == 1
