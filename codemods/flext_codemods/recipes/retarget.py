"""``from flext_core import FlextExceptions`` to ``from flext_exceptions import FlextExceptions``, and back."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.syntax.statements import Block
from flext_codemods.model.finding import Finding
from flext_codemods.model.module import Module
from flext_codemods.model.recipe import Pairs, Recipe
from flext_codemods.project.skip import Skip
from flext_exceptions.catalogue import ROWS

if TYPE_CHECKING:
    import libcst as cst

# What both libraries export and what must move together: the root class and the old names of its types.
NAMES = frozenset(["FlextExceptions", *(f"Flext{row.name}" for row in ROWS)])
HOMES = {
    "flext_core": "flext_exceptions",
    "flext_core.exceptions": "flext_exceptions",
    "flext_exceptions": "flext_core",
}


def guarded(block: Block) -> bool:
    """Return whether an import may fail by design."""
    return any(isinstance(outer.owner, ast.Try | ast.TryStar) for outer in block.outwards())


def find(module: Module) -> Iterator[Finding]:
    """Yield a finding for each import of the root class from the other library."""
    other = "flext_core" if module.retarget_to == "flext_exceptions" else "flext_exceptions"
    for node, block in module.placed if other in module.source.text else ():
        if isinstance(node, ast.ImportFrom) and not node.level and node.module in HOMES:
            target = HOMES[node.module]
            names = {alias.name for alias in node.names}
            if target != module.retarget_to or not names & (NAMES | {"*"}):
                continue
            detail = ""
            if "*" in names:
                detail = f"a star import of {node.module} brings more than the exceptions"
            elif guarded(block):
                detail = f"the import of {node.module} is guarded by a try"
            elif not names <= NAMES and (inline(module, node) or has_comments(module, node)):
                detail = "the import would have to be split, but shares its lines with other code or comments"
            yield module.finding(
                "retarget", node, block, target=target, skip=Skip("conflict", detail) if detail else None
            )
        elif isinstance(node, ast.Import):
            yield from used_through_module(module, node, block)


def used_through_module(module: Module, node: ast.Import, block: Block) -> Iterator[Finding]:
    """Yield a finding, skipped, for an import of the other library whose exceptions are used as its attributes."""
    for alias in node.names:
        name = alias.asname or alias.name
        if HOMES.get(alias.name) == module.retarget_to and f"{name}.FlextExceptions" in module.source.text:
            detail = f"the exceptions are used as {name}.FlextExceptions"
            yield module.finding("retarget", node, block, target=module.retarget_to, skip=Skip("conflict", detail))


def inline(module: Module, node: ast.stmt) -> bool:
    """Return whether a statement shares its first or last line with other code."""
    start, end = module.source.span(node)
    text = module.source.text
    before = text[text.rfind("\n", 0, start) + 1 : start]
    after = text[end : (text.find("\n", end) + 1 or len(text) + 1) - 1].strip()
    return bool(before.strip()) or (bool(after) and not after.startswith("#"))


def has_comments(module: Module, node: ast.stmt) -> bool:
    """Return whether there is a comment inside a statement, which a split would lose."""
    start, end = module.source.span(node)
    return "#" in module.source.text[start:end]


def rewrite(node: cst.CSTNode, finding: Finding) -> list[cst.CSTNode]:
    """Import the exceptions from the target, and everything else from where it was."""
    import libcst as cst

    assert isinstance(node, cst.ImportFrom) and not isinstance(node.names, cst.ImportStar)
    moved = [alias for alias in node.names if alias.evaluated_name in NAMES]
    kept = [alias for alias in node.names if alias.evaluated_name not in NAMES]
    module = cst.parse_expression(finding.target)
    assert isinstance(module, cst.Name)
    if not kept:
        return [node.with_changes(module=module)]
    bare = node.with_changes(lpar=None, rpar=None)
    return [
        bare.with_changes(names=without_commas(kept)),
        bare.with_changes(module=module, names=without_commas(moved)),
    ]


def hint(raw: bytes, retarget_to: str) -> bool:
    """Return whether a file names the library that imports are moved away from."""
    return (b"flext_core" if retarget_to == "flext_exceptions" else b"flext_exceptions") in raw


def permits(old: object, new: object, finding: Finding) -> Pairs | None:
    """Permit the same names to come from other modules. See Recipe.permits."""
    if not isinstance(old, ast.ImportFrom):
        return None
    parts = new if isinstance(new, list) else [new]
    imports = [node for node in parts if isinstance(node, ast.ImportFrom)]
    if len(imports) < len(parts):
        return None
    names = [(alias.name, alias.asname) for node in imports for alias in node.names]
    return [] if sorted(names, key=str) == sorted(((one.name, one.asname) for one in old.names), key=str) else None


def without_commas(aliases: list[cst.ImportAlias]) -> list[cst.ImportAlias]:
    """Return the aliases without the commas between them, and so without their line breaks."""
    import libcst as cst

    return [alias.with_changes(comma=cst.MaybeSentinel.DEFAULT) for alias in aliases]


RECIPE = Recipe(
    name="retarget",
    safety="safe",
    summary="import FlextExceptions from flext_exceptions instead of flext_core (back with --to flext_core)",
    before="from flext_core import FlextExceptions",
    after="from flext_exceptions import FlextExceptions",
    hint=hint,
    find=find,
    rewrite=rewrite,
    permits=permits,
)
