"""Whether a raise may produce a text: compare the message in a raise with a text that a test or a document shows."""

from __future__ import annotations

import ast
import re
from typing import NamedTuple

from flext_codemods.project.paths import Location

__all__ = ["RaiseMessage", "may_be_line", "may_say", "pieces"]

PERCENT = re.compile(r"%(?:\(\w+\))?[-#0 +]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[a-zA-Z%]")
BRACES = re.compile(r"\{\{|\}\}|\{[^{}]*\}")
TELLING = 4  # characters that a fixed part must have to be evidence
MOST_PARTS = 12  # of a message that is compared part by part: each is one more way to divide a line


class RaiseMessage(NamedTuple):
    """The message of a raise: its parts, whether the error is typed after the run, and its location."""

    parts: tuple[str | None, ...]
    typed: bool
    location: Location


def pieces(node: ast.expr) -> list[str | None]:
    """Return the parts of a message: text if it is fixed, None if it is computed.

    >>> pieces(ast.parse("f'bad {x}: ' + why", mode="eval").body)
    ['bad ', None, ': ', None]
    """
    match node:
        case ast.Constant(value=value):
            return [str(value)]
        case ast.JoinedStr(values=values):
            return [part for value in values for part in pieces(value)]
        case ast.BinOp(op=ast.Add(), left=left, right=right) if not deep(left):
            return pieces(left) + pieces(right)
        case ast.BinOp(op=ast.Mod(), left=ast.Constant(value=str(text))):
            return interleaved(PERCENT.split(text))
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
            return interleaved(BRACES.split(text))
    return [None]


def deep(node: ast.expr) -> bool:
    """Return whether a chain of operators is too long for recursion."""
    depth = 0
    while isinstance(node, ast.BinOp):
        node, depth = node.left, depth + 1
    return depth > 50


def interleaved(texts: list[str]) -> list[str | None]:
    """Put a computed part between each two texts."""
    found: list[str | None] = []
    for text in texts:
        found += [text, None]
    return found[:-1]


def may_say(parts: list[str | None], shown: str) -> bool:
    """Return whether a message of these parts may be the shown text, or begin with it, or be its beginning.

    Parts that are all computed fit any text, so they are no evidence: False.

    >>> may_say(["bad ", None], "bad port"), may_say(["bad ", None], "no port"), may_say([None], "bad port")
    (True, False, False)
    """
    fixed = [part for part in parts if part]
    if not fixed:
        return False
    shown = shown.strip().removesuffix("...")
    first = parts[0]
    if first and len(parts) == 1:
        return bool(shown) and (first.startswith(shown) or shown.startswith(first))
    if first and len(first) >= TELLING:
        return shown.startswith(first) or (len(shown) >= TELLING and first.startswith(shown))
    longest = max((part.strip() for part in fixed), key=len)
    return len(longest) >= TELLING and longest in shown


def may_be_line(parts: list[str | None], shown: str) -> bool:
    """Return whether a message of these parts may be the line that a doctest shows; "..." in it is any text.

    >>> [may_be_line(["bad ", None, "!"], line) for line in ("bad port!", "bad port", "bad ...")]
    [True, False, True]
    """
    if "..." in shown or len(parts) > MOST_PARTS:
        return may_say(parts, shown) or not any(parts)
    pattern = ""
    for part in parts:
        first, newline, _ = (part or "").partition("\n")
        pattern += ".*" if part is None else re.escape(first)
        if newline:  # the doctest shows the rest in further lines
            break
    return re.fullmatch(pattern, shown.strip()) is not None
