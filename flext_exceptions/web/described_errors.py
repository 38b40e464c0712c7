"""The error of another service that one of our problem documents describes, for ordinary documents.

The result is that of :func:`flext_exceptions.documents.problem_details.from_problem` without the context, which is left
to the caller, who need not compute it before someone reads it.
"""

from __future__ import annotations

from typing import Any

from .. import FlextExceptions, settings
from .._internal.construction import is_own_init
from .._internal.state import state_of
from ..documents.problem_details import INSTANCE, MAX_ID, named
from ..documents.to_dict import number

_MEMBERS = frozenset(
    "type title status detail instance code correlation_id context retry_after".split()
)  # and none that from_problem puts into the context
_SIMPLE = frozenset((str, int, float, bool, type(None)))
_ABOUT = frozenset("method url status_code response_body response_headers passthrough correlation_id".split())


def described_error(
    problem: dict[str, Any], status: int, name: str | None, wait: float | None
) -> FlextExceptions.BaseError | None:
    """The error, with this status and id, without a context of its own; None if the document is not ordinary.

    >>> document = FlextExceptions.NotFoundError("no such user", resource_id="42").to_problem()
    >>> described_error(document, 404, "req-1", None)
    NotFoundError('no such user', resource_id='42')
    >>> described_error(document | {"shelf": 4}, 404, "req-1", None) is None
    True
    """
    kind, code, message, given = problem.get("type"), problem.get("code"), problem.get("detail"), problem.get("context")
    if type(kind) is not str or not message or type(message) is not str or not _MEMBERS.issuperset(problem):
        return None
    cls: Any = named(kind, code)
    if cls is None or code != cls.code or problem.get("title", cls.title) != cls.title or not _is_usual(cls):
        return None
    if not name or len(name) > MAX_ID or not name.isprintable() or not settings.current.usual:
        return None
    instance = problem.get("instance", INSTANCE)
    if type(instance) is not str or not instance.startswith(INSTANCE):
        return None
    fields: dict[str, Any] = {}
    if given is not None:
        if type(given) is not dict:
            return None
        for keyword in cls._keywords:
            if keyword in given:
                fields[keyword] = given[keyword]
                if type(fields[keyword]) not in _SIMPLE:
                    return None
    error: FlextExceptions.BaseError = cls(message)
    state = state_of(error)
    state.update(fields)
    state["_is_remote"] = True
    state["correlation_id"] = name
    if status != cls.http_status:
        state["http_status"] = status
    if wait is None:
        wait = number(problem.get("retry_after"))
    if wait is not None and wait >= 0:
        state["retry_after"] = wait
    return error


def _is_usual(cls: Any) -> bool:
    """Whether a class constructs errors by its own ``__init__``, and these hold nothing that follows from context."""
    if not is_own_init(cls.__init__) or cls._shadowed or not _ABOUT.isdisjoint(cls._keywords):
        return False
    return not issubclass(cls, FlextExceptions.TypeError)
