"""Which raises in a handler lose their cause: a new error, without ``from``, that leaves the handler."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from flext_analysis.semantics.classes import Classes
from flext_analysis.semantics.raised_types import Raised, is_class_name
from flext_analysis.syntax.bindings import dotted
from flext_analysis.syntax.raise_sites import classes_in, handler_of
from flext_analysis.syntax.statements import Block

__all__ = ["lost_cause"]

# Errors that control the program flow, and are not failures that need a cause: StopIteration, ExitNow, SkipTest,
# queue.Empty, click.Abort, CancelledError.
SIGNALS = re.compile(r"_?(Stop|Exit|Skip|Quit).*|.*Exit|KeyboardInterrupt|Empty|Full|Abort|Cancell?ed(Error)?")


def lost_cause(node: ast.Raise, values: Iterable[Raised], block: Block, classes: Classes) -> str:
    """Return the class name of a new error that a raise in a handler raises without ``from``, "" for none.

    ``values`` is what the statement may raise.
    """
    handler = handler_of(block) if node.exc is not None and node.cause is None else None
    if handler is None or node.exc is None or is_reraise(node.exc, handler.name):
        return ""
    for one in values:
        name = new_error(one)
        if one.assigned is not None and not is_in(handler, one.assigned.block):
            continue  # constructed before: what is raised is older than what was caught
        if name and one.assigned is not None and has_cause(one.value, handler):
            continue
        if name and not is_caught_here(one, handler, block, classes):
            return name
    return ""


def is_in(handler: ast.ExceptHandler, block: Block) -> bool:
    """Return whether a location is in the body of a handler."""
    return any(outer.owner is handler for outer in block.outwards())


def has_cause(value: ast.expr, handler: ast.ExceptHandler) -> bool:
    """Return whether a handler sets the cause or context of a named error: ``failure.__cause__ = err``."""
    name = dotted(value) or ""
    return any(
        isinstance(node, ast.Attribute) and node.attr in ("__cause__", "__context__") and dotted(node.value) == name
        for body in handler.body
        for node in ast.walk(body)
    )


def new_error(one: Raised) -> str:
    """Return the class name of an error that is constructed where it is raised, "" if that is not certain."""
    if one.facts is not None:
        name = one.facts.path.rpartition(".")[2]
        known = one.facts.is_error or one.facts.typed or is_class_name(name)
    else:
        name = (dotted(one.call.func if one.call is not None else one.value) or "").rpartition(".")[2]
        known = is_class_name(name)
    return name if known and not SIGNALS.fullmatch(name) else ""


def is_caught_here(one: Raised, handler: ast.ExceptHandler, block: Block, classes: Classes) -> bool:
    """Return whether a ``try`` inside the handler catches the class itself: then the error never leaves the handler."""
    raised = dotted(one.call.func if one.call is not None else one.value)
    for outer in block.outwards():
        if outer.owner is handler:
            return False
        if isinstance(outer.owner, ast.Try) and outer.part == "body":
            for caught in (caught for clause in outer.owner.handlers for caught in classes_in(clause.type)):
                facts = classes.of(caught, outer)
                if dotted(caught) == raised or (facts and one.facts and facts.path in one.facts.ancestors):
                    return True
    return False


def is_reraise(node: ast.expr, name: str | None) -> bool:
    """Return whether the caught error is raised: ``raise err``, ``raise err.with_traceback(...)``."""
    while isinstance(node, ast.Call | ast.Attribute):
        node = node.func if isinstance(node, ast.Call) else node.value
    return isinstance(node, ast.Name) and node.id == name
