"""FastAPI: every error as a problem document, including the ones that it raises itself.

>>> import asyncio, httpx
>>> from fastapi import FastAPI, HTTPException
>>> app = FastAPI()
>>> install(app)
>>> @app.get("/orders/{number}")
... def order(number: int) -> None:
...     raise HTTPException(404, "no such order")
>>> async def ask(path: str) -> dict:
...     async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop") as client:
...         return (await client.get(path)).json()
>>> asyncio.run(ask("/orders/7"))["detail"]
'no such order'
>>> answer = asyncio.run(ask("/orders/x"))
>>> answer["status"], answer["code"], answer["context"]["errors"][0]["loc"]
(422, 'FLEXT_3001', ['path', 'number'])
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from flext_exceptions import FlextExceptions

from .asgi import ProblemMiddleware
from .responses import KEY, problem_of_status, problem_response, report

try:
    from fastapi import FastAPI
    from fastapi.exception_handlers import http_exception_handler, request_validation_exception_handler
    from fastapi.exceptions import RequestValidationError
    from starlette.exceptions import HTTPException
    from starlette.requests import Request
    from starlette.responses import Response
except ModuleNotFoundError as missing:
    raise FlextExceptions.ModuleNotFoundError(
        f"{missing.name} is missing: pip install 'flext-exceptions[fastapi]'", name=missing.name
    ) from None

_NO_BODY = (204, 205, 304)

Handler = Callable[[Request, Any], Awaitable[Response]]


def install(app: FastAPI, challenge: str = "Bearer") -> None:
    """Add :class:`flext_exceptions.web.asgi.ProblemMiddleware`, and answer FastAPI's own errors in the same way.

    An ``HTTPException`` keeps its status, its detail and its headers; a detail that is not a text goes into the member
    ``context``. A ``RequestValidationError`` is answered with 422 and the document of a ValidationError, whose
    ``context["errors"]`` has ``loc``, ``msg`` and ``type`` of each error, but not the input. Handlers that the
    application registered for these two stay. ``challenge`` is the ``WWW-Authenticate`` header of a 401 that has none.
    Calling it again does nothing.

    Call it before adding other middlewares, such as ``CORSMiddleware``: they are then around it, and their headers are
    on the answers to errors too.
    """
    added: list[Any] = [middleware.cls for middleware in app.user_middleware]
    if ProblemMiddleware in added:
        return
    app.add_middleware(ProblemMiddleware, challenge=challenge)

    async def answer(request: Request, error: HTTPException) -> Response:
        headers = dict(error.headers or {})
        if error.status_code < 200 or error.status_code in _NO_BODY:
            return Response(status_code=error.status_code, headers=headers)
        if error.status_code == 401 and not _has(headers, "WWW-Authenticate"):
            headers["WWW-Authenticate"] = challenge
        body = problem_of_status(error.status_code, error.detail)
        return Response(body, error.status_code, {"Content-Type": "application/problem+json"} | headers)

    _replace(app, HTTPException, http_exception_handler, answer)
    _replace(app, RequestValidationError, request_validation_exception_handler, _answer_validation_error)


def _replace(app: FastAPI, kind: type[Exception], default: object, handler: Handler) -> None:
    if app.exception_handlers.get(kind, default) is default:
        app.add_exception_handler(kind, handler)


async def _answer_validation_error(request: Request, error: RequestValidationError) -> Response:
    entries = [{name: entry.get(name) for name in ("loc", "msg", "type")} for entry in error.errors()]
    text = "1 field is wrong" if len(entries) == 1 else f"{len(entries)} fields are wrong"
    typed = FlextExceptions.ValidationError(text, context={"errors": entries}, http_status=422)
    report(typed, request.scope.get(KEY, ""), request.method, request.url.path)
    return Response(*problem_response(typed))


def _has(headers: Mapping[str, str], name: str) -> bool:
    return any(key.lower() == name.lower() for key in headers)
