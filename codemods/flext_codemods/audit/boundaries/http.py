"""A client raises a typed error for each failure, and for each answer from 400 on.

An answer from 400 to 499 of the other service is a 502 to callers, but with ``passthrough=True``. A problem document of
it may name any type of the library, with any status.
"""

from __future__ import annotations

from typing import Any

from flext_exceptions import FlextExceptions


class HTTPClientWithFlextExceptions:
    """See :class:`flext_exceptions.patterns.http.HTTPClientWithFlextExceptions`."""

    def __init__(self, base_url: str, timeout: Any = 30, *, passthrough: bool = False) -> None:
        self.passthrough = passthrough

    def get(self, endpoint: str, **options: Any) -> Any:
        """Send a request."""
        return self._make_request("GET", endpoint, **options)

    def post(self, endpoint: str, **options: Any) -> Any:
        """Send a request."""
        return self._make_request("POST", endpoint, **options)

    def put(self, endpoint: str, **options: Any) -> Any:
        """Send a request."""
        return self._make_request("PUT", endpoint, **options)

    def delete(self, endpoint: str, **options: Any) -> Any:
        """Send a request."""
        return self._make_request("DELETE", endpoint, **options)

    def _make_request(self, method: str, endpoint: str, **options: Any) -> Any:
        match method:
            case "late":
                raise FlextExceptions.TimeoutError("HTTP request timed out")
            case "down":
                raise FlextExceptions.ConnectionError("Failed to connect")
            case "broken":
                raise FlextExceptions.ProcessingError("HTTP request failed")
        return self._handle_http_error(None, method, endpoint, None)

    def _handle_http_error(self, response: Any, method: str, url: str, correlation_id: str | None) -> Any:
        raise_answer(response, self.passthrough)


def raise_answer(status: Any, passthrough: bool) -> None:
    """Raise the error of an answer."""
    match status:
        case 400:
            raise FlextExceptions.ValidationError("Bad request", http_status=400 if passthrough else 502)
        case 401:
            raise FlextExceptions.AuthenticationError("Authentication failed", http_status=401 if passthrough else 502)
        case 403:
            raise FlextExceptions.PermissionError("Access denied", http_status=403 if passthrough else 502)
        case 404:
            raise FlextExceptions.NotFoundError("Resource not found", http_status=404 if passthrough else 502)
        case 409:
            raise FlextExceptions.AlreadyExistsError("Resource exists", http_status=409 if passthrough else 502)
        case [status]:  # of a problem document
            raise FlextExceptions.BaseError("as it says", http_status=status)
    raise FlextExceptions.ProcessingError("HTTP error", http_status=status)
