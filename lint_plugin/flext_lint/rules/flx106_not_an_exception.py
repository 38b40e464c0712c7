"""FLX106: what cannot be raised."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.scan import Block
from flext_analysis.sites import raised_expression, raised_values
from flext_lint.rule import Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module

KINDS: dict[type[ast.expr], str] = {
    ast.JoinedStr: "a format string",
    ast.Tuple: "a tuple",
    ast.List: "a list",
    ast.Dict: "a dict",
    ast.Set: "a set",
    ast.Lambda: "a function",
    ast.ListComp: "a list",
    ast.Compare: "a truth value",
}


def kind_of(value: ast.expr, block: Block, module: Module) -> str:
    """Return what an expression is that is no exception for certain, "" for any other."""
    if isinstance(value, ast.Constant):
        return "None" if value.value is None else f"a literal {type(value.value).__name__}"
    if type(value) in KINDS:
        return KINDS[type(value)]
    match value:
        case ast.BinOp(left=ast.Constant(value=str()) | ast.JoinedStr(), op=ast.Mod() | ast.Add()):
            return "a format string"
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str()), attr="format")):
            return "a format string"
    named, _ = raised_expression(value)
    if isinstance(named, ast.Name):
        bindings = module.names.bindings(named.id, block)
        if named.id == "NotImplemented" and not bindings:
            return "NotImplemented"
        if bindings and all(isinstance(one.node, ast.Import) for one in bindings):
            return "a module"
    return ""


def check(node: ast.Raise, block: Block, module: Module) -> Iterator[Finding]:
    """Yield a raise of something that is no exception."""
    for value in raised_values(node.exc) if node.exc is not None else ():
        if isinstance(value, ast.Name | ast.Call) and module.classes.of(raised_expression(value)[0], block) is not None:
            continue
        kind = kind_of(value, block, module)
        if kind:
            mend = "NotImplementedError" if kind == "NotImplemented" else "an error with this as its message"
            yield at(node, kind=kind, mend=mend)


RULE = Rule(
    code="FLX106",
    name="not-an-exception",
    on=True,
    message="raises {kind}, which is no exception; raise {mend}",
    flags="A raise of a literal, a tuple, `None`, a format string, a module or `NotImplemented`.",
    silent="names and calls that may be an exception.",
    why="Python answers with `TypeError: exceptions must derive from BaseException`, in the place of what was meant.",
    mend="Raise an error with the text as its message; for `NotImplemented` raise `NotImplementedError`.",
    bad="""
        raise "the cart is empty"
    """,
    good="""
        raise FlextExceptions.ProcessingError("the cart is empty", operation="check out")
    """,
    nodes=(ast.Raise,),
    words=("raise",),
    check=check,
)
