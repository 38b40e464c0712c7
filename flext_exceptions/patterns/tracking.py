"""Tracking very many errors without keeping them, and constructing them cheaply.

>>> from flext_exceptions import FlextExceptions
>>> tracker = MemoryEfficientExceptionTracker(max_exceptions=2, flush=print)
>>> kept = FlextExceptions.ValidationError("no")
>>> tracker.track_exception(kept)
>>> tracker.track_exception(FlextExceptions.TimeoutError("late"))
>>> tracker.track_exception(FlextExceptions.TimeoutError("late"))
{'ValidationError': 1, 'TimeoutError': 2}
>>> tracker.get_active_exceptions_count()
1
"""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar
from weakref import WeakSet, WeakValueDictionary

from flext_exceptions import FlextExceptions

from .._internal.safe_logging import log, tell
from .._internal.safe_text import repr_of
from .._internal.state import state_of

E = TypeVar("E", bound=FlextExceptions.BaseError)
Counts = dict[str, int]


class MemoryEfficientExceptionTracker:
    """Counts errors by class name and knows which of them are still in memory, without keeping them there.

    Counts are buffered. When more than ``max_exceptions`` errors are buffered, ``flush`` is called with the counts:
    class name to number. Without ``flush`` they are logged at INFO. If ``flush`` fails, that is logged, and the counts
    are added to the next ones. A subclass that writes them elsewhere overrides ``_flush_metrics_buffer``, reads
    ``_metrics_buffer`` and sets ``_buffer_size`` to 0.

    Many threads may track at once, and a finaliser in between: there is no lock. A forked child starts with an empty
    buffer: its parent flushes what the parent tracked.
    """

    def __init__(self, max_exceptions: int = 1000, flush: Callable[[Counts], object] | None = None) -> None:
        self.max_exceptions = max_exceptions
        self.flush = flush
        self.logger = logging.getLogger("flext_exceptions.tracking")
        # By id: the program's errors may be equal to one another, or have no hash.
        self._exceptions: WeakValueDictionary[int, BaseException] = WeakValueDictionary()
        self._buffer: deque[tuple[str, int]] = deque()
        _trackers.add(self)

    def track_exception(self, exception: BaseException) -> None:
        """Count an error, once however often it is passed in, and follow it.

        A plain builtin exception, such as a ValueError, supports no weak reference: it is counted each time and not
        followed.
        """
        if self._exceptions.get(id(exception)) is exception:
            return
        with suppress(TypeError):  # it supports no weak reference
            self._exceptions[id(exception)] = exception
        self._buffer.append((type(exception).__name__, 1))
        if len(self._buffer) > self.max_exceptions:
            self._flush_metrics_buffer()

    def get_active_exceptions_count(self) -> int:
        """How many of the followed errors are still in memory."""
        return len(self._exceptions)

    def cleanup(self) -> None:
        """Stop following all errors, and flush the buffer."""
        self._exceptions.clear()
        self._flush_metrics_buffer()

    @property
    def _metrics_buffer(self) -> Counts:
        """The buffered counts by class name: a dict of its own."""
        counts: Counts = {}
        for name, number in self._buffer.copy():
            counts[name] = counts.get(name, 0) + number
        return counts

    @property
    def _buffer_size(self) -> int:
        """The number of errors since the last flush."""
        return sum(self._metrics_buffer.values())

    @_buffer_size.setter
    def _buffer_size(self, size: int) -> None:
        if size == 0:
            self._buffer.clear()

    def _flush_metrics_buffer(self) -> None:
        """Pass the counts to ``flush``, or log them, and restart them at zero."""
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
    """Constructs typed errors with context that is prepared, or computed only if someone reads it.

    >>> optimizer = OptimizedFlextException()
    >>> optimizer.cache_common_context("batch", {"size": 3})
    >>> optimizer.create_cached_exception(FlextExceptions.ValidationError, "no", "batch", field="sku").context
    {'size': 3, 'field': 'sku'}
    """

    def __init__(self) -> None:
        self._context_cache: dict[str, dict[str, Any]] = {}

    def cache_common_context(self, cache_key: str, context: Mapping[str, Any]) -> None:
        """Keep a copy of a context under a key, replacing any earlier one."""
        self._context_cache[cache_key] = dict(context)

    def create_cached_exception(
        self, exception_class: type[E], message: object, cache_key: str | None = None, **keywords: Any
    ) -> E:
        """Construct an error with the context under the key; it overrides ``context=``, and other keywords override it.

        A missing key adds nothing.
        """
        cached = None if cache_key is None else self._context_cache.get(cache_key)
        return exception_class(message, **_with_context(keywords, cached))

    def lazy_context_exception(
        self,
        exception_class: type[E],
        message: object,
        context_func: Callable[[], Mapping[str, Any]] | None = None,
        **keywords: Any,
    ) -> E:
        """Construct an error with further context that ``context_func`` returns when the context is first read.

        It is called once (by each of several threads that read first at the same moment), or never if nobody reads. Its
        result overrides ``context=``, and other keywords override it. If it fails, the context reports that under
        "context_func". Pickling and copying read the context, and so do the patterns that log it or add to it.

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
            known = state_of(error).pop("context", {})
            given = keywords.get("context")
            under = (
                {key for key in known if key in given and key not in keywords} if isinstance(given, Mapping) else set()
            )
            state_of(error)["_later"] = partial(_made, context_func, known, under)
        return error


def _with_context(keywords: dict[str, Any], context: Mapping[str, Any] | None) -> dict[str, Any]:
    """The keywords of an error with more in its ``context``."""
    if not context:
        return keywords
    given = keywords.get("context")
    own = {} if given is None else given if isinstance(given, Mapping) else {"context": given}
    return keywords | {"context": {**own, **context}}


def _made(
    context_func: Callable[[], Mapping[str, Any]], known: dict[str, Any], under: Collection[str]
) -> dict[str, Any]:
    """The context that a function returns, over the earlier one, of which these keys give way."""
    try:
        made = {**context_func()}
    except Exception as failure:
        made = {"context_func": f"<failed: {repr_of(failure)}>"}
    return {**made, **{key: value for key, value in known.items() if key not in under or key not in made}}
