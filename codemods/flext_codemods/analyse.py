"""Find what the recipes have to say about one module. Reads the text only: nothing is imported, nothing is written."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from flext_analysis.modules import module_name, package_of
from flext_analysis.names import BUILTIN_ERRORS, Names
from flext_analysis.scan import Block, statements
from flext_analysis.sites import RaiseSite, raise_sites
from flext_analysis.source import Source
from flext_codemods.findings import Finding
from flext_codemods.recipe import Recipe
from flext_codemods.surroundings import Surroundings

__all__ = ["Module", "analyse"]


RENAMED = re.compile(rf"=[ \t]*(?:{'|'.join(BUILTIN_ERRORS)})\b")


class Module:
    """One module under analysis: its source, its names, and what surrounds it."""

    def __init__(self, path: Path, source: Source, around: Surroundings, retarget_to: str = "flext_exceptions") -> None:
        self.path = path
        self.source = source
        self.around = around
        self.retarget_to = retarget_to
        self.package = package_of(path)
        self.name = module_name(path)
        self.block_at: dict[int, Block] = {}

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

    def finding(self, recipe: str, node: ast.stmt, block: Block, **facts: str | bool) -> Finding:
        """Build the finding for a statement, and remember the block that it stands in."""
        start, end = self.source.span(node)
        self.block_at[start] = block
        column = start - self.source.starts[node.lineno - 1] + 1
        return Finding(recipe, node.lineno, column, start, end, **facts)  # type: ignore[arg-type]


def analyse(module: Module, recipes: Iterable[Recipe]) -> list[Finding]:
    """Return what the recipes find in a module, in the order of the source."""
    found: Iterator[Finding] = (finding for recipe in recipes for finding in recipe.find(module))
    return sorted(found, key=lambda finding: finding.start)
