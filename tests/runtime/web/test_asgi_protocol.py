"""The ASGI middleware under a hand-written server: ids, cancelling, lifespan, WebSockets, clients that disconnect."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from starlette.requests import ClientDisconnect, Request
from starlette.websockets import WebSocketDisconnect

from flext_exceptions import FlextExceptions
from flext_exceptions.web.asgi import ProblemMiddleware
from tests.runtime.web.asgi_calls import raising, run
from tests.runtime.web.shops import bound
from tests.runtime.web.test_responses import TRACE, TRACEPARENT


def test_of_several_ids_none_is_taken() -> None:
    """Wherever they come from, they are not one id; names are case-insensitive."""
    app = ProblemMiddleware(raising(KeyError()))
    twice = run(app, headers=[(b"X-Request-ID", b"a"), (b"x-request-id", b"b"), (b"traceparent", TRACEPARENT.encode())])
    assert twice[0]["headers"][-1] == (b"x-request-id", TRACE.encode())
    assert run(app, headers=[(b"X-Request-ID", b"a")])[0]["headers"][-1] == (b"x-request-id", b"a")


@pytest.mark.parametrize("error", [asyncio.CancelledError(), KeyboardInterrupt(), GeneratorExit()])
def test_what_is_no_exception_goes_through(error: BaseException, entries: list[Any]) -> None:
    """Above all the cancellation of a request, which is not an error."""

    async def main() -> list[Any]:
        sent: list[Any] = []
        app = ProblemMiddleware(raising(error))

        async def send(message: Any) -> None:
            sent.append(message)

        with pytest.raises(type(error)):
            await app({"type": "http", "headers": []}, None, send)  # type: ignore[arg-type]
        return sent

    assert not asyncio.run(main()) and not entries


def test_a_cancelled_request_leaves_nothing_bound() -> None:
    """Its task is cancelled while it waits, as servers do when they end."""

    async def main() -> str:
        waits = asyncio.Event()

        async def app(scope: Any, receive: Any, send: Any) -> None:
            waits.set()
            await asyncio.sleep(60)

        task = asyncio.ensure_future(ProblemMiddleware(app)({"type": "http", "headers": []}, None, None))  # type: ignore[arg-type]
        await waits.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return bound()

    assert asyncio.run(main()).startswith("flext_")


def test_nothing_stays_bound_where_requests_share_a_task() -> None:
    """One after the other, as a test client may send them."""

    async def main() -> list[str]:
        seen = []

        async def app(scope: Any, receive: Any, send: Any) -> None:
            seen.append(bound())

        for name in (b"req-1", b"req-2"):
            await ProblemMiddleware(app)({"type": "http", "headers": [(b"x-request-id", name)]}, None, None)  # type: ignore[arg-type]
            seen.append(bound())
        return seen

    first, after, second, end = asyncio.run(main())
    assert (first, second) == ("req-1", "req-2")
    assert after.startswith("flext_") and end.startswith("flext_")


def test_lifespan_passes_as_it_is(entries: list[Any]) -> None:
    """Its errors are for the server, which does not start then."""
    with pytest.raises(FlextExceptions.ConfigurationError):
        run(ProblemMiddleware(raising(FlextExceptions.ConfigurationError("m"))), "lifespan")
    message = {"type": "lifespan.startup.complete"}
    with pytest.raises(KeyError):
        run(ProblemMiddleware(raising(KeyError(), message)), "lifespan")
    assert not entries


def test_a_websocket_has_the_id_in_its_handshake() -> None:
    """And bound while it is open."""
    seen = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "websocket.accept"})
        seen.append(bound())
        await send({"type": "websocket.send", "text": "hello"})

    accepted, said = run(ProblemMiddleware(app), "websocket")
    assert accepted == {"type": "websocket.accept", "headers": [(b"x-request-id", b"req-1")]}
    assert (said, seen) == ({"type": "websocket.send", "text": "hello"}, ["req-1"])


def test_a_websocket_that_fails_is_answered_where_the_server_can(entries: list[Any]) -> None:
    """Else the server answers: it closes what is open and refuses what is not."""
    error = FlextExceptions.PermissionError("not for you")
    extensions: dict[str, Any] = {"websocket.http.response": {}}
    start, body = run(ProblemMiddleware(raising(error)), "websocket", extensions=extensions)
    assert (start["type"], start["status"]) == ("websocket.http.response.start", 403)
    assert start["headers"][-1] == (b"x-request-id", b"req-1")
    assert body["type"] == "websocket.http.response.body" and b"not for you" in body["body"]
    for first in ({"type": "websocket.accept"}, {"type": "websocket.close"}):
        with pytest.raises(FlextExceptions.PermissionError):
            run(ProblemMiddleware(raising(error, first)), "websocket", extensions=extensions)
    for unable in ({}, {"extensions": None}):
        with pytest.raises(FlextExceptions.PermissionError):
            run(ProblemMiddleware(raising(error)), "websocket", **unable)
    assert [entry.levelno for entry in entries] == [logging.INFO] + [logging.ERROR] * 4


def test_the_applications_messages_and_scope_are_not_changed() -> None:
    """It may use them again."""
    headers: list[tuple[bytes, bytes]] = []
    message = {"type": "http.response.start", "status": 204, "headers": headers}
    scope = {"type": "http", "headers": []}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(message)
        await send({"type": "http.response.body"})

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(ProblemMiddleware(app)(scope, None, send))  # type: ignore[arg-type]
    assert len(sent[0]["headers"]) == 1 and headers == [] and scope == {"type": "http", "headers": []}


def test_headers_may_come_in_any_iterable() -> None:
    """As the specification of ASGI has it."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": iter([(b"a", b"b")])})

    assert run(ProblemMiddleware(app))[0]["headers"] == [(b"a", b"b"), (b"x-request-id", b"req-1")]


class Wrapped(Exception):
    """What a framework makes of a failure to send."""


async def answering(scope: Any, receive: Any, send: Any) -> None:
    """Answer every request."""
    await send({"type": "http.response.start", "status": 200})
    await send({"type": "http.response.body", "body": b"a"})


async def wrapping(scope: Any, receive: Any, send: Any) -> None:
    """Answer, and say so where that fails."""
    try:
        await answering(scope, receive, send)
    except OSError as error:
        raise Wrapped from error


async def reading(scope: Any, receive: Any, send: Any) -> None:
    """Read the body."""
    await Request(scope, receive).body()


async def in_a_task(scope: Any, receive: Any, send: Any) -> None:
    """Read the body as one of several tasks."""
    try:
        await reading(scope, receive, send)
    except ClientDisconnect as error:
        raise ExceptionGroup("unhandled errors in a TaskGroup", [error]) from None


async def failing(scope: Any, receive: Any, send: Any) -> None:
    """Fail by itself."""
    raise KeyError


async def gone(_: Any = None) -> Any:
    """Send to a caller who went away."""
    raise OSError("gone")


async def leaving() -> Any:
    """Receive from a caller who went away."""
    return {"type": "http.disconnect"}


@pytest.mark.parametrize("app", [answering, wrapping, reading, in_a_task])
def test_a_caller_who_went_away_is_nobodys_error(app: Any, entries: list[Any]) -> None:
    """Nothing is answered, and the server hears nothing of it."""
    scope = {"type": "http", "headers": [(b"x-request-id", b"req-1")]}
    asyncio.run(ProblemMiddleware(app)(scope, leaving, gone))
    (entry,) = entries
    assert (entry.levelno, entry.request_id) == (logging.DEBUG, "req-1")
    assert entry.getMessage().startswith("the client disconnected: ")


def test_an_error_of_the_program_is_one_though_its_answer_reaches_nobody(entries: list[Any]) -> None:
    """It is logged before the answer is tried."""
    asyncio.run(ProblemMiddleware(failing)({"type": "http", "headers": []}, leaving, gone))
    assert [(entry.levelno, entry.exception_type) for entry in entries[:1]] == [(logging.ERROR, "KeyError")]
    assert entries[1].levelno == logging.DEBUG

    async def clearing_up(scope: Any, receive: Any, send: Any) -> None:
        try:
            await answering(scope, receive, send)
        finally:
            raise KeyError("of the program")

    with pytest.raises(KeyError):
        asyncio.run(ProblemMiddleware(clearing_up)({"type": "http", "headers": []}, leaving, gone))
    assert (entries[2].levelno, entries[2].exception_type) == (logging.ERROR, "KeyError")


def test_a_websocket_that_is_left_is_nobodys_error(entries: list[Any]) -> None:
    """Starlette reports it with an error, which a route need not catch."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise WebSocketDisconnect(1001)

    assert run(ProblemMiddleware(app), "websocket") == []
    assert [entry.levelno for entry in entries] == [logging.DEBUG]


def test_the_start_is_sent_with_what_comes_next() -> None:
    """Whatever it is: an empty part of the body too, by which a program lets the headers go; or nothing at all."""
    start = {"type": "http.response.start", "status": 200}
    flush = {"type": "http.response.body", "body": b"", "more_body": True}
    path = {"type": "http.response.pathsend", "path": "/a"}
    for nexts in ([flush], [path], []):

        async def app(scope: Any, receive: Any, send: Any, nexts: Any = nexts) -> None:
            for message in (start, *nexts):
                await send(message)

        assert [message["type"] for message in run(ProblemMiddleware(app))] == [
            message["type"] for message in (start, *nexts)
        ]


def test_an_answer_that_is_begun_twice_goes_to_the_server_as_it_is() -> None:
    """Which knows what to say of it; before anything is sent the later start counts."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.start", "status": 201})
        await send({"type": "http.response.body"})
        await send({"type": "http.response.start", "status": 202})

    sent = run(ProblemMiddleware(app))
    assert [message.get("status") for message in sent] == [201, None, 202]
