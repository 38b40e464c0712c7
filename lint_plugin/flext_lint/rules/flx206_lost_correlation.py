"""FLX206: another system's error turned into a typed one that has no link to it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.syntax.raise_sites import classes_in, handler_of, injected, raised_values
from flext_analysis.syntax.statements import Block
from flext_lint.rule import LIBRARY, Finding, Rule, at
from flext_lint.typed_calls import TypedCall

if TYPE_CHECKING:
    from flext_lint.module import Module


def foreign_class(handler: ast.ExceptHandler, block: Block, module: Module) -> str:
    """Return the name of an imported class that a handler catches and that is not a typed error, "" for none."""
    for one in classes_in(handler.type):
        facts = module.classes.of(one, block)
        if facts is not None and not (
            facts.builtin or facts.typed or facts.node or facts.definition or facts.is_namespace
        ):
            return facts.path
    return ""


def check(node: TypedCall, block: Block, module: Module) -> Iterator[Finding]:
    """Yield a typed error constructed in a handler of another system's error, with neither cause nor correlation id."""
    handler = handler_of(block)
    if handler is None or node.kind != "call" or isinstance(node.statement, ast.Raise):
        return  # another rule reports a raise without a cause
    if not (isinstance(node.statement, ast.Return) or is_injected(node)):
        return
    keywords = [given.arg for given in (*node.keywords, *node.added)]
    foreign = foreign_class(handler, block, module) if {"correlation_id", None}.isdisjoint(keywords) else ""
    if foreign:
        yield at(node.node, name=node.facts.name, foreign=foreign)


def is_injected(call: TypedCall) -> bool:
    """Return whether an error is passed on to be raised elsewhere."""
    return any(value is call.node for given in injected(call.statement) for value in raised_values(given))


RULE = Rule(
    code="FLX206",
    name="lost-correlation",
    on=False,
    message=("{name} has no link to the {foreign} that it replaces; pass correlation_id=, or raise it from the cause"),
    flags=(
        "A typed error created in a handler of another system's error and returned or passed on (`set_exception`) "
        "without `correlation_id`. One that is raised there without `from` is FLX203."
    ),
    silent=("handlers of builtins, of typed errors and of the project's classes; `**kw`."),
    why="The trail from the request to the other system's failure ends here.",
    fix="Pass on the id of the request that failed, or raise the error `from` its cause.",
    bad="""
        import requests

        try:
            requests.get(url)
        except requests.Timeout:
            future.set_exception(FlextExceptions.TimeoutError("no answer", timeout_seconds=5))
    """,
    good="""
        import requests

        try:
            requests.get(url)
        except requests.Timeout:
            future.set_exception(FlextExceptions.TimeoutError("no answer", correlation_id=request_id))
    """,
    nodes=(ast.Call,),
    words=(LIBRARY,),
    check=check,
)
