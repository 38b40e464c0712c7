"""One id for one incident: bound by the program, found along the chain of causes, or generated."""

from __future__ import annotations

import os
import sys
from _contextvars import ContextVar

from . import settings
from ._internal.state import state_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    Scope = tuple[str, "Scope | None", object]

_HEX = frozenset("0123456789abcdef")

# (id, the binding around it, the Correlation that made it): a linked stack in the context itself, so that many threads
# and tasks may enter one Correlation at once, which tokens kept on the object would not allow.
bound: ContextVar[Scope | None] = ContextVar("flext_correlation", default=None)
current_scope = bound.get


def fresh(prefix: str = "flext_") -> str:
    """A new random id."""
    return prefix + os.urandom(16).hex()


def fresh_if_enabled(prefix: str) -> str:
    """A new random id; "" if ``error_correlation_enabled`` is off."""
    return fresh(prefix) if settings.current.error_correlation_enabled else ""


class Correlation:
    """See :meth:`FlextExceptions.correlation`."""

    __slots__ = ("_id",)

    def __init__(self, id: str | None, traceparent: str | None) -> None:
        self._id = id if id is not None or traceparent is None else trace_id(traceparent)

    def __enter__(self) -> str:
        name = fresh() if self._id is None else self._id
        bound.set((name, bound.get(), self))
        return name

    def __exit__(self, *_: object) -> None:
        bound.set(_without(bound.get(), self))


def _without(scope: Scope | None, maker: Correlation) -> Scope | None:
    """The bindings without the maker's last one; unchanged if the maker has none here.

    An abandoned generator leaves its block when it is collected, which may be anywhere, even within another's block.
    """
    if scope is None or scope[2] is maker:
        return None if scope is None else scope[1]
    around = _without(scope[1], maker)
    return scope if around is scope[1] else (scope[0], around, scope[2])


def trace_id(traceparent: str) -> str | None:
    """The trace id of a W3C ``traceparent`` header, or None where the header must be ignored.

    >>> trace_id("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    '0af7651916cd43dd8448eb211c80319c'
    >>> trace_id("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01") is None
    True
    """
    header = traceparent.strip(" \t")
    parts = header[:55].split("-")
    if [len(part) for part in parts] != [2, 32, 16, 2] or not all(_HEX.issuperset(part) for part in parts):
        return None
    version, trace, parent, _ = parts
    longer = len(header) > 55  # a future version may add fields, after a dash
    if version == "ff" or (longer and (version == "00" or header[55] != "-")):
        return None
    return None if trace == "0" * 32 or parent == "0" * 16 else trace


def header(correlation_id: str | None) -> str:
    """The header for the given id, or the bound one, or a new one; see :meth:`FlextExceptions.traceparent`."""
    if correlation_id is None:
        scope = bound.get()
        correlation_id = fresh() if scope is None else scope[0]
    trace = correlation_id[-32:]
    if len(trace) != 32 or not _HEX.issuperset(trace) or trace == "0" * 32:
        from hashlib import sha256

        trace = sha256(correlation_id.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"00-{trace}-{os.urandom(8).hex()}-01"


def settle(error: BaseException, kind: type[BaseException], prefix: str = "flext_") -> str:
    """Give an error of this kind its id: the nearest one of its incident, or a new one.

    Errors of this kind without an id that are passed on the way get it too, so that one incident keeps one id whichever
    of them is read first.
    """
    handled = sys.exception() if error.__traceback__ is None else None
    if error.__cause__ is None and error.__context__ is None and handled is None:  # without a chain, as most are
        return _settled(error, fresh_if_enabled(prefix))
    passed = [error]
    name: str | None = None
    for other in _incident(error):
        if isinstance(other, kind):
            name = state_of(other).get("correlation_id")
            if name:
                break
            passed.append(other)
    agreed = name or fresh_if_enabled(prefix)
    for other in reversed(passed):  # the farthest decides if two threads read two errors of one incident
        agreed = _settled(other, agreed)
    return agreed


def _settled(error: BaseException, name: str) -> str:
    agreed: str = state_of(error).setdefault("correlation_id", name)
    return agreed


def _incident(error: BaseException) -> Iterator[BaseException]:
    """The errors behind this one, nearest first, each once: causes before contexts, suppressed ones included."""
    queue = [error.__cause__, error.__context__]
    if error.__traceback__ is None:  # not raised yet: it will get the exception being handled as its context
        queue.append(sys.exception())
    seen = {id(error)}
    for other in queue:  # grows while it is read
        if other is not None and id(other) not in seen:
            seen.add(id(other))
            yield other
            queue += other.__cause__, other.__context__
