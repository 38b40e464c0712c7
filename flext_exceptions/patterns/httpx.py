"""The failures of httpx as typed errors; sync and async clients are used unchanged.

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
Resource not found req-1

:mod:`flext_exceptions.web.upstream` has the table of what becomes what.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import wraps
from types import TracebackType
from typing import Any, ParamSpec, TypeVar, cast, overload

from flext_exceptions import FlextExceptions

from .._internal.callables import is_async
from .._internal.raised_within import raised_within
from ..correlation import current_scope
from ..web.upstream import (
    HEADER,
    Request,
    Response,
    correlation_headers,
    error_for_failure,
    error_for_response,
    result,
)
from ..web.urls import LIBRARIES, hide

try:
    import httpx
except ModuleNotFoundError as missing:
    raise FlextExceptions.ModuleNotFoundError(
        f"{missing.name} is missing: pip install 'flext-exceptions[httpx]'", name=missing.name
    ) from None

P = ParamSpec("P")
R = TypeVar("R")

__all__ = ["correlation_headers", "result_of", "translated"]

# What httpx raises, and its type: the first matching row applies.
_FAILURES: tuple[tuple[type[Exception], type[FlextExceptions.BaseError]], ...] = (
    (httpx.TimeoutException, FlextExceptions.TimeoutError),
    (httpx.UnsupportedProtocol, FlextExceptions.ProcessingError),
    (httpx.LocalProtocolError, FlextExceptions.ProcessingError),  # something that was to be sent, such as a header
    # TLS and proxies too, and a connection that broke within the response
    (httpx.TransportError, FlextExceptions.ConnectionError),
    (Exception, FlextExceptions.ProcessingError),  # a request that cannot be sent, endless redirects, a malformed body
)
_OWN = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, httpx.CookieConflict)
_WAITS: dict[type[Exception], str] = {
    httpx.ConnectTimeout: "connect",
    httpx.ReadTimeout: "read",
    httpx.WriteTimeout: "write",
}


@overload
def translated(correlation_id: Callable[P, R], /) -> Callable[P, R]: ...
@overload
def translated(correlation_id: str | None = None, *, passthrough: bool = False) -> Translation: ...
def translated(correlation_id: Any = None, *, passthrough: bool = False) -> Any:
    """A block, sync or async, that httpx's errors leave as typed ones, with the original as the cause.

    As a decorator, with or without parentheses, it does the same for a function, sync or async. It covers the errors of
    ``response.raise_for_status()``. A given id is bound within the block, and ``headers=correlation_headers()`` in a
    call sends the bound one. With ``passthrough=True`` our own callers see an error of the service as it is. Other
    errors pass unchanged.
    """
    if callable(correlation_id):
        return Translation(None, passthrough)(correlation_id)
    return Translation(correlation_id, passthrough)


class Translation:
    """See :func:`translated`."""

    def __init__(self, correlation_id: str | None, passthrough: bool) -> None:
        self.correlation_id = correlation_id
        self.passthrough = passthrough
        self._block: AbstractContextManager[None] = nullcontext()

    def __enter__(self) -> None:
        self._block = _block(self.correlation_id, self.passthrough)
        self._block.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._block.__exit__(kind, error, traceback)

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        awaited = cast(Callable[..., Any], function)

        @wraps(function)
        def translating(*args: Any, **keywords: Any) -> Any:
            with _block(self.correlation_id, self.passthrough):
                return function(*args, **keywords)

        @wraps(function)
        async def translating_async(*args: Any, **keywords: Any) -> Any:
            with _block(self.correlation_id, self.passthrough):
                return await awaited(*args, **keywords)

        return cast(Callable[P, R], translating_async if is_async(function) else translating)


@contextmanager
def _block(correlation_id: str | None, passthrough: bool) -> Iterator[None]:
    with nullcontext() if correlation_id is None else FlextExceptions.correlation(correlation_id):
        handled = sys.exception()
        try:
            yield
        except FlextExceptions:
            raise
        except httpx.HTTPStatusError as error:
            hide(error, str(error.request.url))
            raise error_for_response(_request(error.request), _response(error.response), passthrough) from error
        except Exception as error:
            if not isinstance(error, _OWN) and not raised_within(error, LIBRARIES):
                raise
            kind = next(kind for raised, kind in _FAILURES if isinstance(error, raised))
            request = getattr(error, "_request", None)
            asked = Request("", "", None) if request is None else _request(request)
            raise error_for_failure(asked, kind, error, handled, _seconds(request, error)) from error


def result_of(response: httpx.Response, *, passthrough: bool = False) -> Any:
    """The JSON of an answer; raises the typed error of a status from 400, or of invalid JSON. None if it is empty.

    A streamed answer has to be read first; otherwise a ProcessingError says so.
    """
    return result(_request(response.request), _response(response), passthrough)


def _request(request: httpx.Request) -> Request:
    sent = request.headers.get(HEADER)
    if correlation_headers().get(HEADER) == sent:  # the bound id, which may be encoded differently in a header
        scope = current_scope()
        sent = None if scope is None else scope[0]
    return Request(request.method, str(request.url), sent)


def _response(response: httpx.Response) -> Response:
    body: bytes | None
    try:
        body = response.content
    except httpx.ResponseNotRead:
        body = None
    return Response(response.status_code, response.headers, body)


def _seconds(request: httpx.Request | None, error: Exception) -> float | None:
    """The timeout, among the four of a request, that expired."""
    waits: dict[str, float | None] = {} if request is None else request.extensions.get("timeout", {})
    return waits.get(_WAITS.get(type(error), "pool"))
