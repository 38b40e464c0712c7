"""Following very many errors without keeping them, and making them cheaply.

>>> from flext_exceptions import FlextExceptions
>>> tracker = MemoryEfficientExceptionTracker(max_exceptions=2, flush=print)
>>> kept = FlextExceptions.ValidationError("no")
>>> tracker.track_exception(kept)
>>> tracker.track_exception(FlextExceptions.TimeoutError("late"))
{'ValidationError': 1, 'TimeoutError': 1}
>>> tracker.get_active_exceptions_count()
1
"""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar
from weakref import WeakSet, WeakValueDictionary

from flext_exceptions import FlextExceptions

from .._internal.safe_logging import add_context, log, tell
from .._internal.safe_text import repr_of

E = TypeVar("E", bound=FlextExceptions.BaseError)
Counts = dict[str, int]


class MemoryEfficientExceptionTracker:
    """Counts errors by class name and knows which of them are still in memory; it keeps none of them there.

    Counts are buffered. Once ``max_exceptions`` errors are, ``flush`` is called with the counts: class name to number.
    Without one they are logged at INFO. Where ``flush`` fails, that is logged, and the counts are in the next one.

    Many threads may track at once, and a finaliser in the middle of it: there is no lock. A forked child begins with
    an empty buffer: what its parent tracked is the parent's to flush.
    """

    def __init__(self, max_exceptions: int = 1000, flush: Callable[[Counts], object] | None = None) -> None:
        self.max_exceptions = max_exceptions
        self.flush = flush
        self.logger = logging.getLogger("flext_exceptions.tracking")
        # By id: an error of the program's may be equal to another, or have no hash.
        self._active: WeakValueDictionary[int, BaseException] = WeakValueDictionary()
        self._buffer: deque[tuple[str, int]] = deque()
        _trackers.add(self)

    def track_exception(self, exception: BaseException) -> None:
        """Count an error, once however often it comes by, and follow it.

        What is a builtin exception and no more, such as a ValueError, takes no weak reference: it is counted each time
        and not followed.
        """
        if self._active.get(id(exception)) is exception:
            return
        with suppress(TypeError):  # it takes no weak reference
            self._active[id(exception)] = exception
        self._buffer.append((type(exception).__name__, 1))
        if len(self._buffer) >= self.max_exceptions:
            self._flush()

    def get_active_exceptions_count(self) -> int:
        """How many of the errors that it follows are still in memory."""
        return len(self._active)

    def cleanup(self) -> None:
        """Follow no error any more, and flush what is buffered."""
        self._active.clear()
        self._flush()

    def _flush(self) -> None:
        counts: Counts = {}
        for _ in range(len(self._buffer)):
            try:
                name, number = self._buffer.popleft()
            except IndexError:  # another thread was faster
                break
            counts[name] = counts.get(name, 0) + number
        if not counts:
            return
        if self.flush is None:
            log(self.logger, logging.INFO, f"errors since the last flush: {counts}", {"counts": counts})
        elif not tell(self.logger, self.flush, dict(counts)):
            self._buffer.extend(counts.items())


_trackers: WeakSet[MemoryEfficientExceptionTracker] = WeakSet()


def _begin_child() -> None:
    for tracker in _trackers:
        tracker._buffer.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_child)


class OptimizedFlextException:
    """Makes typed errors with context that is kept ready, or made only where somebody reads it.

    >>> optimizer = OptimizedFlextException()
    >>> optimizer.cache_common_context("batch", {"size": 3})
    >>> optimizer.create_cached_exception(FlextExceptions.ValidationError, "no", "batch", field="sku").context
    {'field': 'sku', 'size': 3}
    """

    def __init__(self) -> None:
        self._contexts: dict[str, dict[str, Any]] = {}

    def cache_common_context(self, cache_key: str, context: Mapping[str, Any]) -> None:
        """Keep a copy of a context under a key, in the place of what was there."""
        self._contexts[cache_key] = dict(context)

    def create_cached_exception(
        self, exception_class: type[E], message: object, cache_key: str | None = None, **keywords: Any
    ) -> E:
        """Make an error, and add the context under the key; what the keywords say goes before it.

        Under a key that is not there nothing is added.
        """
        error = exception_class(message, **keywords)
        cached = None if cache_key is None else self._contexts.get(cache_key)
        if cached:
            add_context(error, **cached)
        return error

    def lazy_context_exception(
        self,
        exception_class: type[E],
        message: object,
        context_func: Callable[[], Mapping[str, Any]] | None = None,
        **keywords: Any,
    ) -> E:
        """Make an error whose further context is what ``context_func`` gives when the context is first read.

        It is called once (by each of several threads that read first at the same moment), or never where nobody reads;
        what the keywords say goes before it. Where it fails, the context says so under "context_func". Pickling and
        copying read the context, and so do the patterns that log it or add to it.

        >>> def expensive() -> dict[str, int]:
        ...     print("counting")
        ...     return {"rows": 3}
        >>> error = OptimizedFlextException().lazy_context_exception(FlextExceptions.Error, "no", expensive, step=1)
        >>> print(error)
        no
        >>> error.context
        counting
        {'rows': 3, 'step': 1}
        """
        error = exception_class(message, **keywords)
        if context_func is not None:
            known = vars(error).pop("context", {})
            vars(error)["_later"] = partial(_made, context_func, known)
        return error


def _made(context_func: Callable[[], Mapping[str, Any]], known: dict[str, Any]) -> dict[str, Any]:
    try:
        return {**context_func(), **known}
    except Exception as failure:
        return {"context_func": f"<failed: {repr_of(failure)}>", **known}
