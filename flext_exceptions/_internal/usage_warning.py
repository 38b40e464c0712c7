"""The warning for wrong use of the library, aimed at the line that is wrong."""

from __future__ import annotations

import sys

_PACKAGE = __name__.partition(".")[0]


class FlextUsageWarning(UserWarning):
    """The library was used in a way that works but is not what was meant.

    It tells of unknown keywords (``validation_level: strict``), of a ``context`` that is no mapping, of two
    classes with one code, and of a watcher that fails.
    """


def warn(text: str) -> None:
    """Warn with the first line outside this package as the place."""
    from warnings import warn as emit  # not needed by programs that do nothing wrong

    level = 2
    frame = sys._getframe(1)
    while frame.f_back is not None and str(frame.f_globals.get("__name__")).partition(".")[0] == _PACKAGE:
        frame = frame.f_back
        level += 1
    emit(text, FlextUsageWarning, stacklevel=level)


def warn_about(error: BaseException, text: str) -> None:
    """Warn from within a constructor, which must not raise: a warning that a filter made an error becomes a note."""
    try:
        warn(text)
    except Exception:
        error.add_note(text)
