"""Raise statements by kind, handlers and what they do, exception classes, codes, adoption by package."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from flext_analysis.entry_points.common.reading import expressions_in
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.definitions import Definition, statements_of
from flext_analysis.summaries.summary import Code, column_of, line_of
from flext_analysis.syntax.raise_sites import ALWAYS_PROTOCOL
from flext_codemods.audit.contracts.error_facts import FactReader
from flext_codemods.audit.program import Program, function_name
from flext_codemods.audit.witness import Ways

__all__ = ["KINDS", "Handler", "Inventory", "PackageRow", "RaiseSite", "inventory_of"]

KINDS = ("typed", "builtin", "untyped", "custom", "bare", "unknown")
BROAD = frozenset(["builtins.Exception", "builtins.BaseException"])
LOGGING = frozenset("debug info warning warn error exception critical log print print_exc format_exc".split())


class RaiseSite(NamedTuple):
    """A raise statement.

    ``kind`` is "typed" (an error of the library or below one), "builtin", "untyped" (Exception itself), "custom" (a
    class of the project or of another library), "bare" (re-raises what was caught) or "unknown". ``protocol`` means
    that the language requires this class, so that it does not count for the adoption.
    """

    path: str
    line: int
    column: int
    function: str
    kind: str
    classes: tuple[str, ...]
    protocol: bool


class Handler(NamedTuple):
    """An ``except`` clause: what it catches (nothing: everything), and what it does with it.

    ``does`` is "raises again", "raises another", "logs", "returns", "nothing" or "goes on".
    """

    path: str
    line: int
    function: str
    catches: tuple[str, ...]
    does: str


class ErrorClass(NamedTuple):
    """An exception class of the project: its base, its code, and how often it is raised and caught."""

    name: str
    path: str
    line: int
    bases: tuple[str, ...]
    code: str
    status: int
    typed: bool
    raised: int
    caught: int


class CodeRow(NamedTuple):
    """An error code: the classes that have it, how often they are raised, whether a test names it or one of them."""

    code: str
    classes: tuple[str, ...]
    raised: int
    tested: bool


class PackageRow(NamedTuple):
    """The raise statements of a package, and the share of typed ones in percent, None if nothing counts."""

    package: str
    counts: dict[str, int]
    typed: int
    countable: int

    @property
    def percent(self) -> float | None:
        """The share of typed raises among those that count."""
        return None if not self.countable else round(100 * self.typed / self.countable, 1)


class Inventory(NamedTuple):
    """The inventory of the audited modules."""

    sites: tuple[RaiseSite, ...]
    handlers: tuple[Handler, ...]
    classes: tuple[ErrorClass, ...]
    codes: tuple[CodeRow, ...]
    packages: tuple[PackageRow, ...]

    @property
    def counts(self) -> dict[str, int]:
        """The number of raise statements of each kind."""
        found = Counter(one.kind for one in self.sites)
        return {kind: found[kind] for kind in KINDS}

    @property
    def total(self) -> PackageRow:
        """All packages as one."""
        return package_row("", self.sites)


def inventory_of(program: Program, facts: FactReader, ways: Ways, tests: str) -> Inventory:
    """Return the inventory of a program; ``tests`` is the text of its test code."""
    sites = sorted(raise_sites(program, facts, ways), key=lambda one: (one.path, one.line, one.column))
    handlers = sorted(all_handlers(program), key=lambda one: (one.path, one.line))
    classes = sorted(error_classes(program, facts, sites, handlers), key=lambda one: one.name)
    return Inventory(
        tuple(sites),
        tuple(handlers),
        tuple(classes),
        tuple(code_rows(facts, sites, tests)),
        tuple(package_rows(sites, program)),
    )


def raise_sites(program: Program, facts: FactReader, ways: Ways) -> Iterator[RaiseSite]:
    """Yield the raise statements of a program."""
    for definition in program.definitions("module", "class", "function", "lambda"):
        for one in statements_of(definition.scope.code):
            if one[0] != op.RAISE:
                continue
            found = ways.values.get((definition, one[4]), set())
            paths = sorted({path for value in found if (path := class_path(value, program)) is not None})
            kind = "bare" if one[1] is None else kind_of(found, paths, facts)
            protocol = bool(paths) and all(is_protocol(path, definition) for path in paths)
            place = line_of(one[4]), column_of(one[4]) + 1
            name = function_name(definition)
            yield RaiseSite(definition.module.path, *place, name, kind, tuple(paths), protocol)


def class_path(value: Any, program: Program) -> str | None:
    """Return the dotted name of the class that a value is or is an instance of, None if it is neither."""
    if value[0] in ("class", "instance", "external"):
        return program.analysis.engine.info(value[1]).path
    return None


def kind_of(values: set[Any], paths: list[str], facts: FactReader) -> str:
    """Return the kind of a raise statement: that of the most important class if there are several."""
    if not paths:
        return "bare" if any(value[0] == "caught" for value in values) else "unknown"
    kinds = {class_kind(path, facts) for path in paths}
    return next(kind for kind in ("untyped", "builtin", "custom", "typed") if kind in kinds)


def class_kind(path: str, facts: FactReader) -> str:
    """Return the kind of a class.

    >>> from flext_analysis.entry_points.common.reading import Reader
    >>> from flext_analysis.program.hierarchy import Hierarchy
    >>> from flext_analysis.program.project import Project
    >>> facts = FactReader(Reader(Project(), Hierarchy(Project())))
    >>> [class_kind(path, facts) for path in ("builtins.KeyError", "builtins.Exception", "requests.HTTPError")]
    ['builtin', 'untyped', 'custom']
    """
    if path in BROAD:
        return "untyped"
    if facts.of(path).typed:
        return "typed"
    return "builtin" if path.startswith("builtins.") else "custom"


def is_protocol(path: str, definition: Definition) -> bool:
    """Return whether the language requires a class at a place: NotImplementedError, KeyError in ``__getitem__``."""
    name = path.removeprefix("builtins.")
    if name in ALWAYS_PROTOCOL:
        return True
    function = definition.scope.name
    if name == "AttributeError":
        decorators = [
            one[1] if one[0] == op.NAME else one[2] if one[0] == op.ATTRIBUTE else ""
            for one in definition.scope.decorators
        ]
        return function in (
            "__getattr__",
            "__getattribute__",
            "__setattr__",
            "__delattr__",
            "__get__",
            "__set__",
        ) or any(str(one).endswith(("property", "setter")) for one in decorators)
    return name in ("KeyError", "IndexError") and function in (
        "__getitem__",
        "__setitem__",
        "__delitem__",
        "__missing__",
    )


def all_handlers(program: Program) -> Iterator[Handler]:
    """Yield the ``except`` clauses of a program."""
    for definition in program.definitions("module", "class", "function", "lambda"):
        for one in statements_of(definition.scope.code):
            for caught, name, body, place in one[2] if one[0] == op.TRY else ():
                infos = [] if caught is None else classes_named(caught, definition, program)
                where = definition.module.path, line_of(place), function_name(definition)
                yield Handler(*where, tuple(infos), what_it_does(body, name))


def classes_named(code: Code, definition: Definition, program: Program) -> list[str]:
    """Return the dotted names of the classes that a clause names; "?" for what is not known."""
    if code[0] == op.SEQUENCE:
        return [path for one in code[2] for path in classes_named(one, definition, program)]
    return [one.path for one in program.hierarchy.of_code(code, definition)] or ["?"]


def what_it_does(body: list[Code], name: str | None) -> str:
    """Return what the body of a handler does with the error."""
    found: set[str] = set()
    for one in statements_of(body):
        if one[0] == op.RAISE:
            again = one[1] is None or (one[1][0] == op.NAME and one[1][1] == name)
            found.add("raises again" if again else "raises another")
        elif one[0] == op.RETURN:
            found.add("returns")
        for each in expressions_in(one):
            if each[0] == op.CALL and is_log_call(each[1]):
                found.add("logs")
    for does in ("raises again", "raises another", "logs", "returns"):
        if does in found:
            return does
    return "goes on" if body else "nothing"


def is_log_call(callee: Code) -> bool:
    """Return whether a function reports something to people: a method of a logger by its name, or ``print``."""
    return (callee[0] == op.ATTRIBUTE and callee[2] in LOGGING) or callee == [op.NAME, "print"]


def error_classes(
    program: Program, facts: FactReader, sites: Iterable[RaiseSite], handlers: Iterable[Handler]
) -> Iterator[ErrorClass]:
    """Yield the exception classes of a program."""
    raised = Counter(path for one in sites for path in one.classes)
    caught = Counter(path for one in handlers for path in one.catches)
    for definition in program.definitions("class"):
        info = program.hierarchy.of_definition(definition)
        if not info.is_error:
            continue
        known = facts.of(info.path)
        bases = tuple(
            one.path for base in definition.scope.bases for one in program.hierarchy.of_code(base, definition.parent)
        )
        place = definition.module.path, line_of(definition.scope.place)
        counts = raised[info.path], caught[info.path]
        yield ErrorClass(info.path, *place, bases, known.code, known.status, known.typed, *counts)


def code_rows(facts: FactReader, sites: Iterable[RaiseSite], tests: str) -> Iterator[CodeRow]:
    """Yield the error codes of the typed classes that are raised."""
    classes: dict[str, Counter[str]] = {}
    for one in sites:
        for path in one.classes:
            known = facts.of(path)
            if known.code:
                classes.setdefault(known.code, Counter())[path] += 1
    for code, found in sorted(classes.items()):
        tested = any(word in tests for word in (code, *(path.rpartition(".")[2] for path in found)))
        yield CodeRow(code, tuple(sorted(found)), found.total(), tested)


def package_rows(sites: Iterable[RaiseSite], program: Program) -> Iterator[PackageRow]:
    """Yield a row for each package that raises something."""
    packages: dict[str, list[RaiseSite]] = {}
    names = {
        module.path: module.name if module.is_package else module.name.rpartition(".")[0] for module in program.modules
    }
    for one in sites:
        packages.setdefault(names[one.path] or one.path, []).append(one)
    for package, found in sorted(packages.items()):
        yield package_row(package, found)


def package_row(package: str, sites: Iterable[RaiseSite]) -> PackageRow:
    """Count the raise statements of a package; bare and unknown ones and a protocol's do not count for adoption."""
    counts: Counter[str] = Counter()
    typed = countable = 0
    for one in sites:
        counts[one.kind] += 1
        if one.kind not in ("bare", "unknown") and not one.protocol:
            countable += 1
            typed += one.kind == "typed"
    return PackageRow(package, {kind: counts[kind] for kind in KINDS}, typed, countable)
