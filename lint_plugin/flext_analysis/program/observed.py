"""Which raise sites would be seen to have changed if the stand-in of a builtin were raised, and by whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from flext_analysis.escapes.values import Value, Values
from flext_analysis.program.error_flow import ErrorFlow
from flext_analysis.program.handled_code import handled_statements, handlers_around
from flext_analysis.program.hierarchy import ClassInfo, external_class
from flext_analysis.program.library import ROOT, TYPES, library_path
from flext_analysis.program.observers import EXITS, Observer, exit_observers, observers_in
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.code_walk import dotted_code, walk_code
from flext_analysis.summaries.definitions import Definition
from flext_analysis.summaries.summary import Code
from flext_analysis.syntax.bindings import BUILTIN_ERRORS
from flext_exceptions.catalogue import TARGETS

__all__ = ["BUILTIN", "RECEIVING", "Ancestors", "Finder", "Observed", "Site", "describe", "observed_sites"]

Site = tuple[str, int]  # path of the file, position of the raise
BUILTIN = "builtins."
STAND_INS = frozenset(f"{ROOT}.{row.name}" for row in TARGETS.values())
# Words in the names of variables that hold errors: only such a name makes an error of what may be anything.
ERROR_WORDS = frozenset(
    "e ex exc err error exception exceptions errors failure problem cause exc_value exc_val".split()
)
EVERY_ERROR = frozenset(["builtins.Exception", "builtins.BaseException"])
# Frameworks that keep the name of an error's class: functions that they call under one of these.
STORED_BY_NAME = frozenset(["prepare_exception", "exception_to_python", "get_exception_info"])
REMOTE_DECORATORS = frozenset(["task", "shared_task", "periodic_task"])  # of Celery, whose results are JSON
REMOTE_CALLS = frozenset(["register_function", "register_instance"])  # of xmlrpc.server, whose faults name the class
VALIDATORS = frozenset(
    ["pydantic.v1.validator", "pydantic.v1.root_validator", "pydantic.validator", "pydantic.root_validator"]
)


class Observed(NamedTuple):
    """Why a raise site would be seen to have changed.

    ``kind`` is that of the observer, or "typed" for a handler that would newly receive the error, or "stored" for a
    framework that keeps the name of its class. ``path`` and ``place`` say where, ``function`` in which; ``what`` is
    what it reads. ``neutral`` is the text that is read where ``builtin_type`` or ``builtin_repr`` may be asked instead:
    no stand-in reaches the observer today, so the program would do the same; "" elsewhere.
    """

    kind: str
    path: str
    place: int
    what: str
    function: str = ""
    neutral: str = ""


Ancestors = Mapping[
    str, frozenset[str]
]  # the builtin's name: the dotted names of the typed classes that catch its stand-in


def observed_sites(
    definitions: Iterable[Definition], reach: ErrorFlow, ancestors: Ancestors
) -> dict[Site, list[Observed]]:
    """Return for each raise site who would see that it had changed. Observers that only write logs are left out.

    ``ancestors`` says for each builtin that has a stand-in which typed classes catch that, itself among them.
    """
    found: dict[Site, list[Observed]] = {}
    finder = Finder(reach, ancestors)
    for definition in definitions:
        for site, one in finder.in_definition(definition):
            known = found.setdefault(site, [])
            one = one._replace(function=definition.scope.qualname)
            if one not in known:
                known.append(one)
    return found


Seen = Iterator[tuple[Site, Observed]]


class Finder:
    """Finds what each scope observes."""

    def __init__(self, reach: ErrorFlow, ancestors: Ancestors) -> None:
        self.reach = reach
        self.ancestors = ancestors
        self.typed = frozenset[str]().union(*ancestors.values())
        self.answers = {name: self.answered(name) for name in ancestors}

    def answered(self, builtin: str) -> frozenset[str]:
        """Return the attributes that the stand-in of a builtin has and the builtin itself has not."""
        found: set[str] = set()
        for path in self.ancestors[builtin]:
            row = TYPES.get(path)
            own = self.reach.engine.classes.get(path)
            found.update(dir(row.type) if row is not None else own.scope.bound if own is not None else ())
            found.update(row.keywords if row is not None else ())
        return frozenset(found - set(dir(BUILTIN_ERRORS[builtin])))

    def in_definition(self, definition: Definition) -> Seen:
        """Yield the sites that the code of a scope observes."""
        path = definition.module.path
        for one in observers_in(definition):
            if one.effect != "logs":
                errors = list(self.read_by(one))
                neutral = one.text if one.neutral and self.may_be_neutral(one, errors) else ""
                seen = Observed(one.kind, path, one.place, describe(one), neutral=neutral)
                yield from ((site, seen) for error, site in errors if self.makes_a_difference(error, one))
        for statement, handler in handled_statements(definition.scope.code):
            if statement[0] == op.TRY:
                yield from self.dispatched(statement, definition)
            elif statement[0] == op.WITH:
                yield from self.managed(statement, definition)
            elif statement[0] == op.MATCH:
                yield from self.matched(statement, definition)
            del handler
        yield from self.asked(definition)
        yield from self.kept(definition)

    # What observers read

    def read_by(self, one: Observer) -> Iterator[tuple[str, Site]]:
        """Yield the errors that an observer may read."""
        definition = one.definition
        if one.subject is None:
            yield from self.handled_at(definition, one.place)
            return
        values = self.reach.values(definition, one.subject)
        around = handlers_around(definition.scope.code, one.place) if one.subject[0] == op.NAME else ()
        own = [place for place, name in around if one.subject[0] == op.NAME and name == one.subject[1]]
        if own:  # the name of the handler's error, which other handlers of the function may have too
            yield from self.reach.caught_by(definition, own[-1])
            values = {value for value in values if value[0] != "caught" or value[1][0] is not definition}
        yield from self.reach.errors(values)
        if (values or not own) and self.may_be_any(values, one):
            yield from self.reach.everything()

    def may_be_neutral(self, one: Observer, errors: Iterable[tuple[str, Site]]) -> bool:
        """Say whether the builtin may be asked instead: no stand-in is read today, nor a collection of errors shown."""
        if any(library_path(error) in STAND_INS for error, _ in errors):
            return False
        if one.subject is None:
            return True
        values = self.reach.values(one.definition, one.subject)
        if "__class__" in one.text:  # which other objects may answer as they like
            return bool(values) and all(value[0] == "caught" for value in values)
        if one.kind != "repr":
            return True
        plural = dotted_code(one.subject).endswith("s") and self.may_be_any(values, one)
        return not plural and all(value[0] != "container" for value in values)

    def handled_at(self, definition: Definition, place: int) -> Iterator[tuple[str, Site]]:
        """Yield the errors that the handler around a position may have caught; all of them where none is in sight."""
        around = handlers_around(definition.scope.code, place)
        if around:
            yield from self.reach.caught_by(definition, around[-1][0])
        else:
            yield from self.reach.everything()

    def reads_errors(self, one: Observer) -> bool:
        """Say whether an observer reads something that some handler caught, or that may be any error."""
        if one.subject is None:
            return True
        values = self.reach.values(one.definition, one.subject)
        return any(value[0] == "caught" for value in values) or self.may_be_any(values, one)

    def may_be_any(self, values: Values, one: Observer) -> bool:
        """Say whether a value that may be anything may be an error, by its name or by what it is compared with."""
        kinds = {value[0] for value in values}
        if kinds - {"unknown", "any", "parameter"}:
            return False
        if not self.looks_like_an_error(one):
            return False
        if "parameter" in kinds and "unknown" not in kinds:
            return any(value[0] == "parameter" and self.reach.may_be_given_any(value) for value in values)
        return "unknown" in kinds or not kinds

    def looks_like_an_error(self, one: Observer) -> bool:
        """Say whether a value is an error by its name, or is compared with the class of one."""
        compared = [self.classes(code, one.definition) for code in one.compared or ()]
        if any(info is not None and info.is_error for part in compared for info in part):
            return True
        name = dotted_code(one.subject) if one.subject is not None else ""
        if len(name) < 3 and not any(each.name == name for each in one.definition.scope.parameters):
            return False  # as often an element of something
        return not ERROR_WORDS.isdisjoint([name.lower(), *name.rpartition(".")[2].lower().split("_")])

    def makes_a_difference(self, error: str, one: Observer) -> bool:
        """Say whether the stand-in of a builtin answers an observer differently from the builtin."""
        name = error.removeprefix(BUILTIN)
        if name not in self.ancestors:
            return False
        if one.kind == "attribute" and one.asked not in ("", "__dict__"):
            return one.asked in self.answers[name]
        if one.texts is not None:
            stand_in = {path.rpartition(".")[2] for path in self.ancestors[name]}
            return name in one.texts or not stand_in.isdisjoint(one.texts)
        if one.compared is not None:
            known = [self.classes(code, one.definition) for code in one.compared]
            classes = [info for part in known for info in part]
            if not classes or None in classes:
                return True
            paths = {info.path for info in classes if info is not None}
            return error in paths or not self.ancestors[name].isdisjoint(paths)
        return True

    def classes(self, code: Code, definition: Definition) -> list[ClassInfo | None]:
        """Return the classes that an expression, or the members and keys of a table, may be."""
        found: list[ClassInfo | None] = []
        values = self.reach.values(definition, code)
        for value in values:
            if value[0] == "container":
                found += [self.reach.class_of(one) for one in self.members(value)]
            else:
                found.append(self.reach.class_of(value))
        return found

    def members(self, value: Value) -> Values:
        """Return the keys of a table, or the members of a collection."""
        keys: Values = self.reach.members(value, "keys")
        return keys or self.reach.members(value, "items")

    # Typed classes that are named

    def is_typed(self, info: ClassInfo | None) -> bool:
        """Say whether a class catches some stand-in that it would not catch as a builtin."""
        return info is not None and info.path in self.typed

    def dispatched(self, statement: Code, definition: Definition) -> Seen:
        """Yield the sites whose error another clause of a ``try`` would receive."""
        clauses = [
            (None if caught is None else self.flat(caught, definition), place) for caught, _, _, place in statement[2]
        ]
        if not any(classes is not None and any(map(self.is_typed, classes)) for classes, _ in clauses):
            return
        for error, site in self.reach.arriving(definition, statement[2][0][3]):
            name = error.removeprefix(BUILTIN)
            if name not in self.ancestors:
                continue
            before = self.first(clauses, ancestors_of(error))
            after = self.first(clauses, ancestors_of(error) | self.ancestors[name])
            if before != after:
                yield site, Observed("typed", definition.module.path, after or statement[6], "catches the typed error")

    def first(self, clauses: list[tuple[list[ClassInfo | None] | None, int]], ancestors: frozenset[str]) -> int | None:
        """Return the position of the first clause that catches a class with these ancestors."""
        for classes, place in clauses:
            if classes is None or any(one is not None and one.path in ancestors for one in classes):
                return place
        return None

    def flat(self, code: Code, definition: Definition) -> list[ClassInfo | None]:
        """Return the classes that a clause names, through tuples and names."""
        found: list[ClassInfo | None] = []
        waiting = list(self.reach.values(definition, code))
        seen = set(waiting)
        while waiting:
            value = waiting.pop()
            if value[0] == "container":
                new = [one for one in self.reach.members(value, "items") if one not in seen]
                seen.update(new)
                waiting += new
            else:
                found.append(self.reach.class_of(value))
        return found

    def managed(self, statement: Code, definition: Definition) -> Seen:
        """Yield the sites that a ``suppress`` or the ``__exit__`` of a class would see."""
        place = statement[4]
        for manager, _ in statement[1]:
            for code in manager[2] if manager[0] == op.CALL else ():
                if dotted_code(manager[1]).endswith(("suppress", "raises", "assertRaises", "assertRaisesRegex")):
                    classes = self.flat(code, definition)
                    typed = [info for info in classes if self.is_typed(info)]
                    for error, site in self.reach.arriving(definition, place) if typed else ():
                        names = self.ancestors.get(error.removeprefix(BUILTIN), frozenset())
                        caught = {info.path for info in classes if info is not None}
                        if not names.isdisjoint(caught) and ancestors_of(error).isdisjoint(caught):
                            yield site, Observed("typed", definition.module.path, place, "names the typed error")
            yield from self.left_by(manager, statement, definition)

    def left_by(self, manager: Code, statement: Code, definition: Definition) -> Seen:
        """Yield the sites whose class the ``__exit__`` of a manager reads."""
        for value in self.reach.values(definition, manager):
            if value[0] != "instance" or not isinstance(value[1], Definition):
                continue
            for method in self.reach.methods(value, EXITS):
                for one in exit_observers(method):
                    for error, site in self.reach.arriving(definition, statement[4]):
                        if one.effect != "logs" and self.makes_a_difference(error, one):
                            yield site, Observed(one.kind, method.module.path, one.place, describe(one))

    def matched(self, statement: Code, definition: Definition) -> Seen:
        """Yield the sites whose error a ``case`` of a typed class would receive."""
        classes = [info for code in statement[2] for info in self.flat(code, definition)]
        typed = [info for info in classes if info is not None and self.is_typed(info)]
        if not typed:
            return
        for error, site in self.reach.errors(self.reach.values(definition, statement[1])):
            names = self.ancestors.get(error.removeprefix(BUILTIN), frozenset())
            if any(info.path in names and info.path not in ancestors_of(error) for info in typed):
                yield site, Observed("typed", definition.module.path, statement[4], "matches the typed error")

    def asked(self, definition: Definition) -> Seen:
        """Yield the sites of which ``isinstance(error, Typed)`` and their like are asked, or a framework is told."""
        for code, statement, around in walk_code(definition.scope.code):
            if code[0] != op.CALL:
                continue
            name = dotted_code(code[1])
            last = name.rpartition(".")[2]
            if last in ("isinstance", "issubclass") and len(code[2]) == 2:
                yield from self.instance_asked(code, definition)
            elif last in REGISTRATIONS:
                yield from self.registered(code, definition)
            del statement, around
        for decorator in definition.scope.decorators:
            if decorator[0] == op.CALL and definition.parent is not None:
                yield from self.registered(decorator, definition.parent)

    def instance_asked(self, code: Code, definition: Definition) -> Seen:
        """Yield the sites whose error ``isinstance`` would newly be true of."""
        classes = self.flat(code[2][1], definition)
        typed = {info.path for info in classes if info is not None and self.is_typed(info)}
        if not typed:
            return
        others = {info.path for info in classes if info is not None}
        values = self.reach.values(definition, code[2][0])
        errors = list(self.reach.errors(values))
        subject = Observer("class", "shows", code[2][0], code[4], definition)
        if self.may_be_any(values, subject):
            errors += self.reach.everything()
        for error, site in errors:
            names = self.ancestors.get(error.removeprefix(BUILTIN), frozenset())
            if not names.isdisjoint(typed) and ancestors_of(error).isdisjoint(others):
                yield site, Observed("typed", definition.module.path, code[4], "asks for the typed error")

    def registered(self, code: Code, definition: Definition) -> Seen:
        """Yield the sites whose error a framework would hand to another function, by a typed class that it was told."""
        given = [*code[2], *(value for _, value in code[3])]
        for one in given:
            for info in self.flat(one, definition):
                if info is not None and self.is_typed(info):
                    for error, site in self.reach.everything():
                        names = self.ancestors.get(error.removeprefix(BUILTIN), frozenset())
                        if info.path in names:
                            yield site, Observed("typed", definition.module.path, code[4], "registers the typed error")

    # Frameworks that keep the class

    def kept(self, definition: Definition) -> Seen:
        """Yield the sites whose class a framework keeps by its name, or shows."""
        path = definition.module.path
        for code, _, _ in walk_code(definition.scope.code):
            if code[0] != op.CALL:
                continue
            last = code[1][2] if code[1][0] == op.ATTRIBUTE else code[1][1] if code[1][0] == op.NAME else ""
            if last in STORED_BY_NAME:
                for one in code[2]:
                    for _error, site in self.reach.errors(self.reach.values(definition, one)):
                        yield site, Observed("stored", path, code[4], "keeps the name of the class")
            elif last in REMOTE_CALLS:
                for one in code[2]:
                    for value in self.reach.values(definition, one):
                        if value[0] in ("function", "bound"):
                            for _error, site in self.reach.leaving(value[1]):
                                yield site, Observed("stored", path, code[4], "sends the name of the class")
        if definition.scope.kind == "function" and definition.parent is not None:
            for decorator in definition.scope.decorators:
                inner = decorator[1] if decorator[0] == op.CALL else decorator
                names = {value[1] for value in self.reach.values(definition.parent, inner) if value[0] == "external"}
                remote = dotted_code(inner).rpartition(".")[2] in REMOTE_DECORATORS
                if names & VALIDATORS or remote:
                    for _error, site in self.reach.leaving(definition):
                        yield site, Observed("stored", path, definition.scope.place, "keeps the name of the class")


REGISTRATIONS = frozenset(
    "errorhandler register_error_handler exception_handler add_exception_handler app_errorhandler register "
    "retry_if_exception_type retry_if_not_exception_type split subgroup on_exception".split()
)


RECEIVING = REGISTRATIONS | frozenset(["isinstance", "issubclass", "suppress"])


def ancestors_of(error: str) -> frozenset[str]:
    """Return the dotted names of the ancestors of a builtin."""
    return external_class(error).ancestors


def describe(one: Observer) -> str:
    """Return what an observer reads, and whether it decides by it or only shows it, in words."""
    return f"reads {one.text} {'to decide' if one.decides else 'for the answer'}"
