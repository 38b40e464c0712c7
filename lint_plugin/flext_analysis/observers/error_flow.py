"""Where errors go: what reaches a handler, leaves a function or is held by an expression, with the raise sites."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property, reduce
from operator import or_
from typing import Any

from flext_analysis.escapes import EscapeAnalysis, Limits, analyse_escapes
from flext_analysis.escapes.engine import Instance
from flext_analysis.escapes.evaluation.functions import Functions
from flext_analysis.escapes.propagation.errors import CUT, OPEN_BITS, CatchSet, RaisedError, Site, Symbol, bits
from flext_analysis.escapes.propagation.programs import Block, Suppress, Through, Try
from flext_analysis.escapes.values import ANY_ERROR, UNKNOWN, Value, Values
from flext_analysis.observers.callers import Callers
from flext_analysis.observers.handed_out import HandedOut
from flext_analysis.observers.handled_code import holds, parts_of
from flext_analysis.observers.held_errors import HeldErrors
from flext_analysis.observers.printed_tests import PrintedTests
from flext_analysis.observers.quiet_handlers import quietly_caught
from flext_analysis.program.hierarchy import ClassInfo, Hierarchy, external_class
from flext_analysis.program.library import library_path
from flext_analysis.program.project import Project
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.code_walk import calls_in, dotted_code, walk_code
from flext_analysis.summaries.definitions import Definition
from flext_analysis.summaries.summary import Code

__all__ = ["ErrorFlow"]

LIMITS = Limits(visits=4, reads=2_000, widens=True, contexts=12, spare=3, targets=60)
Errors = list[tuple[str, Site]]
EMPTY_MAPPING: Mapping[str, str] = {}


class ErrorFlow(HeldErrors):
    """Determines where the errors of a project go; a miss would be worse than an error too many.

    An error is the dotted name of its class with its raise site: the path of the file and the position. ``read_as``
    maps the names of some classes to those by which they are identified instead.
    """

    def __init__(
        self, project: Project, hierarchy: Hierarchy | None = None, *, read_as: Mapping[str, str] = EMPTY_MAPPING
    ) -> None:
        self.project = project
        super().__init__()
        self.read_as = read_as
        self.analysis: EscapeAnalysis = analyse_escapes(project, LIMITS, hierarchy, sites=True)
        self.engine = self.analysis.engine
        self.propagation = self.analysis.propagation
        self.by_definition: dict[Definition, list[Instance]] = {}
        for instance in self.engine.instances.values():
            self.by_definition.setdefault(instance.definition, []).append(instance)
        self.handlers: dict[Any, tuple[CatchSet, Block]] = {}
        for program in self.propagation.programs.values():
            for part, body in parts_of(program):
                for key, clause, _ in part.handlers if isinstance(part, Try) else ():
                    self.handlers[key] = clause, body
                if isinstance(part, Suppress):
                    self.handlers[part.key] = part.clause, body
        self._listed: dict[int, Errors] = {}
        self._all_raised: int | None = None
        self._loose: int | None = None
        self.tests = PrintedTests(project)
        self._handed_out: HandedOut | None = None
        self._writes_errors: bool | None = None

    # Errors

    def listed(self, mask: int, *clauses: CatchSet) -> Errors:
        """Return the errors of a mask that have a site and that all of some clauses may catch.

        If the mask is open, what leaves a loose function is included. A mask is also open if so much flows through a
        function that it was not followed to the end.
        """
        errors = self.propagation.errors
        mask = self.concrete(mask)
        if mask & errors.anything:
            mask |= self.all_raised()
        elif mask & CUT:
            mask |= self.loose()
        for clause in clauses:
            _, mask = errors.caught(mask, clause)
        mask &= ~(OPEN_BITS | errors.anything | errors.tables)
        if mask not in self._listed:
            found = (errors.entries[number] for number in bits(mask))
            self._listed[mask] = [
                (self.told(one.path), one.site)
                for one in found
                if isinstance(one, RaisedError) and one.site is not None
            ]
        return self._listed[mask]

    def concrete(self, mask: int) -> int:
        """Return a mask where what parameters stand for is put in: that is found when it is first asked for."""
        self.propagation.now = None
        self.propagation.concrete(mask)
        self.propagation.run_waiting()
        return self.propagation.concrete(mask)

    def told(self, path: str) -> str:
        """Return the name by which a class is identified."""
        return self.read_as.get(library_path(path) or path, path) if self.read_as else path

    def arriving(self, definition: Definition, place: int) -> Errors:
        """Return the errors in the body of a ``try`` or ``with``; ``place`` is that of its first handler."""
        mask = 0
        for instance in self.by_definition.get(definition, ()):
            program = self.propagation.programs.get(instance)
            for part, body in parts_of(program) if program is not None else ():
                if holds(part, place):
                    yields = any(block.yields for block in body.blocks())
                    thrown = [self.raised_in(one, 0) for one in self.managed_by.get(instance, ()) if yields]
                    inner = self.raised_in(body, reduce(or_, thrown, 0))
                    mask |= inner | self.unknown_calls(body)
        return self.listed(mask)

    def raised_in(self, body: Block, thrown: int) -> int:
        """Return what leaves a block at whose yields something may be thrown in."""
        inner = 0
        for _ in range(2):  # the values of parameters are computed on demand
            self.propagation.now, self.propagation.local = None, {}
            inner = self.propagation.block(body, thrown)
            self.propagation.run_waiting()
        return inner

    @cached_property
    def managed_by(self) -> dict[Instance, list[Block]]:
        """The bodies of ``with`` statements that run where a function yields, by that function."""
        found: dict[Instance, list[Block]] = {}
        for program in self.propagation.programs.values():
            for part, body in parts_of(program):
                if isinstance(part, Through):
                    found.setdefault(part.manager, []).append(body)
        return found

    def unknown_calls(self, body: Block) -> int:
        """Return what the calls of a block whose target is not known may raise.

        Callers of a public function may pass anything for a parameter to which the repository passes nothing.
        """
        reasons = [(mask, reason) for block in body.blocks() for mask, _, reason in block.lines]
        for mask, reason in reasons:
            if reason == "a parameter is called":
                for number in bits(mask):
                    symbol = self.propagation.errors.entries[number]
                    if isinstance(symbol, Symbol) and not self.is_given(symbol.definition, symbol.name):
                        return self.all_raised()
        return self.loose() if any(reason.startswith("a call of") for _, reason in reasons) else 0

    def caught_by(self, definition: Definition, place: int) -> Errors:
        """Return the errors that the handler at a position catches."""
        return self.errors(self.caught_at(definition, place))

    def caught_at(self, definition: Definition, place: int) -> set[Value]:
        """Return the values that the handler at a position binds."""
        return {("caught", (definition, one.context, place)) for one in self.by_definition.get(definition, ())}

    def may_catch(self, value: Value, error: str) -> bool:
        """Return whether a builtin may be what a handler caught."""
        clause, _ = self.handlers.get(value[1], (None, None))
        clauses = [*([clause] if clause is not None else ()), *(self.instances_of(classes) for classes in value[2:])]
        lineage = external_class(error).lineage
        return all(one.infos is None or None in one.infos or not one.names.isdisjoint(lineage) for one in clauses)

    def leaving(self, definition: Definition) -> Errors:
        """Return the errors that leave a function."""
        mask = 0
        for instance in self.by_definition.get(definition, ()):
            mask |= self.propagation.settled(instance)
        return self.listed(mask)

    def errors(self, values: Values) -> Errors:
        """Return the errors that some values may be: what handlers caught, and the members of containers."""
        found: Errors = []
        for value in self.each_error(values):
            if value == ANY_ERROR:
                found += self.everything()
            else:
                clauses = [self.instances_of(classes) for classes in value[2:]]
                mask = self.propagation.caught.get(value[1], 0)
                if value[1] in self.handlers:
                    clause, body = self.handlers[value[1]]
                    clauses.append(clause)
                    mask |= self.unknown_calls(body)
                found += self.listed(mask, *clauses)
        return found

    def instances_of(self, classes: tuple[Value, ...]) -> CatchSet:
        """Return the catch set of the instances of some classes."""
        return self.propagation.errors.catch_set(self.class_of(one) for one in classes)

    def current(self, definition: Definition) -> set[Value]:
        """Return what may be handled while a function runs: what the handlers from which it is called caught.

        That may be any error if outside code receives it, or a function through which it is called.
        """
        found: set[Value] = set()
        waiting = list(self.by_definition.get(definition, ()))
        seen = set(waiting)
        while waiting:
            instance = waiting.pop()
            callers = self.called_by.get(instance, {})
            handed_out = self.handed_out()
            if instance.definition in handed_out.functions or (not callers and instance.definition in handed_out):
                return {ANY_ERROR}
            found |= {("caught", handler) for _, handler in callers if handler is not None}
            new = [caller for caller, handler in callers if handler is None and caller not in seen]
            seen.update(new)
            waiting += new
        return found

    def in_groups(self) -> Errors:
        """Return the errors that others are made with: those of an exception group are among them."""
        return self.errors({value for values in self.given.values() for value in values}) if self.given else []

    @cached_property
    def called_by(self) -> dict[Instance, dict[tuple[Instance, Any], None]]:
        """The callers of each function, each with the handler in which the call stands."""
        found: dict[Instance, dict[tuple[Instance, Any], None]] = {}
        for caller, program in self.propagation.programs.items():
            for block in program.blocks():
                for target in block.callees_here():
                    found.setdefault(target, {})[caller, block.handler] = None
        return found

    @cached_property
    def outward(self) -> Errors:
        """The errors that may leave the repository's own code: those of the functions that code outside may call."""
        mask = 0
        for definition, instances in self.by_definition.items():
            for instance in instances if not self.is_inner(definition) else ():
                mask |= self.concrete(self.propagation.settled(instance)) & ~OPEN_BITS
        return self.listed(mask)

    def is_inner(self, definition: Definition) -> bool:
        """Return whether only the repository calls a function: one of a module's top level, by its name.

        What a coroutine or a generator raises comes where it is awaited or read, which may be anywhere.
        """
        parent = definition.parent
        if parent is None or parent.scope.kind != "module" or definition.scope.kind != "function":
            return False
        given = self.handed_out()
        if "async" in definition.scope.flags or definition in given or definition.module.path in given.open_modules:
            return False
        if any(code[0] in (op.YIELD, op.YIELD_FROM) for code, _, _ in walk_code(definition.scope.code)):
            return False
        return any(self.called_by.get(instance) for instance in self.by_definition[definition])

    def everything(self) -> Errors:
        """Return every error that is raised anywhere, but those that no code can get hold of."""
        return self.listed(self.all_raised())

    def all_raised(self) -> int:
        """Return the mask of every error that is raised anywhere, but those that no code can get hold of."""
        if self._all_raised is None:
            errors = self.propagation.errors
            definitions = (each for module in self.project.modules for each in module.definitions)
            unseen = {(each.module.path, place) for each in definitions for place in quietly_caught(each)}
            numbers = (
                number
                for number, one in enumerate(errors.entries)
                if isinstance(one, RaisedError) and one.site and one.site not in unseen
            )
            self._all_raised = sum(1 << number for number in numbers) & ~errors.anything
        return self._all_raised

    def loose(self) -> int:
        """Return the errors that leave functions whose name is used other than by calling it: anyone may call them."""
        if self._loose is None:
            self._loose = 0  # what is open among them adds nothing but themselves
            for one in self.handed_out().functions:
                for instance in self.by_definition.get(one, ()):
                    self._loose |= self.concrete(self.propagation.settled(instance)) & ~OPEN_BITS
        return self._loose

    def handed_out(self) -> HandedOut:
        """Return which functions outside code receives."""
        if self._handed_out is None:
            self._handed_out = HandedOut(self.project)
        return self._handed_out

    @cached_property
    def callers(self) -> Callers:
        """The calls of functions whose result somebody sees."""
        return Callers(self.project, self.handed_out(), self.tests)

    # Values

    def values(self, definition: Definition, code: Code) -> Values:
        """Return what an expression in a function may evaluate to."""
        found: set[Value] = set()
        for instance in self.by_definition.get(definition, ()):
            frame = Functions(self.engine, instance)
            try:
                found |= frame.value(code)
            except RecursionError:
                return {UNKNOWN, ANY_ERROR}
        return found

    def methods(self, value: Value, names: Iterable[str]) -> list[Definition]:
        """Return the methods of some names that an instance has."""
        found = []
        for name in names:
            for one in self.engine.lineage(value[1]):
                if isinstance(one, Definition) and name in one.scope.bound:
                    slot = self.engine.slots.get((one, (), name))
                    found += [each[1] for each in (slot.values if slot else ()) if each[0] == "function"]
                    break
        return found

    def class_of(self, value: Value) -> ClassInfo | None:
        """Return the class that a value is, None where it is none."""
        if value[0] == "class":
            return self.engine.info(value[1])
        return external_class(value[1]) if value[0] == "external" else None

    def may_be_given_any(self, parameter: Value) -> bool:
        """Return whether code outside the repository may pass an error for a parameter.

        That is so for a function that it receives, and a public one for whose parameter the repository passes nothing.
        """
        definition = parameter[1]
        return definition in self.handed_out() or (
            is_public(definition) and not self.is_given(definition, parameter[3])
        )

    def writes_errors(self) -> bool:
        """Return whether a caught error may be among what is pickled or similarly stored."""
        if self._writes_errors is None:
            written = (
                (definition, one)
                for module in self.project.modules
                for definition in module.definitions
                for code in calls_in(definition)
                if dotted_code(code[1]).rpartition(".")[2] in ("dumps", "dump")
                for one in code[2][:1]
            )
            self._writes_errors = any(self.each_error(self.values(*one)) for one in written)
        return self._writes_errors

    def is_given(self, definition: Definition, name: str) -> bool:
        """Return whether some call in the repository passes something for a parameter of a function."""
        known = self.by_definition.get(definition, ())
        return any(self.engine.given((definition, one.context, name)) for one in known)


def is_public(definition: Definition) -> bool:
    """Return whether code outside the repository may call a function by its name."""
    return (
        definition.scope.kind == "function"
        and not any(part.startswith("_") and not part.endswith("__") for part in definition.scope.qualname.split("."))
        and "<locals>" not in definition.scope.qualname
    )
