"""The boundary of a service: failures become typed errors that name the operation and the service.

>>> from flext_exceptions import FlextExceptions
>>> orders = ServiceExceptionWrapper("orders")
>>> @orders.wrap_operation("place")
... def place(sku: str) -> str:
...     return {"A-1": "placed"}[sku]
>>> place("A-1")
'placed'
>>> try:
...     place("B-2", correlation_id="req-1")
... except FlextExceptions.ProcessingError as error:
...     print(error, error.correlation_id, error.context, repr(error.__cause__), sep="; ")
Service operation failed: 'B-2'; req-1; {'service': 'orders', 'original_exception': 'KeyError', \
'function': 'place', 'operation': 'place'}; KeyError('B-2')
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast, overload

from flext_exceptions import FlextExceptions

from .._internal.callables import function_name, is_async, takes
from .._internal.safe_logging import log, put_over
from .._internal.safe_text import text_of
from ..correlation import current_scope, fresh_if_enabled, settle

P = ParamSpec("P")
R = TypeVar("R")

PREFIX = "svc_"
"""The prefix of an id that is generated here, because none was given, bound, or found behind an error."""


class ServiceExceptionWrapper:
    """Wraps the operations of one service; one may serve many threads and tasks.

    The success of an operation is logged at INFO by the logger ``flext_exceptions.services.<service name>``.
    """

    def __init__(self, service_name: str) -> None:
        self.service_name = service_name
        self.logger = logging.getLogger(f"flext_exceptions.services.{service_name}")

    @overload
    def wrap_operation(self, operation_name: Callable[P, R], /) -> Callable[P, R]: ...
    @overload
    def wrap_operation(self, operation_name: str | None = None) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
    def wrap_operation(self, operation_name: str | Callable[..., Any] | None = None) -> Callable[..., Any]:
        """Decorate a function, sync or async, that performs this operation, by default named after the function.

        A ``correlation_id=`` in the call (None and "" do not count) is bound while the function runs, so that every
        error constructed meanwhile has it. It is not passed to the function, unless that has a parameter of this name.
        Type checkers know the function's own signature only: if you use one, declare the parameter, or call within
        ``FlextExceptions.correlation(id)``.

        A typed error gets ``service`` and ``operation`` in its context and is raised again. Its own values, and those
        of wrappers within this one, move to ``inner_services`` and ``inner_operations``, nearest to the cause first.
        Any other error becomes the cause of a ProcessingError with ``operation``, ``service``, ``original_exception``
        and ``function``. Its id is the given one, otherwise the bound one, otherwise that of the incident, otherwise a
        new one that begins with "svc_". Ctrl-C and the cancellation of a task pass. For a generator only the call is
        covered, not what fails while it is consumed.
        """
        if callable(operation_name):
            return self._wrap(operation_name, function_name(operation_name))
        return lambda function: self._wrap(function, operation_name or function_name(function))

    def _wrap(self, function: Callable[P, R], operation_name: str) -> Callable[P, R]:
        # A parameter of the function's own is read and passed on.
        awaited = cast(Callable[..., Any], function)
        take: Callable[..., Any] = dict.get if takes(function, "correlation_id") else dict.pop

        @wraps(function)
        def wrapped(*args: Any, **keywords: Any) -> Any:
            given = take(keywords, "correlation_id", None) or None
            try:
                if given is None:
                    result = function(*args, **keywords)
                else:
                    with FlextExceptions.correlation(given):
                        result = function(*args, **keywords)
            except FlextExceptions as error:
                put_over(error, service=self.service_name, operation=operation_name)
                raise
            except Exception as error:
                raise self._failure(error, operation_name, function, given) from error
            if self.logger.isEnabledFor(logging.INFO):
                self._log_success(operation_name, given)
            return result

        @wraps(function)
        async def wrapped_async(*args: Any, **keywords: Any) -> Any:
            given = take(keywords, "correlation_id", None) or None
            try:
                if given is None:
                    result = await awaited(*args, **keywords)
                else:
                    with FlextExceptions.correlation(given):
                        result = await awaited(*args, **keywords)
            except FlextExceptions as error:
                put_over(error, service=self.service_name, operation=operation_name)
                raise
            except Exception as error:
                raise self._failure(error, operation_name, function, given) from error
            if self.logger.isEnabledFor(logging.INFO):
                self._log_success(operation_name, given)
            return result

        return cast(Callable[P, R], wrapped_async if is_async(function) else wrapped)

    def _failure(
        self, error: Exception, operation: str, function: Callable[..., Any], correlation_id: str | None
    ) -> FlextExceptions.ProcessingError:
        """The typed error for a foreign one."""
        failure = FlextExceptions.ProcessingError(
            f"Service operation failed: {text_of(error)}",
            operation=operation,
            context={
                "service": self.service_name,
                "original_exception": type(error).__name__,
                "function": function_name(function),
            },
            correlation_id=correlation_id,
        )
        failure.__cause__ = error
        settle(failure, FlextExceptions.BaseError, PREFIX)
        return failure

    def _log_success(self, operation: str, correlation_id: str | None) -> None:
        scope = current_scope()
        bound = fresh_if_enabled(PREFIX) if scope is None else scope[0]
        extra = {
            "service": self.service_name,
            "operation": operation,
            "correlation_id": bound if correlation_id is None else correlation_id,
        }
        log(self.logger, logging.INFO, f"Operation {operation} completed successfully", extra)
