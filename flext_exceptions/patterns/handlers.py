"""One place where errors end: each is logged, critical ones raise an alarm, and the caller gets a dict.

>>> from flext_exceptions import FlextExceptions
>>> handler = ApplicationExceptionHandler()
>>> error = FlextExceptions.ConnectionError("no answer", service="stock", correlation_id="req-1")
>>> for item in handler.handle_exception(error).items():
...     print(*item)
error_type connection_error
message Service temporarily unavailable - please try again
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
from .._internal.state import is_remote

P = ParamSpec("P")
R = TypeVar("R")
D = TypeVar("D")
D_co = TypeVar("D_co", covariant=True)
BaseError = FlextExceptions.BaseError
Answer = dict[str, Any]


class ApplicationExceptionHandler:
    """Logs errors and turns them into answers; one may serve many threads and tasks.

    Each kind of answer has its own method, which may be overridden: ``_handle_validation_error``,
    ``_handle_configuration_error``, ``_handle_connection_error``, ``_handle_authentication_error``,
    ``_handle_critical_error`` with ``_send_critical_alert`` and ``_create_incident``, and ``_handle_generic_error`` for
    all others. If one of them fails, that is logged, and the answer is the generic one.

    ``alert``, a plain function, is called with each CriticalError after it was logged. If it fails, that is logged too,
    and the answer is the same.

    >>> handler = ApplicationExceptionHandler(alert=lambda error: print("wake somebody:", error))
    >>> answer = handler.handle_exception(FlextExceptions.CriticalError("disk full", correlation_id="req-1"))
    wake somebody: disk full
    >>> answer["incident_id"], answer["recoverable"]
    ('INC-req-1', False)
    """

    def __init__(self, alert: Callable[[FlextExceptions.CriticalError], object] | None = None) -> None:
        self.alert = alert
        self.logger = logging.getLogger("flext_exceptions.handlers")
        self._setup_logging()

    def _setup_logging(self) -> None:
        """Does nothing, since configuring logging is up to the program; called once, for subclasses that do."""

    def handle_exception(self, exception: BaseException) -> Answer:
        """Log the error and return what a caller needs to know. Never raises.

        The answer has ``error_type`` (the name of the type in snake case; for a project's own type that of the type it
        is derived from), ``message``, ``error_code``, ``correlation_id`` and ``recoverable``: whether the caller can do
        something, by waiting (``retryable``) or by changing the request (an HTTP status below 500). A ValidationError
        adds ``field``, a ConfigurationError ``config_key``, a ConnectionError ``service`` and ``retry_after`` (seconds,
        30 if the error has none), an AuthenticationError ``auth_method`` and ``action_required``, a CriticalError
        ``incident_id``, and every error that has one ``retry_after``. The message of a configuration, connection,
        authentication or critical error is a fixed text, since their own would reveal internals. An error that is not
        typed is answered like an Error that it caused.

        The log entry, at CRITICAL if the error has that severity and at ERROR otherwise, has the error's own message,
        and ``error_code``, ``correlation_id``, ``context`` (without its secrets), ``exception_type`` and ``timestamp``
        (seconds since the epoch) as attributes.
        """
        error = exception if isinstance(exception, BaseError) else _typed(exception)
        self._log(error)
        try:
            return self._answer(error)
        except Exception as failure:
            text = f"the answer to {type(error).__name__} failed: {type(failure).__name__}: {text_of(failure)}"
            log(self.logger, logging.ERROR, text, {"exception_type": type(failure).__name__}, failure)
            return _answer(error, attribute(error, "message"))

    def _answer(self, error: BaseError) -> Answer:
        if isinstance(error, FlextExceptions.ValidationError):
            return self._handle_validation_error(error)
        if isinstance(error, FlextExceptions.ConfigurationError):
            return self._handle_configuration_error(error)
        if isinstance(error, FlextExceptions.ConnectionError):
            return self._handle_connection_error(error)
        if isinstance(error, FlextExceptions.AuthenticationError):
            return self._handle_authentication_error(error)
        if isinstance(error, FlextExceptions.CriticalError):
            return self._handle_critical_error(error)
        return self._handle_generic_error(error)

    def _handle_validation_error(self, exception: FlextExceptions.ValidationError) -> Answer:
        text = f"Validation failed: {text_of(attribute(exception, 'message'))}"
        return _answer(exception, text, field=attribute(exception, "field"))

    def _handle_configuration_error(self, exception: FlextExceptions.ConfigurationError) -> Answer:
        text = "System configuration error - please contact administrator"
        return _answer(exception, text, config_key=attribute(exception, "config_key"))

    def _handle_connection_error(self, exception: FlextExceptions.ConnectionError) -> Answer:
        text = "Service temporarily unavailable - please try again"
        return _answer(exception, text, service=attribute(exception, "service"), retry_after=30)

    def _handle_authentication_error(self, exception: FlextExceptions.AuthenticationError) -> Answer:
        method = attribute(exception, "auth_method")
        return _answer(exception, "Authentication required", auth_method=method, action_required="login")

    def _handle_critical_error(self, exception: FlextExceptions.CriticalError) -> Answer:
        if not is_remote(exception):  # the alarm was raised where it happened
            tell(self.logger, self._send_critical_alert, exception)
        incident = self._create_incident(exception)
        return _answer(exception, "Critical system error - incident reported", incident_id=incident)

    def _handle_generic_error(self, exception: BaseError) -> Answer:
        return _answer(exception, attribute(exception, "message"))

    def _send_critical_alert(self, exception: FlextExceptions.CriticalError) -> None:
        """Call ``alert``, if there is one."""
        if self.alert is not None:
            self.alert(exception)

    def _create_incident(self, exception: FlextExceptions.CriticalError) -> str:
        """The id of the incident: "INC-" and the correlation id."""
        return f"INC-{text_of(attribute(exception, 'correlation_id'))}"

    def _log(self, error: BaseError) -> None:
        level = max(logging.ERROR, LEVELS.get(text_of(attribute(error, "severity")), logging.ERROR))
        if not self.logger.isEnabledFor(level):
            return
        extra = {
            "error_code": attribute(error, "code"),
            "correlation_id": attribute(error, "correlation_id"),
            "context": context_of(error),
            "exception_type": type(error).__name__,
            "timestamp": attribute(error, "timestamp"),
        }
        log(self.logger, level, f"Exception occurred: {text_of(error)}", extra, error)


def _answer(error: BaseError, message: object, **more: object) -> Answer:
    """The members of every answer, followed by those specific to this one."""
    answer = {
        "error_type": error_type(type(error)),
        "message": message,
        "error_code": attribute(error, "code"),
        "correlation_id": attribute(error, "correlation_id"),
        "recoverable": _is_recoverable(error),
        **more,
    }
    wait = attribute(error, "retry_after")
    return answer if wait is None else answer | {"retry_after": wait}


def error_type(cls: type[BaseError]) -> str:
    """The name of a type in snake case; for a project's own type that of the nearest type of the catalogue.

    >>> error_type(FlextExceptions.ValidationError), error_type(FlextExceptions.IsADirectoryError)
    ('validation_error', 'is_a_directory_error')
    """
    name = next(base.__name__ for base in cls.__mro__ if base.__module__ == FlextExceptions.__module__)
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def _typed(exception: BaseException, **context: object) -> FlextExceptions.Error:
    """An Error with a foreign error's text and that error as its cause."""
    text = f"Unexpected error: {text_of(exception)}"
    error = FlextExceptions.Error(text, context={**context, "original_exception": type(exception).__name__})
    error.__cause__ = exception
    return error


def _is_recoverable(error: BaseError) -> bool:
    status = attribute(error, "http_status")
    return attribute(error, "retryable") is True or (isinstance(status, int) and status < 500)


class Guard(Protocol[D_co]):
    """A decorator that returns an answer in place of an error; the signature is kept, async functions stay async."""

    @overload
    def __call__(
        self, function: Callable[P, Coroutine[Any, Any, R]], /
    ) -> Callable[P, Coroutine[Any, Any, R | D_co]]: ...
    @overload
    def __call__(self, function: Callable[P, R], /) -> Callable[P, R | D_co]: ...


@overload
def flext_exception_handler(  # type: ignore[overload-overlap]
    default_response: Callable[P, Coroutine[Any, Any, R]], /
) -> Callable[P, Coroutine[Any, Any, R | Answer]]: ...
@overload
def flext_exception_handler(  # type: ignore[overload-overlap]
    default_response: Callable[P, R], /
) -> Callable[P, R | Answer]: ...
@overload
def flext_exception_handler(
    default_response: None = None, *, handler: ApplicationExceptionHandler | None = None
) -> Guard[Answer]: ...
@overload
def flext_exception_handler(default_response: D, *, handler: ApplicationExceptionHandler | None = None) -> Guard[D]: ...
def flext_exception_handler(default_response: Any = None, *, handler: ApplicationExceptionHandler | None = None) -> Any:
    """Decorate a function, sync or async, so that its errors go to a handler and come back as the handler's answer.

    ``@flext_exception_handler`` alone does what ``@flext_exception_handler()`` does: a callable ``default_response`` is
    taken for the function.

    Errors that are not typed first become an Error, with ``function``, ``args_count``, ``kwargs_keys`` and
    ``original_exception`` in its context. A ``default_response`` is returned in place of the answer. Anything that is
    not an ``Exception`` (Ctrl-C, the cancellation of a task) passes. For a generator only the call is covered.

    >>> @flext_exception_handler()
    ... def half(number: int) -> float:
    ...     if number % 2:
    ...         raise FlextExceptions.ValidationError("not even", field="number")
    ...     return number / 2
    >>> half(4), half(3)["message"]
    (2.0, 'Validation failed: not even')
    """
    if callable(default_response) and handler is None:
        return flext_exception_handler()(default_response)
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
