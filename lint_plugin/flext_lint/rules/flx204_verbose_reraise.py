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
    if handler is not None and handler.name == node.exc.id and not is_bound_anew(handler):
        yield at(node, name=node.exc.id)


def is_bound_anew(handler: ast.ExceptHandler) -> bool:
    """Say whether the body of a handler binds or deletes its name again."""
    for body in handler.body:
        for node in ast.walk(body):
            if isinstance(node, ast.Name) and node.id == handler.name and not isinstance(node.ctx, ast.Load):
                return True
            if handler.name in (getattr(node, "asname", None), getattr(node, "rest", None)):
                return True
            if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name == handler.name:
                return True
    return False


RULE = Rule(
    code="FLX204",
    name="verbose-reraise",
    on=True,
    message="raise {name} adds a line to the traceback and no more; raise alone",
    flags="`raise err` in the handler that caught `err`, where `raise` is meant.",
    silent="a name that was bound anew, or that belongs to an outer handler; `raise err from ...`.",
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
