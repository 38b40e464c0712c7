"""An HTTP client, on requests, whose every failure is a typed error.

>>> from flext_exceptions import FlextExceptions
>>> client = HTTPClientWithFlextExceptions("http://127.0.0.1:1", timeout=5)
>>> try:
...     client.get("/users/42", params={"token": "1234"}, correlation_id="req-1")
... except FlextExceptions.ConnectionError as error:
...     error.context["method"], error.context["url"], error.correlation_id, error.retryable
('GET', 'http://127.0.0.1:1/users/42?token=[redacted]', 'req-1', True)

What becomes what stands in :mod:`flext_exceptions.web.upstream`.
"""

from __future__ import annotations

import sys
from typing import Any

from flext_exceptions import FlextExceptions

from ..correlation import current_scope
from ..web.upstream import Request, Response, correlation_headers, error_for_failure, result

try:
    import requests
    from requests import exceptions
    from urllib3.exceptions import HTTPError, ReadTimeoutError
except ModuleNotFoundError as missing:
    raise FlextExceptions.ModuleNotFoundError(
        f"{missing.name} is missing: pip install 'flext-exceptions[http]'", name=missing.name
    ) from None

Timeout = float | tuple[float | None, float | None] | None

# What requests raises, and what it is: the first row that fits.
_FAILURES: tuple[tuple[type[Exception], type[FlextExceptions.BaseError]], ...] = (
    (exceptions.Timeout, FlextExceptions.TimeoutError),
    (exceptions.ConnectionError, FlextExceptions.ConnectionError),  # TLS and proxies too
    (exceptions.ChunkedEncodingError, FlextExceptions.ConnectionError),  # it broke within the answer
    (exceptions.RetryError, FlextExceptions.ConnectionError),  # of an adapter that tries again itself
    (exceptions.InvalidJSONError, FlextExceptions.ValidationError),  # what was to be sent
    (ValueError, FlextExceptions.ValidationError),  # no url, no header
    (Exception, FlextExceptions.ProcessingError),  # redirects without end, a body that cannot be unpacked
)


class HTTPClientWithFlextExceptions:
    """Asks one service, and gives the JSON of its answers: what it decodes to, None of an empty body.

    ``session`` is a ``requests.Session``, for headers, authentication, certificates and adapters. ``timeout`` is in
    seconds, for the connection and for each wait for more of the answer; a pair sets the two apart, None waits for
    ever. Further keywords of a call are those of ``requests.Session.request``: ``json``, ``params``, ``headers``,
    ``timeout`` and so on. Redirects are followed. A client serves as many threads as its session does: requests makes
    no promise, and where nobody changes the session it works.

    ``correlation_id=``, else the bound id, is sent as ``X-Request-ID``, and is the id of the error. Where neither is
    there, nothing is sent, and the error has the id that the answer names, else one of its own.
    """

    def __init__(self, base_url: str, timeout: Timeout = 30) -> None:
        self.base_url = base_url
        self.timeout = timeout
        self.session = requests.Session()

    def get(self, endpoint: str, *, correlation_id: str | None = None, **options: Any) -> Any:
        """GET what is at this path below ``base_url``."""
        return self._request("GET", endpoint, correlation_id, options)

    def post(self, endpoint: str, *, correlation_id: str | None = None, **options: Any) -> Any:
        """POST to it: ``json=`` is the body as JSON, ``data=`` a form or the bytes themselves."""
        return self._request("POST", endpoint, correlation_id, options)

    def put(self, endpoint: str, *, correlation_id: str | None = None, **options: Any) -> Any:
        """PUT to it; the body as with :meth:`post`."""
        return self._request("PUT", endpoint, correlation_id, options)

    def delete(self, endpoint: str, *, correlation_id: str | None = None, **options: Any) -> Any:
        """DELETE what is there."""
        return self._request("DELETE", endpoint, correlation_id, options)

    def _request(self, method: str, endpoint: str, correlation_id: str | None, options: dict[str, Any]) -> Any:
        url = f"{self.base_url.rstrip('/')}/{endpoint.lstrip('/')}" if endpoint else self.base_url
        if correlation_id is None:
            scope = current_scope()
            correlation_id = None if scope is None else scope[0]
        headers = dict(options.pop("headers", None) or ()) | correlation_headers(correlation_id)
        options.setdefault("timeout", self.timeout)
        handled = sys.exception()
        try:
            answer = self.session.request(method=method, url=url, headers=headers, **options)
            body = answer.content
        except (exceptions.RequestException, HTTPError) as error:
            asked = getattr(getattr(error, "request", None), "url", None) or url
            request = Request(method, asked, correlation_id)
            raise _failure(request, error, handled, options["timeout"]) from error
        return result(Request(method, answer.url, correlation_id), Response(answer.status_code, answer.headers, body))


def _failure(
    request: Request, error: Exception, handled: BaseException | None, timeout: Timeout
) -> FlextExceptions.BaseError:
    kind = next(kind for raised, kind in _FAILURES if isinstance(error, raised))
    if any(isinstance(arg, ReadTimeoutError) for arg in error.args):  # within the body requests calls it a connection's
        kind = FlextExceptions.TimeoutError
    if isinstance(timeout, tuple):
        timeout = timeout[0 if isinstance(error, exceptions.ConnectTimeout) else 1]
    seconds = float(timeout) if isinstance(timeout, int | float) else None
    return error_for_failure(request, kind, error, handled, seconds)
