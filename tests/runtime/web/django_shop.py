"""A Django project in one module, for servers in processes of their own: its settings are those of a whole process.

``application`` and ``asgi`` have Django's own kind of middleware; ``propagating`` and ``propagating_asgi`` are around a
Django that propagates errors, where the environment says ``PROPAGATE``.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator

import django
from django.conf import settings

PROPAGATES = bool(os.environ.get("PROPAGATE"))

settings.configure(
    SECRET_KEY="x",
    ALLOWED_HOSTS=["*"],
    DEBUG=bool(os.environ.get("DEBUG")),
    ROOT_URLCONF=__name__,
    DEBUG_PROPAGATE_EXCEPTIONS=PROPAGATES,
    MIDDLEWARE=[] if PROPAGATES else ["flext_exceptions.web.django.ProblemMiddleware"],
    FLEXT_CHALLENGE='Basic realm="shop"',
    LOGGING={
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"errors": {"()": "flext_exceptions.logs.records.ErrorFilter"}},
        "formatters": {"json": {"()": "flext_exceptions.logs.records.JsonFormatter"}},
        "handlers": {
            "file": {
                "class": "logging.FileHandler",
                "filename": os.environ["LOG"],
                "filters": ["errors"],
                "formatter": "json",
            }
        },
        "loggers": {"flext_exceptions": {"handlers": ["file"], "level": "INFO"}, "shop": {"handlers": ["file"]}},
    },
)
django.setup()

from django.core.asgi import get_asgi_application  # noqa: E402
from django.core.exceptions import PermissionDenied  # noqa: E402
from django.core.signals import got_request_exception  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse  # noqa: E402
from django.urls import path  # noqa: E402

from flext_exceptions import FlextExceptions  # noqa: E402
from flext_exceptions.web import asgi as asgi_middleware  # noqa: E402
from flext_exceptions.web import wsgi as wsgi_middleware  # noqa: E402
from flext_exceptions.web.responses import KEY  # noqa: E402

DETAILS = {"resource_id": "7", "api_key": "hunter2"}
signals: list[str] = []


def notice(sender: object, request: HttpRequest, **_: object) -> None:
    """Record that Django, or the middleware in its place, reported an error."""
    signals.append(request.path)


got_request_exception.connect(notice)


def fine(request: HttpRequest) -> JsonResponse:
    """Tell the id that is bound, and what is known."""
    return JsonResponse(
        {"bound": FlextExceptions.Error("m").correlation_id, "meta": request.META.get(KEY), "signals": signals}
    )


async def fine_later(request: HttpRequest) -> JsonResponse:
    """Tell the same in a coroutine."""
    return fine(request)


def typed(request: HttpRequest) -> HttpResponse:
    """Fail."""
    raise FlextExceptions.NotFoundError("no such order", context=DETAILS)


async def typed_later(request: HttpRequest) -> HttpResponse:
    """Fail in a coroutine."""
    raise FlextExceptions.AuthenticationError("who are you?")


def unknown(request: HttpRequest) -> HttpResponse:
    """Fail as programs do."""
    raise KeyError("hunter2")


def missing(request: HttpRequest) -> HttpResponse:
    """Say so as Django does."""
    raise Http404("no such page")


def denied(request: HttpRequest) -> HttpResponse:
    """Say so as Django does."""
    raise PermissionDenied


def own_id(request: HttpRequest) -> HttpResponse:
    """Answer with an id of its own."""
    return HttpResponse(headers={"X-Request-ID": "mine"})


def logged(request: HttpRequest) -> HttpResponse:
    """Log."""
    logging.getLogger("shop").warning("sold out", extra={"sku": "A-1", "token": "hunter2"})
    return HttpResponse()


def streamed(request: HttpRequest) -> StreamingHttpResponse:
    """Stream."""

    def body() -> Iterator[str]:
        yield "a"
        yield "b"

    return StreamingHttpResponse(body())


VIEWS = (fine, fine_later, typed, typed_later, unknown, missing, denied, own_id, logged, streamed)
urlpatterns = [path(view.__name__, view) for view in VIEWS]

application = get_wsgi_application()
asgi = get_asgi_application()
if PROPAGATES:
    application = wsgi_middleware.ProblemMiddleware(application)
    asgi = asgi_middleware.ProblemMiddleware(asgi)
