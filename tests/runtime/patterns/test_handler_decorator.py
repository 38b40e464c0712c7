"""``@flext_exception_handler``: the errors of a function go to a handler, and its answer comes back."""

from __future__ import annotations

import asyncio
import functools
import inspect
from typing import Any

import pytest

from flext_exceptions import FlextExceptions
from flext_exceptions.patterns.handlers import ApplicationExceptionHandler, flext_exception_handler
from tests.runtime.patterns import hostile


def test_a_decorated_function_returns_what_it_returns() -> None:
    """And looks like itself."""

    @flext_exception_handler()
    def add(one: int, other: int = 2) -> int:
        """Adds."""
        return one + other

    assert add(1) == 3 and add(1, other=4) == 5
    assert (add.__name__, add.__doc__) == ("add", "Adds.")
    assert str(inspect.signature(add)) == "(one: 'int', other: 'int' = 2) -> 'int'"


def test_the_errors_of_a_decorated_function_go_to_the_handler(entries: list[Any]) -> None:
    """Typed errors unchanged, others as an Error that names the call but not its arguments."""

    @flext_exception_handler()
    def fail(error: Exception, *args: object, **keywords: object) -> None:
        raise error

    answer = fail(FlextExceptions.ValidationError("m", field="f"))
    assert answer is not None and (answer["error_type"], answer["field"]) == ("validation_error", "f")
    answer = fail(ZeroDivisionError("by zero"), "secret", one="secret", other=2)
    assert answer is not None and answer["message"] == "Unexpected error: by zero"
    entry = entries[1]
    assert entry.context == {
        "function": "fail",
        "args_count": 2,
        "kwargs_keys": ["one", "other"],
        "original_exception": "ZeroDivisionError",
    }
    assert isinstance(entry.exc_info[1].__cause__, ZeroDivisionError)


def test_the_decorator_works_without_parentheses() -> None:
    """On sync and async functions."""

    @flext_exception_handler
    def fail() -> None:
        raise FlextExceptions.NotFoundError("m")

    @flext_exception_handler
    async def fail_later() -> None:
        raise FlextExceptions.NotFoundError("m")

    for answer in (fail(), asyncio.run(fail_later())):
        assert isinstance(answer, dict) and answer["error_type"] == "not_found_error"
    assert fail.__name__ == "fail" and inspect.iscoroutinefunction(fail_later)


def test_async_functions_stay_async() -> None:
    """Objects and partials that are called like one too."""

    async def fetch(fails: bool) -> str:
        """Fetches."""
        await asyncio.sleep(0)
        if fails:
            raise FlextExceptions.TimeoutError("late")
        return "here"

    class Fetch:
        async def __call__(self, fails: bool) -> str:
            return await fetch(fails)

    for function in (fetch, functools.partial(fetch), Fetch()):
        guarded = flext_exception_handler()(function)
        assert inspect.iscoroutinefunction(guarded)
        assert asyncio.run(guarded(False)) == "here"
        answer = asyncio.run(guarded(True))
        assert isinstance(answer, dict) and answer["error_type"] == "timeout_error"
    assert flext_exception_handler()(fetch).__doc__ == "Fetches."


def test_a_default_response_is_returned_in_place_of_the_answer(entries: list[Any]) -> None:
    """Falsy ones too; the error is handled as ever."""
    alerts: list[Any] = []
    handler = ApplicationExceptionHandler(alert=alerts.append)

    def fail() -> str:
        raise FlextExceptions.CriticalError("m")

    assert flext_exception_handler({}, handler=handler)(fail)() == {}
    assert flext_exception_handler(0, handler=handler)(fail)() == 0
    assert len(entries) == len(alerts) == 2


def test_a_decorated_function_within_another_has_handled_its_errors() -> None:
    """The outer one sees an answer."""

    @flext_exception_handler("outer")
    @flext_exception_handler("inner")
    def fail() -> None:
        raise FlextExceptions.Error("m")

    assert fail() == "inner"


def test_what_is_no_exception_goes_through() -> None:
    """Ctrl-C, and a task that is cancelled."""

    @flext_exception_handler()
    def stop() -> None:
        raise KeyboardInterrupt

    @flext_exception_handler()
    async def wait() -> None:
        await asyncio.sleep(60)

    async def cancel() -> None:
        task = asyncio.create_task(wait())
        await asyncio.sleep(0)
        task.cancel()
        await task

    with pytest.raises(KeyboardInterrupt):
        stop()
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancel())


def test_a_foreign_error_keeps_the_bound_id() -> None:
    """One incident, one id."""

    @flext_exception_handler()
    def fail() -> None:
        raise ZeroDivisionError

    with FlextExceptions.correlation("req-1"):
        answer = fail()
    assert answer is not None and answer["correlation_id"] == "req-1"


def test_eight_threads_share_a_handler(entries: list[Any]) -> None:
    """Each gets the answer to its own error, and none is lost."""
    alerts: list[Any] = []
    handler = ApplicationExceptionHandler(alert=alerts.append)

    @flext_exception_handler(handler=handler)
    def fail(name: str) -> None:
        raise FlextExceptions.CriticalError(name, correlation_id=name)

    def work(index: int) -> None:
        for number in range(200):
            answer = fail(f"{index}-{number}")
            assert answer is not None and answer["incident_id"] == f"INC-{index}-{number}"

    hostile.in_threads(work)
    assert len(entries) == len(alerts) == len({error.message for error in alerts}) == 1600
    assert FlextExceptions.get_metrics() == {"CriticalError": 1600}
