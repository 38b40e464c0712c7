"""FLX106: what cannot be raised."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.bindings import dotted
from flext_analysis.raise_sites import raised_expression, raised_values
from flext_analysis.raised_types import is_class_name
from flext_analysis.statements import Block
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
    ast.DictComp: "a dict",
    ast.SetComp: "a set",
    ast.GeneratorExp: "a generator",
    ast.Compare: "a truth value",
}


def kind_of(value: ast.expr, block: Block, module: Module) -> str:
    """Return what an expression is that is no exception for certain, "" for any other."""
    if isinstance(value, ast.Constant):
        return "None" if value.value is None else f"a literal {type(value.value).__name__}"
    if type(value) in KINDS:
        return KINDS[type(value)]
    match leftmost(value):
        case ast.JoinedStr() | ast.Constant(value=str()):
            return "a format string"
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str()), attr="format")):
            return "a format string"
    named, _ = raised_expression(value)
    text = dotted(named) or ""
    if text.endswith("NotImplemented") and module.names.resolve(named, block).path == "builtins.NotImplemented":
        return "NotImplemented"
    return "a module" if isinstance(named, ast.Name) and is_module(named.id, block, module) else ""


def is_module(name: str, block: Block, module: Module) -> bool:
    """Say whether a name is that of a module: the text alone says that most are none."""
    if is_class_name(name) or not (module.holds(f"import {name}") or module.holds(f"as {name}\n")):
        return False
    bindings = module.names.bindings(name, block)
    return bool(bindings) and all(isinstance(one.node, ast.Import) for one in bindings)


def leftmost(value: ast.expr) -> ast.expr:
    """Return what a chain of ``+`` and ``%`` begins with: ``"a"`` of ``"a" + b + "c"``, any other value itself."""
    while isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mod | ast.Add):
        value = value.left
    return value


def check(node: ast.Raise, block: Block, module: Module) -> Iterator[Finding]:
    """Yield a raise of something that is no exception."""
    for value in raised_values(node.exc) if node.exc is not None else ():
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
