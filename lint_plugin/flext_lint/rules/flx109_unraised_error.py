"""FLX109: an error that is constructed and dropped."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.syntax.bindings import dotted
from flext_analysis.syntax.raise_sites import CHAINING
from flext_analysis.syntax.statements import Block, ScopeNode
from flext_lint.rule import LIBRARY, Finding, Rule, at
from flext_lint.typed_calls import TypedCall

if TYPE_CHECKING:
    from flext_lint.module import Module

WORDS = ("Error(", "Exception(")
EXPECTING = ("raises", "Raises", "raises_regex", "RaisesRegex", "RaisesRegexp", "RaisesGroup", "suppress")


def is_expected(block: Block) -> bool:
    """Return whether a location is in a ``with`` that expects or swallows a raise."""
    for outer in block.outwards():
        if isinstance(outer.owner, ast.With | ast.AsyncWith):
            for item in outer.owner.items:
                call = item.context_expr
                if isinstance(call, ast.Call) and (dotted(call.func) or "").endswith(EXPECTING):
                    return True
        if isinstance(outer.owner, ScopeNode):
            return False
    return False


def dropped(value: ast.expr) -> Iterator[ast.expr]:
    """Yield the expressions whose value a statement computes and drops, through conditions and chained methods."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case ast.IfExp(body=body, orelse=orelse):
                waiting += [body, orelse]
            case ast.BoolOp(values=values):
                waiting.append(values[-1])
            case ast.Call(func=ast.Attribute(value=inner, attr=name)) if name in CHAINING:
                waiting.append(inner)
            case other:
                yield other


def check(node: TypedCall | ast.Module, block: Block, module: Module) -> Iterator[Finding]:
    """Yield a statement that is the call of an error, or of a method that returns the error."""
    if module.is_test:
        return
    if isinstance(node, ast.Module):
        yield from dropped_builtins(module)
        return
    value = node.statement.value if isinstance(node.statement, ast.Expr) and node.kind == "call" else None
    if value is not None and any(one is node.node for one in dropped(value)) and not is_expected(block):
        yield at(node.statement, name=node.facts.name)


def dropped_builtins(module: Module) -> Iterator[Finding]:
    """Yield the statements that construct a builtin error and drop it: those that begin or end with it, by the text."""
    for word in WORDS:
        for statement, block in module.line_starts(word):
            value = statement.value if isinstance(statement, ast.Expr) else None
            for made in dropped(value) if value is not None else ():
                facts = module.classes.of(made.func, block) if isinstance(made, ast.Call) else None
                if facts is not None and facts.builtin and not is_expected(block):
                    yield at(statement, name=facts.name)


RULE = Rule(
    code="FLX109",
    name="unraised-error",
    on=True,
    message="{name} is created but not raised; raise it",
    flags="A typed or builtin error that is created as a statement of its own, or in a branch of one.",
    silent="test code, and a `with` statement that expects an error.",
    why=(
        "The word `raise` is missing: the program continues as if nothing had happened, and the error is counted "
        "anyway."
    ),
    fix="Put `raise` in front.",
    bad="""
        if not lines:
            FlextExceptions.ValidationError("no lines", field="lines")
    """,
    good="""
        if not lines:
            raise FlextExceptions.ValidationError("no lines", field="lines")
    """,
    nodes=(ast.Call, ast.Module),
    words=(LIBRARY, *WORDS),
    check=check,
)
