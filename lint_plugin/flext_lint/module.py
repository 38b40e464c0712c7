"""One module under the rules: its tree and text, and what its names, classes and calls mean."""

from __future__ import annotations

import ast
from collections.abc import Container, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from flext_analysis.bindings import Names
from flext_analysis.classes import Classes, ClassFacts
from flext_analysis.modules import module_name, package_of
from flext_analysis.raise_sites import CHAINING, is_protocol, raised_values
from flext_analysis.raised_types import Raised, raised
from flext_analysis.star_imports import star_exports
from flext_analysis.statements import Block, Placed, Run, ScopeNode, by_scope, walk
from flext_lint.project import Project

__all__ = ["Module", "TypedCall"]


class TypedCall(NamedTuple):
    """The call of a typed error in a statement: the class, and the keywords that ``.with_context(...)`` adds to it."""

    node: ast.Call
    facts: ClassFacts
    statement: ast.stmt
    added: tuple[ast.keyword, ...] = ()


CALLING = frozenset([ast.Call, ast.IfExp, ast.BoolOp, ast.NamedExpr])  # what is a call that is raised, or may hold one
NOTHING: tuple[TypedCall, ...] = ()


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
    def declared(self) -> Mapping[str, str]:
        """The classes that the project declares as typed, as far as the text names them: in most files none."""
        known = self.project.declared
        return {path: builtin for path, builtin in known.items() if path.rpartition(".")[2] in self.text}

    @cached_property
    def names_library(self) -> bool:
        """Whether the text names the library, or a class that the project declares as typed."""
        return "flext_" in self.text or bool(self.declared)

    @cached_property
    def is_test(self) -> bool:
        """Whether this is test code."""
        return self.project.is_test(self.filename)

    @cached_property
    def classes(self) -> Classes:
        """The classes of the module, and through them its names."""
        path = Path(self.filename).absolute() if self.declared else Path()
        package, name = (package_of(path), module_name(path)) if self.declared else ("", "")
        return Classes(
            self.tree,
            self.text,
            self.runs,
            package=package,
            module=name,
            declared=self.declared,
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

    def mend(self, facts: ClassFacts | None, block: Block) -> tuple[str, str]:
        """Return the builtin that a class is and the typed error to raise in its place, ("", "") where that is right.

        It is where the project allows it, where a protocol asks for it, and for builtins without a typed error.
        """
        builtin = facts.builtin if facts is not None else ""
        target = self.project.target("Exception" if builtin == "BaseException" else builtin)
        if not target or builtin in self.project.settings.allow or is_protocol(builtin, block):
            return "", ""
        return builtin, target

    def typed_calls(self, node: ast.stmt, block: Block) -> Sequence[TypedCall]:
        """Return the calls of typed errors that are the value of a statement, or the items of a ``with``."""
        if isinstance(node, ast.With | ast.AsyncWith):
            return [call for item in node.items for call in self.typed_in(item.context_expr, node, block)]
        value = node.exc if isinstance(node, ast.Raise) else node.value  # type: ignore[attr-defined]
        return self.typed_in(value, node, block) if value is not None and type(value) in CALLING else NOTHING

    def typed_in(self, value: ast.expr, node: ast.stmt, block: Block) -> Sequence[TypedCall]:
        """Return the calls of typed errors that an expression of a statement may give."""
        if not self.may_be_typed(value, block):
            return NOTHING
        found: list[TypedCall] = []
        for call in raised_values(value):
            facts = self.classes.of_own(call.func, block) if isinstance(call, ast.Call) else None
            if isinstance(call, ast.Call) and facts is not None and (facts.typed or facts.is_namespace):
                found.append(TypedCall(call, facts, node, added_keywords(value, call)))
        return found

    def may_be_typed(self, value: ast.expr, block: Block) -> bool:
        """Say whether a value may call a typed error: most begin with a name that has to do with none."""
        first = value
        while isinstance(first, ast.Call | ast.Attribute):
            first = first.value if isinstance(first, ast.Attribute) else first.func
        return first is value or not isinstance(first, ast.Name) or self.classes.may_be_typed(first.id, block)


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
