"""Counts of errors by public class name: no lock while counting, none lost, and none that goes back."""

from __future__ import annotations

import os
import sys
from _thread import allocate_lock
from itertools import count

from . import settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeVar, overload

    D = TypeVar("D")


class _LockedCount:
    """Stands in for itertools.count where the interpreter runs without a GIL and that one may lose a step."""

    def __init__(self) -> None:
        self._steps = 0
        self._lock = allocate_lock()

    def __iter__(self) -> Iterator[int]:
        return self

    def __next__(self) -> int:
        with self._lock:
            self._steps += 1
            return self._steps - 1

    def __repr__(self) -> str:
        return f"count({self._steps})"


_Counter = count if getattr(sys, "_is_gil_enabled", lambda: True)() else _LockedCount

_counters: dict[str, count[int] | _LockedCount] = {}
_inherited: dict[str, int] = {}  # what the parent process had counted when this one was forked
_baselines: dict[str, int] = {}  # what clear and isolated hide of totals()
_lock = allocate_lock()
_forks = 0


def counter(name: str) -> Iterator[int]:
    """What counts errors of this name, with or without leading underscores: each step is one error."""
    return _counters.setdefault(name.lstrip("_"), _Counter())


def totals() -> dict[str, int]:
    """Errors of each name since this process began, whatever was cleared since: what a monotonic counter shows."""
    # The repr is the one way to read an itertools.count without stepping it: "count(5)".
    return {name: int(repr(steps)[6:-1]) - _inherited.get(name, 0) for name, steps in list(_counters.items())}


def snapshot() -> Counts:
    """What was counted since the last clear."""
    baselines = _baselines
    return _counted(totals(), baselines)


def take() -> Counts:
    """What was counted since the last clear, and a clear at this very count: each error is in one answer only."""
    global _baselines
    with _lock:
        now = totals()
        counts = _counted(now, _baselines)
        _baselines = now
    return counts


def _counted(now: dict[str, int], baselines: dict[str, int]) -> Counts:
    shown = ((name, total - baselines.get(name, 0)) for name, total in now.items())
    return Counts((name, number) for name, number in shown if number > 0)


def clear() -> None:
    """Let the counts start from zero again."""
    global _baselines
    with _lock:
        _baselines = totals()


def _begin_child() -> None:
    global _lock, _inherited, _baselines, _forks
    _lock = allocate_lock()
    for steps in _counters.values():
        if isinstance(steps, _LockedCount):
            steps._lock = allocate_lock()
    _inherited, _baselines = {}, {}
    _inherited = totals()
    _forks += 1


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_child)


class Counts(dict[str, int]):
    """Public class name to count; a leading underscore in the name looked up does not matter.

    >>> Counts(ValidationError=2)["_ValidationError"]
    2
    """

    __slots__ = ()

    def __missing__(self, name: str) -> int:
        public = name.lstrip("_")
        if public in self.keys():
            return self[public]
        raise KeyError(name)

    if TYPE_CHECKING:

        @overload
        def get(self, name: str, default: None = None, /) -> int | None: ...
        @overload
        def get(self, name: str, default: int, /) -> int: ...
        @overload
        def get(self, name: str, default: D, /) -> int | D: ...

    def get(self, name: str, default: object = None, /) -> object:
        """The count of a name, or the default."""
        return super().get(name.lstrip("_"), default)

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name.lstrip("_") if isinstance(name, str) else name)


class Metrics:
    """Counting by hand, and counting apart."""

    @staticmethod
    def record_exception(name: str) -> None:
        """Count one error under this name (without its leading underscores), unless ``enable_metrics`` is off."""
        if settings.current.enable_metrics:
            next(counter(name))

    @staticmethod
    def isolated() -> Isolated:
        """A context manager in which the counts start from zero, and after which the earlier ones are back.

        >>> from flext_exceptions import FlextExceptions
        >>> with FlextExceptions.Metrics.isolated():
        ...     _ = FlextExceptions.ValidationError("m")
        ...     FlextExceptions.get_metrics()
        {'ValidationError': 1}
        """
        return Isolated()


class Isolated:
    """See :meth:`Metrics.isolated`; it can be entered again, also within itself."""

    def __init__(self) -> None:
        self._earlier: list[tuple[int, dict[str, int]]] = []

    def __enter__(self) -> None:
        earlier = snapshot()
        self._earlier.append((_forks, earlier))
        clear()

    def __exit__(self, *_: object) -> None:
        global _baselines
        forks, earlier = self._earlier.pop()
        # A child forked within the block did not count what its parent had before.
        back = earlier if forks == _forks else {}
        with _lock:
            _baselines = {name: total - back.get(name, 0) for name, total in totals().items()}
