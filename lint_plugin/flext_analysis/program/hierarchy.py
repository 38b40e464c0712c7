"""The one class hierarchy of a repository: what each class is, and what catches it, across modules."""

from __future__ import annotations

import builtins
from functools import cache
from typing import NamedTuple

from flext_analysis.program.library import ROOT, library_class
from flext_analysis.program.project import GENERIC, Entity, Project
from flext_analysis.program.standard_errors import standard_error
from flext_analysis.summaries.definitions import Definition, Module
from flext_analysis.summaries.summary import Code
from flext_analysis.syntax.bindings import BUILTIN_ERRORS

__all__ = ["ClassInfo", "Hierarchy", "external_class"]

MAX_DEPTH = 50  # the limit for chains of subclasses
NO_BASES = GENERIC | {"abc.ABC", "builtins.object"}
ERROR = "builtins.BaseException"


class ClassInfo(NamedTuple):
    """What is known about a class.

    ``path`` is its dotted name; ``lineage`` the dotted names of itself and of its bases, in the order in which
    attributes are looked up, as far as that is known; ``whole`` is whether these are all; ``typed`` whether it is an
    error of the library or below one; ``definition`` is its scope, None for a class outside the repository.
    """

    path: str
    lineage: tuple[str, ...]
    whole: bool = True
    typed: bool = False
    definition: Definition | None = None

    @property
    def ancestors(self) -> frozenset[str]:
        """The dotted names of the classes whose handlers catch it, including itself, as far as they are known."""
        return frozenset(self.lineage)

    @property
    def is_error(self) -> bool:
        """Whether it can be raised, as far as is known."""
        return ERROR in self.lineage

    def is_below(self, path: str) -> bool:
        """Return whether it is the class with this dotted name, or inherits from it."""
        return path in self.lineage


@cache
def external_class(path: str) -> ClassInfo:
    """Return what is known about a class outside the repository, by its dotted name.

    >>> external_class("json.JSONDecodeError").lineage[:2]
    ('json.decoder.JSONDecodeError', 'builtins.ValueError')
    >>> external_class("requests.HTTPError").whole
    False
    """
    module, _, name = path.rpartition(".")
    if module == "builtins":
        cls = BUILTIN_ERRORS.get(name) or getattr(builtins, name, None)
        if isinstance(cls, type):
            return ClassInfo(f"builtins.{cls.__name__}", tuple(f"builtins.{base.__name__}" for base in cls.__mro__))
        return ClassInfo(path, (path,), whole=False)
    known = library_class(path)
    if known is not None:
        return ClassInfo(known[0], known[1], typed=known[0] != ROOT)
    standard = standard_error(path)
    if standard is None:
        return ClassInfo(path, (path,), whole=path in NO_BASES)
    name, bases = standard
    if name.startswith("builtins."):
        return external_class(name)
    return ClassInfo(name, merge(name, [external_class(base).lineage for base in bases]))


def merge(path: str, lineages: list[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the order in which the attributes of a class are looked up (C3; what cannot be merged is appended).

    >>> merge("D", [("B", "A"), ("C", "A")])
    ('D', 'B', 'C', 'A')
    """
    found = [path]
    waiting = [list(one) for one in lineages if one]
    while waiting:
        heads = (one[0] for one in waiting)
        taken = next((head for head in heads if not any(head in other[1:] for other in waiting)), waiting[0][0])
        if taken not in found:
            found.append(taken)
        waiting = [rest for one in waiting if (rest := [each for each in one if each != taken])]
    return tuple(found)


class Hierarchy:
    """The classes of a project, resolved on demand.

    >>> from flext_analysis.summaries.summarize import summarize
    >>> text = b"from flext_exceptions import FlextExceptions as F\\nclass Bad(F.ValidationError): ..."
    >>> project = Project.whole([("shop.py", "shop", summarize(text))])
    >>> info = Hierarchy(project).of_definition(project.by_path["shop.py"].definitions[1])
    >>> info.typed, info.is_below("builtins.ValueError")
    (True, True)
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self._known: dict[Definition, ClassInfo] = {}
        self._below: dict[str, list[ClassInfo]] | None = None

    def of_definition(self, definition: Definition, depth: int = 0) -> ClassInfo:
        """Return what is known about a class of the repository."""
        known = self._known.get(definition)
        if known is not None:
            return known
        path = definition.path
        unknown = ClassInfo(path, (path,), whole=False, definition=definition)
        if depth > MAX_DEPTH:
            return unknown
        self._known[definition] = unknown  # for a class that is its own base
        bases: list[ClassInfo] = []
        whole = not any(name == "metaclass" for name, _ in definition.scope.keywords)
        for base in definition.scope.bases:
            found = self.of_code(base, definition.parent, depth + 1)
            whole = whole and len(found) == 1
            bases += found
        lineage = merge(path, [one.lineage for one in bases])
        whole = whole and all(one.whole for one in bases)
        if not bases and not definition.scope.bases:
            lineage = (path, "builtins.object")
        typed = any(one.typed for one in bases)
        self._known[definition] = info = ClassInfo(path, lineage, whole, typed, definition)
        return info

    def of_code(self, code: Code, where: Definition | None, depth: int = 0) -> list[ClassInfo]:
        """Return the classes that an expression may name; [] if that is unknown."""
        found = [self.of_entity(one, depth) for one in self.project.of_code(code, where, depth)]
        return [one for one in found if one is not None]

    def of_entity(self, entity: Entity, depth: int = 0) -> ClassInfo | None:
        """Return the class that a name refers to, None if it is not one."""
        if entity.kind == "class" and entity.definition is not None:
            return self.of_definition(entity.definition, depth)
        if entity.kind == "external":
            return external_class(entity.path)
        return None

    def of_path(self, path: str, importer: Module) -> ClassInfo | None:
        """Return the only class with an absolute dotted name, as a file would import it; None if there is none."""
        found = [self.of_entity(one) for one in self.project.of_path(path, importer)]
        return found[0] if len(found) == 1 else None

    def below(self, path: str) -> list[ClassInfo]:
        """Return the classes of the repository that inherit from the class with this dotted name."""
        if self._below is None:
            self._below = {}
            for module in self.project.modules:
                for definition in module.definitions:
                    if definition.scope.kind == "class":
                        info = self.of_definition(definition)
                        for one in info.lineage[1:]:
                            self._below.setdefault(one, []).append(info)
        return self._below.get(path, [])
