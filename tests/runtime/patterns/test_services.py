"""Failures in a service become typed errors that name the service and the operation."""

from __future__ import annotations

import asyncio
import functools
import inspect
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from flext_exceptions import FlextExceptions, FlextUsageWarning
from flext_exceptions.patterns.services import ServiceExceptionWrapper
from tests.runtime.patterns import hostile

wrapper = ServiceExceptionWrapper("orders")


def fail(error: BaseException) -> None:
    """Raise what is given."""
    raise error


async def fail_later(error: BaseException) -> None:
    """Raise what is given, after giving way."""
    await asyncio.sleep(0)
    raise error


def call(function: Callable[..., Any], *args: object, **keywords: object) -> Any:
    """Call a function, sync or async, to its end."""
    result = function(*args, **keywords)
    return asyncio.run(_awaited(result)) if inspect.isawaitable(result) else result


async def _awaited(result: Awaitable[object]) -> object:
    return await result


@pytest.fixture(params=[fail, fail_later], ids=["sync", "async"])
def failing(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """An operation that fails."""
    return wrapper.wrap_operation("place")(request.param)


def test_a_success_is_returned_and_logged(entries: list[Any]) -> None:
    """With service, operation, and the id given or bound."""

    @wrapper.wrap_operation("add")
    def add(one: int, other: int = 2) -> int:
        """Adds."""
        return one + other

    @wrapper.wrap_operation("add")
    async def add_later(one: int, other: int = 2) -> int:
        """Adds."""
        return one + other

    untyped: Any
    for untyped in (add, add_later):
        assert call(untyped, 1) == 3
        assert call(untyped, 1, other=4, correlation_id="given") == 5
        with FlextExceptions.correlation("bound"):
            call(untyped, 1)
            call(untyped, 1, correlation_id="given")
        assert (untyped.__name__, untyped.__doc__) == ("add" if untyped is add else "add_later", "Adds.")
        assert entries[0].correlation_id.startswith("svc_")
        assert [entry.correlation_id for entry in entries[1:]] == ["given", "bound", "given"]
        for entry in entries:
            assert (entry.name, entry.levelno) == ("flext_exceptions.services.orders", logging.INFO)
            assert (entry.service, entry.operation, entry.getMessage()) == (
                "orders",
                "add",
                "Operation add completed successfully",
            )
        entries.clear()
    assert inspect.iscoroutinefunction(add_later) and not inspect.iscoroutinefunction(add)
    assert FlextExceptions.get_metrics() == {}


def test_where_info_is_off_a_success_is_not_logged(entries: list[Any]) -> None:
    """Nor is a failure: that is the handler's."""
    wrapper.wrap_operation("len")(len)("abc")
    with pytest.raises(FlextExceptions.ProcessingError):
        wrapper.wrap_operation("fail")(fail)(KeyError("k"))
    assert [entry.operation for entry in entries] == ["len"]
    logging.getLogger("flext_exceptions").setLevel(logging.WARNING)
    assert wrapper.wrap_operation("len")(len)("abc") == 3
    assert len(entries) == 1


def test_a_typed_error_is_the_same_one_with_service_and_operation(failing: Callable[..., Any]) -> None:
    """Nothing else about it changes, its traceback and cause included."""
    error = FlextExceptions.ValidationError("m", field="f", correlation_id="mine")
    error.__cause__ = KeyError("k")
    with pytest.raises(FlextExceptions.ValidationError) as caught:
        call(failing, error, correlation_id="other")
    assert caught.value is error and isinstance(error.__cause__, KeyError)
    assert error.context == {"field": "f", "service": "orders", "operation": "place"}
    assert (error.correlation_id, error.message, error.field) == ("mine", "m", "f")
    assert FlextExceptions.get_metrics() == {"ValidationError": 1}


def test_what_a_typed_error_says_itself_is_kept_beside(failing: Callable[..., Any]) -> None:
    """Its field is as it was."""
    where = {"service": "orders", "operation": "place"}
    connection = FlextExceptions.ConnectionError("m", service="db")
    with pytest.raises(FlextExceptions.ConnectionError):
        call(failing, connection)
    assert connection.context == where | {"inner_services": ["db"]} and connection.service == "db"
    processing = FlextExceptions.ProcessingError("m", operation="inner", inner_operations="the program's own")
    with pytest.raises(FlextExceptions.ProcessingError):
        call(failing, processing)
    assert processing.context == where | {"inner_operations": ["inner"]} and processing.operation == "inner"


def test_any_other_error_becomes_the_cause_of_a_processing_error(failing: Callable[..., Any]) -> None:
    """With the id that was given."""
    foreign = KeyError("sku")
    with pytest.raises(FlextExceptions.ProcessingError) as caught:
        call(failing, foreign, correlation_id="req-1")
    error = caught.value
    assert error.__cause__ is foreign and error.__suppress_context__
    assert (str(error), error.code) == ("Service operation failed: 'sku'", "PROCESSING_ERROR")
    assert (error.operation, error.correlation_id) == ("place", "req-1")
    name = "fail" if failing.__name__ == "fail" else "fail_later"
    assert error.context == {
        "service": "orders",
        "original_exception": "KeyError",
        "function": name,
        "operation": "place",
    }


def test_without_an_id_given_the_bound_one_holds(failing: Callable[..., Any]) -> None:
    """Else that of the incident."""
    with FlextExceptions.correlation("bound"), pytest.raises(FlextExceptions.ProcessingError) as caught:
        call(failing, KeyError("k"))
    assert caught.value.correlation_id == "bound"
    foreign = KeyError("k")
    foreign.__cause__ = FlextExceptions.Error("deeper", correlation_id="deep")
    with pytest.raises(FlextExceptions.ProcessingError) as caught:
        call(failing, foreign)
    assert caught.value.correlation_id == "deep"


def test_where_nobody_has_an_id_a_fresh_one_says_that_a_service_made_it(failing: Callable[..., Any]) -> None:
    """Unless ids are off."""
    ids = []
    for _ in range(2):
        with pytest.raises(FlextExceptions.ProcessingError) as caught:
            call(failing, KeyError("k"))
        ids.append(caught.value.correlation_id)
    assert len(set(ids)) == 2 and all(name.startswith("svc_") for name in ids)
    FlextExceptions.configure_error_handling({"error_correlation_enabled": False}).unwrap()
    with pytest.raises(FlextExceptions.ProcessingError) as caught:
        call(failing, KeyError("k"))
    assert caught.value.correlation_id == ""


def test_the_decorator_works_without_parentheses_and_without_a_name() -> None:
    """The operation is then called as the function is."""

    @wrapper.wrap_operation
    def first(size: int) -> int:
        return [][size]

    @wrapper.wrap_operation()
    async def second(size: int) -> int:
        return [][size]

    for function in (first, second):
        with pytest.raises(FlextExceptions.ProcessingError) as caught:
            call(function, 3)
        assert caught.value.operation == function.__name__


def test_the_id_given_is_bound_while_the_operation_runs_and_no_longer() -> None:
    """For every error that is made meanwhile, by operations within it too; concurrent tasks have their own."""

    @wrapper.wrap_operation("inner")
    async def inner() -> str:
        await asyncio.sleep(0)
        return FlextExceptions.Error("m").correlation_id

    @wrapper.wrap_operation("outer")
    async def outer() -> str:
        await asyncio.sleep(0)
        return await inner()

    untyped: Any = outer

    async def many() -> list[str]:
        return list(await asyncio.gather(*(untyped(correlation_id=f"req-{number}") for number in range(5))))

    assert asyncio.run(many()) == [f"req-{number}" for number in range(5)]
    assert FlextExceptions.Error("m").correlation_id.startswith("flext_")


def test_no_id_is_none(failing: Callable[..., Any]) -> None:
    """A request without one is often passed on with an empty one."""
    for nothing in (None, ""):
        with FlextExceptions.correlation("bound"), pytest.raises(FlextExceptions.ProcessingError) as caught:
            call(failing, KeyError("k"), correlation_id=nothing)
        assert caught.value.correlation_id == "bound"


def test_a_function_that_names_the_id_gets_it_too() -> None:
    """Whether it is wanted or needed; rest parameters take none."""
    seen: list[object] = []

    @wrapper.wrap_operation("needs")
    def needs(*, correlation_id: str) -> str:
        seen.append(correlation_id)
        return FlextExceptions.Error("m").correlation_id

    @wrapper.wrap_operation("rest")
    def rest(**keywords: object) -> dict[str, object]:
        return keywords

    assert needs(correlation_id="req-1") == "req-1" and seen == ["req-1"]
    assert rest(one=1, correlation_id="req-1") == {"one": 1}


def test_of_wrappers_within_one_another_the_outer_one_is_named(failing: Callable[..., Any]) -> None:
    """For typed and for converted errors; the inner contexts are kept as well, nearest to the cause first."""
    middle = ServiceExceptionWrapper("shop").wrap_operation("checkout")(failing)
    outer = ServiceExceptionWrapper("site").wrap_operation("buy")(wrapper.wrap_operation("buy")(middle))
    for error in (FlextExceptions.NotFoundError("m"), KeyError("m")):
        with pytest.raises(FlextExceptions) as caught:
            call(outer, error)
        context = caught.value.context
        assert (context["service"], context["operation"]) == ("site", "buy")
        assert context["inner_services"] == ["orders", "shop", "orders"]
        assert context["inner_operations"] == ["place", "checkout"]
        assert (caught.value is error) is isinstance(error, FlextExceptions)
    assert FlextExceptions.get_metrics() == {"NotFoundError": 1, "ProcessingError": 1}


def test_methods_partials_and_objects_can_be_wrapped() -> None:
    """What has no name shows as what it is."""

    class Shop:
        @wrapper.wrap_operation("size")
        def size(self, items: list[int]) -> int:
            return len(items)

        async def __call__(self) -> None:
            raise KeyError("k")

    assert Shop().size([1, 2]) == 2
    assert wrapper.wrap_operation("x")(dict)([(1, 2)]) == {1: 2}  # of which nobody knows the signature
    for function in (functools.partial(fail, KeyError("k")), Shop()):
        with pytest.raises(FlextExceptions.ProcessingError) as caught:
            call(wrapper.wrap_operation("x")(function))
        assert caught.value.context["function"] == repr(function)


def test_what_is_no_exception_goes_through(failing: Callable[..., Any]) -> None:
    """Ctrl-C, and a task that is cancelled."""
    with pytest.raises(KeyboardInterrupt):
        call(failing, KeyboardInterrupt())
    with pytest.raises(asyncio.CancelledError):
        call(failing, asyncio.CancelledError())
    assert FlextExceptions.get_metrics() == {}


@pytest.mark.filterwarnings("ignore::flext_exceptions.FlextUsageWarning")
def test_nothing_that_an_error_holds_hides_it(failing: Callable[..., Any]) -> None:
    """The same one comes out; a foreign one that cannot be shown is named."""
    for error in hostile.errors():
        with pytest.raises(type(error)) as caught:
            call(failing, error)
        assert caught.value is error

    class Unprintable(Exception):
        def __str__(self) -> str:
            raise LookupError("str")

    with pytest.raises(FlextExceptions.ProcessingError, match="<unprintable Unprintable>"):
        call(failing, Unprintable())


def test_a_context_that_takes_nothing_is_warned_of(failing: Callable[..., Any]) -> None:
    """The error comes out all the same."""
    error = FlextExceptions.Error("m")
    error.context = hostile.BrokenDict()
    with pytest.warns(FlextUsageWarning, match="cannot be changed: LookupError"), pytest.raises(FlextExceptions.Error):
        call(failing, error)


def test_a_filter_that_raises_does_not_turn_a_success_into_a_failure(entries: list[Any]) -> None:
    """What was done is done."""

    def broken(record: object) -> bool:
        raise LookupError("filter")

    wrapper.logger.addFilter(broken)
    try:
        with pytest.warns(FlextUsageWarning, match="filter"):
            assert wrapper.wrap_operation("len")(len)("abc") == 3
        assert wrapper.wrap_operation("len")(len)("abc") == 3  # also where warnings are errors, as here
    finally:
        wrapper.logger.removeFilter(broken)


def test_eight_threads_share_a_wrapped_operation(entries: list[Any]) -> None:
    """Each has its own id, and no success or failure is lost."""

    @wrapper.wrap_operation("halve")
    def halve(number: int) -> int:
        if number % 2:
            raise ArithmeticError(number)
        return number // 2

    untyped: Any = halve

    def work(index: int) -> None:
        for number in range(200):
            name = f"{index}-{number}"
            if number % 2:
                with pytest.raises(FlextExceptions.ProcessingError) as caught:
                    untyped(number, correlation_id=name)
                assert caught.value.correlation_id == name
            else:
                assert untyped(number, correlation_id=name) == number // 2

    hostile.in_threads(work)
    assert len({entry.correlation_id for entry in entries}) == len(entries) == 800
    assert FlextExceptions.get_metrics() == {"ProcessingError": 800}
