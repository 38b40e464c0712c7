"""Trying again, where the type of the error says that it may help.

>>> from flext_exceptions import FlextExceptions
>>> recovery = ExceptionRecoveryManager(sleeping=False)
>>> answers = [FlextExceptions.ConnectionError("reset"), FlextExceptions.TimeoutError("late"), "done"]
>>> @recovery.with_recovery(max_attempts=3)
... def ask() -> str:
...     answer = answers.pop(0)
...     if isinstance(answer, Exception):
...         raise answer
...     return answer
>>> ask()
'done'
>>> answers += [FlextExceptions.ProcessingError("out of order"), FlextExceptions.ProcessingError("still")]
>>> try:
...     ask()
... except FlextExceptions.ProcessingError as error:
...     print(error, error.context)
still {'retry_attempts': 2, 'final_attempt': True, 'recovery_attempted': True}
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import partial, wraps
from math import inf
from typing import Any, ParamSpec, TypeVar, cast

from flext_exceptions import FlextExceptions

from .._internal.callables import function_name, is_async
from .._internal.safe_logging import attribute, log
from .._internal.safe_text import repr_of, text_of
from .._internal.usage_warning import warn_about
from ..documents.to_dict import number

try:
    from tenacity import AsyncRetrying, RetryCallState, Retrying, stop_after_attempt, wait_exponential, wait_random
except ModuleNotFoundError as missing:
    raise FlextExceptions.ModuleNotFoundError(
        f"{missing.name} is missing: pip install 'flext-exceptions[retry]'", name=missing.name
    ) from None

P = ParamSpec("P")
R = TypeVar("R")

ALWAYS, ONCE, NEVER = inf, 1, 0
"""How many times within one call an error of a type is a reason to try again; ``max_attempts`` ends it anyway."""

STRATEGIES: dict[type[BaseException], float] = {
    FlextExceptions.ConnectionError: ALWAYS,
    FlextExceptions.TimeoutError: ALWAYS,
    FlextExceptions.ProcessingError: ONCE,
    FlextExceptions.ValidationError: NEVER,
    FlextExceptions.AuthenticationError: NEVER,
    FlextExceptions.CriticalError: NEVER,
}
"""The table that a manager begins with."""

LONGEST_WAIT = 60.0
"""Seconds: no wait is longer, but for the jitter. An error that asks for more is not for this call to wait for."""

JITTER = 1.0
"""Seconds: each wait is longer by a random part of it, so that clients that failed together do not return together."""


class ExceptionRecoveryManager:
    """Calls functions again that failed, as a table says; one may serve many threads and tasks.

    ``recovery_strategies`` is a copy of the table and may be changed: a type, and how many times within one call its
    errors are a reason to try again. The row of the nearest class counts, as in the order of inheritance. A typed error
    without a row is tried again where it is ``retryable``, and a foreign one is not. An error that was made with
    ``retryable=False`` never is.

    ``sleeping=False`` is for tests: everything happens but the waiting. Each retry is logged at WARNING by the logger
    ``flext_exceptions.recovery``.
    """

    def __init__(self, strategies: Mapping[type[BaseException], float] = STRATEGIES, *, sleeping: bool = True) -> None:
        self.recovery_strategies = dict(strategies)
        self.sleeping = sleeping
        self.logger = logging.getLogger("flext_exceptions.recovery")

    def with_recovery(
        self, max_attempts: int = 3, backoff_multiplier: float = 2.0
    ) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """Decorate a function, sync or async, so that it is called up to ``max_attempts`` times.

        Before the second call it waits 1 second, and ``backoff_multiplier`` times as long before each next one, up to
        60 seconds, but never less than the ``retry_after`` of the error; to that comes up to a second of jitter. With
        a ``retry_after`` of more than 60 seconds it is not called again.

        The last error comes out itself. A typed one has in its context ``retry_attempts``, how many times the function
        was called, ``final_attempt``, True, and ``recovery_attempted``, whether that was more than once; of decorators
        within one another the outermost one's stand. What is no ``Exception`` (Ctrl-C, the cancelling of a task) goes
        through at once. Of a generator only the call is seen. Raises ConfigurationError for numbers that cannot be.
        """
        if not isinstance(max_attempts, int) or max_attempts < 1:
            raise _not_valid("max_attempts", max_attempts, "a whole number from 1")
        if not isinstance(backoff_multiplier, int | float) or not 0 < backoff_multiplier < inf:
            raise _not_valid("backoff_multiplier", backoff_multiplier, "a number above 0")
        stop, backoff = stop_after_attempt(max_attempts), _waiting(backoff_multiplier)

        def decorate(function: Callable[P, R]) -> Callable[P, R]:
            awaited = cast(Callable[..., Any], function)

            def options(sleep: Callable[[float], Any]) -> dict[str, Any]:
                tell = partial(self._log, function_name(function), max_attempts)
                common = {"retry": self._judge(), "stop": stop, "wait": backoff, "before_sleep": tell, "reraise": True}
                return common if self.sleeping else common | {"sleep": sleep}

            @wraps(function)
            def recovered(*args: Any, **keywords: Any) -> Any:
                call = partial(awaited, *args, **keywords)
                try:
                    return call()  # what succeeds at once need not pay for the machinery
                except Exception as error:
                    failed = [error]

                def attempt() -> Any:
                    if failed:
                        raise failed.pop()
                    return call()

                retrying = Retrying(**options(_no_wait))
                try:
                    return retrying(attempt)
                except FlextExceptions.BaseError as error:
                    _tell(error, retrying.statistics["attempt_number"])
                    raise

            @wraps(function)
            async def recovered_async(*args: Any, **keywords: Any) -> Any:
                call = partial(awaited, *args, **keywords)
                try:
                    return await call()
                except Exception as error:
                    failed = [error]

                async def attempt() -> Any:  # tenacity awaits only what it sees to be a coroutine function
                    if failed:
                        raise failed.pop()
                    return await call()

                retrying = AsyncRetrying(**options(_no_wait_async))
                try:
                    return await retrying(attempt)
                except FlextExceptions.BaseError as error:
                    _tell(error, retrying.statistics["attempt_number"])
                    raise

            return cast(Callable[P, R], recovered_async if is_async(function) else recovered)

        return decorate

    def _judge(self) -> Callable[[RetryCallState], bool]:
        """What decides, for one call, whether there is a next attempt."""
        used: dict[type | None, int] = {}

        def again(state: RetryCallState) -> bool:
            error = state.outcome.exception() if state.outcome is not None else None
            if not isinstance(error, Exception):
                return False
            row, most = self._row(error)
            used[row] = used.get(row, 0) + 1
            return used[row] <= most and _retry_after(error) <= LONGEST_WAIT

        return again

    def _row(self, error: Exception) -> tuple[type | None, float]:
        """The class whose row counts, if any, and how many retries there may be."""
        if vars(error).get("retryable") is False:
            return None, NEVER
        for cls in type(error).__mro__:
            most = self.recovery_strategies.get(cls)
            if isinstance(most, int | float):
                return cls, most
            if most is not None:
                warn_about(error, f"recovery_strategies: {repr_of(most)} is not valid for {cls.__name__}")
        typed = isinstance(error, FlextExceptions.BaseError)
        return None, ALWAYS if typed and attribute(error, "retryable") is True else NEVER

    def _log(self, function: str, max_attempts: int, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome is not None else None
        if error is None or not self.logger.isEnabledFor(logging.WARNING):
            return
        wait = state.next_action.sleep if state.next_action is not None else 0.0
        text = f"{function}: attempt {state.attempt_number} of {max_attempts} failed, the next is in {wait:.1f} s"
        extra = {
            "error_code": attribute(error, "code"),
            "correlation_id": attribute(error, "correlation_id"),
            "exception_type": type(error).__name__,
            "attempt": state.attempt_number,
            "wait_seconds": wait,
        }
        log(self.logger, logging.WARNING, f"{text}: {type(error).__name__}: {text_of(error)}", extra)


def _waiting(multiplier: float) -> Callable[[RetryCallState], float]:
    """The seconds before the next attempt."""
    backoff = wait_exponential(multiplier=1, exp_base=multiplier, max=LONGEST_WAIT)
    jitter = wait_random(0, JITTER)

    def wait(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome is not None else None
        return max(backoff(state), _retry_after(error)) + jitter(state)

    return wait


def _retry_after(error: BaseException | None) -> float:
    """The seconds that an error asks to wait; 0 where it names no number."""
    if error is None:
        return 0.0
    wait = number(attribute(error, "retry_after"))
    return 0.0 if wait is None else float(wait)


def _tell(error: FlextExceptions.BaseError, attempts: int) -> None:
    try:
        error.context.update(retry_attempts=attempts, final_attempt=True, recovery_attempted=attempts > 1)
    except Exception as failure:
        warn_about(error, f"the context of {type(error).__name__} takes nothing: {repr_of(failure)}")


def _no_wait(seconds: float) -> None:
    """Does not wait."""


async def _no_wait_async(seconds: float) -> None:
    """Does not wait either."""


def _not_valid(name: str, value: object, valid: str) -> FlextExceptions.ConfigurationError:
    return FlextExceptions.ConfigurationError(
        f"{name}: {repr_of(value)} is not valid; valid is {valid}", config_key=name
    )
