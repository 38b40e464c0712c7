"""Typed errors that leave a block carry the context of the block."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from flext_exceptions import FlextExceptions, FlextUsageWarning
from flext_exceptions.patterns.enrichment import ExceptionEnricher
from tests.runtime.patterns import hostile


def left(enricher: ExceptionEnricher, error: BaseException, **known: object) -> BaseException:
    """The error that leaves a block of the enricher."""
    with pytest.raises(type(error)) as caught, enricher as entered:
        assert entered is enricher
        enricher.add_context(**known)
        raise error
    assert caught.value is error
    return error


async def left_later(enricher: ExceptionEnricher, error: BaseException, **known: object) -> BaseException:
    """The error that leaves an async block of the enricher."""
    with pytest.raises(type(error)) as caught:
        async with enricher as entered:
            assert entered is enricher
            await asyncio.sleep(0)
            enricher.add_context(**known)
            raise error
    assert caught.value is error
    return error


@pytest.mark.parametrize("later", [False, True], ids=["sync", "async"])
def test_a_typed_error_gets_service_and_entries(later: bool) -> None:
    """Nothing else about it changes."""
    error = FlextExceptions.ValidationError("m", field="f")
    enricher = ExceptionEnricher("orders")
    if later:
        asyncio.run(left_later(enricher, error, step=1))
    else:
        left(enricher, error, step=1)
    assert error.context == {"field": "f", "service": "orders", "context_stack": [{"step": 1}]}
    assert (error.message, error.field) == ("m", "f") and not hasattr(error, "__notes__")
    assert enricher.context_stack == [] and FlextExceptions.get_metrics() == {"ValidationError": 1}


@pytest.mark.parametrize("later", [False, True], ids=["sync", "async"])
def test_other_errors_pass_as_they_are(later: bool) -> None:
    """Builtin ones and Ctrl-C."""
    for error in (KeyError("k"), KeyboardInterrupt()):
        if later:
            asyncio.run(left_later(ExceptionEnricher("orders"), error, step=1))
        else:
            left(ExceptionEnricher("orders"), error, step=1)
        assert vars(error) == {}


def test_a_block_that_succeeds_does_nothing() -> None:
    """What was added in it is forgotten."""
    enricher = ExceptionEnricher("orders")
    with enricher:
        enricher.add_context(step=1)
        assert enricher.context_stack == [{"step": 1}]
    assert enricher.context_stack == []
    assert left(enricher, FlextExceptions.Error("m"), step=2).context["context_stack"] == [{"step": 2}]  # type: ignore[attr-defined]


def test_what_is_added_outside_of_a_block_stays() -> None:
    """It comes first in all of them."""
    enricher = ExceptionEnricher("orders")
    enricher.add_context(version=3)
    for step in (1, 2):
        error = left(enricher, FlextExceptions.Error("m"), self="a name like any other", step=step)
        assert isinstance(error, FlextExceptions.Error)
        assert error.context["context_stack"] == [{"version": 3}, {"self": "a name like any other", "step": step}]


def test_the_context_stack_is_a_live_list() -> None:
    """What a program puts into it, or takes out, is what errors are told: within a block and outside of any."""
    enricher = ExceptionEnricher("orders")
    enricher.context_stack.append({"version": 3})
    assert enricher.enrich_exception(FlextExceptions.Error("m")).context["context_stack"] == [{"version": 3}]
    error = FlextExceptions.Error("m")
    with pytest.raises(FlextExceptions.Error), enricher:
        enricher.context_stack.extend([{"step": 1}, {"step": 2}])
        del enricher.context_stack[1]
        raise error
    assert error.context["context_stack"] == [{"version": 3}, {"step": 2}]
    assert enricher.context_stack == [{"version": 3}]


def test_of_enrichers_within_one_another_the_outer_one_is_named() -> None:
    """Its entries come first, and those added inside stay its own. The inner context is kept as well."""
    error = FlextExceptions.Error("m")
    outer, inner = ExceptionEnricher("shop"), ExceptionEnricher("orders")
    with pytest.raises(FlextExceptions.Error), outer:
        outer.add_context(number=1)
        with inner:
            inner.add_context(number=3)
            outer.add_context(number=3)
            assert (inner.context_stack, outer.context_stack) == ([{"number": 3}], [{"number": 1}, {"number": 3}])
            raise error
    assert error.context == {
        "service": "shop",
        "inner_services": ["orders"],
        "context_stack": [{"number": 1}, {"number": 3}, {"number": 3}],
    }


def test_an_enricher_within_itself_says_each_entry_once() -> None:
    """Also where an error is enriched by hand and then leaves."""
    error = FlextExceptions.Error("m")
    enricher = ExceptionEnricher("orders")
    with pytest.raises(FlextExceptions.Error), enricher:
        enricher.add_context(number=1)
        with enricher:
            enricher.add_context(number=2)
            assert enricher.enrich_exception(error) is error
            raise error
    assert error.context["context_stack"] == [{"number": 1}, {"number": 2}]


def test_what_an_error_says_itself_is_kept() -> None:
    """Its service beside the enricher's, and something of its own under the same name; its list is not changed."""
    error = FlextExceptions.ConnectionError("m", service="db", context={"context_stack": "mine"})
    left(ExceptionEnricher("orders"), error, step=1)
    assert error.context == {
        "service": "orders",
        "inner_services": ["db"],
        "context_stack": [{"step": 1}, "mine"],
    }
    assert error.service == "db"
    mine = [{"step": 0}]
    listed = FlextExceptions.Error("m", context_stack=mine)
    left(ExceptionEnricher("orders"), listed, step=1)
    assert listed.context["context_stack"] == [{"step": 1}, {"step": 0}] and mine == [{"step": 0}]


def test_tasks_that_share_an_enricher_do_not_mix() -> None:
    """Nor does what a task within the block adds get lost."""
    enricher = ExceptionEnricher("orders")

    async def add(number: int) -> None:
        enricher.add_context(number=number, by="task")

    async def one(number: int) -> Any:
        error = FlextExceptions.Error("m")
        with pytest.raises(FlextExceptions.Error):
            async with enricher:
                enricher.add_context(number=number)
                await asyncio.sleep(0)
                await asyncio.create_task(add(number))
                raise error
        return error.context["context_stack"]

    async def many() -> list[Any]:
        return list(await asyncio.gather(*(one(number) for number in range(5))))

    assert asyncio.run(many()) == [[{"number": number}, {"number": number, "by": "task"}] for number in range(5)]
    assert enricher.context_stack == []


def test_nothing_that_an_error_holds_hides_it() -> None:
    """Where the context takes nothing, that is warned of."""
    warned = 0
    for error in hostile.errors():
        if type(error.context) is dict:
            left(ExceptionEnricher("orders"), error, broken=hostile.Broken())
            assert error.context["context_stack"]
        else:
            with pytest.warns(FlextUsageWarning, match="cannot be changed|the context of orders was lost"):
                left(ExceptionEnricher("orders"), error)
            warned += 1
    assert warned == 2


def test_eight_threads_share_an_enricher() -> None:
    """None sees what another adds, and all see the permanent context."""
    enricher = ExceptionEnricher("orders")
    enricher.add_context(version=3)
    started = threading.Barrier(8)

    def work(index: int) -> None:
        started.wait()
        for number in range(200):
            error = left(enricher, FlextExceptions.Error("m"), thread=index, number=number)
            assert isinstance(error, FlextExceptions.Error)
            assert error.context["context_stack"] == [{"version": 3}, {"thread": index, "number": number}]

    hostile.in_threads(work)
    assert enricher.context_stack == [{"version": 3}]
