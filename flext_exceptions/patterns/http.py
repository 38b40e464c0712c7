"""An HTTP client, on requests, whose every failure is a typed error.

>>> from flext_exceptions import FlextExceptions
>>> client = HTTPClientWithFlextExceptions("http://127.0.0.1:1", timeout=5)
>>> try:
...     client.get("/users/42", params={"token": "1234"}, correlation_id="req-1")
... except FlextExceptions.ConnectionError as error:
...     error.context["method"], error.context["url"], error.correlation_id, error.retryable
('GET', 'http://127.0.0.1:1/users/42?token=[redacted]', 'req-1', True)

:mod:`flext_exceptions.web.upstream` has the table of what becomes what.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

from flext_exceptions import FlextExceptions

from .._internal.raised_within import raised_within
from .._internal.safe_text import text_of
from ..correlation import current_scope
from ..web.upstream import (
    Request,
    Response,
    correlation_headers,
    error_for_failure,
    error_for_response,
    result,
)
from ..web.urls import LIBRARIES

try:
    import requests
    from requests import exceptions
    from urllib3.exceptions import HTTPError, ReadTimeoutError
except ModuleNotFoundError as missing:
    raise FlextExceptions.ModuleNotFoundError(
        f"{missing.name} is missing: pip install 'flext-exceptions[http]'", name=missing.name
    ) from None

Timeout = float | tuple[float | None, float | None] | None

# What requests raises, and its type: the first matching row applies.
_FAILURES: tuple[tuple[type[Exception], type[FlextExceptions.BaseError]], ...] = (
    (exceptions.Timeout, FlextExceptions.TimeoutError),
    (exceptions.ConnectionError, FlextExceptions.ConnectionError),  # TLS and proxies too
    (exceptions.ChunkedEncodingError, FlextExceptions.ConnectionError),  # it broke within the response
    (exceptions.RetryError, FlextExceptions.ConnectionError),  # from an adapter that retries by itself
    (Exception, FlextExceptions.ProcessingError),  # a request that cannot be sent, endless redirects, a malformed body
)


class HTTPClientWithFlextExceptions:
    """Sends requests to one service and returns the decoded JSON of its answers; None for an empty body.

    ``session`` is a ``requests.Session``, for headers, authentication, certificates and adapters. ``timeout`` is in
    seconds, for the connection and for each wait for more of the answer; a pair sets the two separately, None waits for
    ever. Further keywords of a call are those of ``requests.Session.request``: ``json``, ``params``, ``headers``,
    ``timeout`` and so on. Redirects are followed. A client is as thread-safe as its session: requests makes no promise,
    and it works as long as nobody changes the session.

    ``correlation_id=``, otherwise the bound id, is sent as ``X-Request-ID``, and is the id of the error. Without either
    nothing is sent, and the error has the id that the answer names, otherwise that of the incident, otherwise a new one
    that begins with "http_".

    With ``passthrough=True`` our own callers see an error of the service as it is, with its status and context;
    otherwise they get a 502 without details. A subclass may override ``_make_request``, and ``_handle_http_error`` for
    the answers with a status from 400: what it returns is what the call returns.
    """

    def __init__(self, base_url: str, timeout: Timeout = 30, *, passthrough: bool = False) -> None:
        self.base_url = base_url
        self.timeout = timeout
        self.passthrough = passthrough
        self.session = requests.Session()

    def get(self, endpoint: str, *, correlation_id: str | None = None, **options: Any) -> Any:
        """GET the resource at this path below ``base_url``."""
        return self._make_request("GET", endpoint, correlation_id=correlation_id, **options)

    def post(self, endpoint: str, *, correlation_id: str | None = None, **options: Any) -> Any:
        """POST to the path: ``json=`` is the body as JSON, ``data=`` a form or the bytes themselves."""
        return self._make_request("POST", endpoint, correlation_id=correlation_id, **options)

    def put(self, endpoint: str, *, correlation_id: str | None = None, **options: Any) -> Any:
        """PUT to the path; the body as with :meth:`post`."""
        return self._make_request("PUT", endpoint, correlation_id=correlation_id, **options)

    def delete(self, endpoint: str, *, correlation_id: str | None = None, **options: Any) -> Any:
        """DELETE the resource at the path."""
        return self._make_request("DELETE", endpoint, correlation_id=correlation_id, **options)

    def _make_request(self, method: str, endpoint: str, *, correlation_id: str | None = None, **options: Any) -> Any:
        """Send a request and return the JSON of the answer."""
        url = f"{self.base_url.rstrip('/')}/{endpoint.lstrip('/')}" if endpoint else self.base_url
        if correlation_id is None:
            scope = current_scope()
            correlation_id = None if scope is None else scope[0]
        headers = dict(options.pop("headers", None) or ()) | correlation_headers(correlation_id)
        options.setdefault("timeout", self.timeout)
        handled = sys.exception()
        try:
            answer = self.session.request(method=method, url=url, headers=headers, **options)
            response = _response(answer)
        except FlextExceptions:
            raise  # from an adapter or a hook
        except Exception as error:
            if not isinstance(error, (exceptions.RequestException, HTTPError)) and not raised_within(error, LIBRARIES):
                raise
            asked = getattr(getattr(error, "request", None), "url", None) or url
            request = Request(method, asked, correlation_id)
            raise _failure(request, error, handled, options["timeout"]) from error
        if response.status >= 400:
            return self._handle_http_error(answer, method, _url(answer, url), correlation_id)
        return result(Request(method, _url(answer, url), correlation_id), response)

    def _handle_http_error(self, response: requests.Response, method: str, url: str, correlation_id: str | None) -> Any:
        """Raise the typed error of an answer."""
        request = Request(method, url, correlation_id or None)
        raise error_for_response(request, _response(response), self.passthrough)


def _url(answer: requests.Response, asked: str) -> str:
    """The URL of the answer, after redirects."""
    url = getattr(answer, "url", None)
    return url if isinstance(url, str) and url else asked


def _response(answer: requests.Response) -> Response:
    """An answer; also one that a test constructed, with only ``status_code`` and ``json()``."""
    headers = getattr(answer, "headers", None)
    body = getattr(answer, "content", None)
    if not isinstance(body, bytes):
        try:
            body = json.dumps(answer.json()).encode()
        except (TypeError, ValueError):
            body = text_of(getattr(answer, "text", "")).encode()
    return Response(answer.status_code, headers if isinstance(headers, Mapping) else {}, body)


def _failure(
    request: Request, error: Exception, handled: BaseException | None, timeout: Timeout
) -> FlextExceptions.BaseError:
    kind = next(kind for raised, kind in _FAILURES if isinstance(error, raised))
    # within the body requests reports it as a connection's
    if any(isinstance(arg, ReadTimeoutError) for arg in error.args):
        kind = FlextExceptions.TimeoutError
    if isinstance(timeout, tuple):
        timeout = timeout[0 if isinstance(error, exceptions.ConnectTimeout) else 1]
    seconds = float(timeout) if isinstance(timeout, int | float) else None
    return error_for_failure(request, kind, error, handled, seconds)
