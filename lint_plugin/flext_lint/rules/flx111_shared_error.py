"""FLX111: one error object that is raised many times."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.syntax.bindings import dotted
from flext_analysis.syntax.raise_sites import raised_values
from flext_analysis.syntax.statements import Block, FunctionNode
from flext_lint.rule import LIBRARY, Finding, Rule, at
from flext_lint.typed_calls import TypedCall

if TYPE_CHECKING:
    from flext_lint.module import Module


def check(node: TypedCall | ast.Raise, block: Block, module: Module) -> Iterator[Finding]:
    """Yield a typed error that is constructed on import and raised by functions."""
    if isinstance(node, ast.Raise):
        name = made_elsewhere(node.exc, block, module) if block.function() is not None else ""
        if name:
            yield at(node, name=name, where="when its module is imported")
        return
    if node.kind != "call":
        return
    statement = node.statement
    if isinstance(statement, FunctionNode):
        name = parameter_of(statement, node.node)
        inside = module.text_of(statement)
        if name and re.search(rf"\braise\s+{name}\b(?!\s*[.(\[])", inside):
            yield at(node.node, name=node.facts.name, where=f"as the default of {name}")
    elif block.function() is None and isinstance(statement, ast.Assign | ast.AnnAssign):
        name = name_given(statement, node.node)
        if name and is_raised(name, block, module):
            where = "in the class body" if isinstance(block.scope(), ast.ClassDef) else "when the module is imported"
            yield at(node.node, name=node.facts.name, where=where)


def made_elsewhere(node: ast.expr | None, block: Block, module: Module) -> str:
    """Return the class of the typed error that another module holds under a name, "" for anything else."""
    first = (dotted(node) or "").partition(".")[0]
    if first not in module.leading.typed:
        return ""
    origin = module.names.resolve(node, block)  # type: ignore[arg-type]
    info = module.project.made(origin.path, module.path) if origin.path is not None else None
    return info.path.rpartition(".")[2] if info is not None and info.typed else ""


def parameter_of(function: ast.FunctionDef | ast.AsyncFunctionDef, default: ast.expr) -> str:
    """Return the name of the parameter that has an expression as its default, "" for none."""
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    pairs = [
        *zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    return next((argument.arg for argument, value in pairs if value is default), "")


def name_given(statement: ast.Assign | ast.AnnAssign, call: ast.Call) -> str:
    """Return the name to which a statement assigns the error of a call, "" if it goes elsewhere."""
    target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
    if not isinstance(target, ast.Name) or statement.value is None:
        return ""
    return target.id if any(value is call for value in raised_values(statement.value)) else ""


def is_raised(name: str, block: Block, module: Module) -> bool:
    """Return whether a function raises the error that a module or class holds under a name."""
    scope = block.scope()
    owner = rf"(?:self|cls|{scope.name})\." if isinstance(scope, ast.ClassDef) else r"(?<!\.)"
    if not module.holds(name) or not re.search(rf"\braise\s+{owner}{name}\b(?!\s*[(\[])", module.text):
        return False
    return any(
        isinstance(mention.statement, ast.Raise) and mention.block.function() is not None
        for mention in module.mentions(name)
    )


RULE = Rule(
    code="FLX111",
    name="shared-error",
    on=True,
    message="{name} is created once, {where}, and raised many times; create it where it is raised",
    flags=(
        "A typed error that is created at module level, in a class body or as a default argument, and raised by a "
        "function. One of another module is reported where it is raised."
    ),
    silent=(
        "a class or a `partial` assigned to a name, which creates a new error each time; an error that is never raised."
    ),
    why=(
        "All raises share one correlation id, one timestamp and one count, and the traceback of the object grows "
        "with each raise. Two concurrent requests see each other's data."
    ),
    fix="Create the error in the `raise` statement, or in a function or class.",
    bad="""
        CLOSED = FlextExceptions.ProcessingError("the shop is closed", operation="buy")


        def buy(order):
            raise CLOSED
    """,
    good="""
        def closed():
            return FlextExceptions.ProcessingError("the shop is closed", operation="buy")


        def buy(order):
            raise closed()
    """,
    nodes=(ast.Call, ast.Raise),
    words=(LIBRARY,),
    check=check,
)
