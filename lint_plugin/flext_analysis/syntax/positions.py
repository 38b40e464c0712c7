"""From a position in the text to the statements whose own expressions are there."""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from flext_analysis.syntax.statements import Block, inner_runs, parts_of

__all__ = ["lines_holding", "occurrences", "statements_at"]


def occurrences(word: str, text: str, *, attributes: bool = False) -> Iterator[int]:
    """Yield where a name occurs in a text by itself: not in a longer one, and not as an attribute unless requested.

    >>> list(occurrences("Bad", "Bad(1), x.Bad, Badly, Bad"))
    [0, 22]
    """
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        before, after = text[at - 1 : at], text[end : end + 1]
        if not (
            (before == "." and not attributes) or before == "_" or before.isalnum() or after == "_" or after.isalnum()
        ):
            yield at
        at = text.find(word, end)


def lines_holding(words: Iterable[str], text: str) -> list[int]:
    """Return the numbers of the lines, in order, that contain one of some words, also as a part of a longer one.

    >>> lines_holding(["raise", "except"], "try:\\n    f()\\nexcept E:\\n    raise\\n")
    [3, 4]
    """
    places: list[int] = []
    for word in words:
        at = text.find(word)
        while at >= 0:
            places.append(at)
            at = text.find(word, at + len(word))
    places.sort()
    found: list[int] = []
    number, last = 1, 0
    for at in places:
        number += text.count("\n", last, at)
        last = at
        found.append(number)
    return found


def first_line(node: ast.stmt) -> int:
    """Return the line at which a statement begins, including its decorators."""
    decorators = getattr(node, "decorator_list", None)
    return decorators[0].lineno if decorators else node.lineno


def statements_at(line: int, tree: ast.Module) -> Iterator[tuple[ast.stmt, Block]]:
    """Yield the statements on a line with their blocks: the innermost ones, and those whose own expressions reach it.

    >>> tree = ast.parse("def f(x):\\n    if x:\\n        g(); h()")
    >>> [ast.unparse(node) for node, _ in statements_at(3, tree)]
    ['h()', 'g()']
    """
    waiting = [(tree.body, Block(tree, "body", None))]
    while waiting:
        nodes, block = waiting.pop()
        index = bisect_right(nodes, line, key=first_line)
        while index:
            index -= 1
            node = nodes[index]
            if (node.end_lineno or node.lineno) < line:
                break
            parts = parts_of(node)
            inside = inner_runs(node, parts, block) if parts else []
            held = [run for run in inside if first_line(run[0][0]) <= line <= (run[0][-1].end_lineno or 0)]
            waiting += held
            if not held or line in own_lines(node, inside):
                yield node, block


def own_lines(node: ast.stmt, inside: list[tuple[list[ast.stmt], Block]]) -> range:
    """Return the lines of a compound statement before its first block."""
    start = first_line(node)
    return range(start, max(start + 1, first_line(inside[0][0][0]))) if inside else range(0)
