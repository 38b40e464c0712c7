"""How a site names its target: through an existing import, or one that has to be added."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from flext_analysis.semantics.star_imports import star_exports
from flext_analysis.syntax.bindings import Binding
from flext_analysis.syntax.statements import Block, ScopeNode
from flext_codemods.model.module import Module
from flext_codemods.repository.targets import Target

__all__ = ["Naming", "name_for"]


class Naming(NamedTuple):
    """How a site names its target: the expression, whether it needs the import to be added, or why it cannot."""

    expression: str = ""
    needs_import: bool = False
    conflict: str = ""


def same_home(module: Module, path: str) -> str:
    """Return a dotted name with the library's old name replaced if its import is about to be retargeted."""
    if module.retarget_to == "flext_exceptions":
        for other in ("flext_core.exceptions.", "flext_core."):
            if path.startswith(other):
                return f"flext_exceptions.{path.removeprefix(other)}"
    return path


def line_of(binding: Binding) -> int:
    """Return the line of a binding; 1 for one of the whole module."""
    line: int = getattr(binding.node, "lineno", 1)
    return line


def dominates(binding: Binding, site: Block, line: int) -> bool:
    """Return whether an import has run whenever the site is reached: before it, around it, unconditionally."""
    if line_of(binding) >= line:
        return False
    if not isinstance(binding.block.owner, ScopeNode):
        return False
    return any(outer == binding.block for outer in site.outwards())


def name_for(module: Module, target: Target, block: Block, line: int) -> Naming:
    """Return how a site names its target, given the existing imports."""
    whole = f"{target.module}.{target.name}"
    wanted = {whole: target.rest, target.module: f".{target.name}{target.rest}"}
    for local, origin in visible_imports(module, block):
        rest = wanted.get(same_home(module, origin))
        found = module.names.bindings(local, block)
        same = {(binding.kind, binding.origin) for binding in found} == {("import", origin)}
        if rest is not None and same and any(dominates(binding, block, line) for binding in found):
            return Naming(f"{local}{rest}")
    if any(isinstance(outer.owner, ast.ClassDef) and outer.owner.name == target.name for outer in block.outwards()):
        return Naming(conflict=f"{target.name} is the enclosing class")
    taken = conflicting(module, target, block)
    if taken:
        return Naming(conflict=taken)
    reader = module.repository.observations.namespaces.get(str(module.path))
    if reader is not None:
        return Naming(conflict=f"another name in the module would be noticed at {reader}")
    return Naming(f"{target.name}{target.rest}", needs_import=True)


def visible_imports(module: Module, block: Block) -> Iterator[tuple[str, str]]:
    """Yield (local name, origin) of the imports that are visible at a site, the nearest scope first."""
    for outer in block.outwards():
        if isinstance(outer.owner, ScopeNode):
            yield from module.names.imports(outer.owner)


def conflicting(module: Module, target: Target, block: Block) -> str:
    """Return what else has the name that the import would bind, "" if the name is free."""
    whole = f"{target.module}.{target.name}"
    here = module.names.bindings(target.name, block)
    if here and here[0].block.scope() is not module.source.tree:
        return f"{target.name} is a local name, bound in line {line_of(here[0])}"
    everywhere = module.names.scope(module.source.tree).get(target.name, [])
    for binding in everywhere:
        line = line_of(binding)
        if binding.kind != "import" or same_home(module, binding.origin or "") != whole:
            return f"{target.name} is bound to something else in line {line}"
        if any(isinstance(outer.owner, ast.Try | ast.TryStar) for outer in binding.block.outwards()):
            return f"the import of {target.name} on line {line} is guarded by a try"
    if module.names.stars and target.name in star_exports(module.path, tuple(module.names.stars)):
        return f"a star import binds {target.name}"
    if module.name == target.module:
        return f"{target.name} is defined in this module"
    return ""
