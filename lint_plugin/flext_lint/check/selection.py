"""Which rules are selected, in general and for a file, decided as in flake8."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from flext_lint.rule import all_rules

__all__ = ["Selection", "begins_a_code"]

OWN_CODES = ("FLX000", "FLX001")  # from the command itself: a file that cannot be read or parsed


class Selection(NamedTuple):
    """Prefixes of codes: ``select`` replaces the rules that are on by default, ``extend_select`` adds to them.

    ``per_file`` maps patterns to what is ignored in the files that they match; if several match a file, the longest
    applies. A pattern with a slash is relative to ``root``, one without is for the name of the file.

    >>> Selection(select=("FLX1",), ignore=("FLX103",)).asks_for("FLX102", "a.py")
    True
    >>> Selection(ignore=("FLX1",)).asks_for("FLX103", "a.py"), Selection().asks_for("FLX107", "a.py")
    (False, False)
    """

    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file: Mapping[str, Sequence[str]] = {}
    root: Path = Path()

    def asks_for(self, code: str, filename: str) -> bool:
        """Return whether a finding of a rule in a file is selected. The longer of two matching prefixes applies."""
        chosen = longest((*self.select, *self.extend_select), code)
        dropped = longest((*self.ignore, *(self.ignored_in(filename) if self.per_file else ())), code)
        if chosen or dropped:
            return chosen > dropped
        rule = all_rules().get(code)
        return rule is None or (not self.select and rule.on)

    def ignored_in(self, filename: str) -> Sequence[str]:
        """Return what the longest pattern that matches a file ignores."""
        patterns = [pattern for pattern in self.per_file if matches(filename, pattern, self.root)]
        return self.per_file[max(patterns, key=len)] if patterns else ()


def begins_a_code(prefix: str) -> bool:
    """Return whether the code of a rule begins with a prefix.

    >>> begins_a_code("FLX2"), begins_a_code("FLX103"), begins_a_code("FLX9")
    (True, True, False)
    """
    return any(code.startswith(prefix) for code in (*OWN_CODES, *all_rules()))


def longest(prefixes: Iterable[str], code: str) -> int:
    """Return the length of the longest of some prefixes of a code, 0 for none."""
    return max((len(prefix) for prefix in prefixes if code.startswith(prefix)), default=0)


@lru_cache(maxsize=10_000)
def matches(filename: str, pattern: str, root: Path) -> bool:
    """Return whether a pattern matches the name of a file, or, if it has a slash, its path."""
    if "/" in pattern:
        return fnmatch.fnmatch(os.path.abspath(filename), f"{root}{os.sep}{pattern.rstrip('/')}")  # noqa: PTH100
    return fnmatch.fnmatch(os.path.basename(filename), pattern)  # noqa: PTH119
