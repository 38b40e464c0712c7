"""Counts of errors by public class name and code: no lock while counting, none lost, and no count that decreases."""

from __future__ import annotations

import os
import sys
from _thread import allocate_lock
from itertools import count

from . import settings
from ._internal.safe_text import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, TypeVar, overload

    D = TypeVar("D")
    Pair = tuple[str, str]  # public name, code


class Count(count):  # type: ignore[type-arg]
    """The counter for errors of one name and code. Pickled with a class, it becomes the one of the other process."""

    __slots__ = ("pair",)
    pair: Pair

    def __reduce__(self) -> tuple[Callable[[str, str], object], Pair]:
        return counter, self.pair


class _LockedCount:
    """Replaces itertools.count in an interpreter without a GIL, where that may lose a step."""

    pair: Pair
    __reduce__ = Count.__reduce__

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
        return f"Count({self._steps})"


_Counter: Callable[[], Any] = Count if getattr(sys, "_is_gil_enabled", lambda: True)() else _LockedCount

MOST_CODES = 100  # of one name that are counted apart: a program has few, and made-up ones must not use up memory
MAX_CODE = 100  # characters
OTHER_CODES = "..."

_counters: dict[str, dict[str, Count | _LockedCount]] = {}  # by name and code
_inherited: dict[Pair, int] = {}  # what the parent process had counted when this one was forked
_baselines: dict[str, int] = {}  # what clear and isolated subtract from totals()
_lock = allocate_lock()
_forks = 0
recorded: tuple[Callable[[Pair], object], ...] = ()  # called for what is counted by hand; they must not raise


def label(name: str, code: object) -> Pair:
    """The name and the code, as texts that UTF-8 can hold, under which such an error is counted.

    All codes of one name after the first hundred are counted as one, "...".

    >>> label("_OutOfStock", 404)
    ('OutOfStock', '404')
    """
    name = _clean(name.lstrip("_"))
    text = _clean(str.__str__(code if issubclass(type(code), str) else text_of(code)))  # pyright: ignore
    if len(text) > MAX_CODE:
        text = text[: MAX_CODE - 3] + "..."
    known = _counters.get(name, ())
    return name, text if text in known or len(known) < MOST_CODES else OTHER_CODES


def _clean(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def counter(name: str, code: object) -> Iterator[int]:
    """The counter for errors of this name and code: each step is one error."""
    if type(code) is str:
        try:
            return _counters[name][code]
        except KeyError:
            pass  # the first one, or one that is counted under another text
    name, text = label(name, code)
    new = _Counter()
    new.pair = name, text
    return _counters.setdefault(name, {}).setdefault(text, new)


def total(pair: Pair) -> int:
    """Errors of a label since this process started."""
    name, code = pair
    return _number(_counters[name][code]) - _inherited.get(pair, 0)


def _number(steps: object) -> int:
    return int(repr(steps)[6:-1])  # the only way to read an itertools.count without advancing it: "Count(5)"


def totals_by_code() -> dict[Pair, int]:
    """Errors of each name and code since this process started, regardless of clears: for monotonic counters."""
    return {
        (name, code): _number(steps) - _inherited.get((name, code), 0)
        for name, codes in list(_counters.items())
        for code, steps in list(codes.items())
    }


def totals() -> dict[str, int]:
    """Errors of each name since this process started, regardless of clears."""
    found: dict[str, int] = {}
    for (name, _), number in totals_by_code().items():
        found[name] = found.get(name, 0) + number
    return found


def snapshot() -> Counts:
    """What was counted since the last clear."""
    baselines = _baselines
    return _counted(totals(), baselines)


def take() -> Counts:
    """The counts since the last clear, cleared in the same step: each error is in one answer only."""
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
    """Restart the counts at zero."""
    global _baselines
    with _lock:
        _baselines = totals()


def _begin_child() -> None:
    global _lock, _inherited, _baselines, _forks
    _lock = allocate_lock()
    for codes in _counters.values():
        for steps in codes.values():
            if isinstance(steps, _LockedCount):
                steps._lock = allocate_lock()
    _inherited, _baselines = {}, {}
    _inherited = totals_by_code()
    _forks += 1


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_child)


class Counts(dict[str, int]):
    """Public class name to count; a leading underscore in the name that is looked up is ignored.

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
    """Counting by hand, and counting in isolation."""

    @staticmethod
    def get_metrics() -> Counts:
        """The result of ``FlextExceptions.get_metrics()``."""
        return snapshot()

    @staticmethod
    def clear_metrics() -> None:
        """Restart the counts at zero, as ``FlextExceptions.clear_metrics()`` does."""
        clear()

    @staticmethod
    def record_exception(name: str) -> None:
        """Count one error under this name (without its leading underscores), unless ``enable_metrics`` is off.

        Its code is that of the first class of this name; if there is none, it has no code.
        """
        if settings.current.enable_metrics:
            codes = tuple(_counters.get(_clean(name.lstrip("_")), ("",)))
            pair = label(name, codes[0])
            next(counter(*pair))
            for tell in recorded:
                tell(pair)

    @staticmethod
    def isolated() -> Isolated:
        """A context manager in which the counts start at zero, and after which the earlier ones are restored.

        >>> from flext_exceptions import FlextExceptions
        >>> with FlextExceptions.Metrics.isolated():
        ...     _ = FlextExceptions.ValidationError("m")
        ...     FlextExceptions.get_metrics()
        {'ValidationError': 1}
        """
        return Isolated()


class Isolated:
    """See :meth:`Metrics.isolated`; it is reentrant."""

    def __init__(self) -> None:
        self._earlier: list[tuple[int, dict[str, int]]] = []

    def __enter__(self) -> None:
        earlier = snapshot()
        self._earlier.append((_forks, earlier))
        clear()

    def __exit__(self, *_: object) -> None:
        global _baselines
        forks, earlier = self._earlier.pop()
        # A child forked within the block did not count its parent's earlier errors.
        back = earlier if forks == _forks else {}
        with _lock:
            _baselines = {name: total - back.get(name, 0) for name, total in totals().items()}
