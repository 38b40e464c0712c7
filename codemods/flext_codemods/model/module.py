"""One module under analysis. Its text is read: nothing is imported, nothing is written."""

from __future__ import annotations

import ast
import copy
import re
from functools import cached_property
from pathlib import Path
from typing import Any

from flext_analysis.modules import module_name, package_of
from flext_analysis.semantics.builtin_aliases import renames_an_alias
from flext_analysis.semantics.classes import Classes
from flext_analysis.semantics.star_imports import star_exports
from flext_analysis.syntax.bindings import BUILTIN_ERRORS, Names
from flext_analysis.syntax.raise_sites import RaiseSite, raise_sites
from flext_analysis.syntax.source import Source
from flext_analysis.syntax.statements import Block, statements
from flext_codemods.model.finding import Finding
from flext_codemods.model.job import Job
from flext_codemods.repository.targets import LIBRARY, Target, importable

__all__ = ["Module"]

RENAMED = re.compile(rf"=[ \t]*(?:{'|'.join(BUILTIN_ERRORS)})\b")


class Module:
    """One module under analysis: its source, its names, and what other files contribute."""

    def __init__(self, path: Path, source: Source, job: Job) -> None:
        self.path = path
        self.top = job.exclusions.top
        self.source = source
        self.repository = job.repository
        self.retarget_to = job.retarget_to
        self.recipes = job.recipes
        self.unsafe = job.unsafe
        self.allow = job.allow
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
    def raises(self) -> frozenset[ast.stmt]:
        """The raise statements themselves."""
        return frozenset(site.node for site in self.raise_sites)

    @cached_property
    def may_rename_builtins(self) -> bool:
        """Whether the text suggests another name for a builtin error: only then are other names resolved."""
        text = self.source.text
        return "builtins" in text or renames_an_alias(text) or RENAMED.search(text) is not None

    @cached_property
    def names(self) -> Names:
        """The bindings of every scope."""
        return Names(self.source.tree, self.source.text, self.package or None)

    @cached_property
    def classes(self) -> Classes:
        """The classes of the module; the project's own targets count as typed."""
        declared = {
            target.path: builtin
            for builtin, target in self.repository.targets.items()
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

    def with_source(self, source: Source) -> Module:
        """Return the same module with another text."""
        other = copy.copy(self)
        for name in [name for name in vars(other) if isinstance(getattr(Module, name, None), cached_property)]:
            del vars(other)[name]
        other.source, other.block_at, other.judged = source, {}, {}
        return other

    def target(self, path: str) -> Target:
        """Return the target with a dotted name: one of the project's, or of the library's."""
        own = (target for target in self.repository.targets.values() if target.module != LIBRARY)
        return next((target for target in own if target.path == path), None) or importable(path)

    def finding(self, recipe: str, node: ast.stmt | ast.expr, block: Block, **fields: Any) -> Finding:
        """Build the finding for a statement or an expression, and remember the block that contains it."""
        start, end = self.source.span(node)
        self.block_at[start] = block
        column = start - self.source.starts[node.lineno - 1] + 1
        return Finding(recipe, node.lineno, column, start, end, expression=isinstance(node, ast.expr), **fields)
