"""FLX211: a ``finally`` that drops the active error."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.syntax.statements import Block, ScopeNode, inner_runs, parts_of
from flext_lint.rule import Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module

LOOPS = (ast.For, ast.AsyncFor, ast.While)
WORDS: dict[type[ast.stmt], str] = {ast.Return: "return", ast.Break: "break", ast.Continue: "continue"}


def check(node: ast.Try | ast.TryStar, block: Block, module: Module) -> Iterator[Finding]:
    """Yield the statements that leave the ``finally`` of a ``try``."""
    waiting = [(node.finalbody, False)] if node.finalbody else []
    while waiting:
        statements, in_loop = waiting.pop()
        for inner in statements:
            word = WORDS.get(type(inner), "")
            if word == "return" or (word and not in_loop):
                yield at(inner, word=word)
            parts = parts_of(inner)
            if not parts or isinstance(inner, ScopeNode):
                continue
            loops = isinstance(inner, LOOPS)
            for held, place in inner_runs(inner, parts, block):
                # The else of a loop is outside it; an inner finally is reported with its own try.
                if place.part != "finalbody":
                    waiting.append((held, in_loop or (loops and place.part == "body")))


RULE = Rule(
    code="FLX211",
    name="leaving-finally",
    on=True,
    message="{word} in finally drops the current error; move it after the try",
    flags="`return`, `break` or `continue` in `finally` that leaves it.",
    silent="loops and functions within the `finally` block.",
    why="It drops whatever was raised in the `try` or its handlers, even Ctrl-C. Python 3.14 warns about it (PEP 765).",
    fix="Move the statement after the `try`, or into its `else`.",
    bad="""
        def drain(stream):
            try:
                stream.read()
            finally:
                return stream.close()
    """,
    good="""
        def drain(stream):
            try:
                stream.read()
            finally:
                stream.close()
    """,
    nodes=(ast.Try, ast.TryStar),
    words=("except", "finally"),
    check=check,
)
