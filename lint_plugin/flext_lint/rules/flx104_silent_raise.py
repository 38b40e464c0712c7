"""FLX104: a typed error without any information."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.syntax.statements import Block
from flext_exceptions.catalogue import Row
from flext_lint.rule import LIBRARY, Finding, Rule, at
from flext_lint.typed_calls import TypedCall

if TYPE_CHECKING:
    from flext_lint.module import Module

# An error that is assigned to a name may get more information later.
SILENT = (ast.Assign, ast.AnnAssign)


def check(node: TypedCall | ast.Raise, block: Block, module: Module) -> Iterator[Finding]:
    """Yield a type of the catalogue that is constructed, or raised, with neither message nor keyword."""
    if isinstance(node, TypedCall):
        dropped = isinstance(node.statement, ast.Expr) and node.statement.value is node.node
        if node.kind != "call" or says(node) or dropped or isinstance(node.statement, SILENT):
            return
        if node.facts.row is not None:
            yield at(place_of(node), name=node.facts.name, keywords=keywords_of(node.facts.row))
        return
    for one in module.raised(node, block):
        if one.call is None and not one.made and one.facts is not None and one.facts.row is not None:
            yield at(node, name=one.facts.name, keywords=keywords_of(one.facts.row))


def says(call: TypedCall) -> bool:
    """Return whether a call gives an error any information: an empty text is none."""
    if call.added or len(call.args) > 1:
        return True
    values = (*call.args, *(given.value for given in call.keywords))
    return not all(isinstance(value, ast.Constant) and value.value == "" for value in values)


def place_of(call: TypedCall) -> ast.stmt | ast.expr:
    """Return where to report the finding: at the raise, if the error is raised at once."""
    return call.statement if isinstance(call.statement, ast.Raise) else call.node


def keywords_of(row: Row) -> str:
    """Return the keywords of a type as the message names them."""
    return f" or {', '.join(row.keywords)}" if row.keywords else ""


RULE = Rule(
    code="FLX104",
    name="silent-raise",
    on=True,
    message="{name} without a message; pass one{keywords}",
    flags=(
        "A type of the catalogue created or raised without a message or keyword. An empty text does not count as a "
        "message."
    ),
    silent="a project's own subclass, which may create its message itself; an error that is assigned to a name first.",
    why="A log line with a code and no word about what went wrong helps nobody.",
    fix="Say what went wrong, and pass what is known to the keywords of the type.",
    bad="""
        raise FlextExceptions.NotFoundError
    """,
    good="""
        raise FlextExceptions.NotFoundError("no such order", resource_id=number, resource_type="order")
    """,
    nodes=(ast.Call, ast.Raise),
    words=(LIBRARY,),
    check=check,
)
