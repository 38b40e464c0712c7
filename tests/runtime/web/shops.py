"""A FastAPI and a Flask application, with a route for each case."""

from __future__ import annotations

import asyncio
import io
import threading
import time
from collections.abc import AsyncIterator, Iterator

from fastapi import BackgroundTasks, FastAPI, HTTPException
from flask import Flask, abort, send_file, stream_with_context
from flask import Response as FlaskResponse
from flask import request as current_request
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from flext_exceptions import FlextExceptions
from flext_exceptions.web import asgi, wsgi
from flext_exceptions.web.responses import KEY

CHALLENGE = 'Bearer realm="shop"'
AT_ONCE = 200
DETAILS = {"resource_id": "42", "api_key": "hunter2"}


def bound() -> str:
    """The id that is bound, by what an error takes from it."""
    return FlextExceptions.Error("m").correlation_id


def routes(app: FastAPI) -> FastAPI:
    """Give an application one route for each thing that may happen."""
    arrived: list[int] = []
    all_there = asyncio.Event()

    @app.get("/fine")
    async def fine(request: Request) -> dict[str, str]:
        return {"bound": bound(), "scope": request.scope[KEY]}

    @app.get("/sync")
    def sync() -> dict[str, str]:
        time.sleep(0.001)
        return {"bound": bound()}

    @app.get("/typed")
    async def typed() -> None:
        raise FlextExceptions.NotFoundError("no such user", context=DETAILS)

    @app.get("/typed-sync")
    def typed_sync() -> None:
        raise FlextExceptions.TimeoutError("too slow", retry_after=7)

    @app.get("/unknown")
    async def unknown() -> None:
        raise KeyError("hunter2")

    @app.get("/login")
    async def login() -> None:
        raise FlextExceptions.AuthenticationError("who are you?")

    @app.get("/http")
    async def http() -> None:
        raise HTTPException(418, "teapot")

    @app.get("/number/{number}")
    async def number(number: int) -> int:
        return number

    @app.get("/own-id")
    async def own_id() -> Response:
        return Response(headers={"x-request-id": "mine"})

    @app.get("/rebound")
    async def rebound() -> None:
        with FlextExceptions.correlation("order-7"):
            raise FlextExceptions.ProcessingError("m")

    @app.get("/streamed/{breaks}")
    async def streamed(breaks: bool) -> StreamingResponse:
        async def body() -> AsyncIterator[str]:
            yield bound()
            await asyncio.sleep(0.01)
            yield bound()
            if breaks:
                raise FlextExceptions.ProcessingError("half way")

        return StreamingResponse(body())

    @app.get("/streamed-at-once")
    async def streamed_at_once() -> StreamingResponse:
        async def body() -> AsyncIterator[str]:
            raise FlextExceptions.NotFoundError("no such export")
            yield ""

        return StreamingResponse(body())

    @app.post("/upload")
    async def upload(request: Request) -> int:
        return len(await request.body())

    @app.get("/afterwards")
    async def afterwards(tasks: BackgroundTasks) -> str:
        tasks.add_task(typed)
        return "done"

    @app.get("/together/{index}")
    async def together(index: int) -> dict[str, str]:
        arrived.append(index)
        if len(arrived) == AT_ONCE:
            all_there.set()
        await all_there.wait()
        if index % 3 == 1:
            raise KeyError(index)
        if index % 3 == 2:
            raise FlextExceptions.ProcessingError("m")
        return {"correlation_id": bound()}

    return app


def fastapi_shop() -> FastAPI:
    """The application of FastAPI, to which the middleware was added."""
    app = FastAPI()
    app.add_middleware(asgi.ProblemMiddleware, challenge=CHALLENGE)
    return routes(app)


def shop() -> Flask:
    """A Flask application with one route for each thing that may happen."""
    app = Flask("shop")
    together = threading.Barrier(AT_ONCE)

    @app.get("/fine")
    def fine() -> dict[str, str]:
        return {"bound": bound(), "environ": current_request.environ[KEY]}

    @app.get("/typed")
    def typed() -> None:
        raise FlextExceptions.NotFoundError("no such user", context=DETAILS)

    @app.get("/unknown")
    def unknown() -> None:
        raise KeyError("hunter2")

    @app.get("/login")
    def login() -> None:
        raise FlextExceptions.AuthenticationError("who are you?")

    @app.get("/busy")
    def busy() -> None:
        raise FlextExceptions.ConnectionError("no answer", retry_after=2.5)

    @app.get("/http")
    def http() -> None:
        abort(418)

    @app.get("/own-id")
    def own_id() -> FlaskResponse:
        return FlaskResponse(headers={"x-request-id": "mine"})

    @app.get("/streamed/<breaks>")
    def streamed(breaks: str) -> FlaskResponse:
        def body() -> Iterator[str]:
            if breaks == "before":
                raise FlextExceptions.ProcessingError("at once")
            yield bound()
            if breaks == "within":
                raise FlextExceptions.ProcessingError("half way")
            yield bound() + current_request.path

        return FlaskResponse(stream_with_context(body()))

    @app.get("/file")
    def file() -> FlaskResponse:
        return send_file(io.BytesIO(b"content"), "text/plain")

    @app.get("/together/<int:index>")
    def at_once(index: int) -> dict[str, str]:
        together.wait(20)
        if index % 3 == 1:
            raise KeyError(index)
        if index % 3 == 2:
            raise FlextExceptions.ProcessingError("m")
        return {"correlation_id": bound()}

    return app


def wrapped(app: Flask) -> Flask:
    """As the documentation says."""
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.wsgi_app = wsgi.ProblemMiddleware(app.wsgi_app, challenge=CHALLENGE)  # type: ignore[method-assign]
    return app
