"""The handler logs and answers an error, whatever the error contains."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flext_exceptions import FlextExceptions, FlextUsageWarning
from flext_exceptions.catalogue import ROWS, Row
from flext_exceptions.patterns.handlers import ApplicationExceptionHandler, error_type
from flext_exceptions.web.upstream import Request, Response, error_for_response
from tests.runtime.patterns import hostile

LOGGER = "flext_exceptions.handlers"
OWN_OF_A_RECORD = vars(logging.makeLogRecord({})).keys() | {"message", "asctime"}
SECRET = "db_password"
ALWAYS = {"error_type", "message", "error_code", "correlation_id", "recoverable"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_type_has_its_error_type_and_answer(row: Row, entries: list[Any]) -> None:
    """Names with capitals in a row are taken apart where people would."""
    error = row.type("m")
    answer = ApplicationExceptionHandler().handle_exception(error)
    spelled = {"OSError": "os_error", "EOFError": "eof_error", "BlockingIOError": "blocking_io_error"}
    words = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in row.name).strip("_")
    assert answer["error_type"] == spelled.get(row.name, words)
    assert answer.keys() >= ALWAYS
    assert answer["error_code"] == row.code
    assert answer["correlation_id"] == error.correlation_id
    assert answer["recoverable"] is (row.retryable or row.http_status < 500)
    level = logging.CRITICAL if row.severity == "critical" else logging.ERROR
    assert [(entry.levelno, entry.getMessage()) for entry in entries] == [(level, f"Exception occurred: {error}")]


def test_what_tells_of_the_inside_is_no_message_for_strangers() -> None:
    """Of these types a fixed text is told in its place; the others tell their own."""
    handle = ApplicationExceptionHandler().handle_exception
    said = {
        FlextExceptions.ConfigurationError: "System configuration error - please contact administrator",
        FlextExceptions.ConnectionError: "Service temporarily unavailable - please try again",
        FlextExceptions.BrokenPipeError: "Service temporarily unavailable - please try again",
        FlextExceptions.AuthenticationError: "Authentication required",
        FlextExceptions.CriticalError: "Critical system error - incident reported",
        FlextExceptions.ValidationError: "Validation failed: no DSN on 10.0.0.5",
        FlextExceptions.NotFoundError: "no DSN on 10.0.0.5",
    }
    for kind, message in said.items():
        assert handle(kind("no DSN on 10.0.0.5"))["message"] == message


METHODS = {
    "_handle_validation_error": FlextExceptions.ValidationError,
    "_handle_configuration_error": FlextExceptions.ConfigurationError,
    "_handle_connection_error": FlextExceptions.ConnectionError,
    "_handle_authentication_error": FlextExceptions.AuthenticationError,
    "_handle_critical_error": FlextExceptions.CriticalError,
    "_handle_generic_error": FlextExceptions.NotFoundError,
}


@pytest.mark.parametrize("name", METHODS)
def test_each_kind_of_answer_can_be_overridden(name: str, entries: list[Any]) -> None:
    """By the method that makes it; one that fails is logged, and the usual answer given."""
    error = METHODS[name]("m", correlation_id="req-1")

    class Own(ApplicationExceptionHandler):
        pass

    setattr(Own, name, lambda self, exception: {"mine": exception})
    assert Own().handle_exception(error) == {"mine": error}
    setattr(Own, name, lambda self, exception: [][0])
    assert Own().handle_exception(error)["error_code"] == error.code
    assert "IndexError" in entries[-1].getMessage()


def test_alert_and_incident_can_be_overridden() -> None:
    """A pager and a ticket of the program's own."""
    alerts: list[object] = []

    class Own(ApplicationExceptionHandler):
        def _setup_logging(self) -> None:
            alerts.append("set up")

        def _send_critical_alert(self, exception: FlextExceptions.CriticalError) -> None:
            alerts.append(exception)

        def _create_incident(self, exception: FlextExceptions.CriticalError) -> str:
            return "TICKET-7"

    error = FlextExceptions.CriticalError("m")
    assert Own().handle_exception(error)["incident_id"] == "TICKET-7"
    assert alerts == ["set up", error]


def test_the_types_that_the_guide_names() -> None:
    """Whether they can be recovered from, and what each says beyond the others."""
    handle = ApplicationExceptionHandler().handle_exception
    told = [
        (FlextExceptions.ValidationError("m", field="sku", value=3), True, {"field": "sku"}),
        (FlextExceptions.ConfigurationError("m", config_key="DSN"), False, {"config_key": "DSN"}),
        (FlextExceptions.ConnectionError("m", service="db"), True, {"service": "db", "retry_after": 30}),
        (FlextExceptions.BrokenPipeError("m"), True, {"service": None, "retry_after": 30}),
        (
            FlextExceptions.AuthenticationError("m", auth_method="jwt"),
            True,
            {"auth_method": "jwt", "action_required": "login"},
        ),
        (FlextExceptions.CriticalError("m", correlation_id="req-1"), False, {"incident_id": "INC-req-1"}),
        (FlextExceptions.Error("m"), False, {}),
        (FlextExceptions.NotFoundError("m", resource_id="3"), True, {}),
    ]
    for error, recoverable, more in told:
        answer = handle(error)
        assert {name: answer[name] for name in answer if name not in ALWAYS} == more
        assert answer["recoverable"] is recoverable


def test_what_an_error_says_of_itself_outranks_its_type() -> None:
    """Its own waiting time, status, and whether to try again."""
    handle = ApplicationExceptionHandler().handle_exception
    assert handle(FlextExceptions.ConnectionError("m", retry_after=2.5))["retry_after"] == 2.5
    assert handle(FlextExceptions.ProcessingError("m", retry_after=4))["retry_after"] == 4
    assert handle(FlextExceptions.ProcessingError("m", retryable=True))["recoverable"] is True
    assert handle(FlextExceptions.ProcessingError("m", http_status=422))["recoverable"] is True
    assert handle(FlextExceptions.ConnectionError("m", retryable=False))["recoverable"] is False


def test_a_projects_own_type_is_answered_as_the_one_it_is_derived_from() -> None:
    """Who reads answers knows those of the catalogue."""

    class OutOfStock(FlextExceptions.ValidationError):
        code = "SHOP_0007"

    class Both(FlextExceptions.AuthenticationError, FlextExceptions.ConnectionError):
        pass

    answer = ApplicationExceptionHandler().handle_exception(OutOfStock("m", field="sku"))
    assert (answer["error_type"], answer["error_code"], answer["field"]) == ("validation_error", "SHOP_0007", "sku")
    assert error_type(Both) == "authentication_error"


def test_the_entry_has_what_is_known_and_no_secret(entries: list[Any]) -> None:
    """As attributes of the record, under names that are not its own."""
    error = FlextExceptions.ValidationError("not for you", field="f", login={SECRET: "hunter2"}, n=[1])
    ApplicationExceptionHandler().handle_exception(error)
    (entry,) = entries
    assert entry.name == LOGGER and entry.getMessage() == "Exception occurred: not for you"
    extra = {name: value for name, value in vars(entry).items() if name not in OWN_OF_A_RECORD}
    assert extra == {
        "error_code": "FLEXT_3001",
        "correlation_id": error.correlation_id,
        "context": {"field": "f", "login": {SECRET: "[redacted]"}, "n": [1]},
        "exception_type": "ValidationError",
        "timestamp": error.timestamp,
    }
    assert error.context["login"] == {SECRET: "hunter2"}  # the error itself is as it was


SECRETS = st.sampled_from(["password", "Api-Key", "dbToken_secret", "X_authorization", "cookie", "privateKey"])
KEYS = st.text(max_size=3) | st.integers() | st.none()
VALUES = st.recursive(
    st.none() | st.floats() | st.binary(max_size=3) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(KEYS, inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(SECRETS, st.just("hunter2") | st.lists(st.just("hunter2"), min_size=1), min_size=1)
    ),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.text(max_size=3), VALUES) | st.dictionaries(SECRETS, st.just("hunter2")))
def test_no_secret_is_logged_whatever_the_context_is(entries: list[Any], context: dict[str, Any]) -> None:
    """Under a listed key at any depth; the rest is there as a document tells it."""
    error = FlextExceptions.Error("m", context=context)
    ApplicationExceptionHandler().handle_exception(error)
    (entry,) = entries
    entries.clear()
    assert "hunter2" not in repr(entry.context)
    assert entry.context == error.to_dict()["context"]


def test_a_context_that_holds_one_thing_many_times_over_is_logged_at_once(entries: list[Any]) -> None:
    """Read to its end it would fill any memory: forty levels, each of which holds the one below it twice."""
    ApplicationExceptionHandler().handle_exception(FlextExceptions.Error("m", shared=hostile.shared(), user="ada"))
    (entry,) = entries
    assert entry.context["user"] == "ada" and len(json.dumps(entry.context)) <= 1000


def test_the_traceback_is_logged_where_stack_traces_are_on(entries: list[Any]) -> None:
    """As the setting says."""
    handle = ApplicationExceptionHandler().handle_exception
    error = FlextExceptions.Error("m")
    handle(error)
    FlextExceptions.configure_error_handling({"enable_stack_traces": False}).unwrap()
    handle(error)
    assert [entry.exc_info and entry.exc_info[1] for entry in entries] == [error, None]


def test_below_the_level_of_the_logger_nothing_is_logged(entries: list[Any]) -> None:
    """And the context is not even looked at."""
    looked: list[str] = []

    class Seen(FlextExceptions.Error):
        @property
        def context(self) -> dict[str, Any]:  # type: ignore[override]
            looked.append("context")
            return {}

    error = Seen("m")
    handle = ApplicationExceptionHandler().handle_exception
    handle(error)
    assert (len(entries), looked) == (1, ["context"])
    logging.getLogger("flext_exceptions").setLevel(logging.CRITICAL)
    assert handle(error)["message"] == "m"
    assert (len(entries), looked) == (1, ["context"])


def test_a_foreign_error_becomes_an_error_with_it_as_its_cause(entries: list[Any]) -> None:
    """Handed to the handler directly."""
    foreign = KeyError("k")
    answer = ApplicationExceptionHandler().handle_exception(foreign)
    assert (answer["error_type"], answer["message"]) == ("error", "Unexpected error: 'k'")
    (entry,) = entries
    assert entry.exc_info[1].__cause__ is foreign and entry.context == {"original_exception": "KeyError"}
    assert FlextExceptions.get_metrics() == {"Error": 1}


def test_handling_changes_nothing_and_counts_nothing() -> None:
    """Nor does it handle twice what is handled twice."""
    error = FlextExceptions.ConnectionError("m", service="db")
    before = dict(error.context)
    handler = ApplicationExceptionHandler()
    assert handler.handle_exception(error) == handler.handle_exception(error)
    assert error.context == before and FlextExceptions.get_metrics() == {"ConnectionError": 1}


def test_the_alert_is_for_critical_errors_alone(entries: list[Any]) -> None:
    """It comes after the log entry."""
    alerts: list[Any] = []
    handler = ApplicationExceptionHandler(alert=lambda error: alerts.append((error, len(entries))))
    for kind in (FlextExceptions.Error, FlextExceptions.ConfigurationError, FlextExceptions.ValidationError):
        handler.handle_exception(kind("m"))
    assert alerts == []
    error = FlextExceptions.CriticalError("m")
    handler.handle_exception(error)
    assert alerts == [(error, 4)]


def test_the_alarm_of_another_service_is_not_ours() -> None:
    """A critical error that it answered with was rung there."""
    alerts: list[Any] = []
    problem = json.dumps(FlextExceptions.CriticalError("disk full").to_problem()).encode()
    answer = Response(500, {"Content-Type": "application/problem+json"}, problem)
    error = error_for_response(Request("GET", "http://stock/A-1", "req-1"), answer)
    assert ApplicationExceptionHandler(alert=alerts.append).handle_exception(error)["incident_id"] == "INC-req-1"
    assert isinstance(error, FlextExceptions.CriticalError) and alerts == []
    for remote in (FlextExceptions.from_dict(error.to_dict()), FlextExceptions.from_problem(error.to_problem())):
        ApplicationExceptionHandler(alert=alerts.append).handle_exception(remote)
    assert alerts == []


def test_an_alert_that_fails_hides_nothing(entries: list[Any]) -> None:
    """It is logged beside the error; the answer is the same."""

    def alert(error: object) -> None:
        raise OSError("no line")

    error = FlextExceptions.CriticalError("m", correlation_id="req-1")
    answer = ApplicationExceptionHandler(alert).handle_exception(error)
    assert answer == ApplicationExceptionHandler().handle_exception(error)
    first, second, _ = entries
    assert first.exc_info[1] is error
    assert "alert" in second.getMessage() and "OSError: no line" in second.getMessage()
    assert second.exception_type == "OSError" and second.levelno == logging.ERROR


@pytest.mark.filterwarnings("ignore::flext_exceptions.FlextUsageWarning")
def test_nothing_that_an_error_holds_stops_it_from_being_answered(entries: list[Any]) -> None:
    """Values, properties, contexts and causes that fail or never end."""
    handler = ApplicationExceptionHandler(alert=print)
    errors = hostile.errors()
    for error in errors:
        answer = handler.handle_exception(error)
        assert answer.keys() >= ALWAYS
    assert len(entries) == len(errors)
    (with_cycle,) = [entry for entry in entries if entry.exception_type == "ConfigurationError"]
    (with_half,) = [entry for entry in entries if entry.exception_type == "AuthenticationError"]
    assert with_half.getMessage() == "Exception occurred: \\ud800 half"
    assert with_cycle.context == {"cyclic": {"password": "[redacted]", "itself": "..."}}


def test_a_filter_that_raises_becomes_a_warning(entries: list[Any]) -> None:
    """The answer is given all the same; where warnings are errors it is a note."""

    def fail(record: object) -> bool:
        raise LookupError("filter")

    handler = ApplicationExceptionHandler()
    handler.logger.addFilter(fail)
    try:
        with pytest.warns(FlextUsageWarning, match="logging 'Exception occurred: m' failed.*filter"):
            assert handler.handle_exception(FlextExceptions.Error("m"))["message"] == "m"
        error = FlextExceptions.Error("m")
        handler.handle_exception(error)
        assert "LookupError('filter')" in error.__notes__[0]
    finally:
        handler.logger.removeFilter(fail)


def test_attributes_that_a_record_factory_sets_itself_are_left_to_it(entries: list[Any]) -> None:
    """Logging refuses to overwrite them; the others are there."""
    usual = logging.getLogRecordFactory()

    def factory(*args: Any, **keywords: Any) -> logging.LogRecord:
        record = usual(*args, **keywords)
        record.correlation_id = "of the factory"
        return record

    logging.setLogRecordFactory(factory)
    try:
        ApplicationExceptionHandler().handle_exception(FlextExceptions.Error("m", correlation_id="req-1"))
    finally:
        logging.setLogRecordFactory(usual)
    (entry,) = entries
    assert (entry.correlation_id, entry.error_code) == ("of the factory", "FLEXT_0001")
