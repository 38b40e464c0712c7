"""What structlog and Sentry get of typed errors, as the libraries themselves pass it on."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sentry_sdk
import structlog
from sentry_sdk.transport import Transport

from flext_exceptions import FlextExceptions
from flext_exceptions.logs.records import ErrorFilter
from flext_exceptions.logs.sentry import add_error as add_to_event
from flext_exceptions.logs.structlog import add_error
from tests.runtime.hostile import HOSTILE
from tests.runtime.patterns import hostile

SECRET = "hunter2"
LOGIN = {"user": "ada", "login": {"password": SECRET}}


def raised(error: BaseException) -> BaseException:
    """The error with a traceback."""
    try:
        raise error
    except BaseException as caught:
        return caught


class Entries:
    """A real structlog logger, and the entries that it wrote."""

    def __init__(self, *before: Any) -> None:
        self.stream = io.StringIO()
        self.log = structlog.wrap_logger(
            structlog.PrintLogger(self.stream),
            processors=[*before, structlog.processors.add_log_level, add_error, structlog.processors.JSONRenderer()],
            wrapper_class=structlog.BoundLogger,
        )

    def read(self) -> list[dict[str, Any]]:
        """What was written."""
        assert SECRET not in self.stream.getvalue()
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]


def test_structlog_is_told_the_error_in_place_of_exc_info() -> None:
    """Whether that is True, an exception, or a tuple."""
    entries = Entries()
    error = FlextExceptions.NotFoundError("no such user", context=LOGIN, correlation_id="order-7")
    with FlextExceptions.correlation("req-1"):
        try:
            raise error
        except FlextExceptions:
            entries.log.error("failed", exc_info=True)
        entries.log.error("failed", exc_info=error)
        entries.log.error("failed", exc_info=(type(error), error, None))
    told = {"event": "failed", "level": "error", "correlation_id": "order-7", "error": error.to_dict()}
    assert entries.read() == [told] * 3


def test_structlog_is_told_the_bound_id() -> None:
    """Nothing is added if no id is bound; an existing id stays."""
    entries = Entries()
    entries.log.info("m")
    entries.log.info("m", exc_info=True)
    with FlextExceptions.correlation("req-1"):
        entries.log.info("m")
        entries.log.info("m", correlation_id="given", exc_info=FlextExceptions.Error("m", correlation_id="order-7"))
    first, nothing, second, third = entries.read()
    assert first == {"event": "m", "level": "info"}
    assert "error" not in nothing and "correlation_id" not in nothing
    assert (second["correlation_id"], third["correlation_id"]) == ("req-1", "given")


def test_structlogs_values_are_told_without_secrets() -> None:
    """At any depth; an exception among them as an error is told."""
    entries = Entries()
    behind = RuntimeError("outer")
    behind.__cause__ = FlextExceptions.Error("inner", correlation_id="order-7")
    entries.log.bind(user=LOGIN).error("m", api_key=SECRET, error=behind, exc_info=KeyError("k"), number=7, kind="x")
    (entry,) = entries.read()
    assert entry["user"] == {"user": "ada", "login": {"password": "[redacted]"}}
    assert (entry["api_key"], entry["number"], entry["kind"]) == ("[redacted]", 7, "x")
    assert (entry["error"]["cause"]["message"], entry["exception"]["type"]) == ("inner", "builtins.KeyError")
    assert entry["correlation_id"] == "order-7"


def test_structlog_gets_the_stack_trace_whatever_the_setting_says() -> None:
    """As other log output does."""
    FlextExceptions.configure_error_handling({"enable_stack_traces": False})
    entries = Entries()
    entries.log.error("m", exc_info=raised(FlextExceptions.Error("m")))
    assert entries.read()[0]["error"]["stack_trace"][0]["function"] == "raised"


def test_structlogs_own_entries_are_left() -> None:
    """Those of its bridge to the standard library, which later processors need."""
    record, args = logging.makeLogRecord({}), (1, [2])
    event = add_error(None, "info", {"event": "m", "_record": record, "positional_args": args, "_list": [args]})
    assert event["_record"] is record and event["positional_args"] is args and event["_list"] == [args]
    assert event["_list"][0] is args


def test_structlog_formats_entries_of_the_standard_library_too() -> None:
    """With its ProcessorFormatter."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), structlog.stdlib.add_log_level],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                add_error,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logger = logging.Logger("shop")
    logger.addHandler(handler)
    error = FlextExceptions.NotFoundError("no such user", correlation_id="order-7")
    logger.error("failed %d", 3, exc_info=error, extra={"login": LOGIN, "token": SECRET})
    entry = json.loads(stream.getvalue())
    assert (entry["event"], entry["correlation_id"], entry["token"]) == ("failed 3", "order-7", "[redacted]")
    assert entry["error"] == error.to_dict() and SECRET not in stream.getvalue()


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_nothing_stops_the_processor(number: int) -> None:
    """Its values are left to the renderer, but for containers and errors."""
    value = HOSTILE[number]
    event = add_error(None, "error", {"event": value, "exc_info": value, "error": [value], "password": value, 5: value})  # type: ignore[dict-item]
    assert event["password"] == "[redacted]"
    json.dumps(event["error"], allow_nan=False)
    for error in (FlextExceptions.Error(value, context={"v": value}), KeyError(value)):
        json.dumps(add_error(None, "error", {"exc_info": error, "other": error}), allow_nan=False)


class Memory(Transport):
    """Keeps what would be sent."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[Any] = []

    def capture_envelope(self, envelope: Any) -> None:
        """Keep one."""
        event = envelope.get_event()
        if event is not None:
            self.events.append(json.loads(json.dumps(event)))


@pytest.fixture(params=["before_send", "add_event_processor"])
def sentry(request: pytest.FixtureRequest) -> Iterator[Callable[[], Any]]:
    """Sentry's own client, set up in either way; what it would send is what it yields, the last first."""
    transport = Memory()
    options: dict[str, Any] = {"before_send": add_to_event} if request.param == "before_send" else {}
    client = sentry_sdk.Client(
        dsn="https://public@sentry.invalid/1",
        transport=transport,
        default_integrations=False,
        auto_enabling_integrations=False,
        **options,
    )
    with sentry_sdk.isolation_scope() as scope:
        scope.set_client(client)
        if request.param == "add_event_processor":
            scope.add_event_processor(add_to_event)
        yield lambda: transport.events[-1]
    client.close()


def test_sentry_is_told_code_id_and_context(sentry: Callable[[], Any]) -> None:
    """Without secrets, and without another fingerprint."""
    error = FlextExceptions.NotFoundError("no such user", context=LOGIN, retry_after=3, correlation_id="order-7")
    sentry_sdk.capture_exception(raised(error))
    event = sentry()
    assert event["tags"] == {"flext.code": "NOT_FOUND", "flext.type": "NotFoundError", "correlation_id": "order-7"}
    told = event["contexts"]["flext"]
    assert told["context"] == {"user": "ada", "login": {"password": "[redacted]"}}
    assert (told["error_type"], told["code"], told["retry_after"]) == ("NotFoundError", "NOT_FOUND", 3)
    assert not {"type", "stack_trace", "causes"} & set(told)
    assert SECRET not in json.dumps(event["contexts"]["flext"]) and "fingerprint" not in event
    assert event["exception"]["values"][0]["type"] == "FlextExceptions.NotFoundError"


def test_sentry_is_told_of_a_typed_error_behind_a_foreign_one(sentry: Callable[[], Any]) -> None:
    """And of those behind that."""
    inner, middle, outer = KeyError("k"), FlextExceptions.ProcessingError("m"), RuntimeError("r")
    middle.__cause__, outer.__context__ = inner, middle
    sentry_sdk.capture_exception(raised(outer))
    event = sentry()
    assert event["tags"]["flext.code"] == "PROCESSING_ERROR"
    assert event["tags"]["correlation_id"] == middle.correlation_id
    assert [cause["error_type"] for cause in event["contexts"]["flext"]["causes"]] == ["builtins.KeyError"]


def test_without_a_typed_error_sentry_is_told_the_bound_id(sentry: Callable[[], Any]) -> None:
    """Of messages too; where none is bound, nothing."""
    sentry_sdk.capture_message("m")
    assert not sentry().get("tags")
    with FlextExceptions.correlation("req-1"):
        sentry_sdk.capture_message("m")
        assert sentry()["tags"] == {"correlation_id": "req-1"}
        sentry_sdk.capture_exception(raised(KeyError("k")))
    assert sentry()["tags"] == {"correlation_id": "req-1"} and "flext" not in sentry()["contexts"]


def test_tags_of_the_programs_own_stay(sentry: Callable[[], Any]) -> None:
    """Contexts too."""
    with sentry_sdk.new_scope() as scope:
        scope.set_tag("correlation_id", "mine")
        scope.set_tag("shop", "1")
        scope.set_context("order", {"number": 7})
        sentry_sdk.capture_exception(FlextExceptions.Error("m", correlation_id="order-7"))
    event = sentry()
    assert event["tags"] == {"correlation_id": "mine", "shop": "1", "flext.code": "FLEXT_0001", "flext.type": "Error"}
    assert event["contexts"]["order"] == {"number": 7} and "flext" in event["contexts"]


@pytest.mark.parametrize("hint", [None, {}, {"exc_info": None}, {"exc_info": (None, None, None)}, {"exc_info": 3}, 5])
def test_a_hint_without_an_error_is_no_error(hint: Any) -> None:
    """The event goes out."""
    assert add_to_event({"message": "m"}, hint) == {"message": "m"}


@pytest.mark.parametrize("tags", [None, {}, [["shop", "1"]], {"shop": "1"}, 5, hostile.Broken(), "abc"])
def test_an_event_of_any_shape_goes_out(tags: Any) -> None:
    """Sentry allows tags as pairs too."""
    error = FlextExceptions.Error("m")
    number = len(tags) if isinstance(tags, list | dict) else 0
    event = {"tags": tags, "contexts": None}
    assert add_to_event(event, {"exc_info": (type(error), error, None)}) is event
    assert add_to_event(tags, {"exc_info": (type(error), error, None)}) is tags
    if isinstance(tags, list | dict):
        assert event["tags"]["flext.code"] == "FLEXT_0001"
        assert len(event["tags"]) == 3 + number


@pytest.mark.parametrize("number", range(len(hostile.errors())))
def test_nothing_that_an_error_holds_stops_an_event(sentry: Callable[[], Any], number: int) -> None:
    """Tags stay within what Sentry takes."""
    error = hostile.errors()[number]
    event = add_to_event({}, {"exc_info": (type(error), error, None)})
    json.dumps(event, allow_nan=False)
    assert all(len(value) <= 200 for value in event["tags"].values())
    error.correlation_id = "x" * 1000
    assert len(add_to_event({}, {"exc_info": error})["tags"]["correlation_id"]) <= 200


TYPED = FlextExceptions.NotFoundError("m", correlation_id="req-1", code="SHOP_7")
GROUPS = {
    "one": ExceptionGroup("g", [TYPED]),
    "the second of two": ExceptionGroup("g", [KeyError("k"), TYPED]),
    "the first of two typed ones": ExceptionGroup("g", [TYPED, FlextExceptions.Error("other")]),
    "deep": ExceptionGroup("g", [KeyError("k"), ExceptionGroup("h", [LookupError("l"), TYPED])]),
}
BEHIND = KeyError("k")
BEHIND.__cause__ = GROUPS["deep"]
GROUPS["behind another error"] = BEHIND  # type: ignore[assignment]


@pytest.mark.parametrize("error", GROUPS.values(), ids=GROUPS)
def test_a_group_is_looked_into(error: BaseException) -> None:
    """By log records, structlog, Sentry and spans: the first typed error tells code and id."""
    record = logging.makeLogRecord({"exc_info": (type(error), error, None)})
    ErrorFilter().filter(record)
    known: Any = record
    assert (known.error_code, known.correlation_id, known.exception_type) == ("SHOP_7", "req-1", "NotFoundError")
    assert add_error(None, "error", {"exc_info": error})["correlation_id"] == "req-1"
    event = add_to_event({}, {"exc_info": (type(error), error, None)})
    assert event["tags"] == {"correlation_id": "req-1", "flext.code": "SHOP_7", "flext.type": "NotFoundError"}


def test_a_group_without_a_typed_error_has_no_code() -> None:
    """Nor one that contains itself through its causes, at any depth."""
    around: BaseException = ExceptionGroup("g", [KeyError("k")])
    around.__cause__ = around
    for _ in range(2000):
        around = ExceptionGroup("g", [around])  # type: ignore[list-item]
    for error in (ExceptionGroup("g", [KeyError("k")]), around):
        record = logging.makeLogRecord({"exc_info": (type(error), error, None)})
        ErrorFilter().filter(record)
        assert vars(record)["error_code"] == ""
