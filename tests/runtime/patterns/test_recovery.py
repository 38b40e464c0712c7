"""What may go well the next time is tried again, as often and as late as it should be, and nothing else is."""

from __future__ import annotations

import asyncio
import gc
import inspect
import logging
import weakref
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from unittest import mock

import pytest

from flext_exceptions import FlextExceptions, FlextUsageWarning
from flext_exceptions.catalogue import ROWS
from flext_exceptions.patterns.recovery import ExceptionRecoveryManager
from tests.runtime.patterns import hostile


class Work:
    """A piece of work that raises what it is given, one after the other, and then succeeds."""

    def __init__(self, *errors: BaseException, later: bool = False) -> None:
        self.errors = list(errors)
        self.calls = 0
        self.later = later

    def function(self) -> Callable[..., Any]:
        """As a function, sync or async."""

        def run(*args: Any, **keywords: Any) -> Any:
            self.calls += 1
            if self.errors:
                raise self.errors.pop(0)
            return args, keywords

        async def run_later(*args: Any, **keywords: Any) -> Any:
            await asyncio.sleep(0)
            return run(*args, **keywords)

        return run_later if self.later else run


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def work(request: pytest.FixtureRequest) -> Callable[..., Work]:
    """Makes work, sync or async."""

    def made(*errors: BaseException) -> Work:
        return Work(*errors, later=request.param)

    return made


@pytest.fixture
def recovery() -> ExceptionRecoveryManager:
    """One that does not wait."""
    return ExceptionRecoveryManager(sleeping=False)


def call(function: Callable[..., Any], *args: object, **keywords: object) -> Any:
    """Call a function, sync or async, to its end."""
    result = function(*args, **keywords)
    return asyncio.run(_awaited(result)) if inspect.isawaitable(result) else result


async def _awaited(result: Awaitable[object]) -> object:
    return await result


def tried(recovery: ExceptionRecoveryManager, work: Work, *args: Any, **keywords: Any) -> int:
    """How often the work is called that fails in the end."""
    last = BaseException("it went well")
    try:
        call(recovery.with_recovery(*args, **keywords)(work.function()))
    except BaseException as error:
        last = error
    assert str(last) != "it went well"
    return work.calls


def waits(entries: list[Any]) -> list[float]:
    """The waits that were logged."""
    return [entry.wait_seconds for entry in entries]


# What is tried again


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_the_type_decides(row: Any, recovery: ExceptionRecoveryManager, work: Callable[..., Work]) -> None:
    """Connections and timeouts three times, processing twice, what is retryable three times, all else once."""
    if issubclass(row.type, FlextExceptions.ConnectionError | FlextExceptions.TimeoutError):
        expected = 3
    elif row.type is FlextExceptions.ProcessingError:
        expected = 2
    else:
        expected = 3 if row.retryable else 1
    assert tried(recovery, work(*(row.type("m") for _ in range(9)))) == expected
    assert FlextExceptions.get_metrics() == {row.name: 9}


def test_some_of_the_table_in_words() -> None:
    """So that a change of the facts does not change the rule unseen."""
    table = ExceptionRecoveryManager().recovery_strategies
    assert {kind.__name__: strategy.__name__ for kind, strategy in table.items()} == {
        "ConnectionError": "_retry_with_backoff", "TimeoutError": "_retry_with_backoff",
        "ProcessingError": "_retry_once", "ValidationError": "_no_retry", "AuthenticationError": "_no_retry",
        "CriticalError": "_no_retry",
    }  # fmt: skip


def test_an_error_may_say_itself_whether_it_is_worth_it(
    recovery: ExceptionRecoveryManager, work: Callable[..., Work]
) -> None:
    """Where its type says never, it stays at that; where it says once, an error may ask for more."""

    def times(kind: type[FlextExceptions.BaseError], retryable: bool) -> int:
        return tried(recovery, work(*(kind("m", retryable=retryable) for _ in range(9))))

    assert times(FlextExceptions.NotFoundError, True) == 3
    assert times(FlextExceptions.NotFoundError, False) == 1
    assert times(FlextExceptions.ConnectionError, False) == 1
    assert times(FlextExceptions.ProcessingError, True) == 3
    for kind in (FlextExceptions.ValidationError, FlextExceptions.AuthenticationError, FlextExceptions.CriticalError):
        assert times(kind, True) == 1


def test_a_type_of_a_project_goes_by_the_nearest_row(recovery: ExceptionRecoveryManager) -> None:
    """Its own fact counts where no row does."""

    class Busy(FlextExceptions.Error):
        retryable = True

    class Wrong(FlextExceptions.ValidationError):
        retryable = True

    class Lost(FlextExceptions.ConnectionError):
        pass

    for kind, expected in [(Busy, 3), (Wrong, 1), (Lost, 3)]:
        assert tried(recovery, Work(*(kind("m") for _ in range(9)))) == expected
    recovery.recovery_strategies[Lost] = recovery._retry_once
    assert tried(recovery, Work(*(Lost("m") for _ in range(9)))) == 2


def test_a_strategy_is_asked_of_every_failure(recovery: ExceptionRecoveryManager, work: Callable[..., Work]) -> None:
    """With the error, the number of the attempt from 0, and the number of attempts; the last one too."""
    errors = [FlextExceptions.NotFoundError(str(number)) for number in range(3)]
    seen: list[tuple[Exception, int, int]] = []

    def strategy(error: Exception, attempt: int, attempts: int) -> bool:
        seen.append((error, attempt, attempts))
        return True

    recovery.recovery_strategies[FlextExceptions.NotFoundError] = strategy
    assert tried(recovery, work(*errors), 3) == 3
    assert seen == [(error, number, 3) for number, error in enumerate(errors)]


def test_once_is_after_the_first_attempt(recovery: ExceptionRecoveryManager, work: Callable[..., Work]) -> None:
    """A processing error that comes later ends the call; the next call begins anew."""
    processing, lost = FlextExceptions.ProcessingError, FlextExceptions.ConnectionError
    failing = work(processing("1"), lost("2"), processing("3"), lost("4"))
    function = recovery.with_recovery(max_attempts=9)(failing.function())
    with pytest.raises(processing, match="3"):
        call(function)
    assert failing.calls == 3
    failing.errors = [processing("1"), lost("2"), lost("3"), lost("4")]
    assert call(function) == ((), {})
    assert failing.calls == 8


@pytest.mark.parametrize(
    ("method", "kind"),
    [
        ("_retry_with_backoff", FlextExceptions.TimeoutError),
        ("_retry_once", FlextExceptions.ProcessingError),
        ("_no_retry", FlextExceptions.ValidationError),
        ("_get_recovery_strategy", FlextExceptions.NotFoundError),
    ],
)
def test_a_manager_of_the_programs_own_decides_itself(
    method: str, kind: type[FlextExceptions.BaseError], work: Callable[..., Work]
) -> None:
    """It overrides what the table names, or the choice."""

    class Patient(ExceptionRecoveryManager):
        pass

    def patient(self: object, error: Exception, attempt: int = 0, attempts: int = 0) -> Any:
        return attempt < 3 if method != "_get_recovery_strategy" else lambda error, attempt, attempts: attempt < 3

    setattr(Patient, method, patient)
    assert tried(Patient(sleeping=False), work(*(kind("m") for _ in range(9))), 9) == 4


def test_a_strategy_that_fails_ends_the_call(recovery: ExceptionRecoveryManager, work: Callable[..., Work]) -> None:
    """The error of the call comes out, and a warning tells of the strategy."""
    recovery.recovery_strategies[KeyError] = lambda error, attempt, attempts: [][attempt]
    with pytest.warns(FlextUsageWarning, match="the recovery strategy for KeyError failed: IndexError"):
        assert tried(recovery, work(KeyError("k"))) == 1


def test_the_decorator_works_without_parentheses(recovery: ExceptionRecoveryManager, work: Callable[..., Work]) -> None:
    """Three attempts, then, as with empty ones."""
    failing = work(*(FlextExceptions.TimeoutError("m") for _ in range(9)))
    with pytest.raises(FlextExceptions.TimeoutError):
        call(recovery.with_recovery(failing.function()))
    assert failing.calls == 3


def test_a_success_is_returned_with_all_arguments(
    recovery: ExceptionRecoveryManager, work: Callable[..., Work], entries: list[Any]
) -> None:
    """At once, or after failures; of whatever name the keywords are."""
    failing = work()
    function = recovery.with_recovery()(failing.function())
    assert call(function, 1, fn=2, self=3, retry_state=4) == ((1,), {"fn": 2, "self": 3, "retry_state": 4})
    assert failing.calls == 1 and not entries
    failing.errors = [FlextExceptions.TimeoutError("m"), FlextExceptions.TimeoutError("m")]
    assert call(function, a=1) == ((), {"a": 1})
    assert failing.calls == 4 and len(entries) == 2
    assert function.__name__ == failing.function().__name__
    assert inspect.iscoroutinefunction(function) == failing.later


def test_max_attempts_is_the_number_of_calls(recovery: ExceptionRecoveryManager, work: Callable[..., Work]) -> None:
    """One is none more."""
    for most in (1, 2, 5):
        assert tried(recovery, work(*(FlextExceptions.TimeoutError("m") for _ in range(9))), max_attempts=most) == most


# What comes out


def test_the_last_error_tells_how_often_it_was_tried(
    recovery: ExceptionRecoveryManager, work: Callable[..., Work]
) -> None:
    """It is the very same one, and nothing else of it changes; the earlier ones say nothing."""
    errors = [FlextExceptions.ConnectionError("m", service="s", correlation_id=str(number)) for number in range(3)]
    errors[2].__cause__ = KeyError("k")
    with pytest.raises(FlextExceptions.ConnectionError) as caught:
        call(recovery.with_recovery()(work(*errors).function()))
    last = caught.value
    assert last is errors[2] and isinstance(last.__cause__, KeyError) and last.__context__ is None
    assert last.context == {"service": "s", "retry_attempts": 3, "final_attempt": True, "recovery_attempted": True}
    assert (last.correlation_id, last.message, last.service, last.code) == ("2", "m", "s", errors[0].code)
    assert errors[0].context == errors[1].context == {"service": "s"}


def test_what_is_not_tried_again_says_so(recovery: ExceptionRecoveryManager, work: Callable[..., Work]) -> None:
    """It was called once."""
    with pytest.raises(FlextExceptions.ValidationError) as caught:
        call(recovery.with_recovery()(work(FlextExceptions.ValidationError("m")).function()))
    assert caught.value.context == {"retry_attempts": 1, "final_attempt": True, "recovery_attempted": False}
    failing = work(FlextExceptions.TimeoutError("m"), FlextExceptions.CriticalError("m"))
    with pytest.raises(FlextExceptions.CriticalError) as other:
        call(recovery.with_recovery()(failing.function()))
    assert other.value.context == {"retry_attempts": 2, "final_attempt": True, "recovery_attempted": True}


def test_one_within_another(recovery: ExceptionRecoveryManager, work: Callable[..., Work]) -> None:
    """The calls multiply; the outer one's numbers stand."""
    failing = work(*(FlextExceptions.TimeoutError("m") for _ in range(99)))
    function = recovery.with_recovery(max_attempts=2)(recovery.with_recovery(max_attempts=3)(failing.function()))
    with pytest.raises(FlextExceptions.TimeoutError) as caught:
        call(function)
    assert failing.calls == 6 and caught.value.context["retry_attempts"] == 2


# Foreign errors, and what is none


def test_a_foreign_error_comes_out_at_once_and_unchanged(
    recovery: ExceptionRecoveryManager, work: Callable[..., Work]
) -> None:
    """Also one that calls itself retryable."""
    error: Any = ConnectionError("m")
    error.retryable, error.context = True, {}
    failing = work(error)
    with pytest.raises(ConnectionError) as caught:
        call(recovery.with_recovery()(failing.function()))
    assert caught.value is error and failing.calls == 1
    assert (error.__cause__, error.__context__, error.context) == (None, None, {})


def test_the_table_may_say_otherwise_of_foreign_errors(work: Callable[..., Work]) -> None:
    """And of all; what it says holds for calls from then on."""
    recovery = ExceptionRecoveryManager(sleeping=False)
    recovery.recovery_strategies[OSError] = recovery._retry_with_backoff
    assert tried(recovery, work(*(ConnectionError("m") for _ in range(9)))) == 3
    assert tried(recovery, work(*(KeyError("m") for _ in range(9)))) == 1
    recovery.recovery_strategies[Exception] = recovery._retry_once
    assert tried(recovery, work(*(KeyError("m") for _ in range(9)))) == 2
    assert OSError not in ExceptionRecoveryManager().recovery_strategies


def test_what_is_no_exception_is_never_tried_again(work: Callable[..., Work]) -> None:
    """Ctrl-C, the cancelling of a task, the end of the program: whatever the table says."""
    recovery = ExceptionRecoveryManager(sleeping=False)
    recovery.recovery_strategies |= dict.fromkeys((BaseException, KeyboardInterrupt), recovery._retry_with_backoff)
    for error in (KeyboardInterrupt(), asyncio.CancelledError(), SystemExit(3)):
        failing = work(error)
        with pytest.raises(type(error)):
            call(recovery.with_recovery()(failing.function()))
        assert failing.calls == 1


def test_ctrl_c_ends_the_waiting() -> None:
    """The function is not called again."""
    failing = Work(FlextExceptions.TimeoutError("m"))
    with mock.patch("time.sleep", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        ExceptionRecoveryManager().with_recovery()(failing.function())()
    assert failing.calls == 1


def test_a_task_that_is_cancelled_while_it_waits_ends() -> None:
    """At once."""
    failing = Work(FlextExceptions.TimeoutError("m"), later=True)

    async def run() -> None:
        task = asyncio.create_task(ExceptionRecoveryManager().with_recovery()(failing.function())())
        while not failing.calls:
            await asyncio.sleep(0)
        for _ in range(10):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
    assert failing.calls == 1


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
    """At WARNING, with what a reader wants to know; the last failure is not, since somebody will."""
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
