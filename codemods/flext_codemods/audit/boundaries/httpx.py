"""A block or function under ``translated`` turns the errors of httpx into typed ones; any other error passes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from flext_exceptions import FlextExceptions
from flext_exceptions.web.upstream import error_for_response

ANY: Any = None


def translated(correlation_id: Any = None, *, passthrough: bool = False) -> Any:
    """Decorate a function, with or without parentheses, or wrap a block."""
    if callable(correlation_id):
        return guarded(correlation_id)
    return Translation() if correlation_id else block()


class Translation:
    """See :class:`flext_exceptions.patterns.httpx.Translation`."""

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        return guarded(function)


def guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let no error of httpx pass."""

    def call(*args: Any, **keywords: Any) -> Any:
        with block():
            return function(*args, **keywords)

    return call


@contextmanager
def block() -> Iterator[None]:
    """Let no error of httpx pass."""
    try:
        yield
    except httpx.HTTPStatusError as error:
        error_for_response(ANY, ANY, passthrough=bool(error))
    except httpx.TimeoutException as error:
        raise FlextExceptions.TimeoutError("HTTP request timed out") from error
    except httpx.TransportError as error:
        raise FlextExceptions.ConnectionError("Failed to connect") from error
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, httpx.CookieConflict) as error:
        raise FlextExceptions.ProcessingError("HTTP request failed") from error


def result_of(response: httpx.Response, *, passthrough: bool = False) -> Any:
    """Return the JSON of an answer."""
    if response.status_code >= 400:
        error_for_response(ANY, ANY, passthrough)
    raise FlextExceptions.ProcessingError("Invalid JSON response from API")
