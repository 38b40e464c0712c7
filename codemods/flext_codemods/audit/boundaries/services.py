"""Typed errors pass the wrapper of a service; any other becomes a ProcessingError."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flext_exceptions import FlextExceptions


class ServiceExceptionWrapper:
    """See :class:`flext_exceptions.patterns.services.ServiceExceptionWrapper`."""

    def __init__(self, service_name: str) -> None:
        self.service_name = service_name

    def wrap_operation(self, operation_name: Any = None) -> Any:
        """Decorate a function, with parentheses or without."""

        def call(*args: Any, **keywords: Any) -> Any:
            try:
                return operation_name(*args, **keywords)
            except FlextExceptions:
                raise
            except Exception as error:
                raise FlextExceptions.ProcessingError("Service operation failed") from error

        return call if callable(operation_name) else named


def named(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a function."""

    def call(*args: Any, **keywords: Any) -> Any:
        try:
            return function(*args, **keywords)
        except FlextExceptions:
            raise
        except Exception as error:
            raise FlextExceptions.ProcessingError("Service operation failed") from error

    return call
