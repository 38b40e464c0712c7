"""A retry lets the last error pass unchanged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class ExceptionRecoveryManager:
    """See :class:`flext_exceptions.patterns.recovery.ExceptionRecoveryManager`."""

    def __init__(self, *, sleeping: bool = True) -> None:
        self.sleeping = sleeping

    def with_recovery(self, max_attempts: Any = 3, backoff_multiplier: float = 2.0) -> Any:
        """Decorate a function, with parentheses or without."""
        if callable(max_attempts):
            return max_attempts
        return unchanged


def unchanged(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function unchanged."""
    return function
