"""FLX202: a handler of every error that does nothing with it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.classes import BASE, ROOT
from flext_analysis.raise_sites import classes_in
from flext_analysis.statements import Block
from flext_lint.rule import Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module

BROAD = frozenset(["builtins.Exception", "builtins.BaseException", ROOT, BASE])


def does_nothing(node: ast.stmt) -> bool:
    """Say whether a statement is pass, a constant, continue or break."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Pass | ast.Continue | ast.Break)


def check(node: ast.ExceptHandler, block: Block, module: Module) -> Iterator[Finding]:
    """Yield a handler that catches all errors and drops them."""
    if node.type is None or not all(map(does_nothing, node.body)):
        return
    for caught in classes_in(node.type):
        facts = module.classes.of(caught, block)
        if facts is not None and facts.path in BROAD:
            yield at(node, name=facts.name)
            return


RULE = Rule(
    code="FLX202",
    name="swallowed-error",
    on=True,
    message="{name} is caught and dropped; handle it, log it, or name the errors that do not matter",
    flags=(
        "A handler of Exception, BaseException, FlextExceptions or BaseError whose body is only `pass`, `...`, "
        "constants, `continue` or `break`."
    ),
    silent="handlers of errors with a name of their own, and bodies that do something.",
    why="Every error ends there without a trace, the typing mistake of tomorrow included.",
    mend="Log the error, or catch only those that are known not to matter.",
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
    nodes=(ast.ExceptHandler,),
    words=("except",),
    check=check,
)
