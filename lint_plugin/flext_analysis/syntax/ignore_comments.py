"""The comments that silence a line: ``# noqa`` and ``# flext: ignore``."""

from __future__ import annotations

import re

__all__ = ["ignoring", "noqa"]


def noqa(codes: str) -> re.Pattern[str]:
    """Return the pattern of a ``# noqa`` for every code, or for one that matches ``codes``, itself a pattern.

    >>> [bool(noqa("E402").search(line)) for line in ("a  # noqa", "a  # NOQA: F401, E402", "a  # noqa: F401")]
    [True, True, False]
    """
    return re.compile(rf"#\s*noqa\b(?!\s*:)|#\s*noqa\s*:[^#\n]*\b(?:{codes})\b", re.IGNORECASE)


def ignoring(codes: str) -> re.Pattern[str]:
    """Return the pattern of a ``# flext: ignore``, or of the result of ``noqa`` for the codes.

    >>> [bool(ignoring("FLX10[23]").search(line)) for line in ("a  # flext: ignore", "a  # noqa: FLX102", "a  # no")]
    [True, True, False]
    """
    return re.compile(rf"#\s*flext:\s*ignore\b|{noqa(codes).pattern}", re.IGNORECASE)
