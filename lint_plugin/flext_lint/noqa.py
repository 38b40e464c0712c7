"""``# noqa``, as flake8 understands it (https://flake8.pycqa.org/en/stable/user/violations.html)."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Sequence

__all__ = ["not_silenced"]

INLINE = re.compile(r"# noqa(?::\s?(?P<codes>(?:[a-z]+\d+[,\s]*)+))?", re.IGNORECASE)
FILE = re.compile(r"\s*# flake8[:=]\s*noqa", re.IGNORECASE)
LINE_ENDS = (tokenize.NEWLINE, tokenize.NL)
NO_LINES = (tokenize.ENDMARKER, tokenize.DEDENT)
Found = tuple[int, int, str]


def not_silenced(found: Iterable[Found], lines: Sequence[str]) -> Iterator[Found]:
    """Yield the findings (line, column, text) of a file that no comment silences.

    ``# flake8: noqa`` on a line of its own silences the file, ``# noqa`` its line, ``# noqa: FLX1`` the codes that
    begin so. A text over several lines counts as one line.

    >>> list(not_silenced([(1, 0, "FLX103 m"), (2, 0, "FLX103 m")], ["raise E  # noqa: FLX1\\n", "raise E\\n"]))
    [(2, 0, 'FLX103 m')]
    """
    findings = list(found)
    if not findings or not any("noqa" in line.lower() for line in lines):
        yield from findings
        return
    if any(FILE.match(line) for line in lines):
        return
    whole = whole_lines(lines)
    for line, column, message in findings:
        comment = INLINE.search(whole.get(line, ""))
        codes = tuple(filter(None, re.split(r"[,\s]", comment["codes"] or ""))) if comment is not None else ()
        if comment is None or (codes and not message.startswith(codes)):
            yield line, column, message


def whole_lines(lines: Sequence[str]) -> dict[int, str]:
    """Return for each line its text, with the lines that a text literal or a backslash joins to it."""
    found: dict[int, str] = {}
    first, last = 0, 0
    try:
        for token in tokenize.generate_tokens(io.StringIO("".join(lines)).readline):
            if token.type in NO_LINES:
                continue
            first = min(first or token.start[0], token.start[0])
            last = max(last, token.end[0])
            if token.type in LINE_ENDS:
                found.update(dict.fromkeys(range(first, last + 1), "".join(lines[first - 1 : last])))
                first, last = 0, 0
    except (tokenize.TokenError, SyntaxError):
        return dict(enumerate(lines, 1))
    return found
