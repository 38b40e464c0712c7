"""Small programs that show what a raise became, or do not.

Each ``.txt`` file holds programs. ``=== left: NAME`` begins one whose raises are left, since it would print something
else; ``=== moved: NAME`` one whose raises are all moved. ``--- PATH`` begins another file of the same program.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

__all__ = ["SmallProgram", "small_programs"]

PROJECT = '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["flext-exceptions"]\n'
HEADER = re.compile(r"^=== (left|moved): (.*)\n", re.MULTILINE)
FILE = re.compile(r"^--- (\S+)\n", re.MULTILINE)


class SmallProgram(NamedTuple):
    """A program: its name, whether its raises are moved, and its files by path, of which ``main.py`` is run."""

    name: str
    moved: bool
    files: dict[str, str]


def small_programs() -> list[SmallProgram]:
    """Return all programs.

    >>> {type(one) for one in small_programs()} == {SmallProgram}
    True
    """
    found = []
    for path in sorted(Path(__file__).parent.glob("*.txt")):
        _, *parts = HEADER.split(path.read_text("utf-8"))
        for outcome, name, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
            main, *others = FILE.split(text)
            files = {"pyproject.toml": PROJECT, "main.py": main, **dict(zip(others[::2], others[1::2], strict=True))}
            found.append(SmallProgram(f"{path.stem}: {name}", outcome == "moved", files))
    return found
