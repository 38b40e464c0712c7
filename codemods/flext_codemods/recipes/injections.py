"""Errors that are passed on: thrown into a generator, set on a future, or bound to a name before their raise."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.syntax.raise_sites import INJECTING, RaiseSite, raised_expression
from flext_analysis.syntax.statements import Block
from flext_codemods.model.finding import Finding
from flext_codemods.model.module import Module
from flext_codemods.model.recipe import Recipe
from flext_codemods.raises.builtin_raises import judge, renames
from flext_codemods.raises.handed_over import handed_over

if TYPE_CHECKING:
    import libcst as cst

HANDING = tuple(name.encode() for name in sorted(INJECTING))
INJECTED = re.compile(rb"\.(?:%b)\s*\(" % b"|".join(HANDING))
# Fixed letters first: the search runs on every file, and a pattern that starts with a name is many times slower.
RAISED = re.compile(rb"raise[ \t(]+(\w+)(?![\w.(])")
BOUND = re.compile(rb"=[\s(\\]*[\w.]*(?:Error|Exception)\b")
NAME = re.compile(rb"(\w+)[ \t]*(?::[^=\n]*)?$")


def hint(raw: bytes, retarget_to: str) -> bool:
    """Return whether a file may pass on an error, or bind one to a name that it raises."""
    if b"side_effect" in raw or (any(name in raw for name in HANDING) and INJECTED.search(raw)):
        return True
    raised = set(RAISED.findall(raw))
    for match in BOUND.finditer(raw) if raised else ():
        name = NAME.search(raw, raw.rfind(b"\n", 0, match.start()) + 1, match.start())
        if name and name[1] in raised:
            return True
    return False


def find(module: Module) -> Iterator[Finding]:
    """Yield a finding for each builtin error that is passed on, or bound to a name on the line before its raise."""
    for value, node, block in handed_over(module):
        yield from builtin_handed_over(module, node, value, block)


def builtin_handed_over(module: Module, node: ast.stmt, value: ast.expr, block: Block) -> Iterator[Finding]:
    """Yield the finding for an error that a statement passes on, if it is a builtin."""
    named, call = raised_expression(value)
    raising = ast.copy_location(ast.Raise(value, None), node)
    found = judge(module, RaiseSite(raising, block, named, call), "injections", value)
    if found is not None:
        yield found


def rewrite(node: cst.CSTNode, finding: Finding) -> list[cst.CSTNode]:
    """Replace the builtin class by the target."""
    import libcst as cst

    if isinstance(node, cst.Call):
        function = cst.parse_expression(finding.names[0]).with_changes(lpar=node.func.lpar, rpar=node.func.rpar)
        return [node.with_changes(func=function)]
    assert isinstance(node, cst.Name | cst.Attribute)
    return [cst.parse_expression(finding.names[0]).with_changes(lpar=node.lpar, rpar=node.rpar)]


RECIPE = Recipe(
    name="injections",
    safety="safe",
    summary="use the typed error where a builtin is thrown into a generator, set on a future or bound before its raise",
    before='future.set_exception(ValueError("m"))',
    after='future.set_exception(FlextExceptions.ValidationError("m"))',
    hint=hint,
    find=find,
    rewrite=rewrite,
    permits=renames,
)
