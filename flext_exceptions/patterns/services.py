"""The boundary of a service: what fails inside comes out as a typed error that says which operation of whom it was.

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
from typing import Any, ParamSpec, TypeVar, cast

from flext_exceptions import FlextExceptions

from .._internal.callables import function_name, is_async, takes
from .._internal.safe_logging import add_context, log
from .._internal.safe_text import text_of
from ..correlation import current_scope

P = ParamSpec("P")
R = TypeVar("R")


class ServiceExceptionWrapper:
    """Wraps the operations of one service; one may serve many threads and tasks.

    The success of an operation is logged at INFO by the logger ``flext_exceptions.services.<service name>``.
    """

    def __init__(self, service_name: str) -> None:
        self.service_name = service_name
        self.logger = logging.getLogger(f"flext_exceptions.services.{service_name}")

    def wrap_operation(self, operation_name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """Decorate a function, sync or async, that does this operation.

        A ``correlation_id=`` in the call (None and "" are none) is bound while the function runs, so that every error
        made meanwhile has it. It does not reach the function, unless that has a parameter of this name. Type checkers
        know the function's own signature only: where they watch, declare the parameter, or call within
        ``FlextExceptions.correlation(id)``.

        A typed error gets ``service`` and ``operation`` into its context, where it does not say them itself (of
        wrappers within one another the inner one is nearer to the cause), and is raised again. Any other becomes the
        cause of a ProcessingError with ``operation``, ``service``, ``original_exception`` and ``function``. Ctrl-C and
        the cancelling of a task go through. Of a generator only the call is seen, not what fails while it is read.
        """

        def decorate(function: Callable[P, R]) -> Callable[P, R]:
            # A parameter of the function's own is read and left there.
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
                    add_context(error, service=self.service_name, operation=operation_name)
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
                    add_context(error, service=self.service_name, operation=operation_name)
                    raise
                except Exception as error:
                    raise self._failure(error, operation_name, function, given) from error
                if self.logger.isEnabledFor(logging.INFO):
                    self._log_success(operation_name, given)
                return result

            return cast(Callable[P, R], wrapped_async if is_async(function) else wrapped)

        return decorate

    def _failure(
        self, error: Exception, operation: str, function: Callable[..., Any], correlation_id: str | None
    ) -> FlextExceptions.ProcessingError:
        """What a foreign error becomes; without an id of its own it has that of the incident."""
        return FlextExceptions.ProcessingError(
            f"Service operation failed: {text_of(error)}",
            operation=operation,
            context={
                "service": self.service_name,
                "original_exception": type(error).__name__,
                "function": function_name(function),
            },
            correlation_id=correlation_id,
        )

    def _log_success(self, operation: str, correlation_id: str | None) -> None:
        scope = current_scope()
        bound = "" if scope is None else scope[0]
        extra = {
            "service": self.service_name,
            "operation": operation,
            "correlation_id": bound if correlation_id is None else correlation_id,
        }
        log(self.logger, logging.INFO, f"{operation} succeeded", extra)
