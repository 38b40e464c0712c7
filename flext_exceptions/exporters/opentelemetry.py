"""Counts of errors as an OpenTelemetry metric, and errors as events of spans.

Names follow the semantic conventions (https://opentelemetry.io/docs/specs/semconv/, exceptions and ``error.type``);
what these have no name for is under ``flext.``. ``exception.escaped`` is deprecated there and not set. Without an SDK,
or where a span is not recording, all of it does nothing.

>>> from flext_exceptions import FlextExceptions
>>> count_errors()
>>> record_error(FlextExceptions.ValidationError("sold out", field="sku"))
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from flext_exceptions import FlextExceptions

from .. import metrics as counts
from .._internal.safe_logging import tell
from ..documents.to_dict import to_dict

try:
    from opentelemetry import metrics, trace
except ModuleNotFoundError as missing:
    raise FlextExceptions.ModuleNotFoundError(
        f"{missing.name} is missing: pip install 'flext-exceptions[opentelemetry]'", name=missing.name
    ) from None

LOGGER = logging.getLogger("flext_exceptions.opentelemetry")
MOST_TRACE = 16_000  # characters of a stack trace with those of its causes; the end is kept, where the error itself is

_BEHIND = {
    "cause": "The above exception was the direct cause of the following exception:",
    "while_handling": "During handling of the above exception, another exception occurred:",
}


def count_errors(provider: metrics.MeterProvider | None = None) -> None:
    """Let a meter provider, else the global one, observe the counts; calling it again for the same one adds nothing.

    The instrument is the observable counter ``flext.exceptions`` with the unit ``{exception}`` and the attributes
    ``error.type``, the public class name, and ``flext.code``, the code that the error had when it was made, unless it
    has none. It reads the counts of this process when it is asked, and costs nothing where an error is made.
    """
    # The SDK takes an instrument that it has already for the one that it has.
    metrics.get_meter("flext_exceptions", meter_provider=provider).create_observable_counter(
        "flext.exceptions", [_observe], unit="{exception}", description="Typed errors that were made."
    )


def _observe(_: metrics.CallbackOptions) -> Iterable[metrics.Observation]:
    for (name, code), number in counts.totals_by_code().items():
        if number:
            yield metrics.Observation(number, {"error.type": name} | ({"flext.code": code} if code else {}))


def record_error(error: BaseException, span: trace.Span | None = None) -> None:
    """Add an event "exception" for an error, typed or not, to a span, else to the current one. Never raises.

    It has ``exception.type``, ``exception.message`` and, of an error that was raised, where ``enable_stack_traces`` is
    on, ``exception.stacktrace`` with the causes; of a typed error ``flext.code`` and ``flext.correlation_id``, which
    the span itself gets too, to be found by them. Secrets are hidden, and texts bounded, as by ``to_dict()``. The
    status of the span stays: whether an error makes it a failure is known to those who handle it.

    A span that records what leaves its block by itself hides nothing: begin it with ``record_exception=False``.
    ``flext_exceptions.observers.watched(record_error)`` calls it with each typed error as it is made.
    """
    tell(LOGGER, _record, error, trace.get_current_span() if span is None else span)


def _record(error: BaseException, span: trace.Span) -> None:
    if not span.is_recording():
        return
    document = to_dict(error)
    facts = {f"flext.{name}": document[name] for name in ("code", "correlation_id") if document.get(name)}
    attributes = {"exception.type": _qualified(document["type"]), "exception.message": document["message"], **facts}
    if "stack_trace" in document:
        attributes["exception.stacktrace"] = _end(_traceback(document))
    span.add_event("exception", attributes)
    span.set_attributes(facts)


def _qualified(name: str) -> str:
    """The name of a class in a document as a traceback shows it.

    >>> _qualified("ValidationError"), _qualified("builtins.KeyError"), _qualified("shop.OutOfStock")
    ('flext_exceptions.FlextExceptions.ValidationError', 'KeyError', 'shop.OutOfStock')
    """
    return name.removeprefix("builtins.") if "." in name else f"flext_exceptions.FlextExceptions.{name}"


def _traceback(document: dict[str, Any]) -> str:
    """A document as Python shows an error, without lines of the source, which may hold secrets."""
    lines = []
    for member, words in _BEHIND.items():
        if member in document:
            lines += [_traceback(document[member]), "", words, ""]
    frames = document.get("stack_trace", ())
    if frames:
        lines.append("Traceback (most recent call last):")
    lines += [f'  File "{frame["file"]}", line {frame["line"]}, in {frame["function"]}' for frame in frames]
    lines.append(f"{_qualified(document['type'])}: {document['message']}".removesuffix(": "))
    return "\n".join([*lines, *map(str, document.get("notes", ()))])


def _end(text: str) -> str:
    return text if len(text) <= MOST_TRACE else "..." + text[3 - MOST_TRACE :]
