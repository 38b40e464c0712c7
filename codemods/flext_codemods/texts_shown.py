"""Where tests, documents and doctests show ``Builtin: text``, found in the bytes of a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from flext_analysis.names import BUILTIN_ERRORS

__all__ = ["Shown", "shown_lines", "shown_tracebacks"]

# Fixed letters first: the search runs over every file, and one that starts with a name is many times slower.
COLON = re.compile(rb"(?:Error|Exception): ?([^\n]+)")
NAME = re.compile(rb"(?:\bbuiltins\.)?\b(\w+)$")
TRACEBACK = b"Traceback (most recent call last)"
CODE_BEFORE = re.compile(rb"^\s*(?:except|class|case|elif|if|return|raise|def)\b|[{\[(,]\s*$")
QUOTE = re.compile(rb"['\"]")
REACH = 2000  # characters after the head of a traceback in which its last line stands


class Shown(NamedTuple):
    """A place that shows ``Builtin: text``: in a test, a document, or the docstring of a module."""

    builtin: str
    text: str
    path: str
    line: int
    kind: str  # test, document, doctest


def named_texts(raw: bytes, start: int, end: int) -> Iterator[tuple[str, str, bytes, int]]:
    """Yield (builtin, text, what stands before it on its line, line number) for each ``Builtin: text``."""
    for match in COLON.finditer(raw, start, end):
        line = raw.rfind(b"\n", 0, match.start()) + 1
        name = NAME.search(raw[line : match.start(1)].rstrip(b": "))
        builtin = name[1].decode(errors="replace") if name else ""
        if name and builtin in BUILTIN_ERRORS:
            text = match[1].decode(errors="replace").strip()
            yield builtin, text, raw[line : line + name.start()], raw.count(b"\n", 0, line) + 1


def shown_lines(raw: bytes, path: Path, kind: str) -> Iterator[Shown]:
    """Yield the lines of a document or test that show ``Builtin: text``."""
    for builtin, text, before, line in named_texts(raw, 0, len(raw)):
        if kind != "test":
            yield Shown(builtin, text, str(path), line, kind)
        elif not CODE_BEFORE.search(before):
            quotes = QUOTE.findall(before)
            # In a string on one line the text ends with the string; in a longer one, with the line.
            inside = text.partition(quotes[-1].decode())[0] if quotes else text
            yield Shown(builtin, inside, str(path), line, kind)


def shown_tracebacks(raw: bytes, path: Path) -> Iterator[Shown]:
    """Yield what the tracebacks in a module's doctests end with."""
    position = raw.find(TRACEBACK)
    while position >= 0:
        for builtin, text, before, line in named_texts(raw, position, position + REACH):
            if not before.strip():
                yield Shown(builtin, text, str(path), line, "doctest")
                break
        position = raw.find(TRACEBACK, position + 1)
