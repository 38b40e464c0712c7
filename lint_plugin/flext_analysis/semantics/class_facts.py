"""Facts about a class: the data, and those of the library's classes and builtins."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from flext_analysis.program.library import BASE, ROOT, TYPES, library_path
from flext_analysis.summaries.definitions import Definition
from flext_analysis.syntax.bindings import BUILTIN_ERRORS, dotted
from flext_analysis.syntax.statements import Block, FunctionNode
from flext_exceptions import FlextExceptions
from flext_exceptions.catalogue import Row

__all__ = ["ClassFacts", "catches", "class_text", "of_builtin", "of_library", "qualified"]

ERROR = "builtins.BaseException"


class ClassFacts(NamedTuple):
    """What is known about a class.

    ``path`` is its dotted name; ``ancestors`` the dotted names of the classes that catch it, including itself, as far
    as they are known; ``whole`` is whether these are all; ``typed`` whether it is an error of the library, or below a
    class that the project declares as equivalent; ``node`` and ``block`` are its statement and the block of that, for a
    class of the module; ``definition`` is its scope, for a class of another module of the project.
    """

    path: str
    ancestors: frozenset[str]
    whole: bool = True
    typed: bool = False
    node: ast.ClassDef | None = None
    block: Block | None = None
    definition: Definition | None = None

    @property
    def name(self) -> str:
        """Its readable name: ``FlextExceptions.ValidationError``, ``BadInput``."""
        return self.path.removeprefix("flext_exceptions.") if self.row else self.path.rpartition(".")[2]

    @property
    def builtin(self) -> str:
        """The name of the builtin that it is, "" for any other class."""
        return self.path.removeprefix("builtins.") if self.path.startswith("builtins.") else ""

    @property
    def row(self) -> Row | None:
        """Its row in the catalogue, None for any other class."""
        return TYPES.get(self.path)

    @property
    def is_error(self) -> bool:
        """Whether it can be raised, as far as is known."""
        return ERROR in self.ancestors

    @property
    def is_namespace(self) -> bool:
        """Whether it is the root of the library or a namespace: calling it creates an error of another class."""
        return ROOT in self.ancestors and BASE not in self.ancestors

    @property
    def nearest_row(self) -> Row | None:
        """The most specific type of the catalogue that catches it."""
        rows = [TYPES[path] for path in self.ancestors if path in TYPES]
        return max(rows, key=lambda row: len(row.type.__mro__), default=None)


def of_class(cls: type) -> frozenset[str]:
    """Return the dotted names of a builtin's or a library type's ancestors."""
    return frozenset(f"{base.__module__}.{base.__qualname__}" for base in cls.__mro__)


@cache
def of_builtin(name: str) -> ClassFacts | None:
    """Return the facts of a builtin exception, by any of its names; None for other builtins."""
    cls = BUILTIN_ERRORS.get(name)
    return ClassFacts(f"builtins.{cls.__name__}", of_class(cls)) if cls else None


@cache
def of_library(path: str) -> ClassFacts | None:
    """Return the facts of a library type by its dotted name."""
    known = library_path(path)
    if known is None:
        return None
    if known == ROOT:
        return ClassFacts(ROOT, of_class(FlextExceptions))
    return ClassFacts(known, of_class(TYPES[known].type), typed=True)


def catches(earlier: Iterable[ClassFacts], later: ClassFacts) -> ClassFacts | None:
    """Return the first of some classes whose handlers certainly receive every error of another class."""
    return next((facts for facts in earlier if facts.path in later.ancestors), None)


def class_text(node: ast.expr | None) -> str | None:
    """Return the dotted name of a class without its type parameters; None for any other expression."""
    return dotted(node.value if isinstance(node, ast.Subscript) else node)


def qualified(node: ast.ClassDef, block: Block) -> str:
    """Return the name of a class including those of the classes and functions around it."""
    names = [node.name]
    for outer in block.outwards():
        if isinstance(outer.owner, FunctionNode | ast.ClassDef):
            names.append(outer.owner.name)
    return ".".join(reversed(names))
