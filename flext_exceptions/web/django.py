"""Django: the id of each request, and problem documents for the errors of its views, over WSGI and ASGI.

    # settings.py
    MIDDLEWARE = ["flext_exceptions.web.django.ProblemMiddleware", ...]  # first, to be around all others

    LOGGING = {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"errors": {"()": "flext_exceptions.logs.records.ErrorFilter"}},
        "formatters": {"json": {"()": "flext_exceptions.logs.records.JsonFormatter"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["errors"], "formatter": "json"}},
        "root": {"handlers": ["console"], "level": "INFO"},
    }

    FLEXT_CHALLENGE = 'Basic realm="shop"'  # the WWW-Authenticate header of a 401; without it "Bearer"

>>> from django.conf import settings
>>> if not settings.configured:
...     settings.configure()
>>> from django.test import RequestFactory
>>> middleware = ProblemMiddleware(lambda request: None)
>>> request = RequestFactory().get("/orders/7")
>>> middleware.process_exception(request, FlextExceptions.NotFoundError("no such order")).status_code
404
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from flext_exceptions import FlextExceptions

from .responses import KEY, REQUEST_ID, problem_response, report, request_id

try:
    from asgiref.sync import iscoroutinefunction, markcoroutinefunction
    from django import conf
    from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
    from django.core.signals import got_request_exception
    from django.http import Http404, HttpRequest, HttpResponse
    from django.http.multipartparser import MultiPartParserError
except ModuleNotFoundError as missing:
    raise FlextExceptions.ModuleNotFoundError(
        f"{missing.name} is missing: pip install 'flext-exceptions[django]'", name=missing.name
    ) from None

# What Django answers with a status of its own.
_DJANGOS = (BadRequest, Http404, MultiPartParserError, PermissionDenied, SuspiciousOperation)


class ProblemMiddleware:
    """Binds the id of each request, sends it back, and answers the errors of views with problem documents.

    The id is that of :func:`flext_exceptions.web.responses.request_id`; it is bound while the middlewares and the view
    work, though not while a streamed body is read, and found in ``request.META["flext_exceptions.request_id"]``. Every
    answer has it as ``X-Request-ID``, unless the view set one itself. Errors are answered as in
    :func:`flext_exceptions.web.responses.problem_response` and logged, once, by the logger ``flext_exceptions.web``.
    Exceptions to which Django gives a status of its own (``Http404``, ``PermissionDenied``, a suspicious operation) are
    left to it, and so is an unknown error if ``DEBUG`` is on, for its debug page. For other unknown errors the signal
    ``got_request_exception`` is sent, as Django does.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self.challenge: str = getattr(conf.settings, "FLEXT_CHALLENGE", "Bearer")
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        name = request.META.get(KEY) or request_id(
            request.META.get("HTTP_X_REQUEST_ID", ""), request.META.get("HTTP_TRACEPARENT", "")
        )
        request.META[KEY] = name
        if self._is_async:
            return self._call_later(request, name)
        with FlextExceptions.correlation(name):
            response = self.get_response(request)
        response.headers.setdefault(REQUEST_ID, name)
        return response

    async def _call_later(self, request: HttpRequest, name: str) -> Any:
        get_response: Callable[[HttpRequest], Awaitable[Any]] = self.get_response
        with FlextExceptions.correlation(name):
            response = await get_response(request)
        response.headers.setdefault(REQUEST_ID, name)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The answer to an error of a view; None to leave it to Django."""
        if isinstance(exception, _DJANGOS):
            return None
        if not isinstance(exception, FlextExceptions):
            if conf.settings.DEBUG:
                return None
            got_request_exception.send(sender=type(self), request=request)
        report(exception, request.META.get(KEY, ""), request.method, request.path)
        body, status, headers = problem_response(exception, self.challenge)
        return HttpResponse(body, status=status, headers=headers)
