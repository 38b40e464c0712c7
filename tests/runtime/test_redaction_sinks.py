"""No secret of the table leaves through any of eight sinks, each written by the real library."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import sentry_sdk
import structlog
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sentry_sdk.transport import Transport

from flext_exceptions import FlextExceptions
from flext_exceptions.exporters.opentelemetry import record_error
from flext_exceptions.logs.records import ErrorFilter, JsonFormatter
from flext_exceptions.logs.sentry import add_error as add_to_event
from flext_exceptions.logs.structlog import add_error as add_to_entry
from flext_pytest.assertions.assertrepr import explanation
from flext_pytest.assertions.failure_section import described

from .documents import raised
from .redaction_table import OPEN_KEYS, OPEN_TEXTS, SECRET_KEYS, SECRET_TEXTS

SECRET = "hunter2"
ROOT = Path(__file__).parents[2]
Way = Callable[[FlextExceptions.BaseError], str]


def logged(error: FlextExceptions.BaseError) -> str:
    """The line that the standard library's logging writes, with our filter and formatter."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(ErrorFilter())
    handler.setFormatter(JsonFormatter())
    logger = logging.Logger("shop")
    logger.addHandler(handler)
    logger.error("refused", exc_info=error)
    return stream.getvalue()


def written_by_structlog(error: FlextExceptions.BaseError) -> str:
    """The line of a real structlog logger."""
    stream = io.StringIO()
    processors: list[Any] = [add_to_entry, structlog.processors.JSONRenderer()]
    log = structlog.wrap_logger(structlog.PrintLogger(stream), processors, wrapper_class=structlog.BoundLogger)
    log.error("refused", exc_info=error)
    return stream.getvalue()


class Memory(Transport):
    """Keeps what would be sent."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = ""

    def capture_envelope(self, envelope: Any) -> None:
        """Keep one, as it goes over the wire."""
        self.sent += envelope.serialize().decode()


def sent_to_sentry(error: FlextExceptions.BaseError) -> str:
    """The envelope that Sentry's client makes."""
    memory = Memory()
    client = sentry_sdk.Client(
        dsn="https://public@sentry.invalid/1",
        transport=memory,
        default_integrations=False,
        auto_enabling_integrations=False,
        include_local_variables=False,  # those of a test hold the secrets themselves
        include_source_context=False,
        before_send=add_to_event,
    )
    with sentry_sdk.isolation_scope() as scope:
        scope.set_client(client)
        sentry_sdk.capture_exception(error)
    client.close()
    assert memory.sent
    return memory.sent


def recorded_in_a_span(error: FlextExceptions.BaseError) -> str:
    """The span that OpenTelemetry's SDK exports."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with provider.get_tracer("tests").start_as_current_span("order"):
        record_error(error)
    [span] = exporter.get_finished_spans()
    return str(span.to_json())


def shown_by_pytest(error: FlextExceptions.BaseError) -> str:
    """The plugin's output for an error in a failing test, and for two that are not equal."""
    said = explanation("==", error, FlextExceptions.ValidationError("other"))
    assert said is not None
    return "\n".join([*described(error), *said])


WAYS: dict[str, Way] = {
    "to_dict": lambda error: json.dumps(error.to_dict()),
    "to_problem": lambda error: json.dumps(error.to_problem()),
    "repr": repr,
    "logs": logged,
    "structlog": written_by_structlog,
    "sentry": sent_to_sentry,
    "opentelemetry": recorded_in_a_span,
    "pytest": shown_by_pytest,
}


def under_names(keys: Sequence[str]) -> FlextExceptions.BaseError:
    """An error with a secret under each name: flat, deep, as headers, as pydantic's, beside the name, as an option."""
    context: dict[str, Any] = dict.fromkeys(keys, SECRET)
    context["deep"] = [{key: [SECRET]} for key in keys]
    context["headers"] = [(key, SECRET) for key in keys] + [(key.encode(), SECRET.encode()) for key in keys]
    context["errors"] = [{"loc": ["body", key], "input": SECRET} for key in keys]
    context["named"] = [{"name": key, "value": SECRET} for key in keys]
    context["command"] = [part for key in keys for part in (f"--{key}", SECRET)]
    error = FlextExceptions.ValidationError("refused", field=keys[0], value=SECRET, context=context)
    return raised(error, FlextExceptions.ConfigurationError("unset", config_key=keys[-1], context={keys[0]: SECRET}))  # type: ignore[no-any-return]


def within(texts: Sequence[str]) -> FlextExceptions.BaseError:
    """An error that tells texts: in its message, its context, a named keyword, and what is behind it."""
    context: dict[str, Any] = {f"text{number}": text for number, text in enumerate(texts)}
    context |= {"list": texts, "raw": [text.encode() for text in texts]}
    error = FlextExceptions.ConnectionError("\n".join(texts), service="db", endpoint=texts[0], context=context)
    return raised(error, ValueError(texts[-1]))  # type: ignore[no-any-return]


@pytest.mark.parametrize("way", WAYS)
def test_no_secret_leaves(way: str) -> None:
    """Under any name, and in any text."""
    FlextExceptions.configure_error_handling({"max_error_details": 100_000}).unwrap()
    for at in range(0, len(SECRET_KEYS), 20):
        error = under_names(SECRET_KEYS[at : at + 20])
        assert SECRET not in WAYS[way](error), SECRET_KEYS[at : at + 20]
        assert error.value == SECRET  # type: ignore[attr-defined]
    for text in SECRET_TEXTS:
        assert SECRET not in WAYS[way](within([text])), text
    assert SECRET not in WAYS[way](within(SECRET_TEXTS))


@pytest.mark.parametrize("way", [way for way in WAYS if way != "to_problem"])
def test_what_is_no_secret_leaves(way: str) -> None:
    """Otherwise nobody could read what happened; a repr shows only the named keywords."""
    FlextExceptions.configure_error_handling({"max_error_details": 100_000}).unwrap()
    said = WAYS[way](raised(FlextExceptions.ValidationError("m", field="sku", value=dict.fromkeys(OPEN_KEYS, "seen"))))
    assert "[redacted]" not in said
    assert said.count("seen") >= len(OPEN_KEYS) or way == "opentelemetry"  # which is told no context
    for text in OPEN_TEXTS:
        assert "[redacted]" not in WAYS[way](raised(FlextExceptions.ValidationError(text, field="sku", value=text)))


FAILING = """
import pytest

from flext_exceptions import FlextExceptions
from flext_pytest import assert_error
from tests.runtime.redaction_table import SECRET_KEYS, SECRET_TEXTS
from tests.runtime.test_redaction_sinks import under_names, within

def error():
    found = under_names(SECRET_KEYS[:20])
    found.context |= within(SECRET_TEXTS[:-1]).context
    return found

def test_raises():
    raise error().with_context()

def test_equal():
    assert error() == FlextExceptions.ValidationError("other")

def test_code():
    with pytest.raises(FlextExceptions.ValidationError) as caught:
        raise error()
    assert_error(caught.value, code="OTHER")
"""


def test_a_run_of_pytest_shows_none(tmp_path: Path) -> None:
    """In its tracebacks, its comparisons, and the section on the typed error."""
    (tmp_path / "test_failing.py").write_text(FAILING)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rA", "--junitxml", "junit.xml"]
    done = subprocess.run(
        [*command, "test_failing.py"], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert "3 failed" in done.stdout, done.stdout + done.stderr
    assert "typed error" in done.stdout and "[redacted]" in done.stdout
    assert SECRET not in done.stdout + done.stderr + (tmp_path / "junit.xml").read_text()
