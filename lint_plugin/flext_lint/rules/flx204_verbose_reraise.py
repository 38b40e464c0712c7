"""FLX204: the caught error raised by its name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.semantics.handlers import is_verbose_reraise
from flext_analysis.syntax.statements import Block
from flext_lint.rule import Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module


def check(node: ast.Raise, block: Block, module: Module) -> Iterator[Finding]:
    """Yield ``raise err`` in the handler that bound err, if nothing rebound it since."""
    if not isinstance(node.exc, ast.Name):
        return
    itself = isinstance(node.cause, ast.Name) and node.cause.id == node.exc.id
    plain = ast.copy_location(ast.Raise(node.exc, None), node) if itself else node
    if is_verbose_reraise(plain, block):
        yield at(node, name=node.exc.id)


RULE = Rule(
    code="FLX204",
    name="verbose-reraise",
    on=True,
    message="raise {name} only adds a line to the traceback; use a bare raise",
    flags="`raise err`, or `raise err from err`, in the handler that caught `err`, where `raise` would do.",
    silent=(
        "a name that was rebound, or that belongs to an outer handler; `raise err from other`; a `finally` in the "
        "handler, and `except*`, where `raise` does something else."
    ),
    why="`raise` makes clear that nothing was changed, and adds no line to the traceback.",
    fix="Leave out the name.",
    bad="""
        try:
            save()
        except OSError as err:
            store.close()
            raise err
    """,
    good="""
        try:
            save()
        except OSError:
            store.close()
            raise
    """,
    nodes=(ast.Raise,),
    words=("except",),
    check=check,
    recipe="handlers",
    unsafe=True,
)
