"""An enricher lets every error pass."""

from __future__ import annotations

from typing import Any, Self, TypeVar

E = TypeVar("E")


class ExceptionEnricher:
    """See :class:`flext_exceptions.patterns.enrichment.ExceptionEnricher`."""

    def __init__(self, service_name: str) -> None:
        self.service_name = service_name

    def add_context(self, /, **context: Any) -> None:
        """Add what is known."""

    def enrich_exception(self, exception: E) -> E:
        """Return the error."""
        return exception

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        """Let the error pass."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        """Let the error pass."""
