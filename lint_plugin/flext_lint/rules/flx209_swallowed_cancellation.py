"""FLX209: a handler that prevents the program from stopping."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.semantics.handlers import goes_on, is_expected
from flext_analysis.syntax.bindings import dotted
from flext_analysis.syntax.statements import Block
from flext_lint.rule import Finding, Rule, at
from flext_lint.rules.flx202_swallowed_error import does_nothing

if TYPE_CHECKING:
    from flext_lint.module import Module

STOPPING = {"builtins.BaseException": "BaseException", "asyncio.exceptions.CancelledError": "CancelledError"}
# Functions that show the error they are given, and nothing more.
SHOWING = frozenset(
    "str repr format print type isinstance len debug info warning warn error critical exception log write".split()
)


def check(node: ast.ExceptHandler, block: Block, module: Module) -> Iterator[Finding]:
    """Yield a handler of BaseException or CancelledError if the exception ends there."""
    if node.type is None or module.is_test or not may_stop(node.type):
        return
    if not (module.holds("BaseException") or module.holds("CancelledError")):
        return  # a constant stands for other classes
    for _, facts in module.caught(node.type, block):
        name = STOPPING.get(facts.path) if facts is not None else None
        if name is None:
            continue
        if name == "BaseException" and (all(map(does_nothing, node.body)) or is_expected(block, module.classes)):
            return  # FLX202 reports the first, the second knows about it
        if not (goes_on(node) or hands_on(node) or (name == "CancelledError" and is_another_matter(block))):
            yield at(node, name=name)
        return


def may_stop(node: ast.expr) -> bool:
    """Return whether a clause may name one of the two, judging by its text: most name other classes."""
    members = node.elts if isinstance(node, ast.Tuple) else [node]
    names = [(dotted(one) or "").rpartition(".")[2] for one in members]
    return any(name in ("BaseException", "CancelledError") or name.isupper() for name in names)


def hands_on(handler: ast.ExceptHandler) -> bool:
    """Return whether a handler passes on what it caught: as an argument, a name, an attribute, a result."""
    if handler.name is None:
        return False
    for body in handler.body:
        for node in ast.walk(body):
            match node:
                case ast.Call(func=func, args=args, keywords=keywords):
                    given = [*args, *(keyword.value for keyword in keywords)]
                    last = str(getattr(func, "attr", None) or getattr(func, "id", ""))
                    if last not in SHOWING and any(is_it(value, handler.name) for value in given):
                        return True
                case ast.Assign(value=value) | ast.Return(value=value) | ast.Yield(value=value):
                    if value is not None and is_it(value, handler.name):
                        return True
    return False


def is_it(node: ast.expr, name: str) -> bool:
    """Return whether an expression is the error, or a tuple or list with it."""
    if isinstance(node, ast.Tuple | ast.List):
        return any(is_it(member, name) for member in node.elts)
    return isinstance(node, ast.Name) and node.id == name


def is_another_matter(block: Block) -> bool:
    """Return whether a CancelledError does not stop the task: outside a coroutine it comes from a future.

    A function that cancels something waits for it to end, and one that raises CancelledError later remembers it.
    """
    function = block.function()
    if not isinstance(function, ast.AsyncFunctionDef):
        return True
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("cancel", "aclose"):
            return True
        if isinstance(node, ast.Raise) and "CancelledError" in ast.dump(node):
            return True
    return False


RULE = Rule(
    code="FLX209",
    name="swallowed-cancellation",
    on=True,
    message="{name} is not re-raised, so the program or task cannot be stopped; re-raise it",
    flags="A handler of BaseException, or of asyncio's CancelledError, that does not re-raise.",
    silent=(
        "a body that raises, ends the process, or passes the error on (`future.set_exception(err)`, "
        "`errors.append(err)`, `self.error = err`); an earlier clause that handles KeyboardInterrupt or SystemExit "
        "separately; a function that cancels a task and waits for it to end, that raises CancelledError later, or "
        "that is not a coroutine; test code; `except BaseException: pass`, which is FLX202."
    ),
    why=(
        "Ctrl-C, sys.exit() and task cancellation arrive as errors. If a handler swallows one, the program continues "
        "as if nobody had asked it to stop, and timeouts based on cancellation never take effect."
    ),
    fix="Add `raise` at the end of the handler, or catch Exception.",
    bad="""
        try:
            job.run()
        except BaseException:
            job.failures += 1
    """,
    good="""
        try:
            job.run()
        except BaseException:
            job.failures += 1
            raise
    """,
    nodes=(ast.ExceptHandler,),
    words=("except",),
    check=check,
)
