"""Where errors go: what reaches a handler, leaves a function or is held by an expression, with the raise sites."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flext_analysis.escapes import EscapeAnalysis, Limits, analyse_escapes
from flext_analysis.escapes.attributes import errors_among
from flext_analysis.escapes.engine import Instance, last_name
from flext_analysis.escapes.functions import Functions
from flext_analysis.escapes.propagation.errors import ANY, CUT, CatchSet, RaisedError, Site, Symbol, bits
from flext_analysis.escapes.propagation.programs import Block, Exits, Suppress, Through, Try
from flext_analysis.escapes.values import ANY_ERROR, EMPTY, GIVEN, KEPT, RECORDS, UNKNOWN, Value, Values
from flext_analysis.program.handed_out import HandedOut
from flext_analysis.program.hierarchy import ClassInfo, Hierarchy, external_class
from flext_analysis.program.library import library_path
from flext_analysis.program.printed_tests import PrintedTests
from flext_analysis.program.project import Project
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.code_walk import dotted_code, walk_code
from flext_analysis.summaries.definitions import Definition
from flext_analysis.summaries.summary import Code

__all__ = ["ErrorFlow"]

PLAIN_DECORATORS = frozenset(["total_ordering", "final", "runtime_checkable", "unique", "deprecated"])
PLAIN_BASES = frozenset(  # these add no repr that shows fields
    "builtins.object builtins.Exception builtins.BaseException builtins.str builtins.int builtins.float builtins.dict "
    "builtins.list builtins.tuple builtins.type abc.ABC typing.Generic typing.Protocol enum.Enum enum.IntEnum "
    "enum.Flag enum.IntFlag enum.StrEnum enum.ReprEnum".split()
)
GROUPS = frozenset(["builtins.ExceptionGroup", "builtins.BaseExceptionGroup"])
LIMITS = Limits(visits=4, reads=2_000, widens=True, contexts=12, spare=3)
Errors = list[tuple[str, Site]]
EMPTY_MAPPING: Mapping[str, str] = {}


class ErrorFlow:
    """Determines where the errors of a project go; a miss would be worse than an error too many.

    An error is the dotted name of its class with its raise site: the path of the file and the position. ``read_as``
    maps the names of some classes to those by which they are identified instead.
    """

    def __init__(
        self, project: Project, hierarchy: Hierarchy | None = None, *, read_as: Mapping[str, str] = EMPTY_MAPPING
    ) -> None:
        self.project = project
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
        self._everything: Errors | None = None
        self._loose: Errors | None = None
        self.tests = PrintedTests(project)
        self._handed_out: HandedOut | None = None
        self._writes_errors: bool | None = None
        self._callers: dict[Instance, dict[tuple[Instance, Any], None]] | None = None

    # Errors

    def listed(self, mask: int, clause: CatchSet | None = None) -> Errors:
        """Return the errors of a mask that have a site, only those that a clause caught if one is given.

        If the mask is open, what leaves a loose function is included. A mask is also open if so much flows through a
        function that it was not followed to the end.
        """
        found: Errors = []
        self.propagation.now = None
        self.propagation.concrete(mask)
        self.propagation.run_waiting()  # the values of parameters are computed on demand
        mask = self.propagation.concrete(mask)
        for number in bits(mask):
            entry = self.propagation.errors.entries[number]
            if isinstance(entry, RaisedError) and entry.path == ANY:
                return caught_of(self.everything(), clause)
            if isinstance(entry, RaisedError) and entry.site is not None and not entry.from_table:
                found.append((self.told(entry.path), entry.site))
        return found + caught_of(self.loose(), clause) if mask & CUT else found

    def told(self, path: str) -> str:
        """Return the name by which a class is identified."""
        return self.read_as.get(library_path(path) or path, path) if self.read_as else path

    def arriving(self, definition: Definition, place: int) -> Errors:
        """Return the errors in the body of a ``try`` or ``with``; ``place`` is that of its first handler."""
        mask = 0
        found: Errors = []
        for instance in self.by_definition.get(definition, ()):
            program = self.propagation.programs.get(instance)
            for part, body in parts_of(program) if program is not None else ():
                if holds(part, place):
                    inner = 0
                    for _ in range(2):  # the values of parameters are computed on demand
                        self.propagation.now, self.propagation.local = None, {}
                        inner = self.propagation.block(body, 0)
                        self.propagation.run_waiting()
                    mask |= inner
                    found += self.unknown_calls(body)
        return found + self.listed(mask)

    def unknown_calls(self, body: Block) -> Errors:
        """Return what the calls of a block whose target is not known may raise.

        Callers of a public function may pass anything for a parameter to which the repository passes nothing.
        """
        reasons = [(mask, reason) for block in body.blocks() for mask, _, reason in block.lines]
        for mask, reason in reasons:
            if reason == "a parameter is called":
                for number in bits(mask):
                    symbol = self.propagation.errors.entries[number]
                    if isinstance(symbol, Symbol) and not self.is_given(symbol.definition, symbol.name):
                        return self.everything()
        return self.loose() if any(reason.startswith("a call of") for _, reason in reasons) else []

    def caught_by(self, definition: Definition, place: int) -> Errors:
        """Return the errors that the handler at a position catches."""
        return self.errors(self.caught_at(definition, place))

    def caught_at(self, definition: Definition, place: int) -> set[Value]:
        """Return the values that the handler at a position binds."""
        return {("caught", (definition, one.context, place)) for one in self.by_definition.get(definition, ())}

    def may_catch(self, key: Any, error: str) -> bool:
        """Return whether the handler of a caught value may catch a class."""
        clause, _ = self.handlers.get(key, (None, None))
        return bool(caught_of([(error, ("", 0))], clause))

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
                clause, body = self.handlers.get(value[1], (None, None))
                found += self.listed(self.propagation.caught.get(value[1], 0), clause)
                found += caught_of(self.unknown_calls(body), clause) if body is not None else []
        return found

    def each_error(self, values: Values) -> list[Value]:
        """Return the errors among some values and what they hold: those that handlers caught, and ANY_ERROR."""
        found: list[Value] = []
        waiting = list(values)
        seen = set(waiting)
        while waiting:
            value = waiting.pop()
            new: Iterable[Value] = ()
            if value[0] in ("caught", "group") or value == ANY_ERROR:
                found.append(value)
            elif value[0] == "current":
                new = self.current(value[1])
            elif value[0] in ("kept", "under"):
                new = self.held_outside(value)
            elif value[0] in ("container", "pairs"):
                new = (one for part in ("items", "keys") for one in self.members(value, part))
            unseen = [one for one in dict.fromkeys(new) if one not in seen]
            seen.update(unseen)
            waiting += unseen
        return found

    def current(self, definition: Definition) -> set[Value]:
        """Return what may be handled while a function runs: what the handlers from which it is called caught.

        That may be any error if outside code receives it, or a function through which it is called.
        """
        if self._callers is None:
            self._callers = {}
            for caller, program in self.propagation.programs.items():
                for block in program.blocks():
                    for target in block.callees_here():
                        self._callers.setdefault(target, {})[caller, block.handler] = None
        found: set[Value] = set()
        waiting = list(self.by_definition.get(definition, ()))
        seen = set(waiting)
        while waiting:
            instance = waiting.pop()
            callers = self._callers.get(instance, {})
            handed_out = self.handed_out()
            if instance.definition in handed_out.functions or (not callers and instance.definition in handed_out):
                return {ANY_ERROR}
            found |= {("caught", handler) for _, handler in callers if handler is not None}
            new = [caller for caller, handler in callers if handler is None and caller not in seen]
            seen.update(new)
            waiting += new
        return found

    def everything(self) -> Errors:
        """Return every error that is raised anywhere."""
        if self._everything is None:
            entries = self.propagation.errors.entries
            self._everything = [
                (self.told(one.path), one.site)
                for one in entries
                if isinstance(one, RaisedError) and one.site and not one.from_table and one.path != ANY
            ]
        return self._everything

    def loose(self) -> Errors:
        """Return the errors that leave functions whose name is used other than by calling it: anyone may call them."""
        if self._loose is None:
            self._loose = []  # open ones among them add only themselves
            functions = self.handed_out().functions
            self._loose = list(dict.fromkeys(error for one in functions for error in self.leaving(one)))
        return self._loose

    def handed_out(self) -> HandedOut:
        """Return which functions outside code receives."""
        if self._handed_out is None:
            self._handed_out = HandedOut(self.project)
        return self._handed_out

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

    def members(self, value: Value, part: str) -> Values:
        """Return the members ("items") or keys ("keys") of a container."""
        slot = self.engine.slots.get((value[1], part))
        return slot.values if slot is not None else EMPTY

    def held_outside(self, value: Value) -> Iterator[Value]:
        """Yield what outside code stores, or what any object has in its attribute of a name."""
        if value[0] == "kept":
            yield from self.engine.slot(KEPT).values
        else:
            for cls in self.engine.stored.get(f".{value[1]}", ()):
                yield from errors_among(self.engine.slot((cls, f".{value[1]}")).values)

    def holds_errors(self, values: Values) -> bool:
        """Return whether some values are errors, or containers that hold one."""
        return bool(self.each_error(values))

    def shown_inside(self, values: Values) -> Values:
        """Return the values whose repr a text shows: the members of containers, the fields of records."""
        found: set[Value] = set()
        for value in values:
            if value[0] in ("container", "pairs"):
                found.add(value)
            elif value[0] == "instance" and value[1] in RECORDS:
                found |= self.engine.slot((value[1], "holds")).values
            elif value[0] == "instance" and isinstance(value[1], Definition) and self.is_record(value[1]):
                for name in self.engine.fields(value[1]):
                    slot = self.engine.slots.get((value[1], f".{name}"))
                    found |= slot.values if slot is not None else EMPTY
        return found

    def grouped(self, values: Values) -> Values:
        """Return what the repr of groups among some values shows: the arguments of any error."""
        if not self.engine.slot(GIVEN).values:
            return EMPTY
        made = any(value[0] == "instance" and value[1] in GROUPS for value in values)
        held = {value for value in values if value[0] == "caught"}
        return self.engine.slot(GIVEN).values if made or any(one in GROUPS for one, _ in self.errors(held)) else EMPTY

    def is_record(self, cls: Definition) -> bool:
        """Return whether a class has a repr generated from its fields, as a dataclass has.

        Then a decorator generated it, or a base from outside the repository.
        """
        for one in self.engine.lineage(cls):
            if isinstance(one, str):
                if one not in PLAIN_BASES:
                    return True
            elif "__repr__" in self.engine.bound(one):
                return False
            elif any(last_name(each) not in PLAIN_DECORATORS for each in one.scope.decorators):
                return True
        return False

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

    def is_test(self, definition: Definition) -> bool:
        """Return whether a scope is in test code."""
        return self.tests.is_test(definition)

    def is_output_read(self, definition: Definition) -> bool:
        """Return whether someone may look at what the code of a scope prints."""
        return self.tests.is_read(definition)

    def writes_errors(self) -> bool:
        """Return whether a caught error may be among what is pickled or similarly stored."""
        if self._writes_errors is None:
            written = (
                (definition, one)
                for module in self.project.modules
                for definition in module.definitions
                for code, _, _ in walk_code(definition.scope.code)
                if code[0] == op.CALL and dotted_code(code[1]).rpartition(".")[2] in ("dumps", "dump")
                for one in code[2][:1]
            )
            self._writes_errors = any(self.holds_errors(self.values(*one)) for one in written)
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


def caught_of(errors: Errors, clause: CatchSet | None) -> Errors:
    """Return those of some errors that a clause may catch; all if its classes are not known, or there is none."""
    if clause is None or clause.infos is None or None in clause.infos:
        return errors
    paths = {one.path for one in clause.infos if one is not None}
    return [error for error in errors if not paths.isdisjoint(external_class(error[0]).lineage)]


def parts_of(program: Block) -> Iterator[tuple[object, Block]]:
    """Yield the parts of a program that have a body, with that."""
    for block in program.blocks():
        for part in block.parts:
            if isinstance(part, Try | Suppress | Exits | Through):
                yield part, part.body


def holds(part: object, place: int) -> bool:
    """Return whether a part is the ``try`` with a handler at a position, or the ``with`` there."""
    if isinstance(part, Try):
        return any(key[2] == place for key, _, _ in part.handlers)
    if isinstance(part, Through):
        return part.place == place
    return isinstance(part, Suppress | Exits) and part.key[2] == place
