"""Errors that are handed over: thrown into a generator, set on a future, or bound to a name before their raise."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.syntax.raise_sites import INJECTING, RaiseSite, injected, raised_expression, raised_values
from flext_analysis.syntax.statements import Block
from flext_codemods.model.finding import Finding
from flext_codemods.model.module import Module
from flext_codemods.model.recipe import Recipe
from flext_codemods.raises.builtin_raises import judge, renames

if TYPE_CHECKING:
    import libcst as cst

HANDING = tuple(name.encode() for name in sorted(INJECTING))
WORDS = ("side_effect", *sorted(INJECTING))
THROWN = re.compile(rf"\.(?:{'|'.join(sorted(INJECTING))})\s*\(|\bside_effect\b")
INJECTED = re.compile(rb"\.(?:%b)\s*\(" % b"|".join(HANDING))
# Fixed letters first: the search runs over every file, and one that starts with a name is many times slower.
RAISED = re.compile(rb"raise[ \t(]+(\w+)(?![\w.(])")
BOUND = re.compile(rb"=[\s(\\]*[\w.]*(?:Error|Exception)\b")
NAME = re.compile(rb"(\w+)[ \t]*(?::[^=\n]*)?$")


def hint(raw: bytes, retarget_to: str) -> bool:
    """Say whether a file may hand over an error, or bind one to a name that it raises."""
    if b"side_effect" in raw or (any(name in raw for name in HANDING) and INJECTED.search(raw)):
        return True
    raised = set(RAISED.findall(raw))
    for match in BOUND.finditer(raw) if raised else ():
        name = NAME.search(raw, raw.rfind(b"\n", 0, match.start()) + 1, match.start())
        if name and name[1] in raised:
            return True
    return False


def find(module: Module) -> Iterator[Finding]:
    """Yield a finding for each builtin error that is handed over, or bound to a name on the line before its raise."""
    text = module.source.text
    if any(word in text for word in WORDS) and THROWN.search(text):
        for node, block in module.placed:
            for given in injected(node):
                for value in raised_values(given):
                    yield from builtin_handed_over(module, node, value, block)
    for site in module.raise_sites:
        if site.call is None and isinstance(site.raised, ast.Name):
            body: list[ast.stmt] = getattr(site.block.owner, site.block.part)
            before = body[max(body.index(site.node) - 1, 0)]
            bound = bound_before(before, site.node)
            if bound is not None:
                yield from builtin_handed_over(module, before, bound, site.block)


def bound_before(node: ast.stmt, following: ast.Raise) -> ast.Call | None:
    """Return the error that a statement binds to the very name that the one after it raises, None for no such."""
    match node, following.exc:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call), ast.Name(id=raised) if name == raised:
            return call
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.Call() as call), ast.Name(id=raised) if name == raised:
            return call
    return None


def builtin_handed_over(module: Module, node: ast.stmt, value: ast.expr, block: Block) -> Iterator[Finding]:
    """Yield the finding for an error that a statement hands over, where it is a builtin."""
    named, call = raised_expression(value)
    raising = ast.copy_location(ast.Raise(value, None), node)
    found = judge(module, RaiseSite(raising, block, named, call), "injections", value)
    if found is not None:
        yield found


def rewrite(node: cst.CSTNode, finding: Finding) -> list[cst.CSTNode]:
    """Put the target in the place of the builtin class."""
    import libcst as cst

    if isinstance(node, cst.Call):
        function = cst.parse_expression(finding.names[0]).with_changes(lpar=node.func.lpar, rpar=node.func.rpar)
        return [node.with_changes(func=function)]
    assert isinstance(node, cst.Name | cst.Attribute)
    return [cst.parse_expression(finding.names[0]).with_changes(lpar=node.lpar, rpar=node.rpar)]


RECIPE = Recipe(
    name="injections",
    safety="safe",
    summary="put the typed error where a builtin is thrown into a generator, set on a future or bound before its raise",
    before='future.set_exception(ValueError("m"))',
    after='future.set_exception(FlextExceptions.ValidationError("m"))',
    hint=hint,
    find=find,
    rewrite=rewrite,
    permits=renames,
)
