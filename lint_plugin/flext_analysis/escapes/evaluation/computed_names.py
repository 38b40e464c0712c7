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

    def prefixed(self, values: Values, prefix: str, place: int) -> set[Value]:
        """Return the attributes of some values whose names begin with a prefix."""
        found: set[Value] = set()
        for one in self.ordered(values):
            if one[0] in ("instance", "class") and isinstance(one[1], Definition):
                classes = [*self.engine.lineage(one[1]), *(() if one[2] else self.engine.subclasses(one[1]))]
                names = {name for cls in classes if isinstance(cls, Definition) for name in cls.scope.bound}
                for name in sorted(names):
                    if name.startswith(prefix):
                        found |= self.load({one}, name, place)
            elif one[0] in ("module", "modules"):
                modules = one[1:] if one[0] == "module" else self.engine.project.modules
                for module, name in names_of(modules, prefix):
                    found |= self.of_module(module, name)
        return found

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
        found = self.engine.project.find_module(name[2], self.definition.module)
        return {("module", found) if found is not None else ("external", name[2])}

    def modules_that_bind(self, name: str) -> list[Module]:
        """Return the modules of the repository that have a name."""
        return [one for one in self.engine.project.modules if one.top is not None and name in one.top.scope.bound]

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
