"""Errors of a batch, collected while the rest of it continues.

>>> from flext_exceptions import FlextExceptions
>>> aggregator = ExceptionAggregator()
>>> for number, text in enumerate(["3", "x", "5"]):
...     try:
...         if not text.isdigit():
...             raise FlextExceptions.ValidationError("no number", value=text, correlation_id="req-1")
...     except FlextExceptions as error:
...         aggregator.add_exception(f"line {number}", error)
>>> if aggregator.has_exceptions():
...     error = aggregator.create_aggregated_exception()
...     print(error)
...     print(error.context["error_summary"])
Batch processing failed with 1 errors of types: ValidationError
{'ValidationError': [{'identifier': 'line 1', 'message': 'no number', 'error_code': 'FLEXT_3001', \
'correlation_id': 'req-1'}]}
"""

from __future__ import annotations

from typing import Any

from flext_exceptions import FlextExceptions

from .._internal.safe_logging import attribute
from .._internal.safe_text import text_of


class ExceptionAggregator:
    """Keeps errors, typed or not, each with an identifier. Many threads and tasks may add at once."""

    def __init__(self) -> None:
        self.exceptions: list[tuple[str, Exception]] = []
        """The identifiers with their errors, in the order of adding: the list itself, which programs may change."""

    def add_exception(self, identifier: str, exception: Exception) -> None:
        """Add the error of the item with this identifier; one identifier may have several."""
        self.exceptions.append((identifier, exception))

    def has_exceptions(self) -> bool:
        """Whether there are any."""
        return bool(self.exceptions)

    def get_exception_summary(self) -> dict[str, list[dict[str, Any]]]:
        """Class name to what is known about each: ``identifier``, ``message``, ``error_code``, ``correlation_id``.

        An error that is not a typed one has None for the last two.
        """
        return _summary(self.exceptions.copy())

    def create_aggregated_exception(self) -> FlextExceptions.ProcessingError:
        """One error for all of them, with their group as its cause.

        Its context has ``total_errors``, ``error_summary`` and ``failed_identifiers``; if all typed errors share one
        correlation id, it has that too. The errors themselves are unchanged. Raises ValidationError if there are none.
        """
        kept = self.exceptions.copy()  # a copy: others may go on adding
        group = _group(kept)
        summary = _summary(kept)
        ids = {text_of(attribute(error, "correlation_id")) for _, error in kept if isinstance(error, FlextExceptions)}
        error = FlextExceptions.ProcessingError(
            group.message,
            operation="batch_processing",
            context={
                "total_errors": len(kept),
                "error_summary": summary,
                "failed_identifiers": [identifier for identifier, _ in kept],
            },
            correlation_id=ids.pop() if len(ids) == 1 else None,
        )
        error.__cause__ = group
        return error

    def create_exception_group(self) -> ExceptionGroup[Exception]:
        """All of them as an ``ExceptionGroup`` (PEP 654), for ``except*``.

        Raises ValidationError if there are none.

        >>> aggregator = ExceptionAggregator()
        >>> aggregator.add_exception("line 1", KeyError("sku"))
        >>> aggregator.create_exception_group()
        ExceptionGroup('Batch processing failed with 1 errors of types: KeyError', [KeyError('sku')])
        """
        return _group(self.exceptions.copy())

    def clear(self) -> None:
        """Remove all errors."""
        self.exceptions.clear()


def _group(kept: list[tuple[str, Exception]]) -> ExceptionGroup[Exception]:
    if not kept:
        raise FlextExceptions.ValidationError("No exceptions to aggregate: call has_exceptions() first")
    types = ", ".join(dict.fromkeys(type(error).__name__ for _, error in kept))
    text = f"Batch processing failed with {len(kept)} errors of types: {types}"
    return ExceptionGroup(text, [error for _, error in kept])


def _summary(kept: list[tuple[str, Exception]]) -> dict[str, list[dict[str, Any]]]:
    summary: dict[str, list[dict[str, Any]]] = {}
    for identifier, error in kept:
        typed = isinstance(error, FlextExceptions)
        known = {
            "identifier": identifier,
            "message": attribute(error, "message") if typed else text_of(error),
            "error_code": attribute(error, "code") if typed else None,
            "correlation_id": attribute(error, "correlation_id") if typed else None,
        }
        summary.setdefault(type(error).__name__, []).append(known)
    return summary
