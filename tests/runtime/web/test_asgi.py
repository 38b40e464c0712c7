"""ASGI applications answer errors with problem documents, and every answer has the id of its request."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route

from flext_exceptions import FlextExceptions
from flext_exceptions.web.asgi import ProblemMiddleware
from flext_exceptions.web.responses import problem_response
from tests.runtime.web.asgi_calls import raising, run
from tests.runtime.web.servers import ask, ask_at_once, uvicorn_server
from tests.runtime.web.shops import AT_ONCE, bound, fastapi_shop, routes
from tests.runtime.web.test_responses import TRACE, TRACEPARENT


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A FastAPI application to which the middleware was added, under uvicorn."""
    with uvicorn_server(fastapi_shop()) as number:
        yield number


def test_an_id_given_is_bound_and_sent_back(port: int) -> None:
    """In coroutines and in the threads that FastAPI runs functions in."""
    answer = ask(port, "/fine", X_Request_ID="req-1")
    assert (answer.id, answer.body) == ("req-1", b'{"bound":"req-1","scope":"req-1"}')
    answer = ask(port, "/sync", X_Request_ID="req-2")
    assert (answer.id, answer.body) == ("req-2", b'{"bound":"req-2"}')


def test_without_one_it_is_the_trace_id_else_fresh(port: int) -> None:
    """New for each request."""
    assert ask(port, "/fine", traceparent=TRACEPARENT).id == TRACE
    assert ask(port, "/fine", traceparent=TRACEPARENT, X_Request_ID="req-1").id == "req-1"
    fresh = [ask(port, "/fine", traceparent="00-nonsense").id, ask(port, "/fine").id, ask(port, "/fine").id]
    assert len(set(fresh)) == 3 and all(name.startswith("flext_") for name in fresh)


def test_the_headers_that_an_error_asks_for_are_sent(port: int) -> None:
    """How long to wait, and how to log in."""
    answer = ask(port, "/typed-sync", X_Request_ID="req-1")
    assert (answer.status, answer.headers["Retry-After"], answer.document["correlation_id"]) == (504, "7", "req-1")
    answer = ask(port, "/login")
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="shop"')


@pytest.mark.parametrize(
    ("path", "status"), [("/http", 418), ("/number/x", 422), ("/nowhere", 404), ("/number/7", 200)]
)
def test_what_the_framework_answers_itself_stays_and_has_the_id(
    port: int, path: str, status: int, entries: list[Any]
) -> None:
    """It is no error that reached the middleware."""
    answer = ask(port, path, X_Request_ID="req-1")
    assert (answer.status, answer.id, answer.headers["Content-Type"]) == (status, "req-1", "application/json")
    assert not entries


def test_an_id_bound_within_a_request_is_that_of_the_error(port: int, entries: list[Any]) -> None:
    """The header names the request; the log entry has both."""
    answer = ask(port, "/rebound", X_Request_ID="req-1")
    assert (answer.id, answer.document["correlation_id"]) == ("req-1", "order-7")
    assert (entries[0].correlation_id, entries[0].request_id) == ("order-7", "req-1")


def test_a_head_request_gets_the_headers_alone(port: int) -> None:
    """They are those of the document that a GET would get (RFC 9110 section 9.3.2)."""
    app = ProblemMiddleware(raising(FlextExceptions.NotFoundError("m", correlation_id="req-1")))
    sent = run(app, method="HEAD")
    with uvicorn_server(app) as other:
        over_the_wire = ask(other, "/", "HEAD")
        full = ask(other, "/")
    assert sent[1]["body"] == over_the_wire.body == b""
    assert over_the_wire.status == 404
    assert dict(sent[0]["headers"])[b"content-length"].decode() == over_the_wire.headers["Content-Length"]
    assert over_the_wire.headers["Content-Length"] == full.headers["Content-Length"] == str(len(full.body))


def test_a_streamed_body_has_the_id_to_its_end(port: int) -> None:
    """It is made after the endpoint has returned."""
    answer = ask(port, "/streamed/no", X_Request_ID="req-1")
    assert (answer.id, answer.body) == ("req-1", b"req-1req-1")


def test_an_error_within_a_streamed_body_closes_the_connection(port: int, entries: list[Any]) -> None:
    """An answer has begun: it is logged, and the server hears of it."""
    with pytest.raises(Exception, match="IncompleteRead"):
        ask(port, "/streamed/yes", X_Request_ID="req-1")
    (entry,) = entries
    assert entry.getMessage() == "after the response had begun: ProcessingError: half way"
    assert entry.request_id == "req-1"
    assert ask(port, "/fine").status == 200


def test_an_error_after_the_answer_is_logged(port: int, entries: list[Any]) -> None:
    """The answer itself is whole."""
    answer = ask(port, "/afterwards", X_Request_ID="req-1")
    assert (answer.status, answer.body, answer.id) == (200, b'"done"', "req-1")
    deadline = time.monotonic() + 5
    while not entries and time.monotonic() < deadline:
        time.sleep(0.01)
    assert entries[0].getMessage() == "after the response had begun: NotFoundError: no such user"


def test_a_client_that_goes_away_ends_the_request_and_is_nobodys_error(entries: list[Any]) -> None:
    """Starlette cancels what makes the body."""
    ended = threading.Event()

    async def endless(request: Request) -> StreamingResponse:
        async def body() -> AsyncIterator[bytes]:
            try:
                while True:
                    yield b"x" * 1000
                    await asyncio.sleep(0.001)
            finally:
                ended.set()

        return StreamingResponse(body())

    app = Starlette(routes=[Route("/", endless)])
    app.add_middleware(ProblemMiddleware)
    with uvicorn_server(app) as port:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.1 200")
        assert ended.wait(10)
    assert not entries


def test_requests_at_once_keep_their_ids(port: int, entries: list[Any]) -> None:
    """All are open before the first is answered; two thirds of them fail."""
    answers = ask_at_once(port, lambda index: f"/together/{index}", AT_ONCE)
    for index, answer in enumerate(answers):
        assert answer.id == f"req-{index}"
        assert f'"correlation_id": "req-{index}"'.encode() in answer.body.replace(b'":"', b'": "')
        assert answer.status == (500 if index % 3 else 200)
    assert sorted(entry.request_id for entry in entries) == sorted(f"req-{n}" for n in range(AT_ONCE) if n % 3)
    assert all(entry.correlation_id == entry.request_id for entry in entries)


def test_requests_at_once_keep_their_ids_in_threads(port: int) -> None:
    """FastAPI copies the context of a request into the thread that answers it."""
    for index, answer in enumerate(ask_at_once(port, lambda index: "/sync", AT_ONCE)):
        assert (answer.id, answer.body) == (f"req-{index}", f'{{"bound":"req-{index}"}}'.encode())


def test_around_an_application_every_answer_has_the_id_too() -> None:
    """Starlette's own 500 page included, which is sent before the error goes on; then handlers make the documents."""
    inner = routes(FastAPI())
    with uvicorn_server(ProblemMiddleware(inner)) as port:  # type: ignore[arg-type]
        for path, status in (("/fine", 200), ("/http", 418), ("/unknown", 500), ("/typed", 500)):
            answer = ask(port, path, X_Request_ID="req-1")
            assert (answer.status, answer.id) == (status, "req-1")
        assert answer.body == b"Internal Server Error"

    handled = routes(FastAPI())

    async def answer_typed(request: Request, error: Exception) -> Response:
        return Response(*problem_response(error))

    handled.add_exception_handler(FlextExceptions, answer_typed)
    handled.add_exception_handler(Exception, answer_typed)
    with uvicorn_server(ProblemMiddleware(handled)) as port:  # type: ignore[arg-type]
        for path, status in (("/typed", 404), ("/unknown", 500), ("/login", 401)):
            answer = ask(port, path, X_Request_ID="req-1")
            assert (answer.status, answer.id) == (status, "req-1")
            assert answer.document["correlation_id"] == "req-1"


def test_added_to_starlette_it_works_between_other_middlewares() -> None:
    """Within CORS, whose headers an error needs as well; around BaseHTTPMiddleware, which runs the rest in a task."""

    async def fail(request: Request) -> Response:
        raise FlextExceptions.AlreadyExistsError("m")

    async def fine(request: Request) -> Response:
        return PlainTextResponse(bound())

    async def dispatch(request: Request, call_next: Any) -> Response:
        response: Response = await call_next(request)
        response.headers["seen"] = bound()
        return response

    sub = Starlette(routes=[Route("/fail", fail), Route("/fine", fine)])
    sub.add_middleware(ProblemMiddleware)
    app = Starlette(routes=[Mount("/sub", sub), Route("/fail", fail), Route("/fine", fine)])
    app.add_middleware(BaseHTTPMiddleware, dispatch=dispatch)
    app.add_middleware(ProblemMiddleware)
    app.add_middleware(CORSMiddleware, allow_origins=["*"], expose_headers=["X-Request-ID"])
    with uvicorn_server(app) as port:
        for path in ("/fail", "/sub/fail"):
            answer = ask(port, path, Origin="http://shop.example", X_Request_ID="req-1")
            assert (answer.status, answer.id, answer.document["correlation_id"]) == (409, "req-1", "req-1")
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
        answer = ask(port, "/sub/fine")  # of two middlewares the outer one says what the id is
        assert answer.id == answer.body.decode() == answer.headers["seen"]


def test_an_upload_that_is_broken_off_is_no_error_in_the_log(port: int, entries: list[Any]) -> None:
    """Over a real connection."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"POST /upload HTTP/1.1\r\nHost: x\r\nX-Request-ID: req-1\r\nContent-Length: 9\r\n\r\na")
    end = time.monotonic() + 10
    while not entries and time.monotonic() < end:
        time.sleep(0.01)
    assert [(entry.levelno, entry.request_id) for entry in entries] == [(logging.DEBUG, "req-1")]


# The start of an answer


def test_a_stream_that_fails_before_its_first_byte_is_answered(port: int, entries: list[Any]) -> None:
    """As if it had never been begun."""
    answer = ask(port, "/streamed-at-once", X_Request_ID="req-1")
    assert (answer.status, answer.id, answer.document["detail"]) == (404, "req-1", "no such export")
    assert len(entries) == 1 and entries[0].levelno == logging.INFO
