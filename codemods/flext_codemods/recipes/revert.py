"""Typed stand-ins back to their builtins: what ``flext-codemods revert`` does."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from flext_analysis.syntax.bindings import dotted
from flext_analysis.syntax.raise_sites import RaiseSite
from flext_analysis.syntax.statements import Block, expressions
from flext_codemods.model.finding import Finding
from flext_codemods.model.module import Module
from flext_codemods.model.recipe import REVERT, Pairs, Recipe
from flext_codemods.project.skip import Skip
from flext_codemods.raises.typed_raises import name_skip, typed_raises
from flext_codemods.repository.targets import LIBRARY

if TYPE_CHECKING:
    import libcst as cst

ASKED: Mapping[str, str] = {f"{LIBRARY}.builtin_type": "type", f"{LIBRARY}.builtin_repr": "repr"}


def hint(raw: bytes, retarget_to: str) -> bool:
    """Return whether a file may raise a typed error, of the library or of the project, or ask for a builtin."""
    return b"raise" in raw or LIBRARY.encode() in raw


def find(module: Module) -> Iterator[Finding]:
    """Yield a finding for each typed error that is raised or passed on, and for each request for a builtin."""
    yield from typed_raises(module)
    if "builtin_" in module.source.text:
        for statement, block in module.placed:
            for node in expressions(statement):
                if isinstance(node, ast.Call):
                    yield from asked(module, node, block)


def asked(module: Module, node: ast.Call, block: Block) -> Iterator[Finding]:
    """Yield the finding for a call of ``builtin_type`` or ``builtin_repr``."""
    name = dotted(node.func) or ""
    plain = ASKED.get(module.names.resolve(node.func, block).path or "") if "builtin_" in name else None
    start, _ = module.source.span(node)
    if plain is None or not module.source.text.startswith(name, start):
        return
    site = RaiseSite(ast.copy_location(ast.Raise(node, None), node), block, node.func, node)
    skip = name_skip(module, site, plain)
    kept = module.repository.keeps_typed
    if kept is not None:
        skip = Skip("identity", "it may read a typed error, since at least one remains", kept)
    drops = (name.partition(".")[0],)
    yield module.finding(REVERT, node, block, target=f"{LIBRARY}.{name}", names=(plain,), skip=skip, drops=drops)


def rewrite(node: cst.CSTNode, finding: Finding) -> list[cst.CSTNode]:
    """Replace a stand-in by its builtin."""
    import libcst as cst

    if isinstance(node, cst.Raise):
        assert node.exc is not None
        (raised,) = rewrite(node.exc, finding)
        assert isinstance(raised, cst.BaseExpression)
        return [node.with_changes(exc=raised)]
    name = cst.Name(finding.names[0])
    if isinstance(node, cst.Call):
        return [node.with_changes(func=name.with_changes(lpar=node.func.lpar, rpar=node.func.rpar))]
    assert isinstance(node, cst.Name | cst.Attribute)
    return [name.with_changes(lpar=node.lpar, rpar=node.rpar)]


def permits(old: object, new: object, finding: Finding) -> Pairs | None:
    """Permit another class or function, and imports of fewer names. See Recipe.permits."""
    match old, new:
        case ast.Name() | ast.Attribute(), ast.Name(id=name) if name == finding.names[0] and dotted(old) != name:
            return [] if (dotted(old) or "").partition(".")[0] in finding.drops else None
        case ast.ImportFrom(), []:
            return [] if {alias.asname or alias.name for alias in old.names} else None
        case [ast.alias(), *_], [ast.alias(), *_] if isinstance(old, list) and isinstance(new, list):
            kept = [(alias.name, alias.asname) for alias in new]
            names = iter((alias.name, alias.asname) for alias in old)
            return [] if len(new) < len(old) and all(one in names for one in kept) else None
    return None


RECIPE = Recipe(
    name=REVERT,
    safety="safe",
    summary="raise the builtin that a typed error replaces, if the error has only a message",
    before='raise FlextExceptions.ValidationError("m")',
    after='raise ValueError("m")',
    hint=hint,
    find=find,
    rewrite=rewrite,
    permits=permits,
    by_default=False,
)
