"""What the modules below the classes ask of an error; for type checkers only, so that nothing below imports them."""

from __future__ import annotations

from typing import Any, Protocol


class TypedError(Protocol):
    """An error of the library."""

    args: tuple[Any, ...]
    code: str
    correlation_id: str
    context: dict[str, Any]
    _keywords: tuple[str, ...]
