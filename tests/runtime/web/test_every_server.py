"""What all middlewares do: FastAPI under uvicorn, Flask under threaded servers of werkzeug and of the library."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from flext_exceptions import FlextExceptions
from tests.runtime.web.servers import ask, uvicorn_server, werkzeug_server, wsgiref_server
from tests.runtime.web.shops import fastapi_shop, shop, wrapped


@pytest.fixture(scope="module", params=["uvicorn", "werkzeug", "wsgiref"])
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    """Where the application listens."""
    if request.param == "uvicorn":
        server = uvicorn_server(fastapi_shop())
    else:
        server = {"werkzeug": werkzeug_server, "wsgiref": wsgiref_server}[request.param](wrapped(shop()))
    with server as number:
        yield number


@pytest.mark.parametrize("name", ["", "a" * 129, "a b", "<script>", "caf\xe9", "a,b", "\x1b[31m"])
def test_a_hostile_id_is_not_taken_over(port: int, name: str) -> None:
    """And goes into no answer."""
    answer = ask(port, "/unknown", X_Request_ID=name)
    assert answer.id.startswith("flext_") and answer.document["correlation_id"] == answer.id


def test_a_typed_error_is_answered_with_its_problem_document(port: int, entries: list[Any]) -> None:
    """Without its secrets and its stack trace; it is the caller's doing, and logged as that."""
    answer = ask(port, "/typed", X_Request_ID="req-1")
    assert (answer.status, answer.id) == (404, "req-1")
    assert answer.document == {
        "type": "urn:flext-exceptions:type:NotFoundError",
        "title": "Not found",
        "status": 404,
        "detail": "no such user",
        "instance": "urn:flext-exceptions:incident:req-1",
        "code": "NOT_FOUND",
        "correlation_id": "req-1",
        "context": {"resource_id": "42", "api_key": "[redacted]"},
    }
    (entry,) = entries
    assert (entry.levelno, entry.method, entry.path, entry.request_id) == (logging.INFO, "GET", "/typed", "req-1")


def test_an_unknown_error_is_answered_with_a_500_that_tells_the_id_alone(port: int, entries: list[Any]) -> None:
    """It is logged once, with its traceback; the server hears nothing of it."""
    FlextExceptions.configure_error_handling({"enable_stack_traces": False})
    logging.getLogger("flext_exceptions").setLevel(logging.DEBUG)
    answer = ask(port, "/unknown", X_Request_ID="req-1")
    assert (answer.status, answer.id, answer.document["correlation_id"]) == (500, "req-1", "req-1")
    assert set(answer.document) == {"type", "title", "status", "instance", "correlation_id"}
    assert b"hunter2" not in answer.body
    (entry,) = entries
    assert (entry.levelno, entry.correlation_id, entry.getMessage()) == (logging.ERROR, "req-1", "KeyError: 'hunter2'")
    assert isinstance(entry.exc_info[1], KeyError)


def test_an_id_that_the_application_sets_is_left(port: int) -> None:
    """The answer has one, and it is that."""
    assert ask(port, "/own-id", X_Request_ID="req-1").id == "mine"
