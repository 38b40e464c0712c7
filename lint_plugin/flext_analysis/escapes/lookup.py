"""What the code alone says of classes and names: who inherits, who binds, who owns. Each answer is kept."""

from __future__ import annotations

from functools import cached_property

from flext_analysis.escapes.annotations import Annotations
from flext_analysis.escapes.traits import closes_over, fields_of
from flext_analysis.program.hierarchy import Hierarchy
from flext_analysis.program.project import Project
from flext_analysis.summaries.code_walk import last_name
from flext_analysis.summaries.definitions import Definition, Module

__all__ = ["Lookup"]

CLOSES = frozenset(["closes"])
NOTHING: frozenset[str] = frozenset()


class Lookup(Annotations):
    """Answers questions of which the answer does not change while values are found."""

    def __init__(self, project: Project, hierarchy: Hierarchy) -> None:
        super().__init__(project, hierarchy)
        self.classes: dict[str, Definition] = {}
        self.methods: dict[str, list[Definition]] = {}
        self.below: dict[Definition | str, list[Definition]] = {}
        self._bound: dict[Definition, frozenset[str]] = {}
        self._holders: dict[tuple[Definition | str, str], Definition | None] = {}
        self._overriders: dict[tuple[Definition | str, str], list[Definition]] = {}
        self._globals: dict[Module, frozenset[str]] = {}
        self._owners: dict[tuple[Definition, str], Definition | None] = {}
        self._lineages: dict[Definition | str, tuple[Definition | str, ...]] = {}
        self._outside: dict[Definition | str, str | None] = {}
        self._properties: dict[str, list[Definition]] = {}
        self._binders: dict[str, list[Module]] = {}
        self._kin: dict[tuple[Definition | str, bool], frozenset[Definition | str]] = {}
        for module in project.modules:
            for definition in module.definitions:
                self.register(definition)

    def register(self, definition: Definition) -> None:
        """Take a scope into the tables."""
        kind = definition.scope.kind
        if kind == "class":
            self.classes.setdefault(definition.path, definition)
        elif kind == "function" and definition.parent is not None and definition.parent.scope.kind == "class":
            self.methods.setdefault(definition.scope.name, []).append(definition)

    # Classes

    def lineage(self, cls: Definition | str) -> tuple[Definition | str, ...]:
        """Return a class and those that it inherits from, in the order in which attributes are looked up."""
        found = self._lineages.get(cls)
        if found is None:
            info = self.info(cls)
            found = tuple(cls if n == 0 else self.classes.get(path, path) for n, path in enumerate(info.lineage))
            self._lineages[cls] = found
        return found

    def subclasses(self, cls: Definition | str) -> list[Definition]:
        """Return the classes of the repository below a class."""
        found = self.below.get(cls)
        if found is None:
            infos = self.hierarchy.below(self.info(cls).path)
            found = self.below[cls] = [one.definition for one in infos if one.definition is not None]
        return found

    def kin(self, cls: Definition | str, exact: bool) -> frozenset[Definition | str]:
        """Return the classes whose attributes an instance of a class may have; not exact: or of one below it."""
        key = cls, exact
        found = self._kin.get(key)
        if found is None:
            found = self._kin[key] = frozenset([*self.lineage(cls), *(() if exact else self.subclasses(cls))])
        return found

    def base_outside(self, cls: Definition | str) -> str | None:
        """Return the first class that a class inherits from outside the repository, None where that is ``object``."""
        if cls not in self._outside:
            outside = (one for one in self.lineage(cls) if isinstance(one, str) and one != "builtins.object")
            self._outside[cls] = next(outside, None)
        return self._outside[cls]

    def bound(self, definition: Definition) -> frozenset[str]:
        """Return the names that the code of a scope binds."""
        found = self._bound.get(definition)
        if found is None:
            found = self._bound[definition] = frozenset(definition.scope.bound)
        return found

    def holder(self, cls: Definition | str, name: str) -> Definition | None:
        """Return the first class in the lineage of a class whose body binds a name."""
        key = cls, name
        if key not in self._holders:
            lineage = self.lineage(cls)
            held = (one for one in lineage if isinstance(one, Definition) and name in self.bound(one))
            self._holders[key] = next(held, None)
        return self._holders[key]

    def overriders(self, cls: Definition | str, name: str) -> list[Definition]:
        """Return the classes below a class whose bodies bind a name."""
        key = cls, name
        found = self._overriders.get(key)
        if found is None:
            found = self._overriders[key] = [one for one in self.subclasses(cls) if name in self.bound(one)]
        return found

    def properties(self, name: str) -> list[Definition]:
        """Return the properties of a name that any class of the repository has."""
        found = self._properties.get(name)
        if found is None:
            methods = self.methods.get(name, ())
            found = [
                one for one in methods if any(last_name(each).endswith("property") for each in one.scope.decorators)
            ]
            self._properties[name] = found
        return found

    def binders(self, name: str) -> list[Module]:
        """Return the modules of the repository that have a name."""
        found = self._binders.get(name)
        if found is None:
            modules = (one for one in self.project.modules if one.top is not None)
            found = self._binders[name] = [one for one in modules if one.top and name in one.top.scope.bound]
        return found

    def has_attribute(self, cls: Definition | str, name: str, exact: bool) -> bool:
        """Return whether the body of a class binds a name, or one above it, or one below it where it is not exact."""
        return self.holder(cls, name) is not None or (not exact and bool(self.overriders(cls, name)))

    @cached_property
    def attribute_names(self) -> frozenset[str]:
        """The names that classes and modules of the repository bind: what may be an attribute of something unknown."""
        scopes = (one.scope for module in self.project.modules for one in module.definitions)
        return frozenset(name for scope in scopes if scope.kind in ("class", "module") for name in scope.bound)

    def traits(self, definition: Definition) -> frozenset[str]:
        """Return what the code of a function alone tells."""
        return CLOSES if closes_over(definition) else NOTHING

    def fields(self, definition: Definition) -> list[str]:
        """Return the annotated names of a class."""
        return fields_of(definition)

    # Names

    def owner(self, where: Definition, name: str) -> Definition | None:
        """Return the scope whose name a bare name is; None for a builtin or what a star import binds."""
        key = where, name
        if key not in self._owners:
            self._owners[key] = self.find_owner(where, name)
        return self._owners[key]

    def find_owner(self, where: Definition, name: str) -> Definition | None:
        """Do what owner does."""
        for scope in where.outwards():
            kind = scope.scope.outer.get(name)
            if kind == "global":
                return scope.module.top
            if kind is None and name in self.bound(scope):
                return scope
        return where.module.top if name in self.global_names(where.module) else None

    def global_names(self, module: Module) -> frozenset[str]:
        """Return the names that functions of a module bind in the module."""
        if module not in self._globals:
            names = (name for one in module.summary.scopes for name, kind in one.outer.items() if kind == "global")
            self._globals[module] = frozenset(names)
        return self._globals[module]
