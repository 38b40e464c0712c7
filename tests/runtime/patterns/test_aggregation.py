"""Errors of a batch are collected, summarised, and raised as one."""

from __future__ import annotations

import asyncio
import pickle
from typing import Any

import pytest

from flext_exceptions import FlextExceptions
from flext_exceptions.patterns.aggregation import ExceptionAggregator
from tests.runtime.patterns import hostile


def filled(*errors: Exception) -> ExceptionAggregator:
    """An aggregator with errors of a, b, c and so on."""
    aggregator = ExceptionAggregator()
    for identifier, error in zip("abcdefghijklmnop", errors, strict=False):
        aggregator.add_exception(identifier, error)
    return aggregator


def test_without_errors_there_is_nothing() -> None:
    """And nothing that could be raised."""
    aggregator = ExceptionAggregator()
    assert not aggregator.has_exceptions()
    assert (aggregator.exceptions, aggregator.get_exception_summary()) == ([], {})
    for create in (aggregator.create_aggregated_exception, aggregator.create_exception_group):
        with pytest.raises(ValueError, match=r"No exceptions to aggregate: call has_exceptions\(\) first") as caught:
            create()
        assert isinstance(caught.value, FlextExceptions.ValidationError)


def test_the_summary_is_by_type_in_the_order_of_adding() -> None:
    """Typed errors have code and id, foreign ones have none; of a project's type its own name counts."""

    class OutOfStock(FlextExceptions.ValidationError):
        code = "SHOP_0007"

    foreign = KeyError("sku")
    foreign.code = foreign.correlation_id = "of another kind"  # type: ignore[attr-defined]
    errors = [
        FlextExceptions.ValidationError("one", correlation_id="req-1"),
        foreign,
        OutOfStock("two", correlation_id="req-2"),
        FlextExceptions.ValidationError("three", code="C", correlation_id="req-1"),
        FlextExceptions.KeyError("four", correlation_id="req-1"),
    ]
    names = ["identifier", "message", "error_code", "correlation_id"]

    def known(*values: object) -> dict[str, object]:
        return dict(zip(names, values, strict=True))

    aggregator = filled(*errors)
    assert aggregator.has_exceptions() and aggregator.exceptions == list(zip("abcde", errors, strict=True))
    assert aggregator.get_exception_summary() == {
        "ValidationError": [known("a", "one", "FLEXT_3001", "req-1"), known("d", "three", "C", "req-1")],
        "KeyError": [known("b", "'sku'", None, None), known("e", "four", "KEY_ERROR", "req-1")],
        "OutOfStock": [known("c", "two", "SHOP_0007", "req-2")],
    }


def test_the_collected_errors_are_a_live_list() -> None:
    """What a program puts into it, or takes out, is what is summed up."""
    aggregator = filled(KeyError("a"), KeyError("b"))
    aggregator.exceptions.append(("line 3", FlextExceptions.Error("m")))
    del aggregator.exceptions[:2]
    assert aggregator.has_exceptions() and list(aggregator.get_exception_summary()) == ["Error"]
    aggregator.exceptions.clear()
    assert not aggregator.has_exceptions()


def test_the_aggregated_error_says_what_failed() -> None:
    """The group of all is its cause, and each error in it the same one."""
    errors = [FlextExceptions.ValidationError("one"), KeyError("two"), FlextExceptions.ValidationError("three")]
    before = [(dict(vars(error)), error.args) for error in errors]
    aggregator = filled(*errors)
    error = aggregator.create_aggregated_exception()
    assert type(error) is FlextExceptions.ProcessingError
    assert str(error) == "Batch processing failed with 3 errors of types: ValidationError, KeyError"
    assert error.operation == "batch_processing"
    assert error.context == {
        "total_errors": 3,
        "error_summary": aggregator.get_exception_summary(),
        "failed_identifiers": ["a", "b", "c"],
        "operation": "batch_processing",
    }
    assert isinstance(error.__cause__, ExceptionGroup) and list(error.__cause__.exceptions) == errors
    for one, (state, args) in zip(errors, before, strict=True):
        assert one.args == args and one.__cause__ is None
        assert {name: value for name, value in vars(one).items() if name != "correlation_id"} == state
    assert FlextExceptions.get_metrics() == {"ValidationError": 2, "ProcessingError": 1}
    assert pickle.loads(pickle.dumps(error)).same_as(error)


def test_one_incident_keeps_one_id() -> None:
    """Where the errors are of several, the aggregated one has its own."""
    same = [FlextExceptions.Error("m", correlation_id="req-1") for _ in range(2)]
    assert filled(*same, KeyError("k")).create_aggregated_exception().correlation_id == "req-1"
    other = FlextExceptions.Error("m", correlation_id="req-2")
    assert filled(*same, other).create_aggregated_exception().correlation_id.startswith("flext_")
    assert filled(KeyError("k")).create_aggregated_exception().correlation_id.startswith("flext_")
    with FlextExceptions.correlation("bound"):
        assert filled(KeyError("k")).create_aggregated_exception().correlation_id == "bound"


def test_as_a_group_the_errors_are_caught_by_kind() -> None:
    """With ``except*``, builtin bases included."""
    caught: list[str] = []
    try:
        raise filled(FlextExceptions.ValidationError("one"), KeyError("two")).create_exception_group()
    except* ValueError as group:
        caught += [str(error) for error in group.exceptions]
    except* KeyError as group:
        caught += [str(error) for error in group.exceptions]
    assert caught == ["one", "'two'"]


def test_an_aggregated_error_can_be_aggregated() -> None:
    """Batches within batches."""
    inner = filled(KeyError("k")).create_aggregated_exception()
    outer = filled(inner, FlextExceptions.Error("m")).create_aggregated_exception()
    assert outer.context["error_summary"]["ProcessingError"][0]["message"] == inner.message
    assert isinstance(outer.__cause__, ExceptionGroup) and outer.__cause__.exceptions[0] is inner


def test_cleared_it_starts_again() -> None:
    """What was summed up before stays as it was."""
    aggregator = filled(KeyError("k"))
    error = aggregator.create_aggregated_exception()
    aggregator.clear()
    assert not aggregator.has_exceptions() and aggregator.exceptions == []
    assert error.context["total_errors"] == 1
    aggregator.add_exception("z", KeyError("k"))
    assert aggregator.create_aggregated_exception().context["failed_identifiers"] == ["z"]


def test_nothing_that_an_error_holds_stops_it_from_being_summed_up() -> None:
    """Typed and foreign."""

    class Unprintable(Exception):
        def __str__(self) -> str:
            raise LookupError("str")

    errors: list[Exception] = [*hostile.errors(), Unprintable()]
    error = filled(*errors).create_aggregated_exception()
    assert error.context["total_errors"] == len(errors) == 14
    assert error.context["error_summary"]["Unprintable"][0]["message"] == "<unprintable Unprintable>"


def test_tasks_and_eight_threads_add_at_once() -> None:
    """No error is lost, and a summary meanwhile is whole."""
    aggregator = ExceptionAggregator()

    async def add(name: str) -> None:
        await asyncio.sleep(0)
        aggregator.add_exception(name, FlextExceptions.Error(name))

    async def many(index: int) -> None:
        await asyncio.gather(*(add(f"{index}-{number}") for number in range(100)))

    def work(index: int) -> None:
        asyncio.run(many(index))
        error: Any = aggregator.create_aggregated_exception()
        assert error.context["total_errors"] == len(error.context["failed_identifiers"])
        assert len(error.__cause__.exceptions) == len(error.context["error_summary"]["Error"])
        assert error.context["total_errors"] == len(error.__cause__.exceptions)

    hostile.in_threads(work)
    assert len({identifier for identifier, _ in aggregator.exceptions}) == 800
    assert FlextExceptions.get_metrics() == {"Error": 800, "ProcessingError": 8}
