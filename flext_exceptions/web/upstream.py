"""What an HTTP answer, or its absence, is as a typed error: one table for every client library.

=====================  ==============================================================================================
status 400 to 599      the type that :func:`.type_for_status` names: 400 ValidationError,
                       401 AuthenticationError, 403 PermissionError, 404 and 410 NotFoundError, 408 and 504
                       TimeoutError, 409 AlreadyExistsError, 425, 429, 502 and 503 ConnectionError, 501
                       NotImplementedError, any other 4xx ValidationError, any other 5xx ProcessingError
a problem document     the typed error that it describes (RFC 9457), with the status that it came under
no answer in time      TimeoutError with ``timeout_seconds``
no connection          ConnectionError with ``service`` (the host) and ``endpoint``, also where it breaks in the middle
                       of an answer; with ``retryable=False`` where the certificate is not to be trusted
no JSON in the body    ProcessingError
=====================  ==============================================================================================

Each has ``method``, ``url`` and ``correlation_id`` in its context, and where there was an answer ``status_code`` and
``response_body``. The url has neither credentials nor fragment, and no secrets in its query; the body is bounded to
``max_error_details`` characters and, as JSON, redacted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from math import isfinite
from ssl import SSLCertVerificationError
from string import punctuation
from time import time
from typing import Any, NamedTuple
from urllib.parse import quote, unquote_plus, urlsplit

from .. import FlextExceptions, settings
from .._internal.redaction import REDACTED, is_secret, tells_secret, withheld
from .._internal.safe_text import text_of
from ..correlation import current_scope
from ..documents.json_values import bounded
from ..documents.problem_details import from_problem, type_for_status

HEADER = "X-Request-ID"
"""The header that an id travels in, both ways. It has no RFC; servers and proxies agree on it."""

PROBLEM = "application/problem+json"
_LIBRARIES = ("requests", "urllib3", "httpx", "httpcore")
_LONGEST_ID = 200  # characters of an id that somebody else made

BaseError = FlextExceptions.BaseError


class Request(NamedTuple):
    """What was asked, and under which id if any."""

    method: str
    url: str
    correlation_id: str | None


class Response(NamedTuple):
    """What was answered; the headers under their names in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def correlation_headers(correlation_id: str | None = None) -> dict[str, str]:
    """The header that sends an id, by default the bound one; nothing where there is none.

    What a header cannot hold is percent-encoded.

    >>> with FlextExceptions.correlation("req 1"):
    ...     correlation_headers(), correlation_headers("é"), correlation_headers("")
    ({'X-Request-ID': 'req%201'}, {'X-Request-ID': '%C3%A9'}, {})
    """
    if correlation_id is None:
        scope = current_scope()
        correlation_id = None if scope is None else scope[0]
    return {HEADER: quote(correlation_id, punctuation, errors="backslashreplace")} if correlation_id else {}


def result(request: Request, response: Response) -> Any:
    """The JSON of an answer, None of an empty one; raises the typed error of a status from 400, and of no JSON.

    >>> result(Request("GET", "http://stock/A-1", None), Response(200, {}, b'{"left": 3}'))
    {'left': 3}
    """
    if response.status >= 400:
        raise error_for_response(request, response)
    if not response.body.strip():
        return None
    try:
        return json.loads(response.body)
    except (ValueError, RecursionError) as cause:
        context = _about(request) | _answered(response)
        text = f"{request.method} {context['url']}: the body of the answer is no JSON"
        error = FlextExceptions.ProcessingError(
            text, operation="json_decode", context=context, correlation_id=_id_of(request, response)
        )
        raise _settled(error) from cause


def error_for_response(request: Request, response: Response) -> FlextExceptions.BaseError:
    """The typed error of an answer.

    >>> request = Request("GET", "http://ada:pw@stock/A-1?token=x", "req-1")
    >>> error = error_for_response(request, Response(429, {"Retry-After": "120"}, b"slow down"))
    >>> print(repr(error), error.retry_after, error.context["service"], error.correlation_id)
    ConnectionError('GET http://stock/A-1?token=[redacted]: 429 Too Many Requests', service='stock') 120.0 stock req-1
    """
    context = _about(request) | _answered(response)
    if type_for_status(response.status) is FlextExceptions.ConnectionError:
        context["service"] = host(request.url)
    text = f"{request.method} {context['url']}: {response.status} {_phrase(response.status)}"
    document: dict[str, Any] = _problem(response) or {"detail": text}
    if not document.get("detail"):
        document["detail"] = document.get("title") or text
    given = document.get("context")
    document["context"] = {**given, **context} if isinstance(given, dict) else context
    document["status"] = response.status if response.status >= 400 else None  # of a redirect that was not followed
    wait = retry_after(response.headers)
    if wait is not None:
        document["retry_after"] = wait
    told = document.get("correlation_id")
    name = request.correlation_id or (told if isinstance(told, str) and told else _id_of(request, response))
    document["correlation_id"] = name
    return _settled(from_problem(document))


def error_for_failure(
    request: Request,
    kind: type[FlextExceptions.BaseError],
    cause: Exception,
    handled: BaseException | None,
    seconds: float | None = None,
) -> FlextExceptions.BaseError:
    """The typed error, of this type, of a request that brought no answer; seconds are what it was given.

    Its message says what the system said, and not what the library did, which may show the whole url. What was being
    handled when the request was made stands behind the cause, and has nothing to do with it.
    """
    context = _about(request)
    hide(cause, request.url)
    reason = _reason(cause, handled)
    what = text_of(reason) if reason is not None else type(cause).__name__
    extra: dict[str, Any] = {}
    if kind is FlextExceptions.TimeoutError:
        what = "no answer in time" if seconds is None else f"no answer within {seconds:g} s"
        extra["timeout_seconds"] = seconds
    elif kind is FlextExceptions.ConnectionError:
        what = f"no connection: {what}"
        extra |= {"service": host(request.url), "endpoint": context["url"]}
        if isinstance(reason, SSLCertVerificationError):
            extra["retryable"] = False
    asked = f"{request.method} {context['url']}" if request.url else "the request"
    text = f"{asked}: {what}"
    return _settled(kind(text, context=context, correlation_id=request.correlation_id, **extra))


def shown_url(url: str) -> str:
    """A url without credentials and fragment, and without the values of its query that are secret, or tell one.

    >>> shown_url("https://ada:pw@shop.example/a?page=2&api_key=123&next=%2Fb%3Ftoken%3D4#top")
    'https://shop.example/a?page=2&api_key=[redacted]&next=[redacted]'
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return REDACTED
    query = _shown_query(parts.query)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query=query, fragment="").geturl()


def _shown_query(query: str) -> str:
    return "&".join(map(_shown_pair, query.split("&")))


def _shown_pair(pair: str) -> str:
    name, equals, value = pair.partition("=")
    key = unquote_plus(name).rstrip("]")  # user[password]
    return f"{name}={REDACTED}" if equals and (is_secret(key) or tells_secret(unquote_plus(value))) else pair


def hide(error: BaseException, url: str) -> None:
    """Take out of what the libraries say of a url, in an error and those behind it, what :func:`shown_url` leaves out.

    >>> import requests
    >>> error = requests.ConnectionError("no answer: /a?token=1234")
    >>> hide(error, "http://stock/a?token=1234")
    >>> print(error)
    no answer: /a?token=[redacted]
    """
    try:
        parts = urlsplit(url)
        login = parts.netloc.rpartition("@")[0]
        hidden = {parts.query: _shown_query(parts.query), f"{login}@" if login else "": ""}
    except ValueError:
        hidden = {url: REDACTED}
    changes = [(old, new) for old, new in hidden.items() if old != new]
    for other in _chain(error) if changes else ():
        if type(other).__module__.partition(".")[0] in _LIBRARIES:  # else it is the program's
            other.args = tuple(_changed(arg, changes) if isinstance(arg, str) else arg for arg in other.args)


def _changed(text: str, changes: list[tuple[str, str]]) -> str:
    for old, new in changes:
        text = text.replace(old, new)
    return text


def host(url: str) -> str:
    """The host of a url, with its port where it names one.

    >>> host("https://ada:pw@shop.example:8443/a")
    'shop.example:8443'
    """
    try:
        return urlsplit(url).netloc.rpartition("@")[2]
    except ValueError:
        return REDACTED


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that ``Retry-After`` asks to wait, from 0; None where it is missing or says something else.

    It is a number of seconds or a date (RFC 9110, section 10.2.3). A date is held against the server's own ``Date``,
    where it sends one, so that a clock that is wrong does no harm.

    >>> retry_after({"Retry-After": "1.5"}), retry_after({"Retry-After": "soon"})
    (1.5, None)
    >>> retry_after({"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT", "Date": "Fri, 31 Dec 1999 23:59:29 GMT"})
    30.0
    """
    value = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", value):
        seconds = float(value)
        return seconds if isfinite(seconds) else None
    then, now = _time(value), _time(headers.get("Date", ""))
    return None if then is None else max(0.0, then - (time() if now is None else now))


def _time(date: str) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError, TypeError):
        return None


def _about(request: Request) -> dict[str, Any]:
    return {"method": request.method, "url": shown_url(request.url)}


def _answered(response: Response) -> dict[str, Any]:
    return {"status_code": response.status, "response_body": _shown_body(response.body)}


def _shown_body(body: bytes) -> Any:
    room = settings.current.max_error_details
    decoded = _decoded(body)
    if isinstance(decoded, dict | list):
        return bounded(decoded, room)
    text: str = bounded(body, room)
    return withheld(text, text)  # JSON that is cut short shows its secrets too


def _decoded(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _problem(response: Response) -> dict[str, Any] | None:
    """The problem document that an answer is, as a dict of its own."""
    if response.headers.get("Content-Type", "").partition(";")[0].strip().lower() != PROBLEM:
        return None
    document = _decoded(response.body)
    return document if isinstance(document, dict) else None


def _id_of(request: Request, response: Response) -> str | None:
    """The id that was sent, else the one that the answer names."""
    return request.correlation_id or response.headers.get(HEADER, "")[:_LONGEST_ID] or None


def _settled(error: BaseError) -> BaseError:
    return error.with_context(correlation_id=error.correlation_id)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "is no status that is known"


def _reason(error: BaseException, handled: BaseException | None) -> OSError | None:
    """What the system said, behind what the libraries made of it."""
    for other in _chain(error, handled):
        if isinstance(other, OSError) and type(other).__module__ in ("builtins", "socket", "ssl") and other.errno:
            return other
    return None


def _chain(error: BaseException | None, end: BaseException | None = None) -> Iterator[BaseException]:
    """An error and those behind it, up to an end; more than ten no library makes."""
    for _ in range(10):
        if error is not None and error is not end:
            yield error
            error = error.__cause__ or error.__context__
