"""A counter over Starlette."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.endpoints import HTTPEndpoint
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Mount, Route

from flext_exceptions import FlextExceptions
from flext_exceptions.web.asgi import ProblemMiddleware


class CounterFull(Exception):
    """The counter cannot count on."""


async def full(request: Request, error: Exception) -> PlainTextResponse:
    """Answer for a counter that is full."""
    return PlainTextResponse("full", status_code=507)


async def add(request: Request) -> JSONResponse:
    """Add a number to the counter."""
    number = request.path_params["number"]
    if number > 1000:
        raise CounterFull
    if number == 13:
        raise HTTPException(451, "not that one")
    if number == 0:
        raise FlextExceptions.ValidationError("zero adds nothing")
    return JSONResponse({"added": number})


class Counter(HTTPEndpoint):
    """The counter itself."""

    async def get(self, request: Request) -> JSONResponse:
        """Show it."""
        return JSONResponse({"count": 1})

    async def delete(self, request: Request) -> JSONResponse:
        """Nobody may remove it."""
        raise PermissionError("it stays")


routes = [
    Route("/counter", Counter),
    Mount("/by", routes=[Route("/{number:int}", add, methods=["POST"])]),
]
app = Starlette(
    routes=routes,
    exception_handlers={CounterFull: full},
    middleware=[Middleware(ProblemMiddleware)],
)
