"""FLX302: a code of the library written out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.statements import Block
from flext_exceptions import FlextExceptions
from flext_lint.module import TypedCall
from flext_lint.rule import LIBRARY, Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module

NAMES = ("code", "error_code")
CODES = {code: name for name, code in vars(FlextExceptions.ErrorCodes).items() if name.isupper()}


def near(one: str, other: str) -> bool:
    """Say whether at most one edit (a character put in, taken out or replaced) lies between two texts.

    >>> near("FLEXT_3001", "FLEXT_301"), near("NOT_FOUND", "NOTFOUND"), near("NOT_FOUND", "FOUND")
    (True, True, False)
    """
    if abs(len(one) - len(other)) > 1:
        return False
    if len(one) > len(other):
        one, other = other, one
    same = next((index for index, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), len(one))
    rest = other[same + 1 :]
    return one[same:] == rest or one[same + 1 :] == rest


def given(node: TypedCall | ast.ClassDef, block: Block, module: Module) -> Iterator[ast.expr]:
    """Yield the codes that a call gives, or that the body of a typed class declares."""
    if isinstance(node, TypedCall):
        yield from (keyword.value for keyword in node.node.keywords if keyword.arg in NAMES)
        return
    assigned: list[ast.expr] = []
    for inner in node.body:
        targets = inner.targets if isinstance(inner, ast.Assign) else [getattr(inner, "target", None)]
        value = getattr(inner, "value", None)
        if value is not None and any(isinstance(one, ast.Name) and one.id in NAMES for one in targets):
            assigned.append(value)
    if assigned and module.classes.of_node(node, block).typed:
        yield from assigned


def check(node: TypedCall | ast.ClassDef, block: Block, module: Module) -> Iterator[Finding]:
    """Yield a code given as text that is one of the library, or all but one."""
    for value in given(node, block, module):
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            text = value.value
            meant = text if text in CODES else next((code for code in CODES if near(text, code)), None)
            if meant is not None:
                yield at(value, code=text, name=CODES[meant])


RULE = Rule(
    code="FLX302",
    name="literal-code",
    on=True,
    message="code {code!r} as text; use FlextExceptions.ErrorCodes.{name}",
    flags="A code given as text that is a value of `ErrorCodes`, or within one edit of one.",
    silent="codes of your own.",
    why="A mistyped code is a code of its own, which no alert waits for.",
    mend="Use the name in `FlextExceptions.ErrorCodes`.",
    bad="""
        raise FlextExceptions.Error("too large", code="FLEXT_301")
    """,
    good="""
        raise FlextExceptions.Error("too large", code=FlextExceptions.ErrorCodes.VALIDATION_ERROR)
    """,
    nodes=(ast.Call, ast.ClassDef),
    words=(LIBRARY,),
    check=check,
)
