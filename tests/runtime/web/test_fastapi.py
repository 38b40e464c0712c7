"""FastAPI's own errors are answered as problem documents too, once the middleware is installed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI, HTTPException
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, field_validator

from flext_exceptions import FlextExceptions
from flext_exceptions.web.asgi import ProblemMiddleware
from flext_exceptions.web.fastapi import install
from tests.runtime.web.servers import ask, uvicorn_server
from tests.runtime.web.shops import routes

DETAILS = {"password": "hunter2", "host": "10.0.0.5"}


class Card(BaseModel):
    """What a route takes."""

    pin: str
    password: str = ""

    @field_validator("pin")
    @classmethod
    def check(cls, pin: str) -> str:
        """Refuse every one."""
        raise FlextExceptions.ValidationError("bad pin", context=DETAILS)


def installed() -> FastAPI:
    """An application with the routes of the others, and some for what FastAPI answers itself."""
    app = FastAPI()
    install(app, challenge='Basic realm="shop"')
    install(app)

    @app.post("/cards")
    async def add(card: Card) -> None:
        pass

    @app.get("/raised/{status}")
    async def raised(status: int) -> None:
        details: dict[int, Any] = {404: "no such page", 409: {"token": "hunter2", "order": 7}, 422: [1, 2]}
        headers = {"X-More": "1"} if status == 404 else None
        raise HTTPException(status, details.get(status), headers)

    return routes(app)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Where it listens."""
    with uvicorn_server(installed()) as number:
        yield number


def test_an_http_exception_is_a_problem_document(port: int, entries: list[Any]) -> None:
    """With its status, detail and headers, and the id of the request."""
    answer = ask(port, "/raised/404", X_Request_ID="req-1")
    assert (answer.status, answer.id, answer.headers["X-More"]) == (404, "req-1", "1")
    assert answer.document == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "no such page",
        "instance": "urn:flext-exceptions:incident:req-1",
        "correlation_id": "req-1",
    }
    assert not entries


def test_a_detail_that_is_no_text_is_in_the_context(port: int) -> None:
    """Without its secrets."""
    assert ask(port, "/raised/409").document["context"] == {"token": "[redacted]", "order": 7}
    assert ask(port, "/raised/422").document["context"] == {"detail": [1, 2]}


@pytest.mark.parametrize("path", ["/nowhere", "/raised/418", "/raised/599"])
def test_what_the_framework_finds_itself_is_a_problem_document(port: int, path: str) -> None:
    """A route that is missing, and a status that has no words."""
    assert ask(port, path).document["title"]
    assert ask(port, "/fine", "DELETE").document["status"] == 405


def test_a_401_has_a_challenge_and_a_304_no_body(port: int) -> None:
    """As the protocol wants them (RFC 9110, sections 15.5.2 and 15.4.5)."""
    assert ask(port, "/raised/401").headers["WWW-Authenticate"] == 'Basic realm="shop"'
    answer = ask(port, "/raised/304")
    assert (answer.status, answer.body) == (304, b"")


def test_a_request_that_is_not_valid_is_a_problem_document(port: int, entries: list[Any]) -> None:
    """With what is wrong where, and neither what was sent nor what a validator knew; it is the caller's doing."""
    body = b'{"pin": "1234", "password": 7}'
    answer = ask(port, "/cards", "POST", body, Content_Type="application/json", X_Request_ID="req-1")
    document = answer.document
    assert (document["status"], document["code"], document["correlation_id"]) == (422, "FLEXT_3001", "req-1")
    assert document["detail"] == "2 fields are wrong"
    assert document["context"]["errors"] == [
        {"loc": ["body", "pin"], "msg": "Value error, bad pin", "type": "value_error"},
        {"loc": ["body", "password"], "msg": "Input should be a valid string", "type": "string_type"},
    ]
    assert b"hunter2" not in answer.body and b"10.0.0.5" not in answer.body and b"1234" not in answer.body
    assert [(entry.levelno, entry.path) for entry in entries] == [(logging.INFO, "/cards")]
    assert ask(port, "/number/x").document["detail"] == "1 field is wrong"
    assert ask(port, "/cards", "POST", b"{", Content_Type="application/json").document["status"] == 422


def test_errors_of_the_program_are_answered_as_ever(port: int) -> None:
    """Typed ones and others."""
    assert ask(port, "/typed").document["code"] == "NOT_FOUND"
    assert ask(port, "/unknown").document["title"] == "Internal Server Error"


def test_handlers_of_the_application_stay() -> None:
    """Those that it registered itself, before; and the middleware is there once."""
    app = FastAPI()

    @app.exception_handler(HTTPException)
    async def own(request: Any, error: Any) -> PlainTextResponse:
        return PlainTextResponse("mine", 418)

    install(app)
    install(app)
    assert app.exception_handlers[HTTPException] is own
    added: list[Any] = [middleware.cls for middleware in app.user_middleware]
    assert added.count(ProblemMiddleware) == 1


def test_a_handler_for_every_exception_sees_none_that_is_answered() -> None:
    """It belongs to a middleware of Starlette's that is around all others."""
    app = FastAPI()
    seen: list[Exception] = []

    @app.exception_handler(Exception)
    async def own(request: Any, error: Exception) -> PlainTextResponse:
        seen.append(error)
        return PlainTextResponse("mine", 500)

    install(app)
    routes(app)
    with uvicorn_server(app) as port:
        assert ask(port, "/unknown").document["status"] == 500
    assert seen == []
