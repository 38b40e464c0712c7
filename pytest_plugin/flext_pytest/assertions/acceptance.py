"""Report the errors that the checks of tests accept, to those who ask; while nobody does, nothing is patched."""

from __future__ import annotations

import unittest.case
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

import pytest

from flext_pytest.assertions.matching import ABSENT
from flext_pytest.assertions.raises import flext_raises

__all__ = ["Tell", "watch_checks"]

Tell = Callable[[BaseException, TracebackType | None], object]

listeners: list[Tell] = []
patches = pytest.MonkeyPatch()
assert_raises: Any = vars(unittest.case)["_AssertRaisesContext"]


@contextmanager
def watch_checks(tell: Tell) -> Iterator[None]:
    """Call ``tell`` with each error that a check accepts, and its traceback, within the block.

    Checks are ``pytest.raises``, ``pytest.RaisesGroup``, ``flext_raises``, ``assert_error`` and unittest's
    ``assertRaises``. For a group ``tell`` gets the group; with ``flext_raises(..., cause=...)`` also the cause.

    >>> said = []
    >>> with watch_checks(lambda error, traceback: said.append(error)), pytest.raises(KeyError):
    ...     raise KeyError("sku")
    >>> said
    [KeyError('sku')]
    """
    if not listeners:
        listen()
    listeners.append(tell)
    try:
        yield
    finally:
        listeners.remove(tell)
        if not listeners:
            patches.undo()


def say(error: BaseException, traceback: TracebackType | None) -> None:
    """Call every registered ``tell``."""
    for tell in listeners:
        tell(error, traceback)


def listen() -> None:
    """Patch the places through which every accepted error passes: pytest has no hook for it."""
    fill, leave, fits = pytest.ExceptionInfo.fill_unfilled, assert_raises.__exit__, flext_raises.matches

    def fill_unfilled(self: Any, exc_info: Any) -> None:
        fill(self, exc_info)
        say(exc_info[1], exc_info[2])

    def __exit__(self: Any, kind: Any, error: Any, traceback: Any) -> Any:
        __tracebackhide__ = True
        left = leave(self, kind, error, traceback)
        if left:
            say(error, traceback)
        return left

    def matches(self: Any, error: Any) -> bool:
        __tracebackhide__ = True
        fitting = fits(self, error)
        if fitting:
            say(error, error.__traceback__)
            if self.expected.cause is not ABSENT and error.__cause__ is not None:
                say(error.__cause__, error.__cause__.__traceback__)
        return fitting

    patches.setattr(pytest.ExceptionInfo, "fill_unfilled", fill_unfilled)
    patches.setattr(assert_raises, "__exit__", __exit__)
    patches.setattr(flext_raises, "matches", matches)
