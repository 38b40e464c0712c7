"""FLX207: a handler that only re-raises."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.semantics.handlers import useless_handlers
from flext_analysis.syntax.statements import Block
from flext_lint.rule import Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module


def check(node: ast.Try | ast.TryStar, block: Block, module: Module) -> Iterator[Finding]:
    """Yield the handlers of a ``try`` if they do nothing."""
    yield from (at(handler) for handler in useless_handlers(node) if raises_alone(handler))


def raises_alone(handler: ast.ExceptHandler) -> bool:
    """Return whether a handler's only statement is ``raise``; another rule reports ``raise err``."""
    statement = handler.body[0]
    return isinstance(statement, ast.Raise) and statement.exc is None


RULE = Rule(
    code="FLX207",
    name="useless-handler",
    on=False,
    message="a handler that only re-raises does nothing; remove it",
    flags="A handler whose body is only `raise`.",
    silent=(
        "one before a handler that does something, since it keeps its errors from that one; `raise err`, which is "
        "FLX204."
    ),
    why="The error would take the same path without it.",
    fix="Remove the handler, and the `try` if nothing else is left of it.",
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
    recipe="handlers",
    unsafe=True,
)
