"""Only failures that may pass are retried, with the right number of attempts and the right delays."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest

from flext_exceptions import FlextExceptions, FlextUsageWarning
from flext_exceptions.catalogue import ROWS
from flext_exceptions.patterns.recovery import ExceptionRecoveryManager
from tests.runtime.patterns.failing_work import Work, call, tried

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
    """The error of the call is raised, and a warning names the strategy."""
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
    """One attempt means no retry."""
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
