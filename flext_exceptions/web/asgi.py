"""Errors and correlation ids of an ASGI application, such as one of Starlette, FastAPI or Litestar. Needs no framework.

    app = FastAPI()
    app.add_middleware(ProblemMiddleware)

Added so, it stands within Starlette's own ServerErrorMiddleware and around all that was added before, so that it sees
every error that no exception handler of the application takes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from flext_exceptions import FlextExceptions

from .responses import KEY, REQUEST_ID, problem_response, report, request_id

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_NAME = REQUEST_ID.lower().encode()
# What begins an answer; a WebSocket that is closed before it was accepted is answered by the server.
_WITH_HEADERS = ("http.response.start", "websocket.accept", "websocket.http.response.start")
_BEGINNINGS = (*_WITH_HEADERS, "websocket.close")


class ProblemMiddleware:
    """Binds the id of each request, sends it back, and answers errors with problem documents.

    The id is that of :func:`flext_exceptions.web.responses.request_id`; it is bound while the application works, and
    found in ``scope["flext_exceptions.request_id"]``. Every answer has it as ``X-Request-ID``, unless the application
    set one itself. Errors are answered as in :func:`flext_exceptions.web.responses.problem_response` and logged, once,
    by the logger ``flext_exceptions.web``. One that comes after the answer has begun is logged and raised again, upon
    which the server closes the connection. Cancelling goes through. So do the errors of a WebSocket, once it is
    accepted or where the server cannot send an answer in place of it (``websocket.http.response``), and all of
    ``lifespan``.

    ``challenge`` is what a 401 says in ``WWW-Authenticate``, such as ``Basic realm="shop"``.

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
        begun = False

        async def send_with_id(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] in _BEGINNINGS
            if message["type"] in _WITH_HEADERS:
                message = {**message, "headers": _with_id(message.get("headers", ()), name)}
            await send(message)

        with FlextExceptions.correlation(name):
            try:
                await self.app({**scope, KEY: name}, receive, send_with_id)
            except Exception as error:
                able = not begun and (scope["type"] == "http" or _DENIAL in (scope.get("extensions") or ()))
                report(error, name, scope.get("method"), scope.get("path"), able)
                if not able:
                    raise
                await self._answer(error, scope, send_with_id)

    async def _answer(self, error: Exception, scope: Scope, send: Send) -> None:
        body, status, headers = problem_response(error, self.challenge)
        kind = "http.response" if scope["type"] == "http" else _DENIAL
        pairs = [(key.lower().encode(), value.encode("latin-1")) for key, value in headers.items()]
        await send({"type": f"{kind}.start", "status": status, "headers": pairs})
        await send({"type": f"{kind}.body", "body": b"" if scope.get("method") == "HEAD" else body})


_DENIAL = "websocket.http.response"


def _header(scope: Scope, name: bytes) -> str:
    """The value of a header; of several all, with commas, as servers do for WSGI."""
    return ",".join(value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name)


def _with_id(headers: Iterable[tuple[bytes, bytes]], name: str) -> list[tuple[bytes, bytes]]:
    pairs = list(headers)
    return pairs if any(key.lower() == _NAME for key, _ in pairs) else [*pairs, (_NAME, name.encode())]
