"""``# noqa``, as flake8 understands it (https://flake8.pycqa.org/en/stable/user/violations.html)."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Sequence

from flext_analysis.syntax.positions import statements_at

__all__ = ["not_silenced"]

INLINE = re.compile(r"# noqa(?::\s?(?P<codes>(?:[a-z]+\d+[,\s]*)+))?", re.IGNORECASE)
MARK = re.compile("noqa", re.IGNORECASE)
FILE = re.compile(r"\s*# flake8[:=]\s*noqa", re.IGNORECASE)
LINE_ENDS = (tokenize.NEWLINE, tokenize.NL)
NO_LINES = (tokenize.ENDMARKER, tokenize.DEDENT)
Found = tuple[int, int, str]


def not_silenced(found: Iterable[Found], lines: Sequence[str], tree: ast.Module) -> Iterator[Found]:
    r"""Yield the findings (line, column, text) of a file that no comment silences.

    ``# flake8: noqa`` on a line of its own silences the file, ``# noqa`` its line, ``# noqa: FLX1`` the codes that
    begin with FLX1. A string over several lines counts as one line.

    >>> lines = ["raise E  # noqa: FLX1\n", "raise E\n"]
    >>> list(not_silenced([(1, 0, "FLX103 m"), (2, 0, "FLX103 m")], lines, ast.parse("".join(lines))))
    [(2, 0, 'FLX103 m')]
    """
    findings = list(found)
    marked = [line for line in lines if MARK.search(line)] if findings and "noqa" in "".join(lines).lower() else []
    if not marked:
        yield from findings
        return
    if any(FILE.match(line) for line in marked):
        return
    for line, column, message in findings:
        comment = INLINE.search(whole_line(line, lines, tree))
        codes = tuple(filter(None, re.split(r"[,\s]", comment["codes"] or ""))) if comment is not None else ()
        if comment is None or (codes and not message.startswith(codes)):
            yield line, column, message


def whole_line(line: int, lines: Sequence[str], tree: ast.Module) -> str:
    """Return the text of a line, with the lines that a string literal or a backslash joins to it."""
    nodes = [node for node, _ in statements_at(line, tree)]
    first = min((node.lineno for node in nodes), default=line)
    last = max((header_end(node) for node in nodes), default=line)
    if first >= last:
        return lines[line - 1]
    return whole_lines(lines[first - 1 : last], first).get(line, lines[line - 1])


def header_end(node: ast.stmt) -> int:
    """Return the last line of a statement before its nested blocks."""
    body = getattr(node, "body", None) or getattr(node, "cases", None)
    if not body:
        return node.end_lineno or node.lineno
    start = getattr(body[0], "lineno", None) or node.lineno
    return max(node.lineno, start - 1)


def whole_lines(lines: Sequence[str], start: int) -> dict[int, str]:
    """Return whole_line of each of some lines, the first of which has the given number."""
    found: dict[int, str] = {}
    first, last = 0, 0
    try:
        for token in tokenize.generate_tokens(io.StringIO("".join(lines)).readline):
            if token.type in NO_LINES:
                continue
            first = min(first or token.start[0], token.start[0])
            last = max(last, token.end[0])
            if token.type in LINE_ENDS:
                text = "".join(lines[first - 1 : last])
                found.update(dict.fromkeys(range(start + first - 1, start + last), text))
                first, last = 0, 0
    except (tokenize.TokenError, SyntaxError):
        return found  # a part of a file: what was joined so far
    return found
