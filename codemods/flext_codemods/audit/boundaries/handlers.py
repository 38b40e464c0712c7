"""A handler takes every error; its answer is a value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class ApplicationExceptionHandler:
    """See :class:`flext_exceptions.patterns.handlers.ApplicationExceptionHandler`."""

    def __init__(self, alert: Callable[..., object] | None = None) -> None:
        self.alert = alert

    def handle_exception(self, exception: BaseException) -> dict[str, Any]:
        """Answer an error; never raises."""
        return {"message": str(exception)}


def flext_exception_handler(default_response: Any = None, *, handler: Any = None) -> Any:
    """Decorate a function, with parentheses or without."""

    def call(*args: Any, **keywords: Any) -> Any:
        try:
            return default_response(*args, **keywords)
        except Exception as error:
            return {"message": str(error)}

    return call if callable(default_response) else guarded


def guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a function."""

    def call(*args: Any, **keywords: Any) -> Any:
        try:
            return function(*args, **keywords)
        except Exception as error:
            return {"message": str(error)}

    return call
