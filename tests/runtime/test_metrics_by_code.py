"""Errors are also counted by code, at no cost for an error with the code of its class."""

from __future__ import annotations

import enum
import os
from typing import Any

import pytest

from flext_exceptions import FlextExceptions, metrics
from flext_exceptions.base import BaseError, counted_as

from .hostile import HOSTILE
from .patterns.hostile import in_threads


class Counted:
    """What was counted since this was made."""

    def __init__(self) -> None:
        self.before = metrics.totals_by_code()

    def since(self) -> dict[metrics.Pair, int]:
        """By name and code, without zero entries."""
        now = metrics.totals_by_code()
        return {pair: now[pair] - self.before.get(pair, 0) for pair in now if now[pair] != self.before.get(pair, 0)}


@pytest.fixture
def counted(own_codes_only: None) -> Counted:
    """Counting from here on."""
    return Counted()


def test_an_error_is_counted_under_its_own_code_else_under_that_of_its_class(counted: Counted) -> None:
    """By either keyword, of types that fill builtin fields too; the count of the name is the sum."""
    FlextExceptions.ValidationError("m", field="f")
    FlextExceptions.ValidationError("m", code=FlextExceptions.ErrorCodes.VALIDATION_ERROR)
    FlextExceptions.ValidationError("m", code="A")
    FlextExceptions.ValidationError("m", error_code="A", context={"a": 1})
    FlextExceptions("m", service="s", code="B")
    FlextExceptions("m", service="s")
    FlextExceptions.OSError(2, "no such file", code="C")
    assert counted.since() == {
        ("ValidationError", "FLEXT_3001"): 2,
        ("ValidationError", "A"): 2,
        ("ConnectionError", "B"): 1,
        ("ConnectionError", "FLEXT_2001"): 1,
        ("NotFoundError", "C"): 1,
    }
    assert FlextExceptions.get_metrics() == {"ValidationError": 4, "ConnectionError": 2, "NotFoundError": 1}


def test_a_class_of_a_project_is_counted_under_the_code_that_it_declares(counted: Counted) -> None:
    """Also under one of another kind of text; one that is computed is not known; two classes of a name are two."""

    class Codes(str, enum.Enum):  # noqa: UP042  # whose str() is its name
        OUT = "COUNTED_1"

    def made(value: Any) -> None:
        class OutOfStock(FlextExceptions.ValidationError):
            code = value

        OutOfStock("m")

    made(Codes.OUT)
    made("COUNTED_2")
    made(property(lambda error: "each its own"))
    expected = {("OutOfStock", code): 1 for code in ("COUNTED_1", "COUNTED_2", "")}
    assert counted.since() == expected and FlextExceptions.get_metrics() == {"OutOfStock": 3}


@pytest.mark.parametrize("kind", [FlextExceptions.ValidationError, FlextExceptions.ConnectionError])
def test_a_code_that_a_class_sets_before_it_initialises_counts(counted: Counted, kind: type[BaseError]) -> None:
    """It is the error's own when it is made; one that is set afterwards comes too late."""

    class Old(kind):  # type: ignore[misc, valid-type]
        def __init__(self, message: str) -> None:
            self.code = "before"
            super().__init__(message)
            self.code = "after"

    class Other(kind):  # type: ignore[misc, valid-type]
        def __init__(self, message: str) -> None:
            self.place = "shelf"
            super().__init__(message)

    Old("m")
    Other("m")
    assert counted.since() == {("Old", "before"): 1, ("Other", kind.code): 1}


def test_one_initialised_twice_is_counted_once(counted: Counted) -> None:
    """Under the first code."""
    error = FlextExceptions.ConnectionError("m", code="A")
    FlextExceptions.ConnectionError.__init__(error, "m", code="B")
    assert counted.since() == {("ConnectionError", "A"): 1} and error.code == "B"


def test_counting_by_hand_takes_the_code_of_the_first_class_of_the_name(counted: Counted) -> None:
    """Else none."""
    FlextExceptions.Metrics.record_exception("_ValidationError")
    FlextExceptions.Metrics.record_exception("NobodyKnowsThis")
    FlextExceptions.Metrics.record_exception("Half\ud800")
    assert counted.since() == {
        ("ValidationError", "FLEXT_3001"): 1, ("NobodyKnowsThis", ""): 1, ("Half\\ud800", ""): 1,
    }  # fmt: skip


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_whatever_stands_for_a_code_the_error_is_counted(counted: Counted, number: int) -> None:
    """Once, under a short text that UTF-8 can hold."""
    code = HOSTILE[number]
    FlextExceptions.TypeError("m", code=code)
    [((name, text), times)] = counted.since().items()
    assert (name, times, type(text)) == ("TypeError", 1, str) and len(text.encode().decode()) <= 100


def test_codes_that_are_made_up_do_not_fill_the_memory(counted: Counted) -> None:
    """After a hundred of a name the others are one; those that are known go on being counted."""

    class Careless(FlextExceptions.Error):
        code = "COUNTED_3"

    errors = [Careless("m", code=f"user {number}") for number in range(300)]
    Careless("m", code="user 7")
    Careless("m")
    found = counted.since()
    assert len(found) == 101 and sum(found.values()) == 302
    assert [found["Careless", code] for code in ("COUNTED_3", "user 7", "...")] == [1, 2, 201]
    assert counted_as(errors[7]) == ("Careless", "user 7") and counted_as(errors[299]) == ("Careless", "...")


def test_eight_threads_lose_no_count_of_a_code(counted: Counted) -> None:
    """Those that are new to all of them included."""

    class Shared(FlextExceptions.Error):
        code = "COUNTED_4"

    def work(_: int) -> None:
        for number in range(1000):
            Shared("m", code=f"code {number % 10}")
            Shared("m")

    in_threads(work)
    assert counted.since() == {("Shared", f"code {n}"): 800 for n in range(10)} | {("Shared", "COUNTED_4"): 8000}


def test_a_clear_takes_nothing_from_the_totals(counted: Counted) -> None:
    """Nor does counting apart."""
    FlextExceptions.Error("m", code="A")
    FlextExceptions.clear_metrics()
    with FlextExceptions.Metrics.isolated():
        FlextExceptions.Error("m", code="A")
    assert counted.since() == {("Error", "A"): 2}
    assert metrics.total(("Error", "A")) == metrics.totals_by_code()["Error", "A"]


@pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning")
def test_a_forked_child_starts_at_zero_of_each_code(own_codes_only: None) -> None:
    """And counts its own."""
    FlextExceptions.Error("m", code="A")
    read, write = os.pipe()
    child = os.fork()
    if not child:
        FlextExceptions.Error("m", code="A")
        totals = {pair: number for pair, number in metrics.totals_by_code().items() if number}
        os.write(write, repr((totals, metrics.total(("Error", "A")))).encode())
        os._exit(0)
    os.close(write)
    assert os.waitpid(child, 0)[1] == 0
    with os.fdopen(read) as pipe:
        assert pipe.read() == repr(({("Error", "A"): 1}, 1))
