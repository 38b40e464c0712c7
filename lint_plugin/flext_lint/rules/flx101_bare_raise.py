"""FLX101: ``raise`` alone where no exception can be active."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.syntax.bindings import parameters
from flext_analysis.syntax.raise_sites import handler_of
from flext_analysis.syntax.statements import Block, FunctionNode
from flext_lint.rule import Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module

EXITS = frozenset(["__exit__", "__aexit__"])
# Words in the name or the parameters of a function that others call while they handle an error, such as handle_error,
# onerror, start_response(status, exc_info). Taken from the findings in the standard library, django, flask and celery.
HANDLING = re.compile(r"err(or|back)?s?|exc(eption|s|_?info)?s?|(re)?raise|fail(ure|ed)?|except|traceback|onerror|tb")
WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def may_be_active(block: Block, module: Module) -> bool:
    """Return whether an exception may be active at a location."""
    for outer in block.outwards():
        if isinstance(outer.owner, ast.ExceptHandler) or outer.part == "finalbody":
            return True
        if isinstance(outer.owner, FunctionNode):
            name = outer.owner.name
            if name in EXITS or handles_errors(outer.owner):
                return True
            nested = outer.parent is not None and isinstance(outer.parent.owner, FunctionNode)
            if (nested or name.startswith("_")) and called_in_handlers_only(name, module):
                return True
    return False


def handles_errors(function: FunctionNode) -> bool:
    """Return whether a function handles an error that its caller caught, judging by its name and its parameters.

    >>> text = "def handle_error(self): 0\\ndef onError(): 0\\ndef retry(exc): 0\\ndef load(terror): 0"
    >>> [handles_errors(node) for node in ast.parse(text).body]
    [True, True, True, False]
    """
    names = (function.name, *parameters(function))
    return any(HANDLING.fullmatch(word.lower()) for name in names for word in WORDS.findall(name))


def called_in_handlers_only(name: str, module: Module) -> bool:
    """Return whether a function of the module is mentioned, and only ever called inside handlers."""
    found = list(module.mentions(name))
    return bool(found) and all(one.is_call and handler_of(one.block) is not None for one in found)


def check(node: ast.Raise, block: Block, module: Module) -> Iterator[Finding]:
    """Yield a bare raise where there is nothing to re-raise."""
    if node.exc is None and not may_be_active(block, module):
        yield at(node)


RULE = Rule(
    code="FLX101",
    name="bare-raise",
    on=True,
    message="bare raise where no exception is active; name the error to raise",
    flags="`raise` alone where no exception can be active: in `else`, in a `match` arm, after the handler.",
    silent=(
        "`raise` in `except`, `except*` and `finally`; in `__exit__` and `__aexit__`; in a function defined in a "
        "handler; in a helper that the module mentions only to call it in handlers, if its name starts with an "
        "underscore or it is defined in a function; in a function whose name or parameters show that it handles an "
        "error which its caller caught: `handle_error`, `onerror`, `start_response(status, exc_info)`."
    ),
    why=(
        "Without an active exception Python raises `RuntimeError: No active exception to reraise`, which hides what "
        "went wrong."
    ),
    fix="Raise a typed error that says what went wrong, or move the statement into the handler.",
    bad="""
        for attempt in range(3):
            if connect():
                break
        else:
            raise
    """,
    good="""
        for attempt in range(3):
            if connect():
                break
        else:
            raise FlextExceptions.ConnectionError("no answer", service="stock")
    """,
    nodes=(ast.Raise,),
    words=("raise",),
    check=check,
)
