"""Code with middlewares and log output that type checkers must accept. Read by mypy and pyright, and never run."""

from __future__ import annotations

import logging
from wsgiref.simple_server import make_server
from wsgiref.types import StartResponse, WSGIEnvironment

import sentry_sdk
import structlog
from fastapi import FastAPI
from flask import Flask
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from flext_exceptions import FlextExceptions
from flext_exceptions.logs.records import ErrorFilter, JsonFormatter
from flext_exceptions.logs.sentry import add_error as add_to_event
from flext_exceptions.logs.structlog import add_error
from flext_exceptions.web import asgi, wsgi
from flext_exceptions.web.responses import problem_response

# ASGI: added to an application, and around one.
api = FastAPI()
api.add_middleware(asgi.ProblemMiddleware)
api.add_middleware(asgi.ProblemMiddleware, challenge="Basic")
around = asgi.ProblemMiddleware(Starlette())


async def answer(request: Request, error: Exception) -> Response:
    """Answer an error."""
    return Response(*problem_response(error))


api.add_exception_handler(FlextExceptions, answer)


# WSGI: around an application, and around the one within Flask's object.
def shop(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    """Answer nothing."""
    start_response("204 No Content", [])
    return []


make_server("", 0, wsgi.ProblemMiddleware(shop))
flask = Flask("shop")
wrapped = wsgi.ProblemMiddleware(flask.wsgi_app, challenge="Basic")
flask.register_error_handler(FlextExceptions, problem_response)
flask.register_error_handler(500, problem_response)

# Log output.
handler = logging.StreamHandler()
handler.addFilter(ErrorFilter())
handler.setFormatter(JsonFormatter())
structlog.configure(processors=[add_error, structlog.processors.JSONRenderer()])
sentry_sdk.init(before_send=add_to_event)
sentry_sdk.get_global_scope().add_event_processor(add_to_event)
