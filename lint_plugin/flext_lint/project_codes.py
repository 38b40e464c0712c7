"""Which class of the project declares which code, read from the texts of its files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from flext_analysis.modules import module_name
from flext_lint.check.files import python_files

__all__ = ["CodedClass", "coded_classes"]

CODE = re.compile(r"""code\b[^=\n]{0,80}=[ \t]*(["'])([^"'\n]+)\1""")
CLASS = re.compile(r"class[ \t]+(\w+)")


class CodedClass(NamedTuple):
    """A class that declares a code: its file, its name, and the dotted name under which others see it."""

    file: str
    name: str
    path: str


def coded_classes(root: Path) -> dict[str, list[CodedClass]]:
    """Return the classes of the files below a folder by the code that each declares as text, in the order of files."""
    found: dict[str, list[CodedClass]] = {}
    for file in python_files([str(root)]) if root.is_dir() else ():
        try:
            text = file.read_text("utf-8", "replace")
        except OSError:
            continue  # reported when it is linted
        for code, name in codes_in(text) if "code" in text and "class " in text else ():
            found.setdefault(code, []).append(CodedClass(str(file), name, f"{module_name(file)}.{name}"))
    return found


def codes_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield the codes that top-level classes of a module declare in their bodies, with the names of the classes.

    >>> list(codes_in('class Late(Error):\\n    code = "SHOP_1"\\n\\ncode = "SHOP_2"\\n'))
    [('SHOP_1', 'Late')]
    """
    for match in CODE.finditer(text):
        line = text.rfind("\n", 0, match.start()) + 1
        if text[line : match.start()] not in ("    ", "\t", "    error_", "\terror_"):
            continue
        start = text.rfind("\nclass ", 0, line) + 1
        holder = CLASS.match(text, start)
        between = text[holder.end() : line] if holder is not None else "\nx"
        if holder is not None and not re.search(r"\n[^\s#)]", between):
            yield match[2], holder[1]
