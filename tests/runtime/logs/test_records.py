"""Log records have the id of their incident, and each is one line of JSON, whatever it contains."""

from __future__ import annotations

import io
import json
import logging
import logging.config
import logging.handlers
import pickle
import queue
import re
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flext_exceptions import FlextExceptions
from flext_exceptions.logs.records import ErrorFilter, JsonFormatter
from flext_exceptions.patterns.handlers import ApplicationExceptionHandler
from flext_exceptions.patterns.services import ServiceExceptionWrapper
from tests.runtime.hostile import HOSTILE, anything
from tests.runtime.patterns import hostile
from tests.runtime.patterns.hostile import in_threads

SECRET = "hunter2"
LOGIN = {"user": "ada", "login": {"password": SECRET}}


class Lines:
    """A logger whose entries come out as JSON."""

    def __init__(self, filtered: bool) -> None:
        self.stream = io.StringIO()
        self.handler = logging.StreamHandler(self.stream)
        if filtered:
            self.handler.addFilter(ErrorFilter())
        self.handler.setFormatter(JsonFormatter())
        self.logger = logging.Logger("shop")
        self.logger.addHandler(self.handler)

    def read(self) -> list[dict[str, Any]]:
        """The entries so far."""
        text = self.stream.getvalue()
        assert text.isascii()
        return [json.loads(line, parse_constant=pytest.fail) for line in text.splitlines()]


@pytest.fixture(params=[True, False], ids=["filter", "alone"])
def lines(request: pytest.FixtureRequest) -> Lines:
    """With the filter and without, which the formatter does not need."""
    return Lines(request.param)


def raised(error: BaseException) -> BaseException:
    """The error with a traceback."""
    try:
        raise error
    except BaseException as caught:
        return caught


def record(**state: Any) -> logging.LogRecord:
    """A record of its own making."""
    return logging.makeLogRecord({"name": "shop", "msg": "m", "levelname": "INFO", **state})


def parsed(made: logging.LogRecord) -> dict[str, Any]:
    """What the formatter makes of a record; always one line."""
    line = JsonFormatter().format(made)
    assert line.isascii() and "\n" not in line
    document: dict[str, Any] = json.loads(line, parse_constant=pytest.fail)
    assert {"time", "level", "logger", "message", "correlation_id"} <= set(document)
    return document


def test_an_entry_has_what_every_entry_has(lines: Lines) -> None:
    """And nothing else where nothing else was given."""
    with FlextExceptions.correlation("req-1"):
        lines.logger.warning("sold %d of %s", 3, "A-1")
    (entry,) = lines.read()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", entry.pop("time"))
    assert entry == {"level": "WARNING", "logger": "shop", "message": "sold 3 of A-1", "correlation_id": "req-1"}


def test_the_time_is_that_of_the_record_in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also if the calendar has no such time."""
    assert parsed(record(created=1_764_080_583.25))["time"] == "2025-11-25T14:23:03.250000Z"
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert parsed(record(created=1_764_080_583.25))["time"] == "2025-11-25T14:23:03.250000Z"
    finally:
        monkeypatch.undo()
        time.tzset()
    for created in (float("nan"), 1e300, "soon", None, hostile.Broken()):
        assert parsed(record(created=created))["time"].startswith("2")


def test_without_anything_bound_the_id_is_empty(lines: Lines) -> None:
    """It is there all the same: who searches for it finds no entry without the field."""
    lines.logger.warning("m")
    assert lines.read()[0]["correlation_id"] == ""


def test_an_error_is_told_as_to_dict_tells_it(lines: Lines) -> None:
    """Its id outranks the bound one: it is that of the incident."""
    error = raised(FlextExceptions.NotFoundError("no such user", context=LOGIN, correlation_id="order-7"))
    assert isinstance(error, FlextExceptions.BaseError)
    with FlextExceptions.correlation("req-1"):
        lines.logger.error("failed", exc_info=error)
    (entry,) = lines.read()
    assert entry["error"] == error.to_dict()
    assert entry["correlation_id"] == "order-7"
    assert set(entry) == {"time", "level", "logger", "message", "correlation_id", "error"}
    assert FlextExceptions.from_dict(entry["error"]).code == "NOT_FOUND"


def test_a_foreign_error_is_told_with_the_typed_one_behind_it(lines: Lines) -> None:
    """Whose id the entry has."""
    error = RuntimeError("outer")
    error.__cause__ = raised(FlextExceptions.TimeoutError("inner", correlation_id="order-7"))
    lines.logger.error("failed", exc_info=raised(error))
    (entry,) = lines.read()
    assert (entry["error"]["type"], entry["error"]["cause"]["code"]) == ("builtins.RuntimeError", "FLEXT_2002")
    assert entry["correlation_id"] == "order-7"


def test_what_a_traceback_would_not_show_is_not_looked_at(lines: Lines) -> None:
    """``from None`` says that what was before has nothing to do with it; and a circle has an end."""
    alone, first, second = KeyError("k"), KeyError("first"), KeyError("second")
    alone.__context__, alone.__suppress_context__ = FlextExceptions.Error("m", correlation_id="order-7"), True
    first.__cause__, second.__cause__ = second, first
    for error in (alone, first):
        lines.logger.error("failed", exc_info=error)
    assert [entry["correlation_id"] for entry in lines.read()] == ["", ""]


@pytest.mark.parametrize("traces", [True, False])
def test_stack_traces_are_in_the_log_whatever_the_setting_says(lines: Lines, traces: bool) -> None:
    """Of causes and members too: ``exc_info`` asks for them."""
    FlextExceptions.configure_error_handling({"enable_stack_traces": traces})
    group = ExceptionGroup("g", [raised(KeyError("k")), raised(ValueError("v"))])  # type: ignore[list-item]
    error = FlextExceptions.Error("m")
    error.__cause__ = raised(group)
    handled = KeyError()
    handled.__context__ = raised(error)
    lines.logger.error("failed", exc_info=raised(handled))
    document = lines.read()[0]["error"]
    behind = document["while_handling"]
    for shown in (document, behind, behind["cause"], *behind["cause"]["exceptions"]):
        assert [frame["function"] for frame in shown["stack_trace"]] == ["raised"]
    assert len(behind["cause"]["exceptions"]) == 2


def test_fields_are_told_beside_the_rest(lines: Lines) -> None:
    """Without their secrets, at any depth; a name that is taken gets another."""
    extra = {"user": LOGIN, "access_token": SECRET, "level": 3, "error": "e", "none": None, "nan": float("nan")}
    lines.logger.error("failed", extra=extra, exc_info=KeyError("k"))
    (entry,) = lines.read()
    assert entry["user"] == {"user": "ada", "login": {"password": "[redacted]"}}
    assert (entry["access_token"], entry["none"], entry["nan"]) == ("[redacted]", None, "NaN")
    assert (entry["level"], entry["extra_level"], entry["extra_error"]) == ("ERROR", 3, "e")
    assert SECRET not in lines.stream.getvalue()


def test_an_error_among_the_fields_is_told_too(lines: Lines) -> None:
    """And gives the entry its id."""
    error = FlextExceptions.ValidationError("bad", field="name", correlation_id="order-7")
    with FlextExceptions.correlation("req-1"):
        lines.logger.error("failed", extra={"error": error, "token": KeyError(SECRET), "other": KeyError("k")})
    (entry,) = lines.read()
    assert (entry["error"], entry["correlation_id"]) == (error.to_dict(), "order-7")
    assert (entry["token"], entry["other"]["type"]) == ("[redacted]", "builtins.KeyError")


def test_an_id_given_outranks_all(lines: Lines) -> None:
    """It is what the entry is about."""
    with FlextExceptions.correlation("req-1"):
        lines.logger.error("m", extra={"correlation_id": "given"}, exc_info=FlextExceptions.Error("m"))
    assert lines.read()[0]["correlation_id"] == "given"


@pytest.mark.parametrize(
    ("message", "args", "text"),
    [
        ("%(login)s", (LOGIN,), "{'password': '[redacted]'}"),
        ("login %s", ([LOGIN],), "login [{'user': 'ada', 'login': {'password': '[redacted]'}}]"),
        ("%(user)s with %(password)s", ({"user": "ada", "password": SECRET},), "ada with [redacted]"),
        ("%(all)s", ({"all": LOGIN},), "{'user': 'ada', 'login': {'password': '[redacted]'}}"),
        (LOGIN, (), "{'user': 'ada', 'login': {'password': '[redacted]'}}"),
        (KeyError("k"), (), "'k'"),
        (7, (), "7"),
        ("%.2f %r %s", (1.234, "a", [1]), "1.23 'a' [1]"),
        ("%d", ("a",), "%d (its arguments do not fit)"),
        ("%s %s", (1,), "%s %s (its arguments do not fit)"),
        ("100%", (), "100%"),
        ("%s", (hostile.Broken(),), "%s (its arguments do not fit)"),
        ("\ud800 half", (), "\\ud800 half"),
    ],
)
def test_the_message_is_shown_without_what_containers_hide(lines: Lines, message: Any, args: Any, text: str) -> None:
    """And without ever failing."""
    lines.logger.error(message, *args)
    assert lines.read()[0]["message"] == text


def test_a_record_class_that_formats_in_its_own_way_is_asked() -> None:
    """As some do for ``{}``."""

    class Braces(logging.LogRecord):
        def getMessage(self) -> str:
            return str(self.msg).format(*(self.args or ()))

    made = Braces("shop", logging.INFO, "", 0, "sold {} to {}", (3, LOGIN), None)
    assert parsed(made)["message"] == "sold 3 to {'user': 'ada', 'login': {'password': '[redacted]'}}"
    assert made.args == (3, LOGIN)


def test_an_entry_is_bounded(lines: Lines) -> None:
    """Message, fields and error each."""
    FlextExceptions.configure_error_handling({"max_error_details": 500})
    many = {str(number): "x" * 100 for number in range(1000)}
    error = FlextExceptions.Error("m" * 10_000, context=many)
    lines.logger.error(
        "x" * 100_000, extra={"many": many, "more": list(range(10_000))}, exc_info=error, stack_info=True
    )
    assert len(lines.stream.getvalue()) < 7000


def test_a_deep_stack_is_shown_as_text(lines: Lines) -> None:
    """Where it is asked for."""
    lines.logger.error("m", stack_info=True)
    assert "test_a_deep_stack_is_shown_as_text" in lines.read()[0]["stack_info"]
    assert "Traceback" in parsed(record(exc_text="Traceback ..."))["traceback"]


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_nothing_stops_an_entry(number: int) -> None:
    """Wherever in the record it is."""
    value = HOSTILE[number]
    assert parsed(record(msg=value))
    assert parsed(record(msg="%s", args=(value,)))
    assert parsed(record(msg="%(a)s", args={"a": value, "password": value}))
    assert parsed(record(args=value))
    assert parsed(record(extra=value, password=value))["password"] == "[redacted]"
    for name in vars(logging.makeLogRecord({})):
        made = record(**{name: value})
        assert ErrorFilter().filter(made) is True
        assert parsed(made)
    error = FlextExceptions.Error(value, context={"value": value})
    for exc_info in (error, (type(error), error, None), value, (value, value, value)):
        made = record(exc_info=exc_info, error=error)
        assert ErrorFilter().filter(made) is True
        assert parsed(made)


@given(anything(), st.dictionaries(st.text(st.characters(), max_size=8), anything(), max_size=3))
def test_whatever_is_logged_is_a_line_of_json(value: Any, extra: dict[str, Any]) -> None:
    """The field's values too."""
    made = record(msg=value)
    vars(made).update(extra)
    assert ErrorFilter().filter(made) is True
    assert parsed(made)


@pytest.mark.parametrize("number", range(len(hostile.errors())))
def test_nothing_that_an_error_holds_stops_an_entry(number: int) -> None:
    """The filter neither."""
    error = hostile.errors()[number]
    for made in (record(exc_info=(type(error), error, None)), record(error=error), record(msg=error)):
        assert ErrorFilter().filter(made) is True
        assert parsed(made)


def test_a_record_from_which_everything_was_taken_makes_a_line() -> None:
    """No program does that, and only what was removed is lost."""
    made = record()
    vars(made).clear()
    assert "unprintable record" in parsed(made)["message"]


class Text:
    """Texts as a format string makes them of records."""

    def __init__(self) -> None:
        self.stream = io.StringIO()
        handler = logging.StreamHandler(self.stream)
        handler.addFilter(ErrorFilter())
        handler.setFormatter(
            logging.Formatter("%(correlation_id)s|%(error_code)s|%(exception_type)s|%(context)s|%(message)s")
        )
        self.logger = logging.Logger("shop")
        self.logger.addHandler(handler)


def test_every_record_has_what_a_format_string_may_name() -> None:
    """Of the error in exc_info, else in extra, else of none."""
    text = Text()
    error = FlextExceptions.NotFoundError("m", context=LOGIN, correlation_id="order-7")
    with FlextExceptions.correlation("req-1"):
        text.logger.error("plain")
        text.logger.error("extra", extra={"reason": error})
        text.logger.error("foreign", exc_info=(KeyError, KeyError(), None))
        text.logger.error("own", extra={"error_code": "MINE", "context": 3})
    shown = "order-7|NOT_FOUND|NotFoundError|{'user': 'ada', 'login': {'password': '[redacted]'}}|"
    assert text.stream.getvalue().replace("KeyError\n", "").splitlines() == [
        "req-1|||{}|plain",
        f"{shown}extra",
        "req-1||KeyError|{}|foreign",
        "req-1|MINE||3|own",
    ]


def test_what_the_handlers_log_is_not_said_twice(lines: Lines) -> None:
    """They pass as fields what the error says itself; without an error the fields are there."""
    handler = ApplicationExceptionHandler()
    handler.logger = lines.logger
    error = FlextExceptions.ConnectionError("no answer", service="stock")
    handler.handle_exception(raised(error))
    FlextExceptions.configure_error_handling({"enable_stack_traces": False})
    handler.handle_exception(error)
    whole, fields = lines.read()
    assert set(whole) == {"time", "level", "logger", "message", "correlation_id", "error"}
    assert (fields["error_code"], fields["exception_type"]) == ("FLEXT_2001", "ConnectionError")
    assert (fields["context"], fields["timestamp"]) == ({"service": "stock"}, error.timestamp)


def test_what_services_log_has_its_fields(lines: Lines) -> None:
    """As they name them."""
    wrapper = ServiceExceptionWrapper("orders")
    wrapper.logger = lines.logger
    with FlextExceptions.correlation("req-1"):
        wrapper.wrap_operation("place")(len)("abc")
    (entry,) = lines.read()
    assert (entry["service"], entry["operation"], entry["correlation_id"]) == ("orders", "place", "req-1")


def test_a_fields_own_words_beside_an_error_stay(lines: Lines) -> None:
    """They say something else than the error does."""
    lines.logger.error("m", extra={"context": {"mine": 1}, "timestamp": 3}, exc_info=FlextExceptions.Error("m"))
    (entry,) = lines.read()
    assert (entry["context"], entry["timestamp"]) == ({"mine": 1}, 3)


def test_through_a_queue_the_id_stays_with_the_record() -> None:
    """The filter takes it where it is bound, before the record goes to another thread; pickled as well."""
    waiting: queue.Queue[Any] = queue.Queue()
    handler = logging.handlers.QueueHandler(waiting)
    handler.addFilter(ErrorFilter())
    logger = logging.Logger("shop")
    logger.addHandler(handler)
    with FlextExceptions.correlation("req-1"):
        logger.error("m", exc_info=raised(FlextExceptions.NotFoundError("no such user")))
    made = pickle.loads(pickle.dumps(waiting.get()))
    document = parsed(made)
    assert (document["correlation_id"], document["error_code"]) == ("req-1", "NOT_FOUND")


def test_threads_at_once_have_their_own_ids(lines: Lines) -> None:
    """Each in its own entries."""

    def work(index: int) -> None:
        with FlextExceptions.correlation(f"req-{index}"):
            for _ in range(20):
                lines.logger.error("of %d", index, exc_info=FlextExceptions.Error("m"))

    in_threads(work)
    entries = lines.read()
    assert len(entries) == 160
    assert all(entry["correlation_id"] == f"req-{entry['message'].removeprefix('of ')}" for entry in entries)


def test_logging_counts_no_error() -> None:
    """And changes none."""
    error = FlextExceptions.Error("m", context=LOGIN)
    before = error.to_dict()
    counts = FlextExceptions.get_metrics()
    made = record(exc_info=(type(error), error, None))
    ErrorFilter().filter(made)
    parsed(made)
    assert FlextExceptions.get_metrics() == counts
    assert error.to_dict() == before and error.context == LOGIN
