"""The error for a wrong use of the command."""

from __future__ import annotations

from flext_exceptions import FlextExceptions

__all__ = ["usage"]


def usage(message: str) -> FlextExceptions.ConfigurationError:
    """Build the one-line error for a wrong use of the command."""
    return FlextExceptions.ConfigurationError(message)
