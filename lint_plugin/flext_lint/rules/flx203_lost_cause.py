"""FLX203: a new error in a handler that does not say what caused it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.names import dotted
from flext_analysis.raised import Raised, is_class_name
from flext_analysis.scan import Block
from flext_analysis.sites import classes_in, handler_of
from flext_lint.rule import Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module

# What steers the program, and is no failure that would want a cause: StopIteration, ExitNow, SkipTest, queue.Empty.
SIGNALS = re.compile(r"_?(Stop|Exit|Skip|Quit).*|.*Exit|KeyboardInterrupt|Empty|Full")


def new_error(one: Raised) -> str:
    """Return the name of the class of an error that is made where it is raised, "" where that is not certain."""
    if one.facts is not None:
        name = one.facts.path.rpartition(".")[2]
        known = one.facts.is_error or one.facts.typed or is_class_name(name)
    else:
        name = (dotted(one.call.func if one.call is not None else one.value) or "").rpartition(".")[2]
        known = is_class_name(name)
    return name if known and not SIGNALS.fullmatch(name) else ""


def check(node: ast.Raise, block: Block, module: Module) -> Iterator[Finding]:
    """Yield a raise of a new error in a handler, without ``from``."""
    if node.exc is None or node.cause is not None:
        return
    handler = handler_of(block)
    if handler is None or is_reraise(node.exc, handler.name):
        return
    for one in module.raised(node, block):
        name = new_error(one)
        if name and not is_caught_here(one, handler, block, module):
            yield at(node, name=name, cause=handler.name or "err")
            return


def is_caught_here(one: Raised, handler: ast.ExceptHandler, block: Block, module: Module) -> bool:
    """Say whether a ``try`` inside the handler catches the very class: then the error never leaves the handler."""
    raised = dotted(one.call.func if one.call is not None else one.value)
    for outer in block.outwards():
        if outer.owner is handler:
            return False
        if isinstance(outer.owner, ast.Try) and outer.part == "body":
            for caught in (caught for clause in outer.owner.handlers for caught in classes_in(clause.type)):
                facts = module.classes.of(caught, outer)
                if dotted(caught) == raised or (facts and one.facts and facts.path in one.facts.ancestors):
                    return True
    return False


def is_reraise(node: ast.expr, name: str | None) -> bool:
    """Say whether it is the caught error that is raised: ``raise err``, ``raise err.with_traceback(...)``."""
    while isinstance(node, ast.Call | ast.Attribute):
        node = node.func if isinstance(node, ast.Call) else node.value
    return isinstance(node, ast.Name) and node.id == name


RULE = Rule(
    code="FLX203",
    name="lost-cause",
    on=True,
    message="raises {name} in a handler without its cause; add from {cause}, or from None",
    flags="A new error raised in a handler with no `from`.",
    silent=(
        "`raise name` of an error that exists; calls that may give one; `from None`, which says that the cause "
        "does not matter; functions and classes defined in the handler; `SystemExit`, `StopIteration`, "
        "`SkipTest` and the like, which steer the program."
    ),
    why=(
        "Without `from` the traceback says that another error happened while this one was handled, as if the "
        "handler were broken, and tools that follow `__cause__` find nothing (PEP 3134)."
    ),
    mend="Add `from err`; `from None` where the cause is of no interest to anyone.",
    bad="""
        try:
            port = int(text)
        except ValueError:
            raise FlextExceptions.ConfigurationError("no port", config_key="port")
    """,
    good="""
        try:
            port = int(text)
        except ValueError as err:
            raise FlextExceptions.ConfigurationError("no port", config_key="port") from err
    """,
    nodes=(ast.Raise,),
    words=("except",),
    check=check,
)
