"""The text of a file and the way back to its bytes: encoding, byte order mark, line endings, positions."""

from __future__ import annotations

import ast
import codecs
import io
import tokenize
import warnings
from itertools import accumulate
from typing import NamedTuple

from flext_analysis.syntax.newer_syntax import needed_python
from flext_exceptions import FlextExceptions

__all__ = ["Source", "Unreadable", "detect_encoding", "parse", "read_source"]


class Unreadable(FlextExceptions.ValidationError):
    """A file that is skipped because it cannot be decoded, parsed or restored byte for byte."""


class Source(NamedTuple):
    """A file's text, the codec that restores its bytes, its tree, and the offset at which each line starts."""

    text: str
    encoding: str
    tree: ast.Module
    starts: list[int]

    def offset(self, line: int, column: int) -> int:
        """Return the index of the character at a position of the tree (line from 1, column in UTF-8 bytes)."""
        start = self.starts[line - 1]
        text = self.text[start : start + column]
        if text.isascii():
            return start + column
        end = self.starts[line] if line < len(self.starts) else len(self.text)
        return start + len(self.text[start:end].encode()[:column].decode())

    def span(self, node: ast.stmt | ast.expr) -> tuple[int, int]:
        """Return the first character of a node and the one after its last."""
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        return self.offset(node.lineno, node.col_offset), self.offset(end_line, end_column)

    def encode(self, text: str) -> bytes:
        """Return the bytes of a text in the file's own encoding, byte order mark included."""
        return text.encode(self.encoding)


def detect_encoding(raw: bytes) -> str:
    """Return the codec of Python source (PEP 263), "utf-8-sig" if it starts with a byte order mark."""
    head = raw.split(b"\n", 2)[:2]
    if not raw.startswith(codecs.BOM_UTF8) and not any(b"coding" in line for line in head):
        return "utf-8"
    return tokenize.detect_encoding(io.BytesIO(raw).readline)[0]


def parse(text: str) -> ast.Module:
    """Parse a module's text, without warnings about its deprecated escapes.

    Raises:
        Unreadable: it does not parse, or is nested too deeply to be parsed; one line that says where.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        raise Unreadable(f"does not parse: {said(error, text)}", line=error.lineno) from error
    except (RecursionError, MemoryError) as error:
        raise Unreadable("does not parse: nested too deeply", why=error) from error
    except ValueError as error:
        raise Unreadable(f"does not parse: {error}", why=error) from error


def said(error: SyntaxError, text: str) -> str:
    """Return what is wrong, in which line, and which Python supports the syntax if this one does not."""
    if error.lineno is None:
        return error.msg
    lines = text.split("\n")
    version = needed_python(lines[error.lineno - 1] if error.lineno <= len(lines) else "")
    newer = f"; Python {version} or newer can read it" if version else ""
    return f"{error.msg} (line {error.lineno}){newer}"


def read_source(raw: bytes) -> Source:
    """Decode and parse a file.

    >>> read_source(b"x = 1\\n").starts
    [0, 6]

    Raises:
        Unreadable: its encoding is unknown or does not fit, it has line endings that are only a carriage return, it
            cannot be restored byte for byte, or it does not parse.
    """
    try:
        encoding = detect_encoding(raw)
        text = raw.decode(encoding)
        same = (raw.isascii() and encoding == "utf-8") or text.encode(encoding) == raw
    except (SyntaxError, LookupError, ValueError) as error:
        raise Unreadable(f"cannot be decoded: {error}", why=error) from error
    if not same:
        raise Unreadable(f"does not come back byte for byte from {encoding}", encoding=encoding)
    if "\r" in text and text.count("\r") != text.count("\r\n"):
        raise Unreadable("has line ends that are a carriage return alone")
    tree = parse(text)
    ends = accumulate(len(line) + 1 for line in text.split("\n"))
    return Source(text, encoding, tree, [0, *ends][:-1])
