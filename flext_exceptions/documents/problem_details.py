"""Problem documents, ``application/problem+json``: RFC 9457, "Problem Details for HTTP APIs".

An error's document has ``type``, ``title``, ``status``, ``detail`` and ``instance`` (section 3.1), and as extension
members (section 3.2) ``code``, ``correlation_id``, ``context``, ``retry_after`` in seconds and, if
``enable_stack_traces`` is on, ``stack_trace``: turn that off if the responses are public (section 5). The same is
hidden and shortened as in :mod:`flext_exceptions.documents.to_dict`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from weakref import ref

from .. import FlextExceptions, base
from .._internal.state import state_of
from ..base import BaseError, below
from ..pickling import rebuild
from .from_dict import copied, frames, in_short, is_mapping, items, room, take_from_context
from .to_dict import TEXT, line, number, read, to_dict, told

TYPE = "urn:flext-exceptions:type:"
INSTANCE = "urn:flext-exceptions:incident:"

MAX_ID = 200  # characters of an id that someone else made
_OURS = ("code", "correlation_id", "context", "retry_after", "stack_trace")
_STANDARD = ("type", "title", "status", "detail", "instance")
# A status that no type has, and the one whose type fits best. Any other is a 400 or a 500 (RFC 9110 section 15).
_LIKE = {408: 504, 410: 404, 422: 400, 425: 503, 429: 503, 502: 503}


def to_problem(error: BaseError, trace: bool = True) -> dict[str, Any]:
    """See :meth:`FlextExceptions.BaseError.to_problem`; ``trace=False`` permits leaving out ``stack_trace``."""
    document = to_dict(error, trace)
    name = document["type"].rpartition(".")[2]  # the module of a class is not public
    problem = {
        "type": TYPE + quoted(name),
        "title": told(read(error, "title")),
        "status": document.get("http_status", BaseError.http_status),
    }
    if document["message"]:
        problem["detail"] = document["message"]
    if document.get("correlation_id"):
        problem["instance"] = instance_of(document["correlation_id"])
    return problem | {member: document[member] for member in _OURS if member in document}


def instance_of(correlation_id: str) -> str:
    """The identifier of an incident in a document: a URI, as section 3.1.5 requires."""
    return INSTANCE + quoted(correlation_id)


def quoted(text: str) -> str:
    """A text as a part of a URI."""
    if text.isascii() and text.isidentifier():  # the usual case
        return text
    from urllib.parse import quote

    return quote(text, safe="")


def from_problem(document: Mapping[str, Any]) -> BaseError:
    """See :meth:`FlextExceptions.from_problem`."""
    members = _members(document)
    texts = {name: str.__str__(value) for name, value in members.items() if issubclass(type(value), str)}
    status, code = _status(members.get("status")), texts.get("code")
    if code is not None:
        code = line(code[:TEXT])
    kind, instance = texts.get("type", ""), texts.get("instance", "")
    ours = kind.startswith(TYPE)
    cls = named(kind, code) or _coded(code) or type_for_status(status)

    context = members["context"] if is_mapping(members.get("context")) else {}
    others = {name: value for name, value in members.items() if name not in _STANDARD + _OURS}
    if kind not in ("", "about:blank") and not ours:
        others["problem_type"] = kind
    if instance and not instance.startswith(INSTANCE):
        others["problem_instance"] = instance
    wait = number(members.get("retry_after"))
    message = texts.get("detail") or ("" if ours else texts.get("title") or phrase(status))

    error = rebuild(cls)  # of a class whose __init__ may need what no document holds
    BaseError.__init__(
        error,
        *([message] if message else []),
        context=others | context,
        code=code if code != cls.code else None,
        correlation_id=outside_id(texts.get("correlation_id")),
        http_status=status if status != cls.http_status else None,
        retry_after=wait if wait is not None and wait >= 0 else None,
        **{name: context[name] for name in cls._keywords if name in context},
    )
    state_of(error)["_is_remote"] = True
    take_from_context(error)
    if "title" in texts and texts["title"] != cls.title:
        error.title = texts["title"]
    trace = frames(members.get("stack_trace"))
    if trace:
        state_of(error)["_trace_elsewhere"] = trace
    return error


def _members(document: object) -> dict[str, Any]:
    if not is_mapping(document):
        text = f"from_problem: a problem document must be a mapping; it is {in_short(document)}"
        raise FlextExceptions.ValidationError(text)
    try:
        others = room()  # unless they are a standard's; each of ours is read as a part of its own
        members: dict[str, Any] = {}
        for name, value in items(document):
            if issubclass(type(name), str) and (name in _OURS or others[0] > 0):
                members[name] = copied(value, room() if name in _OURS else others)
        return members
    except Exception as error:  # a broken mapping
        text = f"from_problem: the document cannot be read: {in_short(error)}"
        raise FlextExceptions.ValidationError(text) from error


def outside_id(text: str | None) -> str | None:
    """An id that someone else made, if it may stand in a header, a log line and a response of ours; otherwise None.

    >>> outside_id("req-1"), outside_id("a\\r\\nX-Admin: 1"), outside_id("")
    ('req-1', None, None)
    """
    return text if text and len(text) <= MAX_ID and text.isprintable() else None


def _status(value: object) -> int | None:
    """A status, which JSON may also write as 404.0; None if it is not one."""
    status = number(value)
    return int(status) if status is not None and status == int(status) and 100 <= status <= 599 else None


def named(kind: str, code: str | None) -> type[BaseError] | None:
    """The class that a type of ours names; among several of one name the one with this code, otherwise the first."""
    if not kind.startswith(TYPE) or len(kind) > TEXT:
        return None
    name = kind[len(TYPE) :]
    if "%" in name:
        from urllib.parse import unquote

        name = unquote(name)
    found = _known(_index()[1].get(name, ()))
    if len(found) == 1:
        return found[0]
    return max(found, key=lambda cls: cls.code == code, default=None)


def _coded(code: str | None) -> type[BaseError] | None:
    """The first class with this code: BaseError shares that of Error."""
    found = _known(_index()[2].get(code, ())) if code is not None else []
    return next((cls for cls in found if cls.code == code), None)


# The living classes by name and by code, until another is defined.
Classes = dict[str, list["ref[type[BaseError]]"]]
_indexed: tuple[int, Classes, Classes] = -1, {}, {}


def _index() -> tuple[int, Classes, Classes]:
    global _indexed
    now = base.generation
    if _indexed[0] != now:
        names: Classes = {}
        codes: Classes = {}
        for cls in _classes():
            names.setdefault(cls.__name__, []).append(ref(cls))
            if type(cls.code) is str and cls is not BaseError:
                codes.setdefault(cls.code, []).append(ref(cls))
        _indexed = now, names, codes
    return _indexed


def _known(found: Iterable[ref[type[BaseError]]]) -> list[type[BaseError]]:
    return [cls for cls in (each() for each in found) if cls is not None]


@cache  # for the few statuses that exist, and types that do not change
def type_for_status(status: int | None) -> type[BaseError]:
    """The type of the catalogue for an HTTP status; the first of those with the same status.

    >>> [type_for_status(status).__name__ for status in (404, 429, 418, 500, 599, None)]
    ['NotFoundError', 'ConnectionError', 'ValidationError', 'ProcessingError', 'ProcessingError', 'Error']
    """
    if status is None:
        return FlextExceptions.Error
    types = [cls for cls in _classes() if cls.__module__ == BaseError.__module__ and cls.http_status != 500]
    known = next((cls for cls in types if cls.http_status == _LIKE.get(status, status)), None)
    if known is not None:
        return known
    if 400 <= status < 500:
        return FlextExceptions.ValidationError
    return FlextExceptions.ProcessingError if status >= 500 else FlextExceptions.Error


def _classes() -> list[type[BaseError]]:
    """Every class in the order of definition, except groups, which would need members."""
    return [cls for cls in below(BaseError) if not issubclass(cls, BaseExceptionGroup)]


def phrase(status: int | None) -> str:
    """The phrase for an HTTP status; "" if it has none."""
    from http import HTTPStatus

    try:
        return HTTPStatus(status or 500).phrase
    except ValueError:
        return ""
