"""Another service's answer as a typed error; here it is raised at once.

An answer from 400 to 499 of the other service is a 502 to callers, except with ``passthrough=True``. A problem document
of it may name any type of the library, with any status.
"""

from __future__ import annotations

from typing import Any

from flext_exceptions import FlextExceptions


def error_for_response(request: Any, response: Any, passthrough: bool = False) -> None:
    """Raise the error of an answer."""
    match response:
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
    raise FlextExceptions.ProcessingError("HTTP error", http_status=response)
