"""Errors and correlation ids of an ASGI application, such as one of Starlette, FastAPI or Litestar. Needs no framework.

    app = FastAPI()
    app.add_middleware(ProblemMiddleware)

Added like this, it stands within Starlette's own ServerErrorMiddleware and around everything that was added before, so
that it sees every error that no exception handler of the application takes. An ``exception_handler(Exception)`` of the
application belongs to ServerErrorMiddleware and sees only errors that occur after the response has begun. For FastAPI
see also :mod:`flext_exceptions.web.fastapi`, for Django :mod:`flext_exceptions.web.django`; around Django's own ASGI
application this middleware needs the setting ``DEBUG_PROPAGATE_EXCEPTIONS = True``, otherwise Django answers all
errors.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from flext_exceptions import FlextExceptions

from .._internal.safe_logging import log
from .._internal.safe_text import name_of
from .responses import KEY, LOGGER, REQUEST_ID, is_disconnect, problem_response, report, request_id

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_NAME = REQUEST_ID.lower().encode()
# What begins an answer; a WebSocket that is closed before it was accepted gets its answer from the server.
_WITH_HEADERS = ("http.response.start", "websocket.accept", "websocket.http.response.start")
_BEGINNINGS = (*_WITH_HEADERS, "websocket.close")


class ProblemMiddleware:
    """Binds the id of each request, sends it back, and answers errors with problem documents.

    The id is that of :func:`flext_exceptions.web.responses.request_id`; it is bound while the application works, and
    found in ``scope["flext_exceptions.request_id"]``. Every answer has it as ``X-Request-ID``, unless the application
    set one itself. Errors are answered as in :func:`flext_exceptions.web.responses.problem_response` and logged, once,
    by the logger ``flext_exceptions.web``. The start of an answer is held back until the first part of its body
    arrives, so that a stream that fails before that is answered too. A later error is logged and raised again, which
    makes the server close the connection. Cancellation passes. So do the errors of a WebSocket, once it is accepted or
    if the server cannot send an answer in place of it (``websocket.http.response``), and all of ``lifespan``. A client
    that disconnects is not an error: the exceptions that report it (Starlette's ``ClientDisconnect``, a ``send`` that
    fails) end here, and are logged at DEBUG.

    ``challenge`` is the ``WWW-Authenticate`` header of a 401, such as ``Basic realm="shop"``.

    >>> import asyncio
    >>> async def app(scope, receive, send):
    ...     raise FlextExceptions.NotFoundError("no such user")
    >>> async def send(message):
    ...     print(message.get("status"), message.get("headers", [None])[-1])
    >>> scope = {"type": "http", "headers": [(b"x-request-id", b"req-1")]}
    >>> asyncio.run(ProblemMiddleware(app)(scope, None, send))
    404 (b'x-request-id', b'req-1')
    None None
    """

    def __init__(self, app: App, challenge: str = "Bearer") -> None:
        self.app = app
        self.challenge = challenge

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        name = scope.get(KEY) or request_id(_header(scope, _NAME), _header(scope, b"traceparent"))
        answer = _Answer(send, name)
        with FlextExceptions.correlation(name):
            try:
                try:
                    await self.app({**scope, KEY: name}, receive, answer.send)
                except Exception as error:
                    if answer.is_lost(error):
                        raise
                    able = not answer.begun and (scope["type"] == "http" or _DENIAL in (scope.get("extensions") or ()))
                    report(error, name, scope.get("method"), scope.get("path"), able)
                    if not able:
                        raise
                    await self._answer(error, scope, answer)
                await answer.finish()
            except Exception as error:
                if not answer.is_lost(error):
                    raise
                log(LOGGER, logging.DEBUG, f"the client disconnected: {name_of(type(error))}", {"request_id": name})
            finally:
                answer.failure = None  # whose traceback refers back to this frame

    async def _answer(self, error: Exception, scope: Scope, answer: _Answer) -> None:
        body, status, headers = problem_response(error, self.challenge)
        kind = "http.response" if scope["type"] == "http" else _DENIAL
        pairs = [(key.lower().encode(), value.encode("latin-1")) for key, value in headers.items()]
        await answer.send({"type": f"{kind}.start", "status": status, "headers": pairs})
        await answer.send({"type": f"{kind}.body", "body": b"" if scope.get("method") == "HEAD" else body})


class _Answer:
    """The answer to one request, on its way to the server."""

    def __init__(self, send: Send, name: str) -> None:
        self.begun = False
        self._name = name
        self._send = send
        self._start: Message | None = None
        self.failure: Exception | None = None

    async def send(self, message: Message) -> None:
        """Send a message; the start of an answer is held back until the next one, and may be replaced until then."""
        kind = message["type"]
        if kind in _WITH_HEADERS:
            message = {**message, "headers": _with_id(message.get("headers", ()), self._name)}
        if kind == "http.response.start" and not self.begun:
            self._start = message
            return
        await self.finish()
        self.begun = self.begun or kind in _BEGINNINGS
        await self._deliver(message)

    async def finish(self) -> None:
        """Send the message that is held back."""
        if self._start is not None:
            start, self._start = self._start, None
            self.begun = True
            await self._deliver(start)

    def is_lost(self, error: Exception) -> bool:
        """Whether an error means that the client disconnected."""
        return is_disconnect(error) or (self.failure is not None and self.failure in (error, error.__cause__))

    async def _deliver(self, message: Message) -> None:
        try:
            await self._send(message)
        except Exception as error:
            self.failure = error
            raise


_DENIAL = "websocket.http.response"


def _header(scope: Scope, name: bytes) -> str:
    """The value of a header; several are joined by commas, as servers do for WSGI."""
    return ",".join(value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name)


def _with_id(headers: Iterable[tuple[bytes, bytes]], name: str) -> list[tuple[bytes, bytes]]:
    pairs = list(headers)
    return pairs if any(key.lower() == _NAME for key, _ in pairs) else [*pairs, (_NAME, name.encode())]
