"""FLX104: a typed error with nothing to say."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.raise_sites import raised_values
from flext_analysis.statements import Block
from flext_lint.rule import LIBRARY, Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module


def check(node: ast.Raise, block: Block, module: Module) -> Iterator[Finding]:
    """Yield a raise of a type of the catalogue with neither message nor keyword."""
    if node.exc is None:
        return
    for one in module.raised(node, block):
        if one.facts is None or one.facts.row is None or one.made:
            continue
        said = one.call is not None and (one.call.args or one.call.keywords)
        if not said and not tells_more(node.exc, one.value):
            keywords = one.facts.row.keywords
            yield at(node, name=one.facts.name, keywords=f" or {', '.join(keywords)}" if keywords else "")


def tells_more(node: ast.expr, error: ast.expr) -> bool:
    """Say whether an expression gives context to an error in it: ``Error().with_context(a=1)``."""
    return any(
        isinstance(call, ast.Call)
        and call.keywords
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "with_context"
        and error in raised_values(call)
        for call in ast.walk(node)
    )


RULE = Rule(
    code="FLX104",
    name="silent-raise",
    on=True,
    message="raises {name} with nothing to say; give it a message{keywords}",
    flags="A type of the catalogue raised with neither message nor keyword, called or not.",
    silent="a project's own subclass, which may build its message itself.",
    why="A log line with a code and no word on what went wrong helps nobody who reads it at night.",
    mend="Say what went wrong, and give the keywords of the type what is known.",
    bad="""
        raise FlextExceptions.NotFoundError
    """,
    good="""
        raise FlextExceptions.NotFoundError("no such order", resource_id=number, resource_type="order")
    """,
    nodes=(ast.Raise,),
    words=(LIBRARY,),
    check=check,
)
