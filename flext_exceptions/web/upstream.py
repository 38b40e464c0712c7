"""An HTTP answer, or its absence, as a typed error: one table for every client library.

=====================  ==============================================================================================
400                    ValidationError with ``field="request_data"`` and ``validation_details``
401, 403, 404, 409     AuthenticationError, PermissionError, NotFoundError, AlreadyExistsError
any other from 400     ProcessingError, ``retryable`` if it may succeed later: 408, 425, 429, 502, 503, 504
a problem document     the typed error that it describes (RFC 9457), if it is of a type of ours
no answer in time      TimeoutError with ``timeout_seconds``
no connection          ConnectionError with ``endpoint``, also if it breaks in the middle of an answer; with
                       ``retryable=False`` if the certificate is not trusted
any other failure      ProcessingError: a request that cannot be sent, endless redirects, invalid JSON in the body
=====================  ==============================================================================================

Each has ``method``, ``url`` and ``correlation_id`` in its context, and if there was an answer ``status_code``,
``response_headers`` and ``response_body``, otherwise ``original_error``, the library's message. The url has neither
credentials nor fragment, and no secrets in its query; headers and body are bounded to ``max_error_details`` characters
each and redacted.

Another service's answer is for the log. For our own callers a 4xx from it is a 502 (``http_status``), since they did
nothing wrong. Its details are passed on only with ``passthrough=True``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC
from email.message import Message
from email.utils import parsedate_to_datetime
from functools import partial
from math import isfinite
from ssl import SSLCertVerificationError
from string import punctuation
from time import time
from typing import Any, NamedTuple
from urllib.parse import quote

from .. import FlextExceptions, settings
from .._internal.redaction import withheld
from .._internal.safe_text import text_of
from .._internal.state import state_of
from ..correlation import current_scope, settle
from ..documents.from_dict import copied, room
from ..documents.json_values import bounded
from ..documents.problem_details import TYPE, from_problem
from ..documents.to_dict import number, told
from .described_errors import described_error
from .urls import chain, hide, shown_url, without_secrets

HEADER = "X-Request-ID"
"""The header that carries an id, both ways. It has no RFC; servers and proxies agree on it."""

PROBLEM = "application/problem+json"
MAX_MESSAGE = 200
"""Characters of a service's message that go into the message of an error."""

_MAX_KEPT = 64_000  # bytes of a body that is kept as long as nobody has read the context
_MAX_ID = 200  # characters of an id that someone else made

BaseError = FlextExceptions.BaseError


class Request(NamedTuple):
    """The request, and its id if it has one."""

    method: str
    url: str
    correlation_id: str | None


class Response(NamedTuple):
    """The answer; header names are case-insensitive. The body is None if it was not read."""

    status: int
    headers: Mapping[str, str]
    body: bytes | None


def correlation_headers(correlation_id: str | None = None) -> dict[str, str]:
    """The header that sends an id, by default the bound one; nothing if there is none.

    Characters that a header cannot hold are percent-encoded.

    >>> with FlextExceptions.correlation("req 1"):
    ...     correlation_headers(), correlation_headers("é"), correlation_headers("")
    ({'X-Request-ID': 'req%201'}, {'X-Request-ID': '%C3%A9'}, {})
    """
    if correlation_id is None:
        scope = current_scope()
        correlation_id = None if scope is None else scope[0]
    return {HEADER: quote(correlation_id, punctuation, errors="backslashreplace")} if correlation_id else {}


def result(request: Request, response: Response, passthrough: bool = False) -> Any:
    """The JSON of an answer; raises the typed error of a status from 400, or of invalid JSON. None if it is empty.

    >>> result(Request("GET", "http://stock/A-1", None), Response(200, {}, b'{"left": 3}'))
    {'left': 3}
    """
    if response.status >= 400:
        raise error_for_response(request, response, passthrough)
    if response.body is None:
        raise _no_json(
            request, response, "The response is streamed and has not been read: call read() before reading its JSON"
        )
    if not response.body.strip():
        return None
    try:
        return _json(response, response.headers.get("Content-Type", ""))
    except (ValueError, RecursionError) as cause:
        raise _no_json(request, response, "Invalid JSON response from API", text_of(cause)) from cause


def _no_json(request: Request, response: Response, text: str, said: str | None = None) -> BaseError:
    context = _about(request) | _answered(response, None)
    if said is not None:
        context["original_error"] = said
    name = _id_of(request, response)
    error = FlextExceptions.ProcessingError(text, operation="json_decode", context=context, correlation_id=name)
    return _settled(error)


def error_for_response(request: Request, response: Response, passthrough: bool = False) -> FlextExceptions.BaseError:
    """The typed error of an answer.

    >>> request = Request("GET", "http://ada:pw@stock/A-1?token=x", "req-1")
    >>> error = error_for_response(request, Response(429, {"Retry-After": "120"}, b'{"message": "slow down"}'))
    >>> print(repr(error), error.retry_after, error.context["url"], error.correlation_id, error.http_status)
    ProcessingError('HTTP error 429: slow down', operation='api_request') 120.0 http://stock/A-1?token=[redacted] \
req-1 502
    """
    kind = response.headers.get("Content-Type", "")
    decoded = _decoded(response, kind)
    problem = decoded if isinstance(decoded, dict) and _is_problem(kind) else None
    their_id = None if problem is None else problem.get("correlation_id")
    name = request.correlation_id or (their_id if isinstance(their_id, str) and their_id else _id_of(request, response))
    wait = retry_after(response.headers)
    error = None
    if problem is not None and response.body is not None and len(response.body) <= _MAX_KEPT:
        error = described_error(problem, response.status, name, wait)
        if error is not None:
            given, headers = problem.get("context"), response.headers
            state_of(error)["_later"] = partial(
                _context, request, response.status, headers, given, problem, name, passthrough
            )
    if error is None:
        error = _error(request, response, decoded, problem, name, wait, passthrough)
    if error.severity == "critical":
        error.severity = "error"  # the other service raises that alarm
    if not passthrough and 400 <= response.status < 500:
        error.http_status = 502
    return error


def _context(
    request: Request,
    status: int,
    headers: Mapping[str, str],
    given: Any,
    problem: Any,
    name: str | None,
    passthrough: bool,
) -> dict[str, Any]:
    """The context of an error that a problem document described, computed when someone reads it."""
    answered = _answered(Response(status, headers, b""), problem)
    further = {"passthrough": True} if passthrough else {}
    return {**copied(given or {}, room()), **_about(request), **answered, **further, "correlation_id": name}


def _error(
    request: Request, response: Response, decoded: Any, problem: Any, name: Any, wait: float | None, passthrough: bool
) -> BaseError:
    context = _about(request) | _answered(response, decoded)
    if passthrough:
        context["passthrough"] = True
    if problem is not None and text_of(problem.get("type")).startswith(TYPE):
        problem = dict(problem)
        given = problem.get("context")
        problem["context"] = {**given, **context} if isinstance(given, dict) else context
        problem["detail"] = problem.get("detail") or problem.get("title") or f"HTTP error {response.status}"
        problem |= {"status": response.status, "correlation_id": name}
        if wait is not None:
            problem["retry_after"] = wait
        return _settled(from_problem(problem))
    if wait is None and problem is not None:
        wait = number(problem.get("retry_after"))
    return _settled(_error_for_status(response.status, context, name, wait))


# For each status the type, its message, and keywords. "{}" stands for the answer's text, or else the words after it.
_ANSWERS: dict[int, tuple[type[BaseError], str, str, dict[str, Any]]] = {
    400: (FlextExceptions.ValidationError, "Bad request: {}", "Invalid request", {"field": "request_data"}),
    401: (FlextExceptions.AuthenticationError, "Authentication failed", "", {"auth_method": "api_key"}),
    403: (FlextExceptions.PermissionError, "Access denied", "", {"required_permission": "api_access"}),
    404: (FlextExceptions.NotFoundError, "Resource not found", "", {"resource_type": "api_resource"}),
    409: (FlextExceptions.AlreadyExistsError, "Resource already exists", "", {"resource_type": "api_resource"}),
}
_RETRYABLE = (408, 425, 429, 502, 503, 504)


def _error_for_status(status: int, context: dict[str, Any], name: str | None, wait: float | None) -> BaseError:
    other = (
        ("Server error: {}", "Internal server error")
        if status >= 500
        else (f"HTTP error {status}: {{}}", "Unknown error")
    )
    kind, text, otherwise, keywords = _ANSWERS.get(
        status, (FlextExceptions.ProcessingError, *other, {"operation": "api_request"})
    )
    if status == 400:
        keywords = keywords | {"validation_details": context["response_body"]}
    return kind(
        text.format(_said(context["response_body"]) or otherwise),
        context=context,
        correlation_id=name,
        http_status=status if 400 <= status <= 599 and status != kind.http_status else None,
        retry_after=wait if wait is not None and wait >= 0 else None,
        retryable=True if status in _RETRYABLE else None,
        **keywords,
    )


def _said(body: Any) -> str:
    """The description of what is wrong, from the first member of a body that has one."""
    members = (body.get(name) for name in ("message", "detail", "title")) if isinstance(body, dict) else ()
    return told(next((text for text in members if isinstance(text, str) and text), ""), MAX_MESSAGE)


def error_for_failure(
    request: Request,
    kind: type[FlextExceptions.BaseError],
    cause: Exception,
    handled: BaseException | None,
    seconds: float | None = None,
) -> FlextExceptions.BaseError:
    """The typed error, of this type, for a request without an answer; ``seconds`` is its timeout.

    An exception that was being handled when the request was made stands behind the cause, and is unrelated.
    """
    context = _about(request)
    hide(cause, request.url)
    reason = _reason(cause, handled)
    said = without_secrets(text_of(cause), request.url) or type(cause).__name__
    if reason is not None and text_of(reason) not in said:  # async httpx: "All connection attempts failed"
        said = f"{said}: {text_of(reason)}"
    context["original_error"] = told(said, settings.current.max_error_details)
    extra: dict[str, Any] = {}
    if kind is FlextExceptions.TimeoutError:
        text = "HTTP request timed out" + ("" if seconds is None else f" after {seconds:g} seconds")
        extra["timeout_seconds"] = seconds
    elif kind is FlextExceptions.ConnectionError:
        text = f"Failed to connect to {context['url'] or 'the server'}"
        extra |= {"service": "http_api", "endpoint": context["url"]}
        if isinstance(reason, SSLCertVerificationError):
            extra["retryable"] = False
    else:
        text = f"HTTP request failed: {context['original_error']}"
        extra["operation"] = "http_request"
    return _settled(kind(text, context=context, correlation_id=request.correlation_id, **extra))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that ``Retry-After`` asks to wait, from 0; None if it is missing or invalid.

    It is a number of seconds or a date (RFC 9110, section 10.2.3). A date is compared with the server's own ``Date``,
    if it sends one, so that a wrong clock does no harm.

    >>> retry_after({"Retry-After": "1.5"}), retry_after({"Retry-After": "soon"})
    (1.5, None)
    >>> retry_after({"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT", "Date": "Fri, 31 Dec 1999 23:59:29 GMT"})
    30.0
    """
    value = headers.get("Retry-After", "").strip()
    if not value:
        return None
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", value):
        seconds = float(value)
        return seconds if isfinite(seconds) else None
    then, now = _time(value), _time(headers.get("Date", ""))
    return None if then is None else max(0.0, then - (time() if now is None else now))


def _time(date: str) -> float | None:
    try:
        time = parsedate_to_datetime(date)
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()  # asctime's form names no zone
    except (ValueError, OverflowError, TypeError):
        return None


def _about(request: Request) -> dict[str, Any]:
    return {"method": request.method, "url": shown_url(request.url)}


def _answered(response: Response, decoded: Any) -> dict[str, Any]:
    room = settings.current.max_error_details
    if response.body is None:
        body: Any = {"message": "<the response is streamed and has not been read>"}
    elif isinstance(decoded, dict | list):
        body = bounded(decoded, room)
    else:
        text: str = bounded(response.body, room)
        body = {"message": withheld(text, text)}  # truncated JSON shows its secrets too
    headers = bounded(dict(response.headers), room)
    return {"status_code": response.status, "response_body": body, "response_headers": headers}


def _decoded(response: Response, kind: str) -> Any:
    """The body of an answer of this media type as JSON; None if it is not JSON."""
    try:
        return None if response.body is None else _json(response, kind)
    except (ValueError, RecursionError):
        return None


_decode = json.JSONDecoder().decode


def _json(response: Response, kind: str) -> Any:
    """The JSON of a body in the declared charset, otherwise in the one that is detected (RFC 8259)."""
    body = response.body or b""
    if "charset" in kind.lower():
        charset = _charset(kind)
        if charset.replace("_", "-") not in ("utf-8", "utf8", "us-ascii"):
            try:
                text = body.decode(charset)
            except (LookupError, ValueError):  # unknown, or wrong
                return json.loads(body)
            return json.loads(text)
    if body[:1] == b"{" and body[1:2] != b"\0":  # in no other encoding than UTF-8
        return _decode(body.decode())
    return json.loads(body)


def _charset(kind: str) -> str:
    header = Message()
    header["Content-Type"] = kind
    return header.get_content_charset("utf-8")


def _is_problem(kind: str) -> bool:
    return kind == PROBLEM or kind.partition(";")[0].strip().lower() == PROBLEM


def _id_of(request: Request, response: Response) -> str | None:
    """The id that was sent, otherwise the one that the answer names."""
    return request.correlation_id or response.headers.get(HEADER, "")[:_MAX_ID] or None


def _settled(error: BaseError) -> BaseError:
    """The error with its id in the context: the given one, otherwise that of the incident, otherwise a new one."""
    if "correlation_id" not in state_of(error):
        settle(error, BaseError, "http_")
    return error.with_context(correlation_id=error.correlation_id)


def _reason(error: BaseException, handled: BaseException | None) -> OSError | None:
    """The operating system's message, behind the libraries' wrapping of it."""
    for other in chain(error, handled):
        if isinstance(other, OSError) and type(other).__module__ in ("builtins", "socket", "ssl") and other.errno:
            return other
    return None
