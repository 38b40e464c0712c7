"""FLX202: a handler of every error that does nothing with it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.semantics.classes import BASE, ROOT
from flext_analysis.syntax.bindings import dotted
from flext_analysis.syntax.statements import Block
from flext_lint.rule import Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module

BROAD = frozenset(["builtins.Exception", "builtins.BaseException", ROOT, BASE])


def does_nothing(node: ast.stmt) -> bool:
    """Return whether a statement is pass, a constant, continue, break, or returns or stores a constant."""
    match node:
        case ast.Pass() | ast.Continue() | ast.Break():
            return True
        case ast.Expr(value=ast.Constant()) | ast.Return(value=None):
            return True
        case ast.Return(value=ast.Constant(value=value)) | ast.Assign(value=ast.Constant(value=value)):
            return value is None or value is True or not value  # 404 or "refused" is a result of its own
    return False


def check(node: ast.stmt | ast.ExceptHandler, block: Block, module: Module) -> Iterator[Finding]:
    """Yield a handler that catches all errors and drops them, and ``suppress`` of all errors."""
    if isinstance(node, ast.ExceptHandler):
        if node.type is not None and all(map(does_nothing, node.body)) and not is_probe(block):
            name = broad_name(node.type, block, module)
            if name:
                yield at(node, name=name)
        return
    for item in node.items:  # type: ignore[attr-defined]
        call = item.context_expr
        if isinstance(call, ast.Call) and is_suppress(call.func, block, module):
            names = [broad_name(argument, block, module) for argument in call.args]
            yield from (at(call, name=name) for name in names if name)


def is_suppress(func: ast.expr, block: Block, module: Module) -> bool:
    """Return whether a function is ``contextlib.suppress``."""
    text = dotted(func) or ""
    return text.endswith("suppress") and module.names.resolve(func, block).path == "contextlib.suppress"


def is_probe(block: Block) -> bool:
    """Return whether a handler belongs to a ``try`` that checks whether something can be imported."""
    around = block.parent.owner if block.parent is not None else None
    body = around.body if isinstance(around, ast.Try) else []
    return bool(body) and isinstance(body[0], ast.Import | ast.ImportFrom)


def broad_name(node: ast.expr, block: Block, module: Module) -> str:
    """Return the name of the class in a clause that catches every error, "" for none."""
    for _, facts in module.caught(node, block):
        if facts is not None and facts.path in BROAD:
            return facts.name
    return ""


RULE = Rule(
    code="FLX202",
    name="swallowed-error",
    on=True,
    message="{name} is caught and ignored; handle it, log it, or name the errors that do not matter",
    flags=(
        "A handler of Exception, BaseException, FlextExceptions or BaseError whose body is only `pass`, `...`, "
        "constants, `continue` or `break`, or only returns or stores None, True, False, 0 or an empty text; "
        "`contextlib.suppress` of one of them."
    ),
    silent=(
        "handlers of specific errors, bodies that do something, and a `try` that begins with an import to check "
        "whether the module exists."
    ),
    why="Every error disappears without a trace, including tomorrow's typo.",
    fix="Log the error, or catch only errors that are known to be harmless.",
    bad="""
        try:
            put_back()
        except Exception:
            pass
    """,
    good="""
        try:
            put_back()
        except Exception:
            log.exception("not put back")
    """,
    nodes=(ast.ExceptHandler, ast.With, ast.AsyncWith),
    words=("except", "suppress"),
    check=check,
)
