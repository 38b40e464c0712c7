"""What is reported: a location, a rule, a message."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["PARSE_ERROR", "Violation"]

PARSE_ERROR = "FLX000"  # the code of a file that cannot be read or parsed


class Violation(NamedTuple):
    """A finding in a file: line and column from 1, the column in UTF-8 bytes as flake8 counts it."""

    path: str
    line: int
    column: int
    code: str
    message: str
