"""FLX204: the caught error raised by its name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.scan import Block
from flext_analysis.sites import handler_of
from flext_lint.rule import Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module


def check(node: ast.Raise, block: Block, module: Module) -> Iterator[Finding]:
    """Yield ``raise err`` in the handler that bound err, where nothing else did since."""
    if not isinstance(node.exc, ast.Name) or node.cause is not None:
        return
    handler = handler_of(block)
    if handler is None or handler.name != node.exc.id or is_bound_anew(handler):
        return
    if raises_the_same(block, handler):
        yield at(node, name=node.exc.id)


def raises_the_same(block: Block, handler: ast.ExceptHandler) -> bool:
    """Say whether a bare raise at a place in a handler raises what the handler caught."""
    for outer in block.outwards():
        if outer.part == "finalbody":  # there it raises what the body of that try raised, if it did
            return False
        if outer.owner is handler and outer.parent is not None:
            # In except* the one raises the errors where they were, the other a new group around them.
            return isinstance(outer.parent.owner, ast.Try)
    return False


def is_bound_anew(handler: ast.ExceptHandler) -> bool:
    """Say whether the body of a handler binds or deletes its name again."""
    for body in handler.body:
        for node in ast.walk(body):
            if isinstance(node, ast.Name) and node.id == handler.name and not isinstance(node.ctx, ast.Load):
                return True
            # Handlers, patterns, imports, functions and classes hold the name that they bind as text.
            if handler.name in (getattr(node, field, None) for field in ("name", "asname", "rest")):
                return True
    return False


RULE = Rule(
    code="FLX204",
    name="verbose-reraise",
    on=True,
    message="raise {name} adds a line to the traceback and no more; raise alone",
    flags="`raise err` in the handler that caught `err`, where `raise` is meant.",
    silent=(
        "a name that was bound anew, or that belongs to an outer handler; `raise err from ...`; a `finally` in the "
        "handler, and `except*`, where `raise` does something else."
    ),
    why="`raise` says that nothing was changed, and the traceback ends where the error came from.",
    mend="Leave the name out.",
    bad="""
        try:
            save()
        except OSError as err:
            log.error("not saved")
            raise err
    """,
    good="""
        try:
            save()
        except OSError:
            log.error("not saved")
            raise
    """,
    nodes=(ast.Raise,),
    words=("except",),
    check=check,
)
