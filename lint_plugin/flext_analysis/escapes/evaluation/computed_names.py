"""What a name refers to that is computed at run time: ``getattr(x, name)``, ``globals()[name]``, imports."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from flext_analysis.escapes.evaluation.frame import Frame
from flext_analysis.escapes.values import EMPTY, UNKNOWN, Value, Values
from flext_analysis.program.project import Project
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.code_walk import walk_code
from flext_analysis.summaries.definitions import Definition, Module
from flext_analysis.summaries.summary import Code

__all__ = ["ANY_MODULE", "UNNAMED", "ComputedNames", "constant_text"]

UNNAMED: Value = ("unnamed",)  # any function that nothing names
ANY_MODULE: Value = ("modules",)  # any module of the repository
WORD = re.compile(r"[^\W\d]\w*")
MAX_UNNAMED = 300  # functions through which a computed name is followed


class ComputedNames(Frame):
    """Looks up names that the code does not spell out. Only used if a miss is worse than an error too many."""

    load: Callable[..., Values]
    of_module: Callable[..., Values]

    def by_computed_name(self, values: Values) -> Values:
        """Return the result of ``getattr`` for a name about which nothing is known."""
        if not self.engine.limits.widens:
            return EMPTY
        known = {("prefixed", one, "") for one in values if one[0] in ("instance", "class", "module")}
        return known or ({UNNAMED} if ANY_MODULE in values else EMPTY)

    def behind_prefix(self, values: list[Value], place: int, now: Value) -> set[Value]:
        """Return what attributes of names with a known start may be, through others of that kind that they may be.

        All of a call are looked up at the first of them, which is ``now``; nothing is said of too many.
        """
        if now is not values[0]:
            return set()
        found: set[Value] = set()
        seen = set(values)
        waiting = list(values)
        names = 0
        while waiting:
            _, receiver, prefix = waiting.pop()
            names += len(self.names_from(receiver, prefix))
            if names > self.engine.limits.targets:
                self.add_open("a call of one of too many functions", place)
                return {UNKNOWN}
            for one in self.ordered(self.prefixed(receiver, prefix, place)):
                if one[0] != "prefixed":
                    found.add(one)
                elif one not in seen:
                    seen.add(one)
                    waiting.append(one)
        return found

    def prefixed(self, receiver: Value, prefix: str, place: int) -> set[Value]:
        """Return the attributes of a value whose names begin with a prefix."""
        found: set[Value] = set()
        for module, name in self.names_from(receiver, prefix):
            found |= self.load({receiver}, name, place) if module is None else self.of_module(module, name)
        return found

    def names_from(self, receiver: Value, prefix: str) -> list[tuple[Module | None, str]]:
        """Return the names that begin with a prefix which a value has as attributes, with the module of each."""
        key = receiver, prefix
        if key not in self.engine.prefixed:
            found: list[tuple[Module | None, str]] = []
            if receiver[0] in ("instance", "class") and isinstance(receiver[1], Definition):
                below = () if receiver[2] else self.engine.subclasses(receiver[1])
                classes = [cls for cls in (*self.engine.lineage(receiver[1]), *below) if isinstance(cls, Definition)]
                names = {name for cls in classes for name in cls.scope.bound if name.startswith(prefix)}
                found = [(None, name) for name in sorted(names)]
            elif receiver[0] in ("module", "modules"):
                found = list(names_of(receiver[1:] if receiver[0] == "module" else self.engine.project.modules, prefix))
            self.engine.prefixed[key] = found
        return self.engine.prefixed[key]

    def call_unnamed(self, place: int) -> None:
        """Call everything that nothing names: a computed name is the only way to it."""
        if self.engine.unnamed is None:
            self.engine.unnamed = unnamed_functions(self.engine.project)
        if len(self.engine.unnamed) > MAX_UNNAMED:
            self.add_open("a call of one of too many functions", place)
            return
        for one in self.engine.unnamed:
            self.add_call(self.engine.instance(one, ()), None, place)

    def namespace(self, top: Definition, place: int) -> Values:
        """Return the names of a module as a table."""
        site, value = self.container("namespace", place)
        for name in top.scope.bound:
            self.engine.put(site, name, self.engine.read((top, (), name), self.instance))
        return value

    def listed_subclasses(self, cls: Definition, place: int) -> set[Value]:
        """Return the ``__subclasses__`` of a class."""
        site, listed = self.container("subclasses", place)
        self.engine.write((site, "items"), [("class", one, True) for one in self.engine.subclasses(cls)])
        return {("same", one) for one in listed}

    def imported_by_name(self, name: Any) -> Values:
        """Return the result of ``import_module``, from the code of its argument."""
        if name[0] != op.CONSTANT or not isinstance(name[2], str):
            return {ANY_MODULE} if self.engine.limits.widens else {UNKNOWN}
        self.run_modules(name[2])
        found = self.engine.project.find_module(name[2], self.definition.module)
        return {("module", found) if found is not None else ("external", name[2])}

    def run_modules(self, path: str) -> None:
        """Call the code of a module that is imported, and that of the packages above it."""
        while path and self.engine.limits.widens:
            found = self.engine.project.find_module(path, self.definition.module)
            if found is not None and found is not self.definition.module and found.top is not None:
                self.add_call(self.engine.instance(found.top, ()), None, self.definition.scope.place)
            path = path.rpartition(".")[0]

    def run_text(self, text: str, place: int) -> None:
        """Call the functions named in a text that ``eval`` or ``exec`` runs."""
        for name in dict.fromkeys(WORD.findall(text)):
            self.call({one for one in self.read_name(name) if one[0] == "function"}, [], {}, place)


def names_of(modules: Iterable[Module], prefix: str) -> Iterator[tuple[Module, str]]:
    """Yield the names of modules that begin with a prefix, each with its module."""
    for module in modules:
        for name in module.top.scope.bound if module.top is not None else ():
            if name.startswith(prefix):
                yield module, name


def unnamed_functions(project: Project) -> list[Definition]:
    """Return the functions and methods whose names occur only in their definitions."""
    named: set[str] = set()
    functions: list[Definition] = []
    for module in project.modules:
        for definition in module.definitions:
            if definition.scope.kind == "function":
                functions.append(definition)
            for code, _, _ in walk_code(definition.scope.code):
                if code[0] == op.NAME:
                    named.add(code[1])
                elif code[0] == op.ATTRIBUTE:
                    named.add(code[2])
    return [one for one in functions if one.scope.name not in named and not one.scope.name.startswith(("__", "test"))]


def constant_text(code: Code) -> tuple[str | None, bool]:
    """Return the text that an expression is, or begins with, and whether that is all of it."""
    if code[0] == op.CONSTANT and code[1] == "str":
        return code[2], True
    if code[0] == op.FORMATTED and code[3]:
        return code[3], False
    if code[0] == op.OPERATOR and code[1] in ("__add__", "__mod__") and code[3] is not None:
        text, _ = constant_text(code[2])
        if text is not None and code[1] == "__mod__":
            text = text.partition("%")[0]
        return (text or None), False
    return None, False
