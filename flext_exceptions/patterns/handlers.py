"""One place where errors end: each is logged, critical ones raise an alarm, and the caller gets a dict.

>>> from flext_exceptions import FlextExceptions
>>> handler = ApplicationExceptionHandler()
>>> error = FlextExceptions.ConnectionError("no answer", service="stock", correlation_id="req-1")
>>> for item in handler.handle_exception(error).items():
...     print(*item)
error_type connection_error
message no answer
error_code FLEXT_2001
correlation_id req-1
recoverable True
service stock
retry_after 30
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar, cast, overload

from flext_exceptions import FlextExceptions

from .._internal.callables import function_name, is_async
from .._internal.safe_logging import LEVELS, attribute, context_of, log, tell
from .._internal.safe_text import text_of

P = ParamSpec("P")
R = TypeVar("R")
D = TypeVar("D")
D_co = TypeVar("D_co", covariant=True)
BaseError = FlextExceptions.BaseError
Answer = dict[str, Any]

# What an answer says beyond what all say, for a type and those below it: fields of the error, and advice that is
# always the same.
_FIELDS: dict[type[BaseError], tuple[str, ...]] = {
    FlextExceptions.ValidationError: ("field",),
    FlextExceptions.ConfigurationError: ("config_key",),
    FlextExceptions.ConnectionError: ("service",),
    FlextExceptions.AuthenticationError: ("auth_method",),
}
_ADVICE: dict[type[BaseError], Answer] = {
    FlextExceptions.ConnectionError: {"retry_after": 30},
    FlextExceptions.AuthenticationError: {"action_required": "login"},
}


class ApplicationExceptionHandler:
    """Logs errors and makes answers of them; one may serve many threads and tasks.

    ``alert``, a plain function, is called with each CriticalError, after it was logged. Where it fails itself, that is
    logged too, and the answer is the same.

    >>> handler = ApplicationExceptionHandler(alert=lambda error: print("wake somebody:", error))
    >>> answer = handler.handle_exception(FlextExceptions.CriticalError("disk full", correlation_id="req-1"))
    wake somebody: disk full
    >>> answer["incident_id"], answer["recoverable"]
    ('INC-req-1', False)
    """

    def __init__(self, alert: Callable[[FlextExceptions.CriticalError], object] | None = None) -> None:
        self.alert = alert
        self.logger = logging.getLogger("flext_exceptions.handlers")

    def handle_exception(self, exception: BaseException) -> Answer:
        """Log the error, at the level of its severity, and say what a caller needs to know. Never raises.

        The answer has ``error_type`` (the name of the type in small letters; of a project's own type the one that it
        is derived from), ``message``, ``error_code``, ``correlation_id`` and ``recoverable``: whether the caller can
        do something, by waiting (``retryable``) or by asking for something else (an HTTP status below 500). To that
        come ``field`` of a ValidationError, ``config_key`` of a ConfigurationError, ``service`` and ``retry_after``
        (seconds) of a ConnectionError, ``auth_method`` and ``action_required`` of an AuthenticationError,
        ``incident_id`` of a CriticalError, and ``retry_after`` of every error that has one. An error that is no typed
        one is answered as an Error that it is the cause of.

        The log entry has ``error_code``, ``correlation_id``, ``context`` (without its secrets), ``exception_type`` and
        ``timestamp`` (seconds since the epoch) as attributes.
        """
        error = exception if isinstance(exception, BaseError) else _typed(exception)
        self._log(error)
        answer = {
            "error_type": error_type(type(error)),
            "message": attribute(error, "message"),
            "error_code": attribute(error, "code"),
            "correlation_id": attribute(error, "correlation_id"),
            "recoverable": _is_recoverable(error),
        }
        for kind, names in _FIELDS.items():
            if isinstance(error, kind):
                answer |= {name: attribute(error, name) for name in names}
        for kind, advice in _ADVICE.items():
            if isinstance(error, kind):
                answer |= advice
        if attribute(error, "retry_after") is not None:
            answer["retry_after"] = attribute(error, "retry_after")
        if isinstance(error, FlextExceptions.CriticalError):
            answer["incident_id"] = f"INC-{text_of(answer['correlation_id'])}"
            if self.alert is not None:
                tell(self.logger, self.alert, error)
        return answer

    def _log(self, error: BaseError) -> None:
        level = LEVELS.get(text_of(attribute(error, "severity")), logging.ERROR)
        if not self.logger.isEnabledFor(level):
            return
        extra = {
            "error_code": attribute(error, "code"),
            "correlation_id": attribute(error, "correlation_id"),
            "context": context_of(error),
            "exception_type": type(error).__name__,
            "timestamp": attribute(error, "timestamp"),
        }
        log(self.logger, level, f"{type(error).__name__}: {text_of(error)}", extra, error)


def error_type(cls: type[BaseError]) -> str:
    """The name of a type in small letters; of a project's own type that of the nearest type of the catalogue.

    >>> error_type(FlextExceptions.ValidationError), error_type(FlextExceptions.IsADirectoryError)
    ('validation_error', 'is_a_directory_error')
    """
    name = next(base.__name__ for base in cls.__mro__ if base.__module__ == FlextExceptions.__module__)
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def _typed(exception: BaseException, **context: object) -> FlextExceptions.Error:
    """An Error that says what a foreign one does, and has it as its cause."""
    text = f"Unexpected error: {text_of(exception)}"
    error = FlextExceptions.Error(text, context={**context, "original_exception": type(exception).__name__})
    error.__cause__ = exception
    return error


def _is_recoverable(error: BaseError) -> bool:
    status = attribute(error, "http_status")
    return attribute(error, "retryable") is True or (isinstance(status, int) and status < 500)


class Guard(Protocol[D_co]):
    """A decorator that puts an answer in the place of an error; the signature stays, async functions stay async."""

    @overload
    def __call__(
        self, function: Callable[P, Coroutine[Any, Any, R]], /
    ) -> Callable[P, Coroutine[Any, Any, R | D_co]]: ...
    @overload
    def __call__(self, function: Callable[P, R], /) -> Callable[P, R | D_co]: ...


@overload
def flext_exception_handler(
    default_response: None = None, *, handler: ApplicationExceptionHandler | None = None
) -> Guard[Answer]: ...
@overload
def flext_exception_handler(default_response: D, *, handler: ApplicationExceptionHandler | None = None) -> Guard[D]: ...
def flext_exception_handler(
    default_response: Any = None, *, handler: ApplicationExceptionHandler | None = None
) -> Guard[Any]:
    """Decorate a function, sync or async, so that its errors go to a handler and come back as the handler's answer.

    Errors that are no typed ones become an Error first, with ``function``, ``args_count``, ``kwargs_keys`` and
    ``original_exception`` in its context. With a ``default_response`` that is returned in place of the answer. What is
    no ``Exception`` (Ctrl-C, the cancelling of a task) goes through. Of a generator only the call is seen.

    >>> @flext_exception_handler()
    ... def half(number: int) -> float:
    ...     if number % 2:
    ...         raise FlextExceptions.ValidationError("not even", field="number")
    ...     return number / 2
    >>> half(4), half(3)["message"]
    (2.0, 'not even')
    """
    handled = handler or ApplicationExceptionHandler()

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        def answer(error: Exception, args: tuple[object, ...], keywords: dict[str, object]) -> object:
            if not isinstance(error, BaseError):
                error = _typed(
                    error, function=function_name(function), args_count=len(args), kwargs_keys=list(keywords)
                )
            told = handled.handle_exception(error)
            return told if default_response is None else default_response

        @wraps(function)
        def guarded(*args: Any, **keywords: Any) -> Any:
            try:
                return function(*args, **keywords)
            except Exception as error:
                return answer(error, args, keywords)

        @wraps(function)
        async def guarded_async(*args: Any, **keywords: Any) -> Any:
            try:
                return await function(*args, **keywords)
            except Exception as error:
                return answer(error, args, keywords)

        return guarded_async if is_async(function) else guarded

    return cast(Guard[Any], decorate)
