"""Our problem documents follow RFC 9457, and anybody's problem document becomes the error that it describes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flext_exceptions import FlextExceptions
from flext_exceptions.catalogue import ROWS, Row
from flext_exceptions.documents.to_dict import line
from flext_exceptions.observers import watched
from flext_pytest import assert_error_dict
from flext_pytest.strategies import errors

from . import shop
from .hostile import HOSTILE

row = pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
STANDARD = {"type": str, "title": str, "status": int, "detail": str, "instance": str}  # RFC 9457, section 3.1


def test_a_problem_has_the_members_of_the_rfc_and_ours() -> None:
    """And nothing else."""
    error = FlextExceptions.TimeoutError("too slow", timeout_seconds=3, retry_after=2, correlation_id="req/1 ä")
    assert error.to_problem() == {
        "type": "urn:flext-exceptions:type:TimeoutError",
        "title": "Timeout",
        "status": 504,
        "detail": "too slow",
        "instance": "urn:flext-exceptions:incident:req%2F1%20%C3%A4",
        "code": "FLEXT_2002",
        "correlation_id": "req/1 ä",
        "context": {"timeout_seconds": 3},
        "retry_after": 2,
    }


def test_what_there_is_not_is_left_out() -> None:
    """No message, no id, no wait; a stack trace only where the settings say so."""
    FlextExceptions.configure_error_handling({"error_correlation_enabled": False}).unwrap()
    problem = FlextExceptions.Error().to_problem()
    assert problem.keys() == {"type", "title", "status", "code", "correlation_id", "context"}
    with pytest.raises(FlextExceptions.Error) as caught:
        raise FlextExceptions.Error("m")
    assert caught.value.to_problem()["stack_trace"][-1]["file"] == __file__
    FlextExceptions.configure_error_handling({"environment": "production"}).unwrap()
    assert "stack_trace" not in caught.value.to_problem()


@row
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_problem_of_ours_becomes_the_same_problem_again(row: Row, data: st.DataObject) -> None:
    """Of every type, with the same class, code, status and context."""
    error = data.draw(errors(row.type))
    problem = error.to_problem()
    arrived = json.loads(json.dumps(problem, allow_nan=False))
    assert arrived == problem
    assert all(isinstance(problem[name], kind) for name, kind in STANDARD.items() if name in problem)
    twin = FlextExceptions.from_problem(arrived)
    assert type(twin) is type(error) and twin.to_problem() == problem
    told = line(error.code)  # what cannot be printed is escaped
    assert (twin.message, twin.code, twin.correlation_id) == (error.message, told, error.correlation_id)
    assert_error_dict(problem, code=told, status=error.http_status)


def test_a_class_of_a_project_is_found_by_name_and_code() -> None:
    """Its constructor is not called, and its module is not published."""
    error = shop.TwoRequired("A-1", 4)
    problem = error.to_problem()
    assert problem["type"].endswith(":TwoRequired") and "shop" not in json.dumps(problem["type"])
    twin = FlextExceptions.from_problem(problem)
    assert type(twin) is shop.TwoRequired and twin.resource_id == "A-1"
    coded = FlextExceptions.from_problem({"code": "SHOP_0001", "status": 418, "title": "No", "context": {"sku": "A"}})
    assert isinstance(coded, shop.KeywordOnly) and (coded.http_status, coded.sku) == (418, "A")


def test_of_two_classes_with_one_name_the_code_decides() -> None:
    """Without one it is the first."""

    class NotFoundError(FlextExceptions.NotFoundError):
        code = "TEST_PROBLEM"

    problem = NotFoundError("m").to_problem()
    assert type(FlextExceptions.from_problem(problem)) is NotFoundError
    del problem["code"]
    assert type(FlextExceptions.from_problem(problem)) is FlextExceptions.NotFoundError


BY_STATUS = {
    400: "ValidationError", 401: "AuthenticationError", 403: "PermissionError", 404: "NotFoundError",
    408: "TimeoutError", 409: "AlreadyExistsError", 410: "NotFoundError", 418: "ValidationError",
    422: "ValidationError", 429: "ConnectionError", 500: "ProcessingError", 501: "NotImplementedError",
    502: "ConnectionError", 503: "ConnectionError", 504: "TimeoutError", 507: "ProcessingError", 200: "Error",
}  # fmt: skip


@pytest.mark.parametrize(("status", "name"), BY_STATUS.items())
def test_a_status_alone_decides(status: int, name: str) -> None:
    """And stays what it was; the message is its phrase."""
    error = FlextExceptions.from_problem({"status": status})
    assert (type(error).__name__, error.http_status) == (name, status)
    assert error.message


def test_the_problem_of_the_rfc_is_understood() -> None:
    """Its own example: extension members are context, the foreign type and instance too."""
    problem = {
        "type": "https://example.com/probs/out-of-credit",
        "title": "You do not have enough credit.",
        "detail": "Your current balance is 30, but that costs 50.",
        "instance": "/account/12345/msgs/abc",
        "balance": 30,
        "accounts": ["/account/12345", "/account/67890"],
        "status": 403,
    }
    error = FlextExceptions.from_problem(problem)
    assert type(error) is FlextExceptions.PermissionError and error.title == "You do not have enough credit."
    assert error.message == "Your current balance is 30, but that costs 50."
    assert error.context == {
        "balance": 30,
        "accounts": ["/account/12345", "/account/67890"],
        "problem_type": "https://example.com/probs/out-of-credit",
        "problem_instance": "/account/12345/msgs/abc",
    }
    assert error.context["accounts"] is not problem["accounts"]


def test_a_code_alone_is_that_of_the_first_type_which_is_raised_by_this_code() -> None:
    """Not of the base of all types, which has the code of Error."""
    assert type(FlextExceptions.from_problem({"code": "FLEXT_0001"})) is FlextExceptions.Error
    assert type(FlextExceptions.from_problem({"code": "FLEXT_2002"})) is FlextExceptions.TimeoutError


def test_the_stack_trace_of_a_problem_is_kept() -> None:
    """Also if the error is raised again; an invalid one is not."""
    trace = [{"file": "shop.py", "line": 7, "function": "sell"}]
    error = FlextExceptions.from_problem({"status": 404, "stack_trace": trace})
    with pytest.raises(FlextExceptions.NotFoundError):
        raise error
    assert error.to_dict()["stack_trace"] == error.to_problem()["stack_trace"] == trace
    assert "stack_trace" not in FlextExceptions.from_problem({"stack_trace": [{"file": "shop.py"}]}).to_problem()


def test_a_title_alone_is_the_message() -> None:
    """And nothing at all is an error without one."""
    only = FlextExceptions.from_problem({"title": "Gone fishing", "type": "about:blank"})
    assert (type(only), only.message, only.context) == (FlextExceptions.Error, "Gone fishing", {})
    assert FlextExceptions.from_problem({}).message == "Internal Server Error"
    assert FlextExceptions.from_problem({"status": 599}).args == ()


@pytest.mark.parametrize(
    "members",
    [
        {"status": "404"}, {"status": True}, {"status": 99}, {"status": 1e9}, {"status": 404.5}, {"status": None},
        {"title": 3}, {"detail": ["d"]}, {"type": 3}, {"instance": {}}, {"code": 3}, {"code": "NO_SUCH"},
        {"correlation_id": 3}, {"context": "c"}, {"context": ["c"]}, {"retry_after": "3"}, {"retry_after": -1},
        {"retry_after": float("nan")}, {"stack_trace": "s"}, {"stack_trace": [1]}, {3: 4}, {"type": "about:blank"},
        {"type": "urn:flext-exceptions:type:NoSuch"}, {"type": "urn:flext-exceptions:type:Several"},
    ],
    ids=str,
)  # fmt: skip
def test_a_member_of_the_wrong_type_is_not_there(members: dict[Any, Any]) -> None:
    """RFC 9457, section 3.1: it must be ignored; so must what names nothing."""
    error = FlextExceptions.from_problem({"title": "T"} | members)
    same = type(error), error.http_status, error.context, error.retry_after
    assert same == (FlextExceptions.Error, 500, {}, None)
    assert error.correlation_id.startswith("flext_")
    json.dumps(error.to_problem(), allow_nan=False)


def test_a_status_may_be_written_as_a_fraction() -> None:
    """It is a JSON number."""
    assert FlextExceptions.from_problem({"status": 404.0}).http_status == 404


@pytest.mark.parametrize("document", [None, "text", [("status", 404)], 3])
def test_what_is_no_mapping_is_refused_in_one_line(document: Any) -> None:
    """As from_dict does."""
    with pytest.raises(FlextExceptions.ValidationError, match=r"^from_problem: a problem document must be a mapping"):
        FlextExceptions.from_problem(document)


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_hostile_document_is_read_or_refused(number: int) -> None:
    """As a whole, and as any member."""
    value = HOSTILE[number]
    names = [*STANDARD, "code", "context", "correlation_id", "retry_after", "stack_trace", "other"]
    for document in (value, *({name: value} for name in names)):
        try:
            error = FlextExceptions.from_problem(document)
        except FlextExceptions.ValidationError as refused:
            assert str(refused).startswith("from_problem: ")  # noqa: FLX306
        else:
            json.dumps(error.to_problem(), allow_nan=False)


def test_an_error_from_a_problem_is_a_new_one_and_counted() -> None:
    """Of this program: it has the bound id where the problem brings none."""
    with FlextExceptions.correlation("req-1"):
        error = FlextExceptions.from_problem({"status": 404})
    assert error.correlation_id == "req-1" and error.timestamp > 0
    assert FlextExceptions.get_metrics() == {"NotFoundError": 1}


def test_who_watches_is_told_of_it_when_it_is_whole() -> None:
    """As of any other error."""
    told: list[Any] = []
    with watched(lambda error: told.append((error.message, error.resource_id, error.context))):  # type: ignore[attr-defined]
        FlextExceptions.from_problem({"status": 404, "detail": "m", "context": {"resource_id": 3}})
    assert told == [("m", 3, {"resource_id": 3})]


def test_a_builtin_type_by_name_is_a_type_again() -> None:
    """In the context of a TypeError."""
    error = FlextExceptions.from_problem(FlextExceptions.TypeError("m", expected_type="str").to_problem())
    assert error.context == {"expected_type": str}


def test_a_problem_hides_what_a_document_hides() -> None:
    """And is as short."""
    FlextExceptions.configure_error_handling({"max_error_details": 60}).unwrap()
    problem = FlextExceptions.Error("m", password="x", text="y" * 99).to_problem()
    assert problem["context"]["password"] == "[redacted]" and len(json.dumps(problem["context"])) <= 60
