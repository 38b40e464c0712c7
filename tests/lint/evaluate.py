"""Eval files: code with what is expected of one rule, as comments on the lines that they describe.

``# FLX103: 4`` expects a finding of the file's rule at this line and column, ``# FLX103: 4, 20`` two of them;
``# silent: why`` says that the rule has nothing to say about this line, and why. In front of the code may stand
``# file: tests/test_cart.py`` (where the code pretends to be, shop/mod.py without it) and ``# options: --flext-...``.
A file is named for its rule, with ``_`` and a word behind it where a rule needs several.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

__all__ = ["EVAL_FILES", "EvalFile"]

FOLDER = Path(__file__).parent / "eval_files"
EXPECTED = re.compile(r"#.*?\b(FLX\d{3}): (\d+(?:, \d+)*)")
HEADER = re.compile(r"^# (file|options): (.*)$", re.MULTILINE)


class EvalFile(NamedTuple):
    """One eval file: its code, where it pretends to stand, its options, what is expected, and its silent lines."""

    name: str
    rule: str
    text: str
    path: str
    options: tuple[str, ...]
    expected: list[tuple[int, int]]
    silent: int

    def write(self, folder: Path) -> Path:
        """Put the code where it pretends to be, in a project that declares itself."""
        file = folder / self.path
        file.parent.mkdir(parents=True, exist_ok=True)
        for parent in list(file.relative_to(folder).parents)[:-1]:
            (folder / parent / "__init__.py").touch()
        (folder / "pyproject.toml").write_text("[tool.flext]\n")
        file.write_text(self.text, encoding="utf-8")
        return file


def read(path: Path) -> EvalFile:
    """Read one eval file."""
    text = path.read_text(encoding="utf-8")
    rule = path.stem[:6].upper()
    header = dict(HEADER.findall(text))
    expected: list[tuple[int, int]] = []
    for number, line in enumerate(text.splitlines(), 1):
        match = EXPECTED.search(line)
        if match is not None:
            assert match[1] == rule, f"{path.name}:{number} expects {match[1]}"
            expected += [(number, int(column)) for column in match[2].split(", ")]
    silent = len(re.findall(r"# silent: \S", text))
    options = tuple(header.get("options", "").split())
    return EvalFile(path.stem, rule, text, header.get("file", "shop/mod.py"), options, expected, silent)


EVAL_FILES = [read(path) for path in sorted(FOLDER.glob("*.py"))]
