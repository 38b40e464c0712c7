"""One module as the rules see it: its tree and text, and the meaning of its names, classes and calls."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from flext_analysis.program.hierarchy import ClassInfo
from flext_analysis.semantics.classes import Classes, ClassFacts
from flext_analysis.semantics.error_names import ErrorImports
from flext_analysis.semantics.raised_types import Raised, is_class_name, raised
from flext_analysis.semantics.star_imports import star_exports
from flext_analysis.semantics.values import assigned, followed
from flext_analysis.syntax.bindings import BUILTIN_ERRORS, Names, dotted
from flext_analysis.syntax.positions import lines_holding, occurrences, statements_at
from flext_analysis.syntax.raise_sites import classes_in, handler_of, is_protocol
from flext_analysis.syntax.statements import Block, Placed, Run, ScopeNode, expressions, standing_at
from flext_lint.project import Project
from flext_lint.typed_calls import LIBRARY, TypedCall, typed_calls

__all__ = ["Mention", "Module"]


OPERATORS = frozenset(["or", "and", "else"])


class Mention(NamedTuple):
    """A use of a name: the statement and its block, and whether the name is called there."""

    statement: ast.stmt
    block: Block
    is_call: bool


class Module:
    """A module. Names and classes are resolved when a rule needs them; ``tree`` must be set by then."""

    tree: ast.Module

    def __init__(self, tree: ast.Module | None, lines: Sequence[str], filename: str, project: Project) -> None:
        if tree is not None:
            self.tree = tree
        self.lines = lines
        self.filename = filename
        self.project = project
        self.text = "".join(lines)
        self._raised: dict[ast.Raise, list[Raised]] = {}
        self._words: dict[str, bool] = {}

    def let_go(self) -> None:
        """Drop everything that is held: it is part of a cycle, and the tree would wait for the collector."""
        self.__dict__.clear()

    def statements(self, kinds: Container[type[ast.AST]], words: Iterable[str]) -> list[Placed]:
        """Return the statements of some kinds with their blocks, including those that contain one of some words."""
        return standing_at(self.tree, kinds, lines_holding(words, self.text))

    @property
    def runs(self) -> Mapping[ScopeNode, Sequence[Run]]:
        """Every block with its statements, by scope; expensive, since every statement is visited."""
        return self.classes.runs

    def holds(self, word: str) -> bool:
        """Return whether a word occurs anywhere in the text; for LIBRARY, whether the text names the library."""
        found = self._words.get(word)
        if found is None:
            found = self._words[word] = self.names_library if word == LIBRARY else word in self.text
        return found

    @cached_property
    def declared(self) -> Mapping[str, str]:
        """The classes that the project declares as typed, if the text names them: in most files none."""
        known = self.project.declared
        return {path: builtin for path, builtin in known.items() if path.rpartition(".")[2] in self.text}

    @cached_property
    def names_library(self) -> bool:
        """Whether the text names the library, or a class that the project declares as typed."""
        return "flext_" in self.text or bool(self.declared) or bool(self.leading.typed)

    @cached_property
    def path(self) -> Path:
        """The absolute path of the file."""
        return Path(self.filename).absolute()

    @cached_property
    def leading(self) -> ErrorImports:
        """The names that the module imports from others of the project and that refer to errors."""
        return self.project.imported_by(self.text, self.path)

    @cached_property
    def is_test(self) -> bool:
        """Whether this is test code."""
        return self.project.is_test(self.filename)

    @cached_property
    def classes(self) -> Classes:
        """The classes of the module, and through them its names."""
        placed = bool(self.declared or self.leading.errors or self.leading.others)
        module = self.project.imported.importer(self.path).name if placed else ""
        package = module if self.path.name == "__init__.py" else module.rpartition(".")[0]
        return Classes(
            self.tree,
            self.text,
            package=package,
            module=module,
            declared=self.declared,
            stars=lambda modules: star_exports(self.path, tuple(modules)),
            outside=self.outside,
            foreign=self.leading.typed,
        )

    @property
    def names(self) -> Names:
        """The names of the module."""
        return self.classes.names

    def outside(self, path: str) -> ClassInfo | None:
        """Return the class of another module of the project with a dotted name, None for anything else."""
        if not (self.leading.errors or self.leading.others):
            return None
        return self.project.outside(path, self.path)

    def raised(self, node: ast.Raise, block: Block) -> list[Raised]:
        """Return what a raise statement may raise."""
        found = self._raised.get(node)
        if found is None:
            values = raised(node.exc, block, self.classes) if node.exc is not None else ()
            found = self._raised[node] = [named for one in values for named in self.named(one, block)]
        return found

    def named(self, one: Raised, block: Block) -> Iterator[Raised]:
        """Yield the classes of a raised value; for a name that was assigned an error before, those of that error."""
        value = one.value
        if one.facts is None and isinstance(value, ast.Name) and self.holds(f"{value.id} = "):
            handler = handler_of(block)
            found = assigned(value, block, self.names) if handler is None or handler.name != value.id else None
            if found is not None and isinstance(found.value, ast.Call | ast.IfExp | ast.BoolOp):
                for known in raised(found.value, found.block, self.classes):
                    yield known._replace(value=value, call=known.call, made=known.made, assigned=found)
                return
        yield one

    def replacement(self, facts: ClassFacts | None, block: Block) -> tuple[str, str]:
        """Return the builtin that a class is and the typed error to raise instead, ("", "") if the builtin is right.

        It is right if the project allows it, a protocol requires it, or the builtin has no typed error.
        """
        builtin = facts.builtin if facts is not None else ""
        target = self.project.target("Exception" if builtin == "BaseException" else builtin)
        if not target or builtin in self.project.settings.allow or is_protocol(builtin, block):
            return "", ""
        return builtin, target

    @cached_property
    def typed_calls(self) -> list[tuple[TypedCall, Block]]:
        """The calls that construct typed errors, each with the block of its statement."""
        return list(typed_calls(self.classes)) if self.names_library else []

    @cached_property
    def by_statement(self) -> Mapping[ast.stmt, list[TypedCall]]:
        """The typed calls by the statement that contains them."""
        found: dict[ast.stmt, list[TypedCall]] = {}
        for call, _ in self.typed_calls:
            found.setdefault(call.statement, []).append(call)
        return found

    def occurrences(self, name: str, *, attributes: bool = False) -> Iterator[tuple[ast.stmt, Block]]:
        """Yield the statements that may contain a name, by its positions in the text, comments and strings included."""
        return self.statements_with(occurrences(name, self.text, attributes=attributes))

    def statements_with(self, places: Iterable[int]) -> Iterator[tuple[ast.stmt, Block]]:
        """Yield the statements at some positions of the text, in order."""
        number, last = 1, 0
        for place in places:
            number += self.text.count("\n", last, place)
            last = place
            yield from statements_at(number, self.tree)

    def text_of(self, node: ast.stmt) -> str:
        """Return the lines of a statement."""
        return "".join(self.lines[node.lineno - 1 : node.end_lineno])

    def line_starts(self, word: str) -> Iterator[tuple[ast.stmt, Block]]:
        """Yield the statements that begin with a (dotted) name that ends in a word, or end a condition with one."""
        return self.statements_with(self.starting(word))

    def starting(self, word: str) -> Iterator[int]:
        """Yield where a word ends a (dotted) name that begins a line or follows ``or`` and similar keywords."""
        text = self.text
        for at in self.places(word):
            before = text[text.rfind("\n", 0, at) + 1 : at].replace(".", "").split()
            if (len(before) < 2 or before[-2] in OPERATORS) and (not before or before[-1].isidentifier()):
                yield at

    def places(self, word: str) -> Iterator[int]:
        """Yield where a word occurs in the text, also as a part of a longer one."""
        at = self.text.find(word)
        while at >= 0:
            yield at
            at = self.text.find(word, at + len(word))

    def mentions(self, name: str) -> Iterator[Mention]:
        """Yield every use of a name, as a name or as an attribute."""
        seen: set[int] = set()
        for statement, block in self.occurrences(name, attributes=True):
            if id(statement) in seen:
                continue
            seen.add(id(statement))
            nodes = list(expressions(statement))
            called = {inner.func for inner in nodes if isinstance(inner, ast.Call)}
            for node in nodes:
                if name in (getattr(node, "id", ""), getattr(node, "attr", "")):
                    yield Mention(statement, block, node in called)

    def followed(self, node: ast.expr, block: Block) -> tuple[ast.expr, Block]:
        """Return the expression that was assigned to a name, with its block; any other expression unchanged."""
        if not isinstance(node, ast.Name):
            return node, block
        return followed(node, block, self.names)

    def caught(self, node: ast.expr | None, block: Block) -> list[tuple[ast.expr, ClassFacts | None]]:
        """Return the classes that a clause names, with what is known about each.

        A constant that holds a tuple of classes (``NETWORK = (TimeoutError, ConnectionError)``) is resolved, in this
        module and in others.
        """
        found: list[tuple[ast.expr, ClassFacts | None]] = []
        for one in classes_in(node):
            name = dotted(one) or ""
            facts = self.classes.of(one, block) if name in BUILTIN_ERRORS or is_class_name(name) else None
            members = self.members(one, block) if facts is None or not facts.whole else []
            found += members or [(one, facts or self.classes.of(one, block))]
        return found

    def members(self, node: ast.expr, block: Block) -> list[tuple[ast.expr, ClassFacts | None]]:
        """Return the classes in a tuple that a name refers to, [] if it refers to something else."""
        value, place = self.followed(node, block)
        if value is not node and isinstance(value, ast.Tuple):
            return [(member, self.classes.of(member, place)) for member in value.elts]
        first = (dotted(node) or "").partition(".")[0]
        if first not in self.leading.errors:
            return []
        origin = self.names.resolve(node, block)
        paths = [origin.path] if origin.path is not None else [f"{star}.{first}" for star in self.names.stars]
        infos = [info for path in paths for info in self.project.members(path, self.path)]
        return [(node, self.classes.of_info(info, "")) for info in infos]
