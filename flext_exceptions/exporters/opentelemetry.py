"""Counts of errors as an OpenTelemetry metric, and errors as events of spans.

Names follow the semantic conventions (https://opentelemetry.io/docs/specs/semconv/, exceptions and ``error.type``);
what they do not name is under ``flext.``. ``exception.escaped`` is deprecated there and not set. Without an SDK, or if
a span is not recording, nothing happens.

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
from ..logs.errors import typed_error

try:
    from opentelemetry import metrics, trace
except ModuleNotFoundError as missing:
    raise FlextExceptions.ModuleNotFoundError(
        f"{missing.name} is missing: pip install 'flext-exceptions[opentelemetry]'", name=missing.name
    ) from None

LOGGER = logging.getLogger("flext_exceptions.opentelemetry")
MOST_TRACE = 16_000  # characters of a stack trace with its causes; the end is kept, which shows the error itself

_BEHIND = {
    "cause": "The above exception was the direct cause of the following exception:",
    "while_handling": "During handling of the above exception, another exception occurred:",
}


def count_errors(provider: metrics.MeterProvider | None = None) -> None:
    """Let a meter provider, by default the global one, observe the counts; a second call for the same one adds nothing.

    The instrument is the observable counter ``flext.exceptions`` with the unit ``{exception}`` and the attributes
    ``error.type``, the public class name, and ``flext.code``, the code that the error had when it was constructed,
    unless it has none. It reads the counts of this process when it is asked, and adds nothing to the cost of an error.
    """
    # The SDK returns the existing instrument for an equal one.
    metrics.get_meter("flext_exceptions", meter_provider=provider).create_observable_counter(
        "flext.exceptions", [_observe], unit="{exception}", description="Typed errors that were created."
    )


def _observe(_: metrics.CallbackOptions) -> Iterable[metrics.Observation]:
    for (name, code), number in counts.totals_by_code().items():
        if number:
            yield metrics.Observation(number, {"error.type": name} | ({"flext.code": code} if code else {}))


def record_error(error: BaseException, span: trace.Span | None = None) -> None:
    """Add an event "exception" for an error, typed or not, to a span, by default the current one. Never raises.

    It has ``exception.type``, ``exception.message`` and, for an error that was raised, if ``enable_stack_traces`` is
    on, ``exception.stacktrace`` with the causes; for a typed error, or the first one in a group, ``flext.code`` and
    ``flext.correlation_id``, which is also set on the span, for searching. Secrets are hidden, and texts bounded, as by
    ``to_dict()``. The status of the span is unchanged: only the code that handles the error knows whether it is a
    failure.

    A span that records exceptions leaving its block hides nothing: create it with ``record_exception=False``.
    ``flext_exceptions.observers.watched(record_error)`` calls it with each typed error as it is constructed.
    """
    tell(LOGGER, _record, error, trace.get_current_span() if span is None else span)


def _record(error: BaseException, span: trace.Span) -> None:
    if not span.is_recording():
        return
    document = to_dict(error)
    typed = _in_group(error)
    known = document if typed is error or typed is None else to_dict(typed)
    facts = {f"flext.{name}": known[name] for name in ("code", "correlation_id") if known.get(name)}
    attributes = {"exception.type": _qualified(document["type"]), "exception.message": document["message"], **facts}
    if "stack_trace" in document:
        attributes["exception.stacktrace"] = _end(_traceback(document))
    span.add_event("exception", attributes)
    span.set_attributes(facts)


def _in_group(error: BaseException) -> BaseException | None:
    """The error whose facts are reported: itself, or the first typed one in a group."""
    return typed_error(error) if isinstance(error, BaseExceptionGroup) else error


def _qualified(name: str) -> str:
    """The name of a class in a document as a traceback shows it.

    >>> _qualified("ValidationError"), _qualified("builtins.KeyError"), _qualified("shop.OutOfStock")
    ('flext_exceptions.FlextExceptions.ValidationError', 'KeyError', 'shop.OutOfStock')
    """
    return name.removeprefix("builtins.") if "." in name else f"flext_exceptions.FlextExceptions.{name}"


def _traceback(document: dict[str, Any]) -> str:
    """A document in the form in which Python shows an error, without source lines, which may hold secrets."""
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
