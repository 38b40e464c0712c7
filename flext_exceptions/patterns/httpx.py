"""The failures of httpx as typed errors; clients sync and async are used as they are.

>>> import httpx
>>> from flext_exceptions import FlextExceptions
>>> def answer(request: httpx.Request) -> httpx.Response:
...     return httpx.Response(404 if request.url.path == "/users/42" else 200, json={"id": 1})
>>> client = httpx.Client(transport=httpx.MockTransport(answer))
>>> with translated():
...     result_of(client.get("http://users/1"))
{'id': 1}
>>> try:
...     with translated("req-1"):
...         result_of(client.get("http://users/users/42", headers=correlation_headers()))
... except FlextExceptions.NotFoundError as error:
...     print(error, error.correlation_id)
GET http://users/users/42: 404 Not Found req-1

What becomes what stands in :mod:`flext_exceptions.web.upstream`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from flext_exceptions import FlextExceptions

from ..correlation import current_scope
from ..web.upstream import (
    HEADER,
    Request,
    Response,
    correlation_headers,
    error_for_failure,
    error_for_response,
    hide,
    result,
)

try:
    import httpx
except ModuleNotFoundError as missing:
    raise FlextExceptions.ModuleNotFoundError(
        f"{missing.name} is missing: pip install 'flext-exceptions[httpx]'", name=missing.name
    ) from None

__all__ = ["correlation_headers", "result_of", "translated"]

# What httpx raises, and what it is: the first row that fits.
_FAILURES: tuple[tuple[type[Exception], type[FlextExceptions.BaseError]], ...] = (
    (httpx.TimeoutException, FlextExceptions.TimeoutError),
    (httpx.UnsupportedProtocol, FlextExceptions.ValidationError),
    (httpx.LocalProtocolError, FlextExceptions.ValidationError),  # what was to be sent, such as a header
    (httpx.InvalidURL, FlextExceptions.ValidationError),
    (httpx.TransportError, FlextExceptions.ConnectionError),  # TLS and proxies too, and where it broke in the answer
    (Exception, FlextExceptions.ProcessingError),  # redirects without end, a body that cannot be unpacked
)
_WAITS: dict[type[Exception], str] = {
    httpx.ConnectTimeout: "connect",
    httpx.ReadTimeout: "read",
    httpx.WriteTimeout: "write",
}


@contextmanager
def translated(correlation_id: str | None = None) -> Iterator[None]:
    """A block, in sync code or async, that the errors of httpx leave as typed ones, with theirs as the cause.

    Those of ``response.raise_for_status()`` are among them. An id that is given is bound within the block, and
    ``headers=correlation_headers()`` in a call sends the bound one. Other errors pass as they are.
    """
    with nullcontext() if correlation_id is None else FlextExceptions.correlation(correlation_id):
        handled = sys.exception()
        try:
            yield
        except httpx.HTTPStatusError as error:
            hide(error, str(error.request.url))
            raise error_for_response(_request(error.request), _response(error.response)) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            kind = next(kind for raised, kind in _FAILURES if isinstance(error, raised))
            request = getattr(error, "_request", None)
            asked = Request("", "", None) if request is None else _request(request)
            raise error_for_failure(asked, kind, error, handled, _seconds(request, error)) from error


def result_of(response: httpx.Response) -> Any:
    """The JSON of an answer, None of an empty one; raises the typed error of a status from 400, and of no JSON.

    An answer that is streamed is to be read first.
    """
    return result(_request(response.request), _response(response))


def _request(request: httpx.Request) -> Request:
    sent = request.headers.get(HEADER)
    if correlation_headers().get(HEADER) == sent:  # the bound id, which may look otherwise within a header
        scope = current_scope()
        sent = None if scope is None else scope[0]
    return Request(request.method, str(request.url), sent)


def _response(response: httpx.Response) -> Response:
    try:
        body = response.content
    except httpx.ResponseNotRead:
        body = b""
    return Response(response.status_code, response.headers, body)


def _seconds(request: httpx.Request | None, error: Exception) -> float | None:
    """What of the four timeouts of a request passed."""
    waits: dict[str, float | None] = {} if request is None else request.extensions.get("timeout", {})
    return waits.get(_WAITS.get(type(error), "pool"))
