"""One module under the rules: its tree and text, and what its names, classes and calls mean."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from flext_analysis.classes import Classes, ClassFacts
from flext_analysis.modules import module_name, package_of
from flext_analysis.names import Names
from flext_analysis.raised import Raised, raised
from flext_analysis.scan import Block, Placed, Run, ScopeNode, by_scope, walk
from flext_analysis.sites import CHAINING, raised_values
from flext_analysis.stars import star_exports
from flext_lint.project import Project

__all__ = ["Module", "TypedCall"]


class TypedCall(NamedTuple):
    """The call of a typed error: the class, and the keywords that ``.with_context(...)`` adds behind it."""

    node: ast.Call
    facts: ClassFacts
    added: tuple[ast.keyword, ...] = ()


class Module:
    """A module. Names and classes are looked at when a rule asks for them."""

    def __init__(self, tree: ast.Module, lines: Sequence[str], filename: str, project: Project) -> None:
        self.tree = tree
        self.lines = lines
        self.filename = filename
        self.project = project
        self.text = "".join(lines)
        self._raised: dict[ast.Raise, list[Raised]] = {}
        self._words: dict[str, bool] = {}

    def statements(self, kinds: Container[type[ast.AST]]) -> list[Placed]:
        """Return the statements of some kinds with their blocks, in no order; to be asked first, and once."""
        self.runs, found = walk(self.tree, kinds)
        return found

    @cached_property
    def runs(self) -> dict[ScopeNode, list[Run]]:
        """Every block with its statements, by scope."""
        return by_scope(self.tree)

    def holds(self, word: str) -> bool:
        """Say whether a word stands anywhere in the text."""
        found = self._words.get(word)
        if found is None:
            found = self._words[word] = word in self.text
        return found

    @cached_property
    def names_library(self) -> bool:
        """Whether the text names the library, or a class that the project declares as typed."""
        declared = (path.rpartition(".")[2] for path in self.project.declared)
        return any(name in self.text for name in ("flext_", *declared))

    @cached_property
    def is_test(self) -> bool:
        """Whether this is test code."""
        return self.project.is_test(self.filename)

    @cached_property
    def classes(self) -> Classes:
        """The classes of the module, and through them its names."""
        declared = self.project.declared
        path = Path(self.filename).absolute() if declared else Path()
        package, name = (package_of(path), module_name(path)) if declared else ("", "")
        return Classes(
            self.tree,
            self.text,
            self.runs,
            package=package,
            module=name,
            declared=declared,
            stars=lambda modules: star_exports(Path(self.filename).absolute(), tuple(modules)),
        )

    @property
    def names(self) -> Names:
        """The names of the module."""
        return self.classes.names

    def raised(self, node: ast.Raise, block: Block) -> list[Raised]:
        """Return what a raise statement may raise."""
        found = self._raised.get(node)
        if found is None:
            found = self._raised[node] = list(raised(node.exc, block, self.classes)) if node.exc is not None else []
        return found

    def typed_calls(self, node: ast.stmt, block: Block) -> Iterator[TypedCall]:
        """Yield the calls of typed errors that are the value of a statement, or the items of a ``with``."""
        values: list[ast.expr | None]
        if isinstance(node, ast.With | ast.AsyncWith):
            values = [item.context_expr for item in node.items]
        else:
            values = [getattr(node, "exc" if isinstance(node, ast.Raise) else "value", None)]
        for value in values:
            for call in raised_values(value) if value is not None else ():
                facts = self.typed(call, block)
                if facts is not None:
                    yield TypedCall(call, facts, added_keywords(value, call))  # type: ignore[arg-type]

    def typed(self, call: ast.expr, block: Block) -> ClassFacts | None:
        """Return the facts of the class where an expression calls a typed error, or a namespace of such."""
        facts = self.classes.of_own(call.func, block) if isinstance(call, ast.Call) else None
        return facts if facts is not None and (facts.typed or facts.is_namespace) else None


def added_keywords(value: ast.expr | None, call: ast.expr) -> tuple[ast.keyword, ...]:
    """Return the keywords of the methods that are called on a call: ``Bad("m").with_context(a=1)``."""
    if value is None or value is call:
        return ()
    return tuple(
        keyword
        for inner in ast.walk(value)
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute) and inner.func.attr in CHAINING
        if call in raised_values(inner.func.value)
        for keyword in inner.keywords
    )
