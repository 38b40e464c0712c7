"""FLX207: a handler that only raises again."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.scan import Block
from flext_lint.rule import Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module


def only_reraises(handler: ast.ExceptHandler, node: ast.Try | ast.TryStar) -> bool:
    """Say whether the body of a handler is ``raise``, or ``raise err`` of what it caught."""
    match handler.body:
        case [ast.Raise(exc=None)]:
            return True
        case [ast.Raise(exc=ast.Name(id=name), cause=None)]:
            # In except* this makes a new group around the errors.
            return name == handler.name and isinstance(node, ast.Try)
    return False


def check(node: ast.Try | ast.TryStar, block: Block, module: Module) -> Iterator[Finding]:
    """Yield the last handlers of a ``try`` that only raise again: one in front of others keeps errors from those."""
    for handler in reversed(node.handlers):
        if not only_reraises(handler, node):
            return
        yield at(handler)


RULE = Rule(
    code="FLX207",
    name="useless-handler",
    on=False,
    message="a handler that only raises again does nothing; drop it",
    flags="A handler whose body is only `raise`, or `raise err` of what it caught.",
    silent="one in front of a handler that does something: it keeps its errors from that one.",
    why="The error would go the same way without it.",
    mend="Drop the handler, and the `try` where nothing else is left of it.",
    bad="""
        try:
            book()
        except ConnectionError:
            raise
    """,
    good="""
        book()
    """,
    nodes=(ast.Try, ast.TryStar),
    words=("except",),
    check=check,
)
