"""FLX206: another system's error turned into a typed one that does not know it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.raise_sites import classes_in, handler_of
from flext_analysis.statements import Block
from flext_lint.rule import LIBRARY, Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module


def foreign_class(handler: ast.ExceptHandler, block: Block, module: Module) -> str:
    """Return the name of an imported class that a handler catches and that is no typed error, "" for none."""
    for one in classes_in(handler.type):
        facts = module.classes.of(one, block)
        if facts is not None and not (facts.builtin or facts.typed or facts.node or facts.is_namespace):
            return facts.path
    return ""


def check(node: ast.Raise, block: Block, module: Module) -> Iterator[Finding]:
    """Yield a typed error raised in a handler of another system's error, with neither cause nor correlation id."""
    handler = handler_of(block)
    if node.exc is None or node.cause is not None or handler is None:
        return
    for call in module.typed_calls(node, block):
        keywords = [keyword.arg for keyword in (*call.node.keywords, *call.added)]
        foreign = foreign_class(handler, block, module) if {"correlation_id", None}.isdisjoint(keywords) else ""
        if foreign:
            yield at(node, name=call.facts.name, foreign=foreign, cause=handler.name or "err")
            return


RULE = Rule(
    code="FLX206",
    name="lost-correlation",
    on=False,
    message="{name} knows nothing of the {foreign} that it stands for; add from {cause} or correlation_id=",
    flags="A typed error raised in a handler of another system's error, with neither `from` nor `correlation_id`.",
    silent=(
        "handlers of builtins, of typed errors and of classes of the file; `**kw`; `from None`, which says that "
        "the cause does not matter."
    ),
    why="The trail from the request to the failure of the other system breaks here.",
    mend="Add `from err`, or hand on the id of the request that failed.",
    bad="""
        import requests

        try:
            requests.get(url)
        except requests.Timeout:
            raise FlextExceptions.TimeoutError("no answer", timeout_seconds=5)
    """,
    good="""
        import requests

        try:
            requests.get(url)
        except requests.Timeout as err:
            raise FlextExceptions.TimeoutError("no answer", timeout_seconds=5) from err
    """,
    nodes=(ast.Raise,),
    words=(LIBRARY,),
    check=check,
)
