"""A client raises a typed error for each failure, and for each answer from 400 on."""

from __future__ import annotations

from typing import Any

from flext_exceptions import FlextExceptions
from flext_exceptions.web.upstream import error_for_response

ANY: Any = None


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
        error_for_response(ANY, response, self.passthrough)
