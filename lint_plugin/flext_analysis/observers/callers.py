"""The calls of a function whose result somebody sees: an error that is only described for a log is not shown."""

from __future__ import annotations

from typing import NamedTuple

from flext_analysis.observers.effects import effect_of
from flext_analysis.observers.handed_out import HandedOut, is_called
from flext_analysis.observers.printed_tests import PrintedTests
from flext_analysis.program.project import Project
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.code_walk import last_name, walk_code
from flext_analysis.summaries.definitions import Definition, statements_of
from flext_analysis.summaries.summary import Code

__all__ = ["Call", "Callers"]


class Call(NamedTuple):
    """A call: where it is, its code, and what becomes of its result (see effect_of)."""

    definition: Definition
    code: Code
    effect: str


class Callers:
    """Finds the calls of functions, by name: one that nothing else may call is known whole."""

    def __init__(self, project: Project, handed_out: HandedOut, tests: PrintedTests) -> None:
        self.project = project
        self.handed_out = handed_out
        self.tests = tests
        self.calls: dict[str, list[Call]] = {}
        self.used: set[str] = set()
        self.read()
        self._seen: dict[Definition, list[Call] | None] = {}

    def read(self) -> None:
        """Find the calls that may be asked for, by the last part of the name, and all names that are used otherwise."""
        definitions = [definition for module in self.project.modules for definition in module.definitions]
        asked = {one.scope.name for one in definitions if is_called_by_name(one)}
        for definition in definitions:
            scope = definition.scope
            defaults = [one.default for one in scope.parameters if one.default is not None]
            outside = [[op.EVALUATE, one] for one in (*scope.decorators, *scope.bases, *defaults)]
            for code, statement, around in walk_code([*scope.code, *outside]):
                if code[0] == op.CONSTANT and code[1] == "str" and isinstance(code[2], str):
                    self.used.add(code[2])
                elif code[0] in (op.NAME, op.ATTRIBUTE) and not is_called(code, around):
                    self.used.add(last_name(code))
                if code[0] == op.CALL and code[1][0] in (op.NAME, op.ATTRIBUTE) and last_name(code[1]) in asked:
                    effect = effect_of((*around, code), statement, definition)
                    self.calls.setdefault(last_name(code[1]), []).append(Call(definition, code, effect))
            for statement in statements_of(scope.code):
                if statement[0] == op.IMPORT:
                    self.used.update(name for local, _, name, _ in statement[1] if name and local != name)

    def seen(self, function: Definition) -> list[Call] | None:
        """Return the calls of a function whose result is seen; None if code that is not known may call it."""
        if function not in self._seen:
            self._seen[function] = None  # for functions that call each other
            self._seen[function] = self.find_seen(function)
        return self._seen[function]

    def find_seen(self, function: Definition) -> list[Call] | None:
        """Find them; see seen."""
        name = function.scope.name
        calls = self.calls.get(name, [])
        if not is_called_by_name(function) or name in self.used or function in self.handed_out:
            return None
        if all(self.tests.is_test(one.definition) for one in calls):  # who else calls it is not known
            return None
        return [one for one in calls if self.counts(one)]

    def counts(self, call: Call) -> bool:
        """Return whether somebody sees the result of a call."""
        if call.effect == "prints":
            return self.tests.is_read(call.definition)
        if call.effect == "returns":
            around = self.seen(call.definition)
            return around is None or bool(around)
        return call.effect != "logs"


def is_called_by_name(function: Definition) -> bool:
    """Return whether nothing but its name leads to a function: no decorator, and no operation of the language."""
    scope = function.scope
    return scope.kind == "function" and not scope.decorators and scope.name[:2] != "__"
