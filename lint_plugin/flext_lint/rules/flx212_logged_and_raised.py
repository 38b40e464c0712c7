"""FLX212: a failure that is logged on its way up, and again where it is handled."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.syntax.bindings import dotted
from flext_analysis.syntax.statements import Block
from flext_lint.rule import Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module

METHODS = frozenset("exception error critical fatal warning".split())
LOGGER = re.compile(r"(?:.*_)?log(?:ger|ging)?", re.IGNORECASE)


def check(node: ast.ExceptHandler, block: Block, module: Module) -> Iterator[Finding]:
    """Yield the call that logs an error in a handler that raises the same error again."""
    last = node.body[-1]
    if not isinstance(last, ast.Raise) or last.cause is not None:
        return
    if last.exc is not None and not (isinstance(last.exc, ast.Name) and last.exc.id == node.name):
        return
    for statement in node.body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call) and is_log(statement.value.func):
            yield at(statement)
            return


def is_log(func: ast.expr) -> bool:
    """Return whether a function is a logger's method for failures: ``log.exception``, ``self.logger.error``.

    >>> [is_log(ast.parse(text, mode="eval").body) for text in ("log.error", "self._logger.exception", "math.log")]
    [True, True, False]
    """
    if not isinstance(func, ast.Attribute) or func.attr not in METHODS:
        return False
    owner = func.value.func if isinstance(func.value, ast.Call) else func.value
    last = (dotted(owner) or "").rpartition(".")[2]
    return last == "getLogger" or LOGGER.fullmatch(last) is not None


RULE = Rule(
    code="FLX212",
    name="logged-and-raised",
    on=False,
    message="logs the error and re-raises it, so it is logged twice; do one or the other",
    flags="A handler that logs at its top level (`warning` or higher) and then raises the same error again.",
    silent="conditional logging; a handler that raises another error; `debug` and `info`.",
    why="One failure causes as many log entries as there are handlers on its way, and each raises an alert.",
    fix="Raise, and log where the error is handled; add what is known here with `with_context` or `add_note`.",
    bad="""
        try:
            save(order)
        except OSError:
            log.exception("not saved")
            raise
    """,
    good="""
        try:
            save(order)
        except OSError as err:
            err.add_note(f"while saving {order}")
            raise
    """,
    nodes=(ast.ExceptHandler,),
    words=("except",),
    check=check,
)
