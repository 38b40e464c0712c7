"""Find what the recipes have to say about one module. Reads the text only: nothing is imported, nothing is written."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from flext_analysis.bindings import BUILTIN_ERRORS, Names
from flext_analysis.classes import Classes
from flext_analysis.modules import module_name, package_of
from flext_analysis.raise_sites import RaiseSite, raise_sites
from flext_analysis.source import Source
from flext_analysis.star_imports import star_exports
from flext_analysis.statements import Block, statements
from flext_codemods.findings import Finding
from flext_codemods.recipe import Recipe
from flext_codemods.surroundings import Surroundings
from flext_codemods.targets import LIBRARY, Target, importable

__all__ = ["Module", "analyse"]


RENAMED = re.compile(rf"=[ \t]*(?:{'|'.join(BUILTIN_ERRORS)})\b")


class Module:
    """One module under analysis: its source, its names, and what surrounds it.

    ``recipes`` are the names of those that run; ``unsafe`` says that changes which the program may notice are wanted.
    """

    def __init__(
        self,
        path: Path,
        source: Source,
        around: Surroundings,
        retarget_to: str = "flext_exceptions",
        recipes: Collection[str] = (),
        unsafe: bool = False,
    ) -> None:
        self.path = path
        self.source = source
        self.around = around
        self.retarget_to = retarget_to
        self.recipes = recipes
        self.unsafe = unsafe
        self.package = package_of(path)
        self.name = module_name(path)
        self.block_at: dict[int, Block] = {}
        self.judged: dict[ast.AST, Finding | None] = {}

    @cached_property
    def placed(self) -> list[tuple[ast.stmt, Block]]:
        """Every statement with its block, from one walk."""
        return list(statements(self.source.tree))

    @cached_property
    def raise_sites(self) -> list[RaiseSite]:
        """The raise statements that name something."""
        return list(raise_sites(self.placed))

    @cached_property
    def may_rename_builtins(self) -> bool:
        """Whether the text hints at another name for a builtin error: only then are other names looked at."""
        return "builtins" in self.source.text or RENAMED.search(self.source.text) is not None

    @cached_property
    def names(self) -> Names:
        """The bindings of every scope."""
        return Names(self.source.tree, self.source.text, self.package or None)

    @cached_property
    def classes(self) -> Classes:
        """The classes of the module; the project's own targets count as typed."""
        declared = {
            target.path: builtin
            for builtin, target in self.around.targets.items()
            if target.module != LIBRARY and target.name in self.source.text
        }
        return Classes(
            self.source.tree,
            self.source.text,
            package=self.package,
            module=self.name,
            declared=declared,
            stars=lambda modules: star_exports(self.path, tuple(modules)),
        )

    def target(self, path: str) -> Target:
        """Return the target with a dotted name: one of the project's, or of the library's."""
        own = next((target for target in self.around.targets.values() if target.path == path), None)
        return own or importable(path)

    def finding(self, recipe: str, node: ast.stmt | ast.expr, block: Block, **facts: Any) -> Finding:
        """Build the finding for a statement or an expression, and remember the block that it stands in."""
        start, end = self.source.span(node)
        self.block_at[start] = block
        column = start - self.source.starts[node.lineno - 1] + 1
        return Finding(recipe, node.lineno, column, start, end, expression=isinstance(node, ast.expr), **facts)


def analyse(module: Module, recipes: Iterable[Recipe]) -> list[Finding]:
    """Return what the recipes find in a module, in the order of the source."""
    found: Iterator[Finding] = (finding for recipe in recipes for finding in recipe.find(module))
    return sorted(found, key=lambda finding: (finding.start, finding.end))
