"""FLX109: an error that is built and dropped."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.bindings import dotted
from flext_analysis.raise_sites import CHAINING
from flext_analysis.statements import Block, ScopeNode
from flext_lint.module import TypedCall
from flext_lint.rule import LIBRARY, Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module

EXPECTING = ("raises", "Raises", "raises_regex", "RaisesRegex", "RaisesRegexp", "RaisesGroup", "suppress")


def is_expected(block: Block) -> bool:
    """Say whether a place is in a ``with`` that expects or swallows a raise."""
    for outer in block.outwards():
        if isinstance(outer.owner, ast.With | ast.AsyncWith):
            for item in outer.owner.items:
                call = item.context_expr
                if isinstance(call, ast.Call) and (dotted(call.func) or "").endswith(EXPECTING):
                    return True
        if isinstance(outer.owner, ScopeNode):
            return False
    return False


def check(node: TypedCall, block: Block, module: Module) -> Iterator[Finding]:
    """Yield a statement that is the call of a typed error, or of a method that gives the error back."""
    if not isinstance(node.statement, ast.Expr) or module.is_test:
        return
    value = node.statement.value
    while isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in CHAINING:
        value = value.func.value
    if value is node.node and not is_expected(block):
        yield at(node.statement, name=node.facts.name)


RULE = Rule(
    code="FLX109",
    name="unraised-error",
    on=True,
    message="{name} is built and dropped; raise it",
    flags="A typed error built as a statement of its own.",
    silent="test code, and a `with` that expects a raise.",
    why=(
        "The word `raise` is missing: the program goes on as if nothing had happened, and the error is counted "
        "all the same."
    ),
    mend="Put `raise` in front.",
    bad="""
        if not lines:
            FlextExceptions.ValidationError("no lines", field="lines")
    """,
    good="""
        if not lines:
            raise FlextExceptions.ValidationError("no lines", field="lines")
    """,
    nodes=(ast.Call,),
    words=(LIBRARY,),
    check=check,
)
