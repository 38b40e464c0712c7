"""FLX102: an error of no type at all."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.syntax.bindings import dotted
from flext_analysis.syntax.raise_sites import classes_in, handlers_around
from flext_analysis.syntax.statements import Block
from flext_lint.rule import Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module

UNTYPED = frozenset(["Exception", "BaseException"])


def check(node: ast.Raise, block: Block, module: Module) -> Iterator[Finding]:
    """Yield a raise of Exception or BaseException."""
    if node.exc is None or module.is_test:
        return
    if any(is_broad(clause) for clause in handlers_around(block)):
        return
    for one in module.raised(node, block):
        builtin, target = module.replacement(one.facts, block)
        if builtin in UNTYPED:
            yield at(node, builtin=builtin, target=target)


def is_broad(handler: ast.ExceptHandler) -> bool:
    """Return whether a handler catches every error, judging by the text of its clause."""
    return handler.type is None or any(dotted(caught) in UNTYPED for caught in classes_in(handler.type))


RULE = Rule(
    code="FLX102",
    name="untyped-raise",
    on=True,
    message="raises {builtin}, which only a handler for everything can catch; raise {target} or one of its subclasses",
    flags="`raise Exception` and `raise BaseException`, called or not.",
    silent=(
        "a raise that the same function catches; test code, where a raise imitates someone else's error; classes "
        "named in `allow`."
    ),
    why="To handle this error, you have to catch every other error as well, and no dashboard can tell them apart.",
    fix=(
        "Raise a type that says what went wrong; `migrate` uses `FlextExceptions.BaseError`, which the same handlers "
        "catch."
    ),
    bad="""
        raise Exception("the carrier gave no tracking number")
    """,
    good="""
        raise FlextExceptions.ProcessingError("the carrier gave no tracking number", operation="ship")
    """,
    nodes=(ast.Raise,),
    words=("raise",),
    check=check,
    recipe="raises",
)
