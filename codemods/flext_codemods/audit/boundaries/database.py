"""Typed errors pass the translator of a database; those of drivers, and any other, become one of six types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flext_exceptions import FlextExceptions


class DatabaseExceptionTranslator:
    """See :class:`flext_exceptions.patterns.database.DatabaseExceptionTranslator`."""

    def __init__(self, database_type: str = "postgresql") -> None:
        self.database_type = database_type

    def translate_and_execute(self, func: Callable[..., Any], *args: Any, **keywords: Any) -> Any:
        """Call a function."""
        try:
            return func(*args, **keywords)
        except FlextExceptions:
            raise
        except Exception as error:
            raise typed(error) from error

    def translated(self, func: Any = None) -> Any:
        """Decorate a function, with parentheses or without."""

        def call(*args: Any, **keywords: Any) -> Any:
            try:
                return func(*args, **keywords)
            except FlextExceptions:
                raise
            except Exception as error:
                raise typed(error) from error

        return call if func else translated


def translated(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a function."""

    def call(*args: Any, **keywords: Any) -> Any:
        try:
            return function(*args, **keywords)
        except FlextExceptions:
            raise
        except Exception as error:
            raise typed(error) from error

    return call


def typed(error: Exception) -> Exception:
    """Return what an error becomes."""
    match str(error):
        case "unique":
            return FlextExceptions.AlreadyExistsError("Record with this key already exists")
        case "constraint":
            return FlextExceptions.ValidationError("Data integrity constraint violation")
        case "connection":
            return FlextExceptions.ConnectionError("Database connection failed")
        case "timeout":
            return FlextExceptions.TimeoutError("Database operation timed out")
        case "no row":
            return FlextExceptions.NotFoundError("Record not found")
    return FlextExceptions.ProcessingError("Database operation failed")
