"""Handlers that name typed errors: what they newly receive when a builtin becomes typed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from flext_analysis.bindings import BUILTIN_ERRORS, Names
from flext_analysis.raise_sites import classes_in
from flext_analysis.source import Source
from flext_analysis.statements import Block, FunctionNode, statements
from flext_codemods.project.paths import Location
from flext_codemods.repository.targets import Target
from flext_codemods.repository.type_tables import last_name

__all__ = ["TypedClasses", "TypedHandler", "typed_handlers"]

LIBRARIES = re.compile(rb"\bflext_(?:core|exceptions)\b")
CATCHING = rb"\b(?:except|suppress|isinstance|issubclass)\b[^:]{0,500}?"


class TypedHandler(NamedTuple):
    """A clause that names typed classes: their dotted names, the builtins that never get there, and where it stands.

    ``lines`` is the range of lines that it guards where nothing is called there, () where an error may come from afar.
    """

    names: frozenset[str]
    caught_before: frozenset[str]
    path: str
    line: int
    lines: tuple[int, int] | tuple[()] = ()

    @property
    def location(self) -> Location:
        """Where it stands."""
        return Location(self.path, self.line)


def guards_afar(body: list[ast.stmt]) -> bool:
    """Say whether an error may come out of a call, an attribute or another operation of these statements."""
    quiet = {id(node.exc) for part in body for node in ast.walk(part) if isinstance(node, ast.Raise)}
    quiet |= {
        id(node.exc.func)
        for part in body
        for node in ast.walk(part)
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
    }
    loud = (ast.Call, ast.Attribute, ast.Subscript, ast.BinOp, ast.Compare, ast.For, ast.With, ast.Await, ast.Import)
    inside = (node for part in body for node in ast.walk(part) if id(node) not in quiet)
    return any(isinstance(node, (*loud, ast.ImportFrom, ast.YieldFrom, ast.Yield)) for node in inside)


class TypedClasses:
    """The typed classes whose handlers matter: the library's by their dotted names, the project's by their last."""

    def __init__(self, targets: Iterable[Target]) -> None:
        watched = frozenset(name for target in targets for name in target.ancestors)
        self.library = {name for name in watched if name.startswith("flext_exceptions.")}
        self.old_names = {f"flext_exceptions.Flext{name.rpartition('.')[2]}": name for name in self.library}
        self.own: dict[str, set[str]] = {}
        for name in watched - self.library:
            self.own.setdefault(name.rpartition(".")[2], set()).add(name)
        ends = "|".join(sorted(name.rpartition(".")[2] for name in self.library)).encode()
        own = "|".join(sorted(self.own)).encode() or rb"(?!)"
        self.text = re.compile(rb"%b(?:\.\s*(?:%b)|\bFlext\w+)\b|\bFlextExceptions\s+as\b" % (CATCHING, ends))
        self.own_text = re.compile(rb"%b\b(?:%b)\b" % (CATCHING, own))

    def may_name(self, raw: bytes) -> bool:
        """Say whether the bytes of a file hint at a handler of a watched class."""
        if b"flext_" in raw and LIBRARIES.search(raw) and self.text.search(raw):
            return True
        return bool(self.own) and self.own_text.search(raw) is not None

    def named(self, caught: ast.expr, names: Names, block: Block) -> frozenset[str]:
        """Return the dotted names of the watched classes that an expression in a clause may stand for."""
        origin = names.resolve(caught, block).path or ""
        for other in ("flext_core.exceptions.", "flext_core."):
            origin = origin.replace(other, "flext_exceptions.", 1) if origin.startswith(other) else origin
        origin = self.old_names.get(origin.replace(".FlextExceptions.Flext", ".Flext"), origin)
        # A class of the project may come through any re-export: its last name is enough.
        found = self.own.get(last_name(caught) or "", set()) | ({origin} & self.library)
        return frozenset(found)


def typed_handlers(source: Source, path: Path, package: str | None, classes: TypedClasses) -> Iterator[TypedHandler]:
    """Yield the places of a module that tell a watched class from others: clauses, suppress(...), isinstance(...)."""
    names = Names(source.tree, source.text, package)
    for node, block in statements(source.tree):
        if isinstance(node, ast.Try | ast.TryStar):
            before: set[str] = set()
            lines = () if guards_afar(node.body) else (node.lineno, node.handlers[0].lineno if node.handlers else 0)
            for handler in node.handlers:
                caught = classes_in(handler.type)
                builtin = [(names.resolve(one, block).path or "").removeprefix("builtins.") for one in caught]
                before.update(name for name in builtin if name in BUILTIN_ERRORS)
                typed = frozenset[str]().union(*(classes.named(one, names, block) for one in caught))
                if typed:
                    yield TypedHandler(typed, frozenset(before), str(path), handler.lineno, lines)
                if handler.type is None:
                    break
        if isinstance(node, FunctionNode | ast.ClassDef):
            continue
        for call in own_calls(node):
            name = last_name(call.func)
            given = call.args if name == "suppress" else call.args[1:2] if name in ("isinstance", "issubclass") else []
            typed = frozenset[str]().union(
                *(classes.named(one, names, block) for arg in given for one in classes_in(arg))
            )
            if typed:
                yield TypedHandler(typed, frozenset(), str(path), call.lineno)


def own_calls(node: ast.stmt) -> Iterator[ast.Call]:
    """Yield the calls in a statement's own expressions, not those of the statements inside it."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            yield from (inner for inner in ast.walk(child) if isinstance(inner, ast.Call))
