"""FLX203: a new error in a handler that does not name its cause."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.semantics.causes import lost_cause
from flext_analysis.syntax.raise_sites import handler_of
from flext_analysis.syntax.statements import Block
from flext_lint.rule import Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module


def check(node: ast.Raise, block: Block, module: Module) -> Iterator[Finding]:
    """Yield a raise of a new error in a handler, without ``from``."""
    handler = handler_of(block)
    if handler is None or node.exc is None or node.cause is not None:
        return
    name = lost_cause(node, module.raised(node, block), block, module.classes)
    if name:
        yield at(node, name=name, cause=handler.name or "err")


RULE = Rule(
    code="FLX203",
    name="lost-cause",
    on=True,
    message="raises {name} in a handler without its cause; add from {cause}, or from None",
    flags=(
        "A new error raised in a handler without `from`, whether it is created there, assigned to a name first, or "
        "created by a function."
    ),
    silent=(
        "`raise name` of an existing error; calls that may return one; `from None`, which says that the cause does "
        "not matter; functions and classes defined in the handler; `SystemExit`, `StopIteration`, `SkipTest`, "
        "`click.Abort` and similar errors used for control flow; an error created before the handler, and one whose "
        "`__cause__` is set."
    ),
    why=(
        "Without `from` the traceback says that another error occurred while this one was handled, as if the handler "
        "were broken, and tools that follow `__cause__` find nothing (PEP 3134)."
    ),
    fix="Add `from err`, or `from None` if the cause is irrelevant.",
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
    recipe="chain",
    unsafe=True,
)
