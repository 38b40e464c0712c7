"""What the middlewares share: the id of a request, the answer to an error, and its log entry.

No stack trace goes into an answer, whatever ``enable_stack_traces`` is, since answers are public.
"""

from __future__ import annotations

import logging
import re
from math import ceil
from typing import Any

from flext_exceptions import FlextExceptions, settings

from .._internal.safe_logging import LEVELS, attribute, context_of, log
from .._internal.safe_text import name_of, text_of
from ..correlation import current_scope, fresh, trace_id
from ..documents.json_values import bounded
from ..documents.plain_values import encode
from ..documents.problem_details import instance_of, phrase
from ..documents.to_dict import number, told
from .problem_json import has_foreign_cause, problem_json, status_of

BaseError = FlextExceptions.BaseError
Response = tuple[bytes, int, dict[str, str]]

LOGGER = logging.getLogger("flext_exceptions.web")
REQUEST_ID = "X-Request-ID"
KEY = "flext_exceptions.request_id"
"""The key under which an application finds the id of its request: in the ASGI scope, or in the WSGI environ."""

# Safe in a header, a log line, a URL and a shell, and long enough for a UUID, base64, and the ids of cloud providers.
_ACCEPTED = re.compile(r"[A-Za-z0-9._~:/+=@-]{1,128}")


def request_id(given: str, traceparent: str) -> str:
    """The id of a request: its ``X-Request-ID``, otherwise the trace id of its ``traceparent``, otherwise a new one.

    An ``X-Request-ID`` that is empty, longer than 128 characters, or has other characters than letters, digits and
    ``._~:/+=@-`` is ignored, and so are several of them.

    >>> request_id("req-1", "")
    'req-1'
    >>> request_id("<script>", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    '0af7651916cd43dd8448eb211c80319c'
    """
    return given if _ACCEPTED.fullmatch(given) else trace_id(traceparent) or fresh()


def problem_response(error: BaseException, challenge: str = "Bearer") -> Response:
    """The answer to an error: body, status and headers, in the order in which Flask and Starlette take them.

    A typed error is answered with its problem document (RFC 9457), with ``Retry-After`` in whole seconds if it has a
    ``retry_after`` (RFC 9110 section 10.2.3), and with the challenge as ``WWW-Authenticate`` if the status is 401,
    which requires one (section 15.5.2). A status outside 400 to 599 becomes 500. A group of ours has the status of its
    class; a foreign group with a single error is treated as that error, as from a ``TaskGroup`` with one failed task.
    For any other error the answer contains only the bound correlation id. Never raises.

    Internals are not revealed: from status 500 there is no ``context``, and no ``detail`` if another library's error is
    the cause, which the text would quote. An error from 500 that reports another service's answer (``status_code`` in
    its context, see :mod:`flext_exceptions.web.upstream`) is answered like an unknown one, with its status. The log
    contains all of it.

    >>> body, status, headers = problem_response(FlextExceptions.ConnectionError("no answer", retry_after=1.5))
    >>> status, headers["Content-Type"], headers["Retry-After"]
    (503, 'application/problem+json', '2')
    >>> with FlextExceptions.correlation("req-1"):
    ...     print(problem_response(KeyError("secret"))[0].decode())
    {"type": "about:blank", "title": "Internal Server Error", "status": 500, \
"instance": "urn:flext-exceptions:incident:req-1", "correlation_id": "req-1"}
    """
    known = _typed(error)
    if known is None or _is_another_services(known):
        status, wait, body = _unknown(known)
    else:
        status, wait, body = _document(known)
    headers = {"Content-Type": "application/problem+json", "Content-Length": str(len(body))}
    if wait is not None and wait >= 0:
        headers["Retry-After"] = str(ceil(wait))
    if status == 401:
        headers["WWW-Authenticate"] = challenge
    return body, status, headers


_DISCONNECTS = frozenset(
    ("ClientDisconnect", "WebSocketDisconnect", "RequestAborted", "UnreadablePostError")  # Starlette's and Django's
)


def is_disconnect(error: BaseException) -> bool:
    """Whether an error means that the client disconnected, by its class's name, so that no framework is imported."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return not _DISCONNECTS.isdisjoint(cls.__name__ for cls in type(error).__mro__)


def report(error: BaseException, name: str, method: object, path: object, answered: bool = True) -> None:
    """Log an error of a request, whose id is ``name``.

    A typed error with a status below 500 is the caller's fault: it is logged at INFO. Any other typed error is logged
    at the level of its severity, with its traceback if ``enable_stack_traces`` is on. An unknown one, and one that
    could not be answered, is logged at ERROR, always with its traceback, since nothing else reports it. A client that
    disconnects is logged at DEBUG.
    """
    if is_disconnect(error):
        log(LOGGER, logging.DEBUG, f"the client disconnected: {name_of(type(error))}", {"request_id": name})
        return
    known = _typed(error)
    shown = error if known is None else known
    extra = {
        "error_code": "" if known is None else attribute(known, "code"),
        "correlation_id": name if known is None else attribute(known, "correlation_id"),
        "context": {} if known is None else context_of(known),
        "exception_type": name_of(type(shown)),
        "request_id": name,
        "method": method,
        "path": path,
    }
    text = f"{name_of(type(shown))}: {text_of(shown)}"
    if not answered:
        log(LOGGER, logging.ERROR, f"after the response had begun: {text}", extra, error, always=True)
    elif known is None:
        log(LOGGER, logging.ERROR, text, extra, error, always=True)
    elif status_of(attribute(known, "http_status")) < 500:
        log(LOGGER, logging.INFO, text, extra)
    else:
        log(LOGGER, LEVELS.get(text_of(attribute(known, "severity")), logging.ERROR), text, extra, error)


def _typed(error: BaseException) -> BaseError | None:
    while not isinstance(error, BaseError):
        if not isinstance(error, ExceptionGroup) or len(error.exceptions) != 1:
            return None
        error = error.exceptions[0]
    return error


Answer = tuple[int, int | float | None, bytes]  # the status, the seconds to wait, and the body


def _document(error: BaseError) -> Answer:
    """The problem document of an error, by its class's method, or by ours if that fails."""
    try:
        if type(error).to_problem is not BaseError.to_problem:
            return _written(error.to_problem(), error)
    except Exception:
        return problem_json(error)
    return problem_json(error)


def _written(problem: dict[str, Any], error: BaseError | None = None) -> Answer:
    status = status_of(problem.get("status"))
    problem = problem | {"status": status}
    problem.pop("stack_trace", None)
    if status >= 500:
        problem.pop("context", None)
        if error is not None and has_foreign_cause(error):
            problem.pop("detail", None)
    return status, number(problem.get("retry_after")), encode(problem).encode()


def _is_another_services(error: BaseError) -> bool:
    context = attribute(error, "context")
    if not isinstance(context, dict) or "status_code" not in context:
        return False
    return status_of(attribute(error, "http_status")) >= 500 and context.get("passthrough") is not True


def _unknown(error: BaseError | None) -> Answer:
    """What is public about an error without public details: its status, its id, and how long to wait."""
    scope = current_scope()
    if error is not None:
        name = told(attribute(error, "correlation_id"))
    else:
        name = fresh() if scope is None else told(scope[0])
    status = 500 if error is None else status_of(attribute(error, "http_status"))
    problem = {"type": "about:blank", "title": phrase(status) or phrase(500), "status": status}
    problem |= {"instance": instance_of(name), "correlation_id": name}
    wait = None if error is None else number(attribute(error, "retry_after"))
    return _written(problem if wait is None else problem | {"retry_after": wait})


def problem_of_status(status: int, detail: object = None) -> bytes:
    """The body of an answer that no error of ours caused: a problem document without a type.

    A detail that is not a text goes into the member ``context``.

    >>> with FlextExceptions.correlation("req-1"):
    ...     print(problem_of_status(404, "no such page").decode())
    {"type": "about:blank", "title": "Not Found", "status": 404, "detail": "no such page", \
"instance": "urn:flext-exceptions:incident:req-1", "correlation_id": "req-1"}
    """
    scope = current_scope()
    name = fresh() if scope is None else told(scope[0])
    problem: dict[str, Any] = {"type": "about:blank", "title": phrase(status) or "Error", "status": status}
    if isinstance(detail, str):
        problem["detail"] = told(detail)
    problem |= {"instance": instance_of(name), "correlation_id": name}
    if detail is not None and not isinstance(detail, str):
        context = detail if isinstance(detail, dict) else {"detail": detail}
        problem["context"] = bounded(context, settings.current.max_error_details)
    return encode(problem).encode()
