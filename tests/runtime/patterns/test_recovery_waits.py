"""How long a retry waits, what it logs, and what threads and tasks share."""

from __future__ import annotations

import asyncio
import gc
import logging
import weakref
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from unittest import mock

import pytest

from flext_exceptions import FlextExceptions, FlextUsageWarning
from flext_exceptions.patterns.recovery import ExceptionRecoveryManager
from tests.runtime.patterns import hostile
from tests.runtime.patterns.failing_work import Work, call, tried, waits

# How long it waits


@pytest.mark.parametrize(
    ("multiplier", "expected"),
    [(2.0, [1, 2, 4, 8, 16, 32, 60, 60]), (3, [1, 3, 9, 27, 60]), (1, [1, 1, 1]), (0.5, [1, 0.5, 0.25])],
)
def test_the_waits_grow(
    recovery: ExceptionRecoveryManager,
    work: Callable[..., Work],
    entries: list[Any],
    multiplier: float,
    expected: list[float],
) -> None:
    """By the multiplier, up to a minute, and each with up to a second of jitter."""
    errors = [FlextExceptions.TimeoutError("m") for _ in range(20)]
    tried(recovery, work(*errors), max_attempts=len(expected) + 1, backoff_multiplier=multiplier)
    assert len(waits(entries)) == len(expected)
    jitter = [wait - least for wait, least in zip(waits(entries), expected, strict=True)]
    assert all(0 <= part <= 1 for part in jitter) and len(set(jitter)) == len(jitter)


@pytest.mark.parametrize(
    ("asked", "least"),
    [(30, 30), (1.5, 1.5), (60, 60), (0.1, 1), (0, 1), (-5, 1), (float("nan"), 1), (True, 1), ("9", 1), (None, 1)],
)
def test_what_the_error_asks_for_is_the_least_wait(
    recovery: ExceptionRecoveryManager, work: Callable[..., Work], entries: list[Any], asked: Any, least: float
) -> None:
    """What is no number of seconds asks for nothing."""
    failing = work(FlextExceptions.ConnectionError("m", retry_after=asked))
    call(recovery.with_recovery()(failing.function()))
    (wait,) = waits(entries)
    assert least <= wait <= least + 1


def test_who_asks_for_more_than_a_minute_is_not_tried_again(
    recovery: ExceptionRecoveryManager, work: Callable[..., Work]
) -> None:
    """Sooner would be against its word, and later is not for this call to wait for."""
    error = FlextExceptions.ConnectionError("m", retry_after=61)
    assert tried(recovery, work(error)) == 1
    assert error.context["recovery_attempted"] is False and error.retry_after == 61


def test_it_does_wait() -> None:
    """The thread, or the task alone, for what the log says."""
    recovery = ExceptionRecoveryManager()
    function = recovery.with_recovery()(Work(FlextExceptions.TimeoutError("m")).function())
    with mock.patch("time.sleep") as sleep:
        function()
    ((seconds,),) = (each.args for each in sleep.call_args_list)
    assert 1 <= seconds <= 2
    later = recovery.with_recovery()(Work(FlextExceptions.TimeoutError("m"), later=True).function())
    original, slept = asyncio.sleep, []

    async def sleep_not(seconds: float) -> None:
        slept.append(seconds)
        await original(0)

    with mock.patch("asyncio.sleep", sleep_not), mock.patch("time.sleep") as blocking:
        asyncio.run(later())
    assert len([each for each in slept if 1 <= each <= 2]) == 1 and not blocking.called
    recovery.sleeping = False
    with mock.patch("time.sleep") as sleep:
        recovery.with_recovery()(Work(FlextExceptions.TimeoutError("m")).function())()
    assert not sleep.called


def test_two_clients_do_not_return_at_once(recovery: ExceptionRecoveryManager, entries: list[Any]) -> None:
    """They were told the same."""
    for _ in range(20):
        recovery.with_recovery()(Work(FlextExceptions.ConnectionError("m", retry_after=5)).function())()
    assert len(set(waits(entries))) == 20


# What is told meanwhile


def test_each_retry_is_logged(
    recovery: ExceptionRecoveryManager, work: Callable[..., Work], entries: list[Any]
) -> None:
    """At WARNING, with the useful details; the last failure is not logged, since its caller will do that."""
    errors = [FlextExceptions.ConnectionError("reset", correlation_id="req-1") for _ in range(9)]
    failing = work(*errors)
    assert tried(recovery, failing) == 3
    assert [(entry.name, entry.levelname, entry.attempt) for entry in entries] == [
        ("flext_exceptions.recovery", "WARNING", number) for number in (1, 2)
    ]
    for entry in entries:
        text = f"{failing.function().__name__}: attempt {entry.attempt} of 3 failed, the next is in "
        assert entry.getMessage().startswith(text) and entry.getMessage().endswith(" s: ConnectionError: reset")
        assert (entry.error_code, entry.correlation_id, entry.exception_type) == (
            "FLEXT_2001", "req-1", "ConnectionError",
        )  # fmt: skip


def test_where_warnings_are_off_nothing_is_logged(
    recovery: ExceptionRecoveryManager, work: Callable[..., Work], entries: list[Any]
) -> None:
    """It is tried again all the same."""
    logging.getLogger("flext_exceptions").setLevel(logging.ERROR)
    assert tried(recovery, work(*(FlextExceptions.TimeoutError("m") for _ in range(9)))) == 3
    assert not entries


@pytest.mark.filterwarnings("ignore::flext_exceptions.FlextUsageWarning")
def test_nothing_that_an_error_holds_hides_it(work: Callable[..., Work], entries: list[Any]) -> None:
    """Retried or not, the same one comes out, though the logging fails too."""

    def broken(record: object) -> bool:
        raise LookupError("filter")

    recovery = ExceptionRecoveryManager(sleeping=False)
    recovery.logger.addFilter(broken)
    try:
        for strategies in (recovery.recovery_strategies, {Exception: recovery._retry_with_backoff}):
            recovery.recovery_strategies = dict(strategies)
            for error in hostile.errors():
                failing = work(*[error] * 9)
                with pytest.raises(type(error)) as caught:
                    call(recovery.with_recovery()(failing.function()))
                assert caught.value is error
    finally:
        recovery.logger.removeFilter(broken)


def test_a_context_that_takes_nothing_is_warned_of(
    recovery: ExceptionRecoveryManager, work: Callable[..., Work]
) -> None:
    """The error comes out all the same."""
    error = FlextExceptions.Error("m")
    error.context = hostile.BrokenDict()
    with pytest.warns(FlextUsageWarning, match="cannot be changed: "), pytest.raises(FlextExceptions.Error):
        call(recovery.with_recovery()(work(error).function()))


def test_a_row_that_is_no_function_is_warned_of(recovery: ExceptionRecoveryManager, work: Callable[..., Work]) -> None:
    """The next row that fits counts."""
    table: dict[Any, Any] = recovery.recovery_strategies
    table[FlextExceptions.ConnectionResetError] = "always"
    failing = work(FlextExceptions.ConnectionResetError("m"))
    with pytest.warns(FlextUsageWarning, match="recovery_strategies: 'always' is not valid for ConnectionResetError"):
        call(recovery.with_recovery()(failing.function()))
    assert failing.calls == 2


@pytest.mark.parametrize("most", [0, -1, 2.5, "3", None])
def test_a_number_of_attempts_that_cannot_be_is_refused(recovery: ExceptionRecoveryManager, most: Any) -> None:
    """Where it is written, not where it is needed."""
    with pytest.raises(FlextExceptions.ConfigurationError, match="max_attempts: ") as caught:
        recovery.with_recovery(max_attempts=most)
    assert caught.value.config_key == "max_attempts"


@pytest.mark.parametrize("multiplier", [0, -2, float("inf"), float("nan"), "2", None])
def test_a_multiplier_that_cannot_be_is_refused(recovery: ExceptionRecoveryManager, multiplier: Any) -> None:
    """Likewise."""
    with pytest.raises(FlextExceptions.ConfigurationError, match="backoff_multiplier: "):
        recovery.with_recovery(backoff_multiplier=multiplier)


# Many at once


def test_eight_threads_share_a_function(recovery: ExceptionRecoveryManager, entries: list[Any]) -> None:
    """Each call counts for itself."""

    @recovery.with_recovery(max_attempts=3)
    def ask(failures: list[FlextExceptions.BaseError]) -> int:
        if failures:
            raise failures.pop()
        return 7

    def work(index: int) -> None:
        for number in range(20):
            failures = [FlextExceptions.ConnectionError("m", thread=index) for _ in range(number % 4)]
            if number % 4 < 3:
                assert ask(failures) == 7
                continue
            with pytest.raises(FlextExceptions.ConnectionError) as caught:
                ask(failures)
            assert (caught.value.context["thread"], caught.value.context["retry_attempts"]) == (index, 3)

    hostile.in_threads(work)
    assert len(entries) == 8 * 5 * (1 + 2 + 2)
    assert FlextExceptions.get_metrics() == {"ConnectionError": 8 * 5 * 6}


def test_tasks_wait_at_the_same_time(recovery: ExceptionRecoveryManager) -> None:
    """And count each for itself."""

    @recovery.with_recovery(max_attempts=3)
    async def ask(failures: list[FlextExceptions.BaseError]) -> int:
        await asyncio.sleep(0)
        if failures:
            raise failures.pop()
        return 7

    async def run() -> list[Any]:
        calls = [ask([FlextExceptions.TimeoutError("m") for _ in range(number % 4)]) for number in range(40)]
        return await asyncio.gather(*calls, return_exceptions=True)

    results = asyncio.run(run())
    assert [result for result in results if result == 7] == [7] * 30
    assert all(result.context["retry_attempts"] == 3 for result in results if result != 7)


def test_methods_and_objects_are_wrapped_too(recovery: ExceptionRecoveryManager) -> None:
    """An object whose call is async is awaited."""

    class Shop:
        def __init__(self) -> None:
            self.failures: list[BaseException] = [FlextExceptions.TimeoutError("m")]

        @recovery.with_recovery(max_attempts=2)
        def stock(self, sku: str) -> str:
            if self.failures:
                raise self.failures.pop()
            return sku

        async def __call__(self, sku: str) -> str:
            if self.failures:
                raise self.failures.pop()
            return sku

    assert Shop().stock("A-1") == "A-1"
    assert call(recovery.with_recovery()(Shop()), "A-1") == "A-1"


class Request:
    """An argument that takes a weak reference."""


@pytest.mark.parametrize("later", [False, True], ids=["sync", "async"])
def test_a_call_that_failed_for_good_leaves_nothing_in_memory(recovery: ExceptionRecoveryManager, later: bool) -> None:
    """Once its error is handled, without waiting for a collection; nor does one that went well in the end."""

    @recovery.with_recovery(max_attempts=2)
    def fail(request: Request, failures: list[Exception]) -> None:
        if failures:
            raise failures.pop()

    @recovery.with_recovery(max_attempts=2)
    async def fail_later(request: Request, failures: list[Exception]) -> None:
        if failures:
            raise failures.pop()

    async def ask(request: Request, failures: list[Exception]) -> None:
        with suppress(FlextExceptions.TimeoutError):
            await fail_later(request, failures) if later else fail(request, failures)

    gc.collect()
    gc.disable()
    try:
        with asyncio.Runner() as runner:
            for number in (2, 1):
                request = Request()
                seen = weakref.ref(request)
                runner.run(ask(request, [FlextExceptions.TimeoutError("m") for _ in range(number)]))
                del request
                assert seen() is None
    finally:
        gc.enable()
