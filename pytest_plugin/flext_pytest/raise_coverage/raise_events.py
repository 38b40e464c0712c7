"""Which lines raise while tests run, as reported by the interpreter, or by constructors if it cannot."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from itertools import islice
from opcode import opmap
from types import CodeType, FrameType
from typing import NamedTuple

import flext_exceptions.base
import flext_exceptions.root
from flext_exceptions._internal import construction
from flext_exceptions.observers import watched
from flext_pytest.monitoring import monitored

__all__ = ["CONSTRUCTORS", "EVENTS", "RaiseEvent", "record_raises"]

EVENTS, CONSTRUCTORS = "sys.monitoring", "the constructors"
RAISE = opmap["RAISE_VARARGS"]  # the last instructions of a raise statement that names something
LIBRARY = frozenset([flext_exceptions.base.__file__, construction.__file__])  # where errors are constructed
SELECT = flext_exceptions.root._select.__code__  # constructs the error when a namespace is called


class RaiseEvent(NamedTuple):
    """A raise that happened: its file and line; for an error that was only constructed, also the caller's."""

    file: str
    line: int
    caller: str = ""
    caller_line: int = 0


@contextmanager
def record_raises(found: set[RaiseEvent], way: str | None = None) -> Iterator[str]:
    """Add to a set what is raised, in any thread; yield the way in which it is observed.

    Args:
        found: the observed raises; every place once.
        way: ``EVENTS`` (Python 3.12 and newer, if a tool id is free) or ``CONSTRUCTORS``; None for the best
            available.
    """
    with monitored("RAISE", raises(found)) if way != CONSTRUCTORS else nullcontext(False) as told:
        if told:
            yield EVENTS
            return
    with watched(lambda error: found.add(made_by(error))):
        yield CONSTRUCTORS


def raises(found: set[RaiseEvent]) -> Callable[[CodeType, int, BaseException], None]:
    """Return the callback for each frame that an error is raised in, or passes through."""
    known: set[tuple[str, int, str, int]] = set()

    def see(code: CodeType, offset: int, _: BaseException) -> None:
        place = code.co_filename, code.co_firstlineno, code.co_qualname, offset
        if place not in known:  # the first time; most suites raise the same errors over and over
            known.add(place)
            if code.co_code[offset] == RAISE:
                line = next(islice(code.co_positions(), offset // 2, None))[0]
                found.add(RaiseEvent(code.co_filename, line or code.co_firstlineno))

    return see


def made_by(error: BaseException) -> RaiseEvent:
    """Return the line that constructs an error, in its raise statement, and the line that called for it.

    The frames of the library, and those of the error classes' own ``__init__``, are skipped.
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and is_making(frame, error):
        frame = frame.f_back
    if frame is None:
        return RaiseEvent("", 0)
    caller = frame.f_back
    around = (caller.f_code.co_filename, caller.f_lineno) if caller is not None else ("", 0)
    return RaiseEvent(frame.f_code.co_filename, frame.f_lineno, *around)


def is_making(frame: FrameType, error: BaseException) -> bool:
    """Return whether a frame is part of constructing an error, rather than the place that asked for it."""
    code = frame.f_code
    if code.co_name == "__init__":
        return frame.f_locals.get(code.co_varnames[0]) is error
    return code is SELECT or code.co_filename in LIBRARY or code.co_filename == __file__
