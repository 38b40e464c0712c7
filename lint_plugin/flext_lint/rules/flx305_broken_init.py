"""FLX305: a typed class whose ``__init__`` leaves the library out, or hands it the context twice."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.bindings import dotted, parameters
from flext_analysis.statements import Block, FunctionNode
from flext_lint.rule import LIBRARY, Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module


def check(node: ast.ClassDef, block: Block, module: Module) -> Iterator[Finding]:
    """Yield an ``__init__`` that does not call its base's, or may pass context to it twice."""
    found = [inner for inner in node.body if isinstance(inner, FunctionNode) and inner.name == "__init__"]
    if not found or found[-1].decorator_list or node.name not in module.classes.below_library:
        return
    if not module.classes.of_node(node, block).typed:
        return
    init = found[-1]
    inside = Block(init, "body", Block(node, "body", block))
    if not any(is_init(inner, inside, module) for inner in ast.walk(init)):
        yield at(init, name=node.name, what="never calls super().__init__()")
    for inner in ast.walk(init):
        if isinstance(inner, ast.Call) and is_init(inner.func, inside, module) and passes_twice(inner, init):
            yield at(inner, name=node.name, what=f"passes context twice where **{kwarg_of(init)} holds one as well")


def is_init(node: ast.AST, block: Block, module: Module) -> bool:
    """Say whether an expression is ``super().__init__`` or ``Base.__init__``, but for a builtin's."""
    if not isinstance(node, ast.Attribute) or node.attr != "__init__":
        return False
    owner = module.classes.of(node.value, block)
    return owner is None or not owner.builtin


def kwarg_of(init: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """Return the name of the parameter that takes all other keywords, "" where there is none."""
    return init.args.kwarg.arg if init.args.kwarg is not None else ""


def passes_twice(call: ast.Call, init: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Say whether a call gives context by name beside a ``**kw`` that may still hold the caller's."""
    rest = kwarg_of(init)
    given = {keyword.arg or f"**{dotted(keyword.value)}" for keyword in call.keywords}
    if not rest or not {"context", f"**{rest}"} <= given or "context" in parameters(init):
        return False
    return not any(
        (isinstance(node, ast.Constant) and node.value == "context")
        or (isinstance(node, ast.Name) and node.id == rest and isinstance(node.ctx, ast.Store))
        for node in ast.walk(init)
    )


RULE = Rule(
    code="FLX305",
    name="broken-init",
    on=True,
    message="__init__ of {name} {what}",
    flags=(
        "A typed class whose `__init__` never calls its base's, or gives it `context=` beside a `**kw` that may "
        "hold the caller's."
    ),
    silent="an `__init__` that takes `context` as a parameter, or changes its keywords before it hands them on.",
    why=(
        "Without the base's `__init__` the error has no time, no context, and is not counted. With context given "
        "twice the call ends in a TypeError, in the place of the error."
    ),
    mend="Call `super().__init__(message, **kw)`; merge the caller's context before you hand it on.",
    bad="""
        class OutOfStock(FlextExceptions.ValidationError):
            def __init__(self, sku):
                self.sku = sku
    """,
    good="""
        class OutOfStock(FlextExceptions.ValidationError):
            def __init__(self, sku, **kw):
                super().__init__(f"{sku} is sold out", sku=sku, **kw)
    """,
    nodes=(ast.ClassDef,),
    words=(LIBRARY,),
    check=check,
)
