"""The response to an error, the id of a request, and the log entry."""

from __future__ import annotations

import json
import logging
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from http import HTTPStatus
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flext_exceptions import FlextExceptions
from flext_exceptions.catalogue import ROWS
from flext_exceptions.web.responses import problem_response, report, request_id
from tests.runtime.patterns import hostile

TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
TRACE = "0af7651916cd43dd8448eb211c80319c"


def document(error: BaseException) -> dict[str, Any]:
    """The problem document of the answer."""
    body, status, headers = problem_response(error)
    told: dict[str, Any] = json.loads(body)
    assert told["status"] == status
    assert (headers["Content-Type"], headers["Content-Length"]) == ("application/problem+json", str(len(body)))
    assert all((key + value).isascii() and (key + value).isprintable() for key, value in headers.items())
    return told


@pytest.mark.parametrize(
    "name", ["1", "req-1", "a" * 128, "3f2b8c9e-7d61-4a5e-9b0f-1c2d3e4f5a6b", "dGhlIGlk+/==", "a.b_c~d:e/f@g"]
)
def test_an_id_of_the_usual_shape_is_taken_over(name: str) -> None:
    """Before any other."""
    assert request_id(name, "") == request_id(name, TRACEPARENT) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a" * 129,
        "a b",
        "a,b",
        "a\n",
        "a\r\nSet-Cookie: x",
        "a\x00",
        "\x1b[31m",
        "<b>",
        "a;b",
        "ä",
        "\ud800",
        '"',
        "%0a",
    ],
)
def test_any_other_is_not(name: str) -> None:
    """The trace id is taken where there is one, else a fresh id, new each time."""
    assert request_id(name, TRACEPARENT) == TRACE
    assert (
        len(
            {
                request_id(name, traceparent)
                for traceparent in ("", TRACEPARENT.upper(), "x", f"{TRACEPARENT},{TRACEPARENT}")
            }
        )
        == 4
    )
    assert request_id(name, "").startswith("flext_")


@given(st.text(), st.text())
def test_whatever_the_headers_say_the_id_is_fit_for_a_header(name: str, traceparent: str) -> None:
    """And never empty."""
    found = request_id(name, traceparent)
    assert 0 < len(found) <= 128 and found.isascii() and found.isprintable() and not set(found) & set(" ,;<>\"'\\")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_type_is_answered_with_its_status_and_problem_document(row: Any) -> None:
    """The same document that ``to_problem`` makes; where the fault is the server's, without the context."""
    error = getattr(FlextExceptions, row.name)("what was wrong", correlation_id="req-1", context={"table": "users"})
    kept = {key: value for key, value in error.to_problem().items() if key != "context" or row.http_status < 500}
    assert document(error) == kept
    assert document(error)["status"] == row.http_status
    assert (document(error)["correlation_id"], document(error)["detail"]) == ("req-1", "what was wrong")


def caused(error: FlextExceptions.BaseError, cause: BaseException | None) -> FlextExceptions.BaseError:
    """The error with a cause."""
    error.__cause__ = cause
    return error


def test_what_another_library_says_of_a_fault_of_the_server_stays_there() -> None:
    """It is in the message of the error that it caused, as a host, a query or a path."""
    kind = FlextExceptions.ConnectionError
    said = "connection to db.internal:5432 refused"
    told = caused(kind(said, context={"host": "db.internal"}, correlation_id="req-1"), ConnectionRefusedError(said))
    assert "internal" not in json.dumps(document(told))
    assert (document(told)["code"], document(told)["correlation_id"]) == ("FLEXT_2001", "req-1")
    assert document(caused(kind(said), kind("of ours")))["detail"] == document(kind(said))["detail"] == said
    asked = caused(FlextExceptions.ValidationError("no number: 'x'", field="age"), ValueError("no number: 'x'"))
    assert (document(asked)["detail"], document(asked)["context"]) == ("no number: 'x'", {"field": "age"})


def test_no_stack_trace_is_told_whatever_the_setting_says() -> None:
    """Though ``to_problem`` itself shows it."""
    try:
        raise FlextExceptions.NotFoundError("m")
    except FlextExceptions.NotFoundError as error:
        assert error.to_problem()["stack_trace"]
        assert document(error) == {key: value for key, value in error.to_problem().items() if key != "stack_trace"}


@pytest.mark.parametrize("status", [-1, 0, 99, 200, 204, 304, 399, 600, 1000, 10**30, "404", 404.5, True])
def test_a_status_that_is_none_of_an_error_becomes_500(status: Any) -> None:
    """In the document too."""
    assert document(FlextExceptions.NotFoundError("m", http_status=status))["status"] == 500


@pytest.mark.parametrize("status", [400, 418, HTTPStatus.GONE, 499, 500, 599])
def test_an_errors_own_status_outranks_its_types(status: int) -> None:
    """All of those that errors may have."""
    assert document(FlextExceptions.NotFoundError("m", http_status=status))["status"] == status


@pytest.mark.parametrize(("wait", "header"), [(0, "0"), (1, "1"), (0.2, "1"), (30.0, "30"), (1e6, "1000000")])
def test_retry_after_is_in_whole_seconds_rounded_up(wait: float, header: str) -> None:
    """A client that comes earlier comes in vain."""
    error = FlextExceptions.ConnectionError("m", retry_after=wait)
    assert problem_response(error)[2]["Retry-After"] == header
    assert document(error)["retry_after"] == wait


@pytest.mark.parametrize("wait", [None, -1, float("nan"), float("inf"), "soon", True, object()])
def test_without_a_time_to_wait_there_is_no_retry_after(wait: Any) -> None:
    """Nor with an invalid one."""
    assert "Retry-After" not in problem_response(FlextExceptions.ConnectionError("m", retry_after=wait))[2]


def test_a_401_has_a_challenge_and_no_other_status_has() -> None:
    """RFC 9110 section 15.5.2, whatever the type."""
    assert problem_response(FlextExceptions.AuthenticationError("m"))[2]["WWW-Authenticate"] == "Bearer"
    assert problem_response(FlextExceptions.Error("m", http_status=401), "Basic")[2]["WWW-Authenticate"] == "Basic"
    for error in (FlextExceptions.PermissionError("m"), FlextExceptions.AuthenticationError("m", http_status=403)):
        assert "WWW-Authenticate" not in problem_response(error)[2]


class Rejected(FlextExceptions.ValidationError, ExceptionGroup):  # type: ignore[misc]
    """A group of ours."""

    http_status = 422


def test_a_group_of_ours_has_the_status_of_its_class() -> None:
    """Whatever its members have."""
    group = Rejected("two rows", [FlextExceptions.NotFoundError("m"), KeyError("k")])
    assert (document(group)["status"], document(group)["detail"]) == (422, "two rows")
    assert document(Rejected("one row", [FlextExceptions.NotFoundError("m")]))["status"] == 422


def test_a_foreign_group_of_one_error_stands_for_it() -> None:
    """As TaskGroup makes it, within others too; one of several is unknown."""
    missing = FlextExceptions.NotFoundError("no such user")
    assert document(ExceptionGroup("g", [missing]))["detail"] == "no such user"
    assert document(ExceptionGroup("g", [ExceptionGroup("g", [missing])]))["status"] == 404
    for group in (ExceptionGroup("g", [missing, missing]), ExceptionGroup("g", [KeyError()])):
        assert document(group)["title"] == "Internal Server Error"


def test_of_an_unknown_error_nothing_is_told_but_the_id() -> None:
    """Not its class, its message, nor what is behind it."""
    try:
        raise LookupError("the password is hunter2") from FlextExceptions.NotFoundError("secret")
    except LookupError as error:
        with FlextExceptions.correlation("req-1"):
            told = document(error)
    assert told == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "instance": "urn:flext-exceptions:incident:req-1",
        "correlation_id": "req-1",
    }
    again = FlextExceptions.from_problem(told)
    assert (again.http_status, again.correlation_id) == (500, "req-1")


@pytest.mark.parametrize("name", ["", "\ud800", "x" * 10_000, "a b\n", 5, None, object(), hostile.Broken()])
def test_an_unknown_error_is_answered_whatever_id_is_bound(name: Any) -> None:
    """The document stays small."""
    with FlextExceptions.correlation(name):
        assert len(json.dumps(document(KeyError()))) < 5000


class Odd(FlextExceptions.NotFoundError):
    """Has a document of its own."""

    result: Any = None

    def to_problem(self) -> dict[str, Any]:
        """What it is told to return."""
        if isinstance(self.result, Exception):
            raise self.result
        answer: dict[str, Any] = self.result
        return answer


def test_a_projects_own_document_is_sent() -> None:
    """Without stack trace, and with the status that is sent."""
    own = {"type": "https://example.org/odd", "status": 410, "stack_trace": ["secret"], "trace": "kept"}
    assert document(Odd("m", result=own)) == {"type": "https://example.org/odd", "status": 410, "trace": "kept"}
    assert own["stack_trace"] == ["secret"]


@pytest.mark.parametrize("own", [ValueError("v"), None, [], {"x": object()}, {"x": float("nan")}, {1: 2, "a": {(): 1}}])
def test_where_a_projects_own_document_fails_ours_is_sent(own: Any) -> None:
    """It is an answer all the same."""
    told = document(Odd("m", result=own))
    assert (told["status"], told["detail"], told["code"]) == (404, "m", "NOT_FOUND")


@pytest.mark.parametrize("number", range(len(hostile.errors())))
def test_nothing_that_an_error_holds_stops_the_answer(number: int, entries: list[Any]) -> None:
    """Nor its log entry."""
    error = hostile.errors()[number]
    assert 400 <= document(error)["status"] < 600
    report(error, "req-1", hostile.Broken(), hostile.Broken())
    report(error, "req-1", "GET", "/", answered=False)
    assert len(entries) == 2


def test_no_secret_is_told_or_logged(entries: list[Any]) -> None:
    """Of a context at any depth."""
    details = {"login": [{"password": "hunter2"}]}
    error = FlextExceptions.Error("m", context=details)
    assert b"hunter2" not in problem_response(error)[0]
    report(error, "req-1", "GET", "/")
    assert "hunter2" not in str(vars(entries[0]))


def raised(error: Exception) -> Exception:
    """The error with a traceback."""
    try:
        raise error
    except Exception as caught:
        return caught


@pytest.mark.parametrize("traces", [True, False])
@pytest.mark.parametrize(
    ("make", "answered", "level", "text", "shown"),
    [
        (FlextExceptions.NotFoundError, True, logging.INFO, "NotFoundError: m", "never"),
        (FlextExceptions.ConnectionError, True, logging.ERROR, "ConnectionError: m", "set"),
        (FlextExceptions.CriticalError, True, logging.CRITICAL, "CriticalError: m", "set"),
        (LookupError, True, logging.ERROR, "LookupError: m", "always"),
        (
            FlextExceptions.NotFoundError,
            False,
            logging.ERROR,
            "after the response had begun: NotFoundError: m",
            "always",
        ),
        (LookupError, False, logging.ERROR, "after the response had begun: LookupError: m", "always"),
    ],
)
def test_each_error_is_logged_as_it_deserves(
    make: Callable[[str], Exception], answered: bool, level: int, text: str, shown: str, traces: bool,
    entries: list[Any],
) -> None:  # fmt: skip
    """Errors of the caller quietly, unforeseen ones with their traceback, whatever the settings are."""
    FlextExceptions.configure_error_handling({"enable_stack_traces": traces})
    entries_level = logging.getLogger("flext_exceptions")
    entries_level.setLevel(logging.DEBUG)
    error = raised(make("m"))
    report(error, "req-1", "GET", "/users", answered)
    (entry,) = entries
    assert (entry.name, entry.levelno, entry.getMessage()) == ("flext_exceptions.web", level, text)
    assert bool(entry.exc_info) == (shown == "always" or (shown == "set" and traces))
    assert (entry.request_id, entry.method, entry.path) == ("req-1", "GET", "/users")
    typed = isinstance(error, FlextExceptions)
    assert entry.correlation_id == (error.correlation_id if typed else "req-1")
    assert entry.error_code == (error.code if typed else "")
    assert entry.exception_type == type(error).__name__


def test_the_answers_fit_what_starlette_and_flask_take() -> None:
    """For those who answer in an error handler."""
    from flask import Flask
    from starlette.responses import Response

    error = FlextExceptions.ConnectionError("m", retry_after=3)
    body, status, headers = problem_response(error)
    theirs = Response(body, status, headers)
    assert (theirs.status_code, theirs.body, theirs.headers["retry-after"]) == (503, body, "3")
    with Flask("app").test_request_context():
        flasks = Flask("app").make_response((body, status, headers))
    assert (flasks.status_code, flasks.data, flasks.headers["Retry-After"]) == (503, body, "3")
    assert theirs.headers["content-type"] == flasks.content_type == "application/problem+json"


REFUSALS = {
    "validation": FlextExceptions.ValidationError,
    "authentication": FlextExceptions.AuthenticationError,
    "processing": FlextExceptions.ProcessingError,
}


@pytest.mark.parametrize("kind", REFUSALS.values(), ids=REFUSALS)
@pytest.mark.parametrize("status", [500, 502, 503])
def test_what_another_service_said_is_nothing_for_our_caller(
    kind: type[FlextExceptions.BaseError], status: int
) -> None:
    """Neither its words nor its url, headers, body and code; the status, the id and how long to wait."""
    context = {"status_code": 401, "url": "https://stock.internal", "response_body": {"message": "key expired"}}
    error = kind("key expired", context=context, http_status=status, retry_after=7, correlation_id="req-1", code="X")
    body, answered, headers = problem_response(error)
    assert (answered, headers["Retry-After"]) == (status, "7") and "WWW-Authenticate" not in headers
    document = json.loads(body)
    assert document.pop("title")
    assert document == {
        "type": "about:blank",
        "status": status,
        "instance": "urn:flext-exceptions:incident:req-1",
        "correlation_id": "req-1",
        "retry_after": 7,
    }


def test_what_another_service_said_may_be_passed_on() -> None:
    """Where the program says so, and where the error is our caller's doing as well."""
    context = {"status_code": 404, "passthrough": True}
    assert json.loads(problem_response(FlextExceptions.NotFoundError("no", context=context))[0])["detail"] == "no"
    error = FlextExceptions.ProcessingError("busy", context=context | {"status_code": 503}, http_status=503)
    assert json.loads(problem_response(error)[0])["detail"] == "busy"
    own = FlextExceptions.NotFoundError("no", context={"status_code": 7})
    assert json.loads(problem_response(own)[0])["context"] == {"status_code": 7}


def fail_in_a_pool() -> None:
    """Raise, with or without another library's error behind it."""
    raise FlextExceptions.ProcessingError("no paper left")


def test_the_traceback_of_another_process_is_no_cause_that_hides_the_detail() -> None:
    """Pools hang it on the error as its cause."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context) as executor:
        ours = executor.submit(fail_in_a_pool).exception()
    assert ours is not None and type(ours.__cause__).__name__ == "_RemoteTraceback"
    assert json.loads(problem_response(ours)[0])["detail"] == "no paper left"
    ours.__cause__ = KeyError("hunter2")
    assert "detail" not in json.loads(problem_response(ours)[0])
