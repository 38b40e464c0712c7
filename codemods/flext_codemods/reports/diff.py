"""The changes as unified diffs, in the bytes of the files, as patch and git apply them."""

from __future__ import annotations

import difflib
import os
import re

import click

from flext_codemods.model.file_result import FileResult
from flext_codemods.project.paths import relative

__all__ = ["coloured", "diff_of"]

COLOURS = {"+": "green", "-": "red", "@": "cyan"}
LINE = re.compile(r"[^\n]*\n|[^\n]+")
UNUSUAL = re.compile(rb'[\0-\x1f"\\\x7f-\xff]')


def diff_of(result: FileResult) -> bytes:
    """Return the unified diff of a changed file, in the file's own bytes."""
    assert result.new is not None
    # For patch and git lines end at line feeds, not at the form feeds of splitlines().
    old, new = (LINE.findall(part.decode("utf-8", "surrogateescape")) for part in (result.old, result.new))
    lines = difflib.unified_diff(old, new, name_in_diff("a", result.path), name_in_diff("b", result.path))
    text = "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
    return text.encode("utf-8", "surrogateescape")


def coloured(diff: bytes) -> str:
    """Return a diff for a terminal: in colours, and with control characters escaped."""
    return "".join(f"{coloured_line(line)}\n" for line in diff.decode("utf-8", "backslashreplace").split("\n")[:-1])


def coloured_line(line: str) -> str:
    """Return a line of a diff in its colour."""
    shown = "".join(each if each.isprintable() or each == "\t" else ascii(each)[1:-1] for each in line.rstrip("\r"))
    if line.startswith(("---", "+++")):
        return click.style(shown, bold=True)
    return click.style(shown, fg=COLOURS.get(line[:1]))


def name_in_diff(side: str, path: str) -> str:
    """Return the name of a file as git writes it into a diff: quoted, or ended by a tab, if it is unusual."""
    raw = os.fsencode(f"{side}/{relative(path)}")
    if UNUSUAL.search(raw):
        quoted = UNUSUAL.sub(lambda match: b"\\%03o" % match[0][0], raw)
        return f'"{quoted.decode()}"'
    name = raw.decode()
    return f"{name}\t" if " " in name else name
