"""The interface of an error for the modules below the classes; for type checkers only, so they need not import them."""

from __future__ import annotations

from typing import Any, Protocol


class TypedError(Protocol):
    """An error of the library."""

    args: tuple[Any, ...]
    code: str
    correlation_id: str
    context: dict[str, Any]
    _keywords: tuple[str, ...]
