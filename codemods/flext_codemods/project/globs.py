"""Globs, in the syntax of .gitignore."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

__all__ = ["is_pattern", "spec_of"]

MAX_STARS = 4  # between two slashes; more make the time of a regular expression grow exponentially


def spec_of(lines: Iterable[str]) -> GitIgnoreSpec:
    """Return a matcher for the paths that the lines of a .gitignore name.

    Raises:
        ValueError: a line is not a pattern.
    """
    from pathspec import GitIgnoreSpec  # late: most runs have no lines

    return GitIgnoreSpec.from_lines(lines)


def is_pattern(line: str) -> bool:
    """Return whether a line is valid in a .gitignore, and cheap to match.

    >>> is_pattern("build/*.py"), is_pattern("*a*a*a*a*a*a*a*a*b")
    (True, False)
    """
    if any(part.replace("**", "*").count("*") > MAX_STARS for part in line.split("/")):
        return False
    try:
        spec_of([line])
    except ValueError:
        return False
    return True
