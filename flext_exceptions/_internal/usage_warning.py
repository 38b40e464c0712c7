"""The warning for wrong use of the library, which points at the wrong line."""

from __future__ import annotations

import sys

_PACKAGE = __name__.partition(".")[0]


class FlextUsageWarning(UserWarning):
    """The library was used in a way that works but is probably not intended.

    The warning covers unknown keywords (``validation_level: strict``), a ``context`` that is not a mapping, two classes
    with one code, a watcher that fails, and rejected settings whose result nobody read.
    """


def warn(text: str) -> None:
    """Warn with the first line outside this package as the location."""
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
