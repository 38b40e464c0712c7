"""The errors that web frameworks answer themselves: the status of each, and its bases.

Sources: starlette.exceptions, fastapi.exceptions, werkzeug.exceptions, django.core.handlers.exception,
rest_framework.exceptions. A status of 0 is what the error says when it is raised.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["HTTP_ERRORS", "HttpError", "canonical_error", "full_lineage"]


class HttpError(NamedTuple):
    """An error that a framework answers: its status, its base, and which argument gives the status."""

    status: int
    base: str = "builtins.Exception"
    argument: int = -1


def rows(module: str, base: str, names: str) -> dict[str, HttpError]:
    """Return the errors of a module from a text of names and statuses."""
    found = {}
    for one in names.split():
        name, _, status = one.partition("=")
        found[f"{module}.{name}"] = HttpError(int(status), base)
    return found


HTTP_ERRORS: dict[str, HttpError] = {
    "starlette.exceptions.HTTPException": HttpError(0, argument=0),
    "fastapi.exceptions.HTTPException": HttpError(0, "starlette.exceptions.HTTPException", 0),
    "fastapi.exceptions.RequestValidationError": HttpError(422),
    "werkzeug.exceptions.HTTPException": HttpError(500),
    **rows(
        "werkzeug.exceptions",
        "werkzeug.exceptions.HTTPException",
        "BadRequest=400 Unauthorized=401 Forbidden=403 NotFound=404 MethodNotAllowed=405 NotAcceptable=406 "
        "RequestTimeout=408 Conflict=409 Gone=410 LengthRequired=411 PreconditionFailed=412 RequestEntityTooLarge=413 "
        "RequestURITooLarge=414 UnsupportedMediaType=415 RequestedRangeNotSatisfiable=416 ExpectationFailed=417 "
        "ImATeapot=418 UnprocessableEntity=422 Locked=423 FailedDependency=424 PreconditionRequired=428 "
        "TooManyRequests=429 RequestHeaderFieldsTooLarge=431 UnavailableForLegalReasons=451 InternalServerError=500 "
        "NotImplemented=501 BadGateway=502 ServiceUnavailable=503 GatewayTimeout=504 HTTPVersionNotSupported=505",
    ),
    "werkzeug.exceptions.BadRequestKeyError": HttpError(400, "werkzeug.exceptions.BadRequest"),
    "django.http.response.Http404": HttpError(404),
    "django.core.exceptions.PermissionDenied": HttpError(403),
    "django.core.exceptions.BadRequest": HttpError(400),
    "django.core.exceptions.SuspiciousOperation": HttpError(400),
    **rows(
        "django.core.exceptions",
        "django.core.exceptions.SuspiciousOperation",
        "SuspiciousMultipartForm=400 SuspiciousFileOperation=400 DisallowedHost=400 DisallowedRedirect=400 "
        "TooManyFieldsSent=400 TooManyFilesSent=400 RequestDataTooBig=400",
    ),
    "rest_framework.exceptions.APIException": HttpError(500),
    **rows(
        "rest_framework.exceptions",
        "rest_framework.exceptions.APIException",
        "ValidationError=400 ParseError=400 AuthenticationFailed=401 NotAuthenticated=401 PermissionDenied=403 "
        "NotFound=404 MethodNotAllowed=405 NotAcceptable=406 UnsupportedMediaType=415 Throttled=429",
    ),
}
MOVED = {
    "fastapi.HTTPException": "fastapi.exceptions.HTTPException",
    "django.http.Http404": "django.http.response.Http404",
    "rest_framework.serializers.ValidationError": "rest_framework.exceptions.ValidationError",
}


def canonical_error(path: str) -> str:
    """Return the dotted name of a framework's error in the module that defines it.

    >>> canonical_error("fastapi.HTTPException")
    'fastapi.exceptions.HTTPException'
    """
    return MOVED.get(path, path)


def full_lineage(lineage: tuple[str, ...]) -> tuple[str, ...]:
    """Return a lineage extended by the bases of the frameworks' errors in it.

    >>> full_lineage(("shop.Gone", "fastapi.HTTPException"))[1:]
    ('fastapi.exceptions.HTTPException', 'starlette.exceptions.HTTPException', 'builtins.Exception')
    """
    found: dict[str, None] = {}
    for path in lineage:
        here = canonical_error(path)
        found[here] = None
        while here in HTTP_ERRORS:
            here = HTTP_ERRORS[here].base
            found[here] = None
        if here == "builtins.Exception":
            found.update({"builtins.BaseException": None} if "builtins.BaseException" in lineage else {})
    return tuple(found)
