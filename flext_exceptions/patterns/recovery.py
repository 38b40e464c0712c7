"""Retries, for errors whose type says that they may help.

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
from collections.abc import Callable
from functools import wraps
from math import inf
from typing import Any, ParamSpec, TypeVar, overload

from flext_exceptions import FlextExceptions

from .._internal.callables import function_name, is_async
from .._internal.safe_logging import attribute, log
from .._internal.safe_text import repr_of, text_of
from .._internal.state import state_of
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

Strategy = Callable[[Exception, int, int], bool]
"""Decides whether to retry, from the error, the number of the attempt, from 0, and the maximum number of attempts."""

MAX_WAIT = 60.0
"""Seconds: no wait is longer, except for the jitter. If an error asks for more, there is no retry."""

JITTER = 1.0
"""Seconds: a random part of this is added to each wait, so that clients that failed together do not return together."""

_jitter = wait_random(0, JITTER)


class ExceptionRecoveryManager:
    """Retries functions that failed, according to a table; one may serve many threads and tasks.

    ``recovery_strategies`` is the table, and may be changed: a type, and a function of the error, the number of the
    attempt (from 0) and ``max_attempts``, that returns whether to retry. The row of the nearest class in the order of
    inheritance applies. A typed error without a row is retried if it is ``retryable``; a foreign one is not. An error
    constructed with ``retryable=False`` is never retried, and one with ``retryable=True``, such as a 503, up to the
    maximum even if its row allows one retry only. A subclass may override ``_retry_with_backoff``, ``_retry_once``,
    ``_no_retry`` and ``_get_recovery_strategy``.

    ``sleeping=False`` is for tests: everything happens except the waiting. Each retry is logged at WARNING by the
    logger
    ``flext_exceptions.recovery``.
    """

    def __init__(self, *, sleeping: bool = True) -> None:
        self.recovery_strategies: dict[type[BaseException], Strategy] = {
            FlextExceptions.ConnectionError: self._retry_with_backoff,
            FlextExceptions.TimeoutError: self._retry_with_backoff,
            FlextExceptions.ProcessingError: self._retry_once,
            FlextExceptions.ValidationError: self._no_retry,
            FlextExceptions.AuthenticationError: self._no_retry,
            FlextExceptions.CriticalError: self._no_retry,
        }
        self.sleeping = sleeping
        self.logger = logging.getLogger("flext_exceptions.recovery")

    @overload
    def with_recovery(self, max_attempts: Callable[P, R], /) -> Callable[P, R]: ...
    @overload
    def with_recovery(
        self, max_attempts: int = 3, backoff_multiplier: float = 2.0
    ) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
    def with_recovery(
        self, max_attempts: int | Callable[..., Any] = 3, backoff_multiplier: float = 2.0
    ) -> Callable[..., Any]:
        """Decorate a function, sync or async, so that it is called up to ``max_attempts`` times.

        ``@manager.with_recovery`` alone does what ``@manager.with_recovery()`` does. The wait before the second call is
        1 second, and before each further one ``backoff_multiplier`` times as long, up to 60 seconds, but never less
        than the ``retry_after`` of the error; up to a second of jitter is added. If ``retry_after`` is more than 60
        seconds, there is no retry.

        The last error is raised itself, and nothing of the call stays in memory but what the error's traceback holds. A
        typed one has in its context ``retry_attempts``, the number of calls, ``final_attempt``, True, and
        ``recovery_attempted``, whether there was more than one call; with nested decorators the outermost one's values
        remain. Anything that is not an ``Exception`` (Ctrl-C, the cancellation of a task) passes at once. For a
        generator only the call is covered. Raises ConfigurationError for impossible numbers.
        """
        if callable(max_attempts):
            return self.with_recovery()(max_attempts)
        if not isinstance(max_attempts, int) or max_attempts < 1:
            raise _not_valid("max_attempts", max_attempts, "a whole number from 1")
        if not isinstance(backoff_multiplier, int | float) or not 0 < backoff_multiplier < inf:
            raise _not_valid("backoff_multiplier", backoff_multiplier, "a number above 0")
        backoff = wait_exponential(multiplier=1, exp_base=backoff_multiplier, max=MAX_WAIT)

        def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
            name = function_name(function)

            @wraps(function)
            def recovered(*args: Any, **keywords: Any) -> Any:
                try:
                    return function(*args, **keywords)  # a call that succeeds at once need not pay for the machinery
                except Exception as error:
                    failures = _Failures(self, name, max_attempts, backoff, error)
                first = True

                def attempt() -> Any:
                    nonlocal first
                    if not first:
                        failures.last = None
                        try:
                            return function(*args, **keywords)
                        except Exception as error:
                            failures.last = error
                    first = False
                    return None

                retrying = Retrying(**failures.options(_no_wait))
                result: Any = retrying(attempt)
                if failures.last is None:
                    return result
                raise failures.taken(retrying.statistics["attempt_number"])

            @wraps(function)
            async def recovered_async(*args: Any, **keywords: Any) -> Any:
                try:
                    return await function(*args, **keywords)
                except Exception as error:
                    failures = _Failures(self, name, max_attempts, backoff, error)
                first = True

                async def attempt() -> Any:  # tenacity only awaits what it recognises as a coroutine function
                    nonlocal first
                    if not first:
                        failures.last = None
                        try:
                            return await function(*args, **keywords)
                        except Exception as error:
                            failures.last = error
                    first = False
                    return None

                retrying = AsyncRetrying(**failures.options(_no_wait_async))
                result: Any = await retrying(attempt)
                if failures.last is None:
                    return result
                raise failures.taken(retrying.statistics["attempt_number"])

            return recovered_async if is_async(function) else recovered

        return decorate

    def _get_recovery_strategy(self, exception: Exception) -> Strategy:
        """The strategy for an error."""
        own = state_of(exception).get("retryable")
        if own is False:
            return self._no_retry
        for cls in type(exception).__mro__:
            strategy = self.recovery_strategies.get(cls)
            if callable(strategy):
                return self._retry_with_backoff if own is True and strategy == self._retry_once else strategy
            if strategy is not None:
                text = f"recovery_strategies: {repr_of(strategy)} is not valid for {cls.__name__}; valid is a function"
                warn_about(exception, text)
        typed = isinstance(exception, FlextExceptions.BaseError)
        return self._retry_with_backoff if typed and attribute(exception, "retryable") is True else self._no_retry

    def _retry_with_backoff(self, exception: Exception, attempt: int, max_attempts: int) -> bool:
        """Up to the maximum."""
        return attempt < max_attempts - 1

    def _retry_once(self, exception: Exception, attempt: int, max_attempts: int) -> bool:
        """Only after the first attempt."""
        return attempt == 0

    def _no_retry(self, exception: Exception, attempt: int, max_attempts: int) -> bool:
        """Never."""
        return False


class _Failures:
    """How one call failed, as reported to tenacity.

    Tenacity itself sees no error: its record of an attempt refers to its own frames and back, in a cycle that would
    keep the error, and all arguments of the call, in memory until the next collection.
    """

    def __init__(
        self,
        manager: ExceptionRecoveryManager,
        function: str,
        max_attempts: int,
        backoff: Callable[[RetryCallState], float],
        error: Exception,
    ) -> None:
        self.manager = manager
        self.function = function
        self.max_attempts = max_attempts
        self.backoff = backoff
        self.last: Exception | None = error

    def options(self, no_wait: Callable[[float], Any]) -> dict[str, Any]:
        """Tenacity's decision about what to do next."""
        options: dict[str, Any] = {
            "retry": self._again,
            "stop": stop_after_attempt(self.max_attempts),
            "wait": self._wait,
            "before_sleep": self._log,
            "retry_error_callback": lambda state: None,
        }
        return options if self.manager.sleeping else options | {"sleep": no_wait}

    def taken(self, attempts: int) -> Exception:
        """The last error, which is not kept here; a typed one is marked as the last."""
        error, self.last = self.last, None
        assert error is not None
        if isinstance(error, FlextExceptions.BaseError):
            _tell(error, attempts)
        return error

    def _again(self, state: RetryCallState) -> bool:
        error = self.last
        if error is None or _retry_after(error) > MAX_WAIT:
            return False
        try:
            strategy = self.manager._get_recovery_strategy(error)
            return bool(strategy(error, state.attempt_number - 1, self.max_attempts))
        except Exception as failure:
            warn_about(error, f"the recovery strategy for {type(error).__name__} failed: {repr_of(failure)}")
            return False

    def _wait(self, state: RetryCallState) -> float:
        return max(self.backoff(state), _retry_after(self.last)) + _jitter(state)

    def _log(self, state: RetryCallState) -> None:
        error, logger = self.last, self.manager.logger
        if error is None or not logger.isEnabledFor(logging.WARNING):
            return
        wait = state.next_action.sleep if state.next_action is not None else 0.0
        what = f"attempt {state.attempt_number} of {self.max_attempts} failed, the next is in {wait:.1f} s"
        extra = {
            "error_code": attribute(error, "code"),
            "correlation_id": attribute(error, "correlation_id"),
            "exception_type": type(error).__name__,
            "attempt": state.attempt_number,
            "wait_seconds": wait,
        }
        text = f"{self.function}: {what}: {type(error).__name__}: {text_of(error)}"
        log(logger, logging.WARNING, text, extra)


def _retry_after(error: BaseException | None) -> float:
    """The seconds that an error asks to wait; 0 if it has no number."""
    if error is None:
        return 0.0
    wait = number(attribute(error, "retry_after"))
    return 0.0 if wait is None else float(wait)


def _tell(error: FlextExceptions.BaseError, attempts: int) -> None:
    try:
        error.context.update(retry_attempts=attempts, final_attempt=True, recovery_attempted=attempts > 1)
    except Exception as failure:
        warn_about(error, f"the context of {type(error).__name__} cannot be changed: {repr_of(failure)}")


def _no_wait(seconds: float) -> None:
    """Do not wait."""


async def _no_wait_async(seconds: float) -> None:
    """Do not wait either."""


def _not_valid(name: str, value: object, valid: str) -> FlextExceptions.ConfigurationError:
    return FlextExceptions.ConfigurationError(
        f"{name}: {repr_of(value)} is not valid; valid is {valid}", config_key=name
    )
