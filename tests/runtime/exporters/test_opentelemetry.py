"""OpenTelemetry gets every count, and the public data of errors, under the names of its conventions."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader, Sum
from opentelemetry.sdk.trace import Event, ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.semconv.attributes import error_attributes, exception_attributes

from flext_exceptions import FlextExceptions
from flext_exceptions.exporters.opentelemetry import count_errors, record_error
from flext_exceptions.observers import watched

from ..hostile import HOSTILE
from ..patterns.hostile import errors, in_threads

pytestmark = pytest.mark.usefixtures("own_codes_only")


class Meter:
    """A provider with a reader in memory."""

    def __init__(self) -> None:
        self.reader = InMemoryMetricReader()
        self.provider = MeterProvider([self.reader], shutdown_on_exit=False)

    def sums(self) -> list[tuple[str, str, Sum]]:
        """Name, unit and data of each metric of ours."""
        data = self.reader.get_metrics_data()
        scopes = [scope for each in (data.resource_metrics if data else ()) for scope in each.scope_metrics]
        return [
            (metric.name, metric.unit or "", metric.data)
            for scope in scopes
            if scope.scope.name == "flext_exceptions"
            for metric in scope.metrics
            if isinstance(metric.data, Sum)
        ]

    def counts(self) -> dict[tuple[object, object], float]:
        """By type and code, each of which is there once."""
        [(_, _, data)] = self.sums() or [("", "", Sum([], 2, True))]  # type: ignore[arg-type]
        labels = [
            ((point.attributes or {}).get("error.type"), (point.attributes or {}).get("flext.code"))
            for point in data.data_points
        ]
        assert len(set(labels)) == len(labels)
        return dict(zip(labels, (point.value for point in data.data_points), strict=True))


@pytest.fixture
def meter() -> Iterator[Meter]:
    """One that counts errors."""
    meter = Meter()
    count_errors(meter.provider)
    yield meter
    meter.provider.shutdown()


def test_the_counts_are_a_monotonic_sum_by_type_and_code(meter: Meter) -> None:
    """A clear takes nothing away; what has no code has no attribute for it."""
    before = meter.counts()
    FlextExceptions.ValidationError("m")
    FlextExceptions.clear_metrics()
    FlextExceptions.ValidationError("m", code="A")
    FlextExceptions.Error("m", code="half \ud800")
    FlextExceptions.Metrics.record_exception("ByHandOnly")
    after = meter.counts()
    assert {label: number - before.get(label, 0) for label, number in after.items() if number != before.get(label)} == {
        ("ValidationError", "FLEXT_3001"): 1,
        ("ValidationError", "A"): 1,
        ("Error", "half \\ud800"): 1,
        ("ByHandOnly", None): 1,
    }
    [(name, unit, data)] = meter.sums()
    assert (name, unit, data.is_monotonic, data.aggregation_temporality) == ("flext.exceptions", "{exception}", True, 2)
    assert 0 not in after.values()


def test_counting_for_one_provider_twice_is_counting_once(meter: Meter) -> None:
    """And each provider has the counts."""
    other = Meter()
    for provider in (meter.provider, other.provider, other.provider):
        count_errors(provider)
    FlextExceptions.Error("m")
    assert meter.counts() == other.counts() != {}
    assert len(meter.sums()) == len(other.sums()) == 1
    other.provider.shutdown()


def test_eight_threads_that_make_errors_while_others_read(meter: Meter) -> None:
    """Nothing is lost, and nothing goes back."""
    label = "BufferError", "THREADS"
    first = meter.counts().get(label, 0)
    seen: dict[int, list[float]] = {8: [], 9: []}

    def work(number: int) -> None:
        for step in range(800):
            if number < 8:
                FlextExceptions.BufferError("m", code="THREADS")
            elif step % 50 == 0:
                seen[number].append(meter.counts().get(label, 0))

    in_threads(work, 10)
    assert meter.counts()[label] == first + 8 * 800
    assert all(values == sorted(values) for values in seen.values())


class Spans:
    """A tracer whose spans stay in memory."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.tracer = provider.get_tracer("tests")

    def only(self) -> ReadableSpan:
        """The one that ended."""
        [span] = self.exporter.get_finished_spans()
        return span

    def events(self) -> list[Event]:
        """What happened in it."""
        return list(self.only().events)


@pytest.fixture
def spans() -> Spans:
    """A tracer."""
    return Spans()


def facts(event: Event) -> Mapping[str, Any]:
    """The attributes of an event that is about an error."""
    assert event.name == "exception"
    return event.attributes or {}


def caught(error: BaseException, cause: BaseException | None = None) -> BaseException:
    """The error as it is after a raise."""
    try:
        raise error from cause
    except BaseException as same:
        return same


def test_an_error_is_an_event_of_the_current_span(spans: Spans) -> None:
    """With the names of the conventions, code and correlation id; the span says these too, and its status stays."""
    with spans.tracer.start_as_current_span("order"):
        record_error(FlextExceptions.ValidationError("sold out", code="SHOP", correlation_id="req-1", sku="A-1"))
    [event] = spans.events()
    assert facts(event) == {
        "exception.type": "flext_exceptions.FlextExceptions.ValidationError",
        "exception.message": "sold out",
        "flext.code": "SHOP",
        "flext.correlation_id": "req-1",
    }
    assert spans.only().attributes == {"flext.code": "SHOP", "flext.correlation_id": "req-1"}
    assert spans.only().status.status_code is trace.StatusCode.UNSET


def test_the_stack_trace_is_told_of_a_raised_error_where_the_settings_say_so(spans: Spans) -> None:
    """With its causes and notes, as Python orders them."""
    error = caught(FlextExceptions.ValidationError("sold out"), caught(KeyError("sku")))
    error.add_note("since Monday")
    with spans.tracer.start_as_current_span("order"):
        record_error(error)
        FlextExceptions.configure_error_handling({"enable_stack_traces": False}).unwrap()
        record_error(error)
    told, not_told = map(facts, spans.events())
    line = caught.__code__.co_firstlineno + 3
    place = f'Traceback (most recent call last):\n  File "{__file__}", line {line}, in caught\n'
    assert told["exception.stacktrace"] == (
        f"{place}KeyError: 'sku'\n\n"
        "The above exception was the direct cause of the following exception:\n\n"
        f"{place}flext_exceptions.FlextExceptions.ValidationError: sold out\nsince Monday"
    )
    assert {*told} - {*not_told} == {"exception.stacktrace"}


def test_a_group_is_looked_into_for_code_and_id(spans: Spans) -> None:
    """The event is that of the group; the first typed error in it tells what it is found by."""
    typed = FlextExceptions.NotFoundError("m", correlation_id="req-1")
    group = ExceptionGroup("unhandled", [KeyError("k"), ExceptionGroup("inner", [typed])])
    with spans.tracer.start_as_current_span("s", record_exception=False):
        record_error(group)
    (event,), span = spans.events(), spans.only()
    assert facts(event)["exception.type"] == "ExceptionGroup"
    for told in (facts(event), span.attributes or {}):
        assert (told["flext.code"], told["flext.correlation_id"]) == ("NOT_FOUND", "req-1")


def test_what_was_being_handled_is_told_too(spans: Spans) -> None:
    """Of an error that was not raised but set as a cause, without a stack trace."""
    error = FlextExceptions.ValidationError("sold out")
    error.__context__ = KeyError("sku")
    with spans.tracer.start_as_current_span("order"):
        record_error(caught(error, None))
        error.__suppress_context__ = False
        record_error(error)
    hidden, told = (facts(event)["exception.stacktrace"] for event in spans.events())
    assert "KeyError" not in hidden
    assert told.startswith(
        "KeyError: 'sku'\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback"
    )


def test_with_correlation_turned_off_there_is_no_id(spans: Spans) -> None:
    """Rather than an empty one."""
    FlextExceptions.configure_error_handling({"error_correlation_enabled": False}).unwrap()
    with spans.tracer.start_as_current_span("order"):
        record_error(FlextExceptions.ValidationError("sold out"))
    assert {*(spans.only().attributes or {})} == {"flext.code"} == {*facts(spans.events()[0])} - {
        "exception.type", "exception.message",
    }  # fmt: skip


def test_the_names_are_those_of_the_conventions() -> None:
    """As the package of the conventions spells them."""
    names = exception_attributes.EXCEPTION_TYPE, exception_attributes.EXCEPTION_MESSAGE
    assert names == ("exception.type", "exception.message")
    assert exception_attributes.EXCEPTION_STACKTRACE == "exception.stacktrace"
    assert error_attributes.ERROR_TYPE == "error.type"


def test_another_span_can_be_named(spans: Spans) -> None:
    """Then the current one is not changed."""
    other = Spans()
    span = other.tracer.start_span("other")
    with spans.tracer.start_as_current_span("current"):
        record_error(FlextExceptions.Error("m"), span)
    span.end()
    assert len(other.events()) == 1 and not spans.events() and not spans.only().attributes


def test_a_foreign_error_is_told_by_what_it_has(spans: Spans) -> None:
    """Its type and message as the SDK would say them, and no code; the span gets nothing."""

    class Foreign(Exception):  # noqa: FLX304
        """No one of ours."""

    with spans.tracer.start_as_current_span("order"):
        record_error(ValueError("no"))
        record_error(Foreign())
        record_error(caught(Foreign()))
    plain, own, raised = map(facts, spans.events())
    name = f"{__name__}.{Foreign.__qualname__}"
    assert plain == {"exception.type": "ValueError", "exception.message": "no"}
    assert own == {"exception.type": name, "exception.message": ""}
    assert raised["exception.stacktrace"].endswith(f"in caught\n{name}")
    assert not spans.only().attributes


def test_no_secret_comes_out_and_no_text_is_endless(spans: Spans) -> None:
    """From no part of the chain, however long that is."""

    class Login:
        def __repr__(self) -> str:
            return "Login(password='hunter2')"

    error: BaseException = caught(FlextExceptions.Error({"password": "hunter2"}))
    for _ in range(40):
        error = caught(FlextExceptions.Error(Login(), password="hunter2", context={"login": Login()}), error)
        error.add_note("n" * 100_000)
    error = caught(FlextExceptions.Error("m" * 1_000_000), error)
    with spans.tracer.start_as_current_span("order"):
        record_error(error)
    told = facts(spans.events()[0])
    assert "hunter2" not in str(dict(told))
    assert len(told["exception.message"]) <= 1000 and len(told["exception.stacktrace"]) == 16_000
    assert told["exception.stacktrace"].startswith("...") and told["exception.stacktrace"].endswith("mmm...")


def test_whatever_an_error_holds_it_is_recorded(spans: Spans) -> None:
    """As texts that UTF-8 can hold."""
    hostile = [*errors(), *(FlextExceptions.Error(value, code=value, correlation_id=value) for value in HOSTILE)]
    for error in hostile:
        with spans.tracer.start_as_current_span("order"):
            record_error(error)
    for span in spans.exporter.get_finished_spans():
        told = facts(span.events[0])
        assert {"exception.type", "exception.message"} <= {*told}
        for text in told.values():
            assert len(text.encode()) <= 8000


def test_a_span_that_fails_harms_nobody(caplog: pytest.LogCaptureFixture) -> None:
    """It is logged."""

    class Broken(trace.NonRecordingSpan):
        def is_recording(self) -> bool:
            raise LookupError("no span")

    record_error(FlextExceptions.Error("m"), Broken(trace.INVALID_SPAN_CONTEXT))
    assert "LookupError: no span" in caplog.text


def test_a_span_that_does_not_record_costs_nothing() -> None:
    """The error is not even read."""
    error = FlextExceptions.Error("m")
    record_error(error)
    record_error(error, trace.INVALID_SPAN)
    assert "correlation_id" not in vars(error)


def test_each_error_can_be_recorded_as_it_is_made(spans: Spans) -> None:
    """By those who watch."""
    with spans.tracer.start_as_current_span("order"), watched(record_error):
        FlextExceptions.Error("one")
        FlextExceptions.Error("two")
    assert [facts(event)["exception.message"] for event in spans.events()] == ["one", "two"]


def test_each_span_has_its_own_errors_in_eight_threads(spans: Spans) -> None:
    """The current span is that of the thread."""

    def work(number: int) -> None:
        for _ in range(20):
            with spans.tracer.start_as_current_span(str(number)):
                record_error(FlextExceptions.Error(str(number)))

    in_threads(work)
    finished = spans.exporter.get_finished_spans()
    assert len(finished) == 160
    assert all(facts(span.events[0])["exception.message"] == span.name for span in finished)


def run(code: str) -> str:
    """What a program prints; it must succeed, and say nothing else."""
    command = [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{code}"]
    done = subprocess.run(command, capture_output=True, text=True, env=dict(os.environ), timeout=60)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


HEAD = """
from flext_exceptions import FlextExceptions
from flext_exceptions.exporters.opentelemetry import count_errors, record_error
"""


def test_without_an_sdk_nothing_happens() -> None:
    """The interface alone does nothing, and takes it all."""
    code = """
error = FlextExceptions.Error("m")
count_errors()
count_errors()
record_error(error)
print(vars(error).get("correlation_id"), [name for name in sys.modules if name.startswith("opentelemetry.sdk.")])
"""
    assert run(f"sys.modules['opentelemetry.sdk'] = None{HEAD}{code}") == "None []\n"


def test_the_global_provider_counts_once_whenever_it_is_set() -> None:
    """Before the first call or after it."""
    code = """
from opentelemetry import metrics
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
count_errors()
provider = MeterProvider([reader := InMemoryMetricReader()])
metrics.set_meter_provider(provider)
count_errors()
count_errors(provider)
FlextExceptions.Error("m")
found = reader.get_metrics_data().resource_metrics[0].scope_metrics
print([[point.value for point in metric.data.data_points] for scope in found for metric in scope.metrics])
"""
    assert run(HEAD + code) == "[[1]]\n"
