"""The problem document of an error as the bytes of an answer.

It has the members of ``to_problem``, without the stack trace and what must not be public.
"""

from __future__ import annotations

from json.encoder import encode_basestring_ascii as encoded

from .. import FlextExceptions
from ..documents.plain_values import encode, written
from ..documents.problem_details import INSTANCE, TYPE, quoted
from ..documents.to_dict import number, read, to_dict, told

BaseError = FlextExceptions.BaseError

_MAX_HEADS = 1000
_MAX_HEAD = 200  # characters of type and title
_heads: dict[tuple[str, str, int], str] = {}  # how a document begins, by type, title and status


# Of concurrent.futures and loky, and of multiprocessing and billiard.
_REMOTE_TRACEBACKS = ("_RemoteTraceback", "RemoteTraceback")


def problem_json(error: FlextExceptions.BaseError) -> tuple[int, float | None, bytes]:
    """The status, the seconds to wait, and the document.

    From status 500 it has no context, and no detail if another library's error is the cause.

    >>> status, wait, body = problem_json(FlextExceptions.NotFoundError("no such user", correlation_id="req-1"))
    >>> status, wait, body.decode()[-62:]
    (404, None, '"code": "NOT_FOUND", "correlation_id": "req-1", "context": {}}')
    """
    document = to_dict(error, trace=False)
    status = status_of(document.get("http_status"))
    text = _head(document["type"], read(error, "title"), status)
    message, name, code = document["message"], document.get("correlation_id"), document.get("code")
    if message and (status < 500 or not has_foreign_cause(error)):
        text += f', "detail": {encoded(message)}'
    if name:
        text += f', "instance": "{INSTANCE}{quoted(name)}"'
    if code is not None:  # which is missing if the error represents a foreign one
        text += f', "code": {encoded(code)}, "correlation_id": {encoded(name or "")}'
        if status < 500:
            text += f', "context": {written(document["context"])}'
    wait = document.get("retry_after")
    if wait is not None:
        text += f', "retry_after": {encode(wait)}'
    return status, wait, (text + "}").encode()


def _head(kind: str, title: object, status: int) -> str:
    if type(title) is not str:
        title = told(title)
    known = _heads.get((kind, title, status))
    if known is None:
        name = quoted(kind.rpartition(".")[2])  # the module of a class is not public
        known = f'{{"type": "{TYPE}{name}", "title": {encoded(told(title))}, "status": {status}'
        if len(kind) + len(title) > _MAX_HEAD:  # which someone else wrote
            return known
        if len(_heads) >= _MAX_HEADS:
            _heads.clear()
        _heads[kind, title, status] = known
    return known


def status_of(value: object) -> int:
    """The status for the answer to an error: 500 in place of one outside 400 to 599."""
    status = value if type(value) is int else number(value)
    return status if isinstance(status, int) and 400 <= status <= 599 else 500


def has_foreign_cause(error: BaseException) -> bool:
    """Whether another library's error is the cause, rather than the traceback that a process pool attaches there."""
    cause = error.__cause__
    return not isinstance(cause, BaseError | None) and type(cause).__name__ not in _REMOTE_TRACEBACKS
