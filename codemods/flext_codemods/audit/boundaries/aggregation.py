"""An aggregator takes errors; it turns them into one, and raises if there are none."""

from __future__ import annotations

from typing import Any

from flext_exceptions import FlextExceptions


class ExceptionAggregator:
    """See :class:`flext_exceptions.patterns.aggregation.ExceptionAggregator`."""

    def __init__(self) -> None:
        self.exceptions: list[Exception] = []

    def add_exception(self, identifier: str, exception: Exception) -> None:
        """Keep an error."""

    def has_exceptions(self) -> bool:
        """Return whether there are any."""
        return bool(self.exceptions)

    def get_exception_summary(self) -> dict[str, list[dict[str, Any]]]:
        """Return what there is."""
        return {}

    def create_aggregated_exception(self) -> FlextExceptions.ProcessingError:
        """Return one error for all."""
        require(self.exceptions)
        return FlextExceptions.ProcessingError("several errors")

    def create_exception_group(self) -> ExceptionGroup[Exception]:
        """Return them as a group."""
        require(self.exceptions)
        return ExceptionGroup("several errors", self.exceptions)


def require(exceptions: list[Exception]) -> None:
    """Raise if there are none."""
    if not exceptions:
        raise FlextExceptions.ValidationError("No exceptions to aggregate: call has_exceptions() first")
