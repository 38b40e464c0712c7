"""Which raise sites would visibly change if the stand-in of a builtin were raised, and who would notice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from flext_analysis.escapes.values import Values
from flext_analysis.observers.differences import BUILTIN, Ancestors, Differences, Site
from flext_analysis.observers.error_flow import ErrorFlow
from flext_analysis.observers.handled_code import handled_statements
from flext_analysis.observers.observer import Observer
from flext_analysis.observers.scan import EXITS, exit_observers, observers_in
from flext_analysis.program.hierarchy import ClassInfo, external_class
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.code_walk import calls_in, dotted_code, walk_code
from flext_analysis.summaries.definitions import Definition, statements_of
from flext_analysis.summaries.summary import Code

__all__ = ["RECEIVING", "Finder", "Observed", "describe", "observed_sites", "registered_by"]

# Functions of Celery that store the name of an error's class.
STORED_BY_NAME = frozenset(["prepare_exception", "exception_to_python", "get_exception_info"])
REMOTE_DECORATORS = frozenset(["task", "shared_task", "periodic_task"])  # of Celery, whose results are JSON
REMOTE_CALLS = frozenset(["register_function", "register_instance"])  # of xmlrpc.server, whose faults name the class
VALIDATORS = frozenset(
    ["pydantic.v1.validator", "pydantic.v1.root_validator", "pydantic.validator", "pydantic.root_validator"]
)


class Observed(NamedTuple):
    """Why a raise site would visibly change.

    ``kind`` is that of the observer, or "typed" for a handler that would newly receive the error, or "stored" for a
    framework that stores the name of its class. ``path`` and ``place`` are the location, ``function`` its function;
    ``what`` is what it reads. ``neutral`` is the text that is read if ``builtin_type`` or ``builtin_repr`` may be asked
    instead: no stand-in reaches the observer today, so the program would do the same; otherwise "".
    """

    kind: str
    path: str
    place: int
    what: str
    function: str = ""
    neutral: str = ""


def observed_sites(
    definitions: Iterable[Definition], reach: ErrorFlow, ancestors: Ancestors
) -> dict[Site, list[Observed]]:
    """Return for each raise site who would notice that it changed. Observers that only write logs are left out.

    ``ancestors`` has for each builtin with a stand-in the typed classes that catch that, including itself.
    """
    found: dict[Site, dict[Observed, None]] = {}
    finder = Finder(reach, ancestors)
    for definition in definitions:
        named: dict[Observed, Observed] = {}  # an observer may see every site of the program
        for site, one in finder.in_definition(definition):
            seen = named.get(one)
            if seen is None:
                seen = named[one] = one._replace(function=definition.scope.qualname)
            found.setdefault(site, {})[seen] = None
    return {site: list(observers) for site, observers in found.items()}


Clause = tuple[list[ClassInfo | None] | None, int]  # the classes, None for a bare ``except``, and the position
Seen = Iterator[tuple[Site, Observed]]


class Finder(Differences):
    """Finds what each scope observes."""

    def in_definition(self, definition: Definition) -> Seen:
        """Yield the sites that the code of a scope observes."""
        path = definition.module.path
        for one in observers_in(definition):
            if self.counts(one):
                errors = list(self.read_by(one))
                neutral = one.text if one.neutral and self.may_be_neutral(one, errors) else ""
                seen = Observed(one.kind, path, one.place, describe(one), neutral=neutral)
                different = {error for error in {error for error, _ in errors} if self.makes_a_difference(error, one)}
                yield from ((site, seen) for error, site in errors if error in different)
        for statement, handler in handled_statements(definition.scope.code):
            if statement[0] == op.TRY:
                yield from self.dispatched(statement, definition)
            elif statement[0] == op.WITH:
                yield from self.managed(statement, definition)
            elif statement[0] == op.MATCH:
                yield from self.matched(statement, definition)
            elif statement[0] == op.ASSIGN and is_hook(statement[1]):
                yield from self.told_of_all([statement[2]], definition, is_a_hook=True)
            elif statement[0] == op.RAISE and statement[1] is not None and statement[1][0] == op.CALL:
                yield from self.held_by_another(statement[1], definition)
            del handler
        for decorator in definition.scope.decorators:
            managers = self.reach.values(definition.parent or definition, decorator)
            yield from self.left_by(managers, definition, definition.scope.place)
        yield from self.asked(definition)
        yield from self.kept(definition)

    # Typed classes that are named

    def dispatched(self, statement: Code, definition: Definition) -> Seen:
        """Yield the sites whose error another clause of a ``try`` would receive."""
        clauses: list[Clause] = [
            (None if caught is None else self.flat(caught, definition), place) for caught, _, _, place in statement[2]
        ]
        if not any(classes is not None and any(map(self.is_typed, classes)) for classes, _ in clauses):
            return
        ways = [clauses]  # a name of a clause that may be one of several classes is each of them at a time
        for number, (caught, _, _, place) in enumerate(statement[2]):
            each = self.alternatives(caught, definition) if caught is not None else []
            ways += [[*clauses[:number], (one, place), *clauses[number + 1 :]] for one in each if len(each) > 1]
        arriving = self.reach.arriving(definition, statement[2][0][3])
        for error, site in [*arriving, *self.reach.in_groups()] if statement[5] else arriving:
            name = error.removeprefix(BUILTIN)
            if name not in self.ancestors:
                continue
            for way in ways:
                before = self.first(way, ancestors_of(error))
                after = self.first(way, ancestors_of(error) | self.ancestors[name])
                if before != after:
                    place = after or statement[6]
                    yield site, Observed("typed", definition.module.path, place, "catches the typed error")
                    break

    def first(self, clauses: list[Clause], ancestors: frozenset[str]) -> int | None:
        """Return the position of the first clause that catches a class with these ancestors."""
        for classes, place in clauses:
            if classes is None or any(one is not None and one.path in ancestors for one in classes):
                return place
        return None

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
            yield from self.left_by(self.reach.values(definition, manager), definition, place)

    def left_by(self, managers: Values, definition: Definition, place: int) -> Seen:
        """Yield the sites whose class the ``__exit__`` of the managers at a place of a function reads."""
        for value in managers:
            if value[0] != "instance" or not isinstance(value[1], Definition):
                continue
            for method in self.reach.methods(value, EXITS):
                for one in exit_observers(method, self.functions):
                    for error, site in self.reach.arriving(definition, place):
                        if self.counts(one) and self.makes_a_difference(error, one):
                            yield site, Observed(one.kind, one.definition.module.path, one.place, describe(one))

    def functions(self, definition: Definition, code: Code) -> list[tuple[Definition, int]] | None:
        """Return the functions that an expression may be, each with the number of parameters that are already bound."""
        values = self.reach.values(definition, code)
        if not all(value[0] in ("function", "bound") for value in values):
            return None
        return [(value[1], int(value[0] == "bound")) for value in values] or None

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
        """Yield the sites tested by ``isinstance(error, Typed)`` and the like, or named to a framework."""
        decorators = (code for code, _, _ in walk_code(decorating(definition)) if code[0] == op.CALL)
        for code in (*calls_in(definition), *decorators):
            last = called_last(code)
            if last in ("isinstance", "issubclass") and len(code[2]) == 2:
                yield from self.instance_asked(code, definition)
            elif last in REGISTRATIONS:
                yield from self.registered(arguments_of(code), definition, code[4], last in OF_FRAMEWORKS)
            elif last in PUSHED:
                yield from self.told_of_all(code[2], definition)
        around, place = definition.parent or definition, definition.scope.place
        yield from self.registered(registered_by(definition), around, place, told_by_a_framework(definition))

    def instance_asked(self, code: Code, definition: Definition) -> Seen:
        """Yield the sites for whose error ``isinstance`` would newly be true."""
        ways = []
        for classes in self.alternatives(code[2][1], definition):
            named = {info.path for info in classes if info is not None}
            typed = {info.path for info in classes if info is not None and self.is_typed(info)}
            ways += [(named, typed)] if typed else []
        if not ways:
            return
        values = self.reach.values(definition, code[2][0])
        errors = list(self.reach.errors(values))
        subject = Observer("class", "shows", code[2][0], code[4], definition)
        if self.may_be_any(values, subject):
            errors += self.reach.everything()
        for error, site in errors:
            names = self.ancestors.get(error.removeprefix(BUILTIN), frozenset())
            known = ancestors_of(error)
            if any(not names.isdisjoint(typed) and known.isdisjoint(others) for others, typed in ways):
                yield site, Observed("typed", definition.module.path, code[4], "asks for the typed error")

    @cached_property
    def hands_to_frameworks(self) -> bool:
        """Whether code passes errors to a framework itself: ``app.handle_user_exception(error)``."""
        scopes = (one.scope for module in self.reach.project.modules for one in module.definitions)
        return any(scope.body.mentions(name) for scope in scopes for name in HANDLED_BY_FRAMEWORKS)

    def registered(self, given: list[Code], definition: Definition, place: int, told: bool) -> Seen:
        """Yield the sites whose error would be passed to another function, registered for a typed class.

        ``told`` says that a framework does so, which sees only what leaves the functions that it calls.
        """
        for one in given:
            for info in self.flat(one, definition):
                if info is not None and self.is_typed(info):
                    leaving = told and not self.hands_to_frameworks
                    for error, site in self.reach.outward if leaving else self.reach.everything():
                        names = self.ancestors.get(error.removeprefix(BUILTIN), frozenset())
                        if info.path in names:
                            yield site, Observed("typed", definition.module.path, place, "registers the typed error")

    def held_by_another(self, call: Code, definition: Definition) -> Seen:
        """Yield the sites whose error is an argument of another that is raised: two or more are shown as a tuple is."""
        called = self.reach.values(definition, call[1])
        if called and all(value[0] in ("function", "bound") for value in called):
            return  # what reads that error is found there
        classes = [self.reach.class_of(value) for value in called]
        if any(info is not None and says_its_own(info) for info in classes):
            return
        for one in call[2]:
            values = self.reach.values(definition, one)
            if len(call[2]) < 2 and not any(info is not None and KEY_ERROR in info.lineage for info in classes):
                values = self.reach.shown_inside(values)
            for error, site in self.reach.errors(values):
                if error.removeprefix(BUILTIN) in self.ancestors:
                    yield site, Observed("repr", definition.module.path, call[4], "shows the repr")

    def told_of_all(self, given: list[Code], definition: Definition, *, is_a_hook: bool = False) -> Seen:
        """Yield the sites whose error is read by a function called with any error: on an exit stack, or a hook.

        A hook is ``sys.excepthook``, which is told of what leaves the program: what it shows replaces the traceback
        that would be printed to stderr, but for a plain ``print``.
        """
        for code in given:
            for value in self.reach.values(definition, code):
                if value[0] not in ("function", "bound"):
                    continue
                function: Definition = value[1]
                parameters = function.scope.parameters[int(value[0] == "bound") :]
                name = parameters[1].name if len(parameters) > 1 else ""
                of_error = [
                    one
                    for one in observers_in(function)
                    if one.subject is not None and one.subject[:2] == [op.NAME, name] and not one.inside
                ]
                for one in (*exit_observers(function, self.functions, int(value[0] == "bound")), *of_error):
                    counts = self.counts(one) and (one.decides or one.effect == "prints" or not is_a_hook)
                    told = self.reach.outward if is_a_hook else self.reach.everything()
                    for error, site in told if counts else ():
                        if self.makes_a_difference(error, one):
                            yield site, Observed(one.kind, one.definition.module.path, one.place, describe(one))

    # Frameworks that keep the class

    @cached_property
    def of_celery(self) -> frozenset[str]:
        """The names of STORED_BY_NAME that are not the repository's own: it may define them without using Celery."""
        modules = self.reach.project.modules
        if any(path.partition(".")[0] == "celery" for module in modules for path in module.imported.values()):
            return STORED_BY_NAME
        return STORED_BY_NAME - {one.scope.name for module in modules for one in module.definitions}

    def kept(self, definition: Definition) -> Seen:
        """Yield the sites whose class a framework stores by its name, or shows."""
        path = definition.module.path
        for code in calls_in(definition):
            last = called_last(code)
            if last in self.of_celery:
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


OF_FRAMEWORKS = frozenset(
    "errorhandler register_error_handler exception_handler add_exception_handler app_errorhandler".split()
)
HANDLED_BY_FRAMEWORKS = ("handle_exception", "handle_user_exception", "handle_http_exception")
REGISTRATIONS = OF_FRAMEWORKS | frozenset(
    "register retry_if_exception_type retry_if_not_exception_type split subgroup on_exception".split()
)


PUSHED = frozenset(["push", "push_async_exit"])
KEY_ERROR = "builtins.KeyError"  # its text is the repr of its argument
OWN_TEXT = frozenset(["__init__", "__str__"])
RECEIVING = REGISTRATIONS | frozenset(["isinstance", "issubclass", "suppress"])


def is_hook(targets: list[Code]) -> bool:
    """Return whether an assignment replaces the interpreter's hook for errors that nobody catches."""
    return any(dotted_code(one).endswith("excepthook") for one in targets)


def called_last(call: Code) -> str:
    """Return the last part of the name of a callee, "" if it has none."""
    function = call[1]
    name: str = function[2] if function[0] == op.ATTRIBUTE else function[1] if function[0] == op.NAME else ""
    return name


def decorating(definition: Definition) -> list[Code]:
    """Return the arguments of the decorators of the functions and classes directly in a scope."""
    return [
        [op.EVALUATE, one]
        for statement in statements_of(definition.scope.code)
        if statement[0] == op.DEFINE
        for decorator in definition.module.definitions[statement[1]].scope.decorators
        if decorator[0] == op.CALL
        for one in arguments_of(decorator)
    ]


def arguments_of(call: Code) -> list[Code]:
    """Return the arguments of a call, by position and by keyword."""
    return [*call[2], *(value for _, value in call[3])]


def registered_by(definition: Definition) -> list[Code]:
    """Return what the decorators of a function may name as the errors that it is for.

    ``@look.register`` without arguments uses the annotation of the first parameter.
    """
    found: list[Code] = []
    for decorator in definition.scope.decorators if definition.parent is not None else ():
        if decorator[0] == op.CALL:
            found += arguments_of(decorator)
        elif decorator[0] == op.ATTRIBUTE and decorator[2] == "register":
            first = definition.scope.parameters[:1]
            found += [one.annotation for one in first if one.annotation is not None]
    return found


def told_by_a_framework(definition: Definition) -> bool:
    """Return whether only frameworks are given classes by the decorators of a function."""
    called = (one for one in definition.scope.decorators if one[0] == op.CALL or one[0] == op.ATTRIBUTE)
    return all(one[0] == op.CALL and called_last(one) in OF_FRAMEWORKS for one in called)


def says_its_own(cls: ClassInfo) -> bool:
    """Return whether the text of an error is not built from its arguments."""
    own = cls.definition is not None and OWN_TEXT & set(cls.definition.scope.bound)
    return bool(own) or cls.path.endswith("ExceptionGroup") or "builtins.BaseExceptionGroup" in cls.lineage


def ancestors_of(error: str) -> frozenset[str]:
    """Return the dotted names of the ancestors of a builtin."""
    return external_class(error).ancestors


def describe(one: Observer) -> str:
    """Return what an observer reads, and whether it decides by it or only shows it, in words."""
    return f"reads {one.text} {'to decide' if one.decides else 'for the answer'}"
