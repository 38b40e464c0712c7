"""Reads what registers entry points: decorators, calls, and the framework objects that they are called on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, NamedTuple

from flext_analysis.program.hierarchy import ClassInfo, Hierarchy
from flext_analysis.program.project import Entity, Project
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.definitions import Definition, statements_of
from flext_analysis.summaries.summary import Code

__all__ = ["CallSite", "Made", "Reader", "argument", "expressions_in", "keyword", "members", "method_name"]

MAX_DEPTH = 12


class CallSite(NamedTuple):
    """A call, and its scope. ``assigned`` is what its value is bound to, if anything."""

    where: Definition
    code: Code
    assigned: Code | None = None


class Made(NamedTuple):
    """An object that is created by a call of a class or function: its dotted name, the call, the scope of the call."""

    path: str
    code: Code
    where: Definition

    @property
    def key(self) -> tuple[str, int]:
        """Distinguishes it from other objects."""
        return self.where.module.path, self.code[4]


def argument(call: Code, index: int, name: str) -> Code | None:
    """Return an argument of a call, by its number (-1: by name only) or its name; None if it is not passed."""
    given = call[2]
    if 0 <= index < len(given) and all(one[0] != op.STARRED for one in given[: index + 1]):
        found: Code = given[index]
        return found
    return keyword(call, name)


def keyword(call: Code, name: str) -> Code | None:
    """Return the argument of a call that is passed by a name, None if it is not."""
    return next((value for key, value in call[3] if key == name), None)


def members(code: Code | None) -> list[Code]:
    """Return the members of a display, including those of ``a + b`` and of the argument of ``list(...)``."""
    if code is None:
        return []
    if code[0] == op.SEQUENCE:
        return [inner for one in code[2] for inner in (members(one[1]) if one[0] == op.STARRED else [one])]
    if code[0] == op.OPERATOR and code[1] == "__add__":
        return members(code[2]) + members(code[3])
    return []


def method_name(call: Code) -> str:
    """Return the name of the method that a call calls, "" if it calls something else."""
    return call[1][2] if call[0] == op.CALL and call[1][0] == op.ATTRIBUTE else ""


def expressions_in(code: Any) -> Iterator[Code]:
    """Yield an expression and those inside it, without functions, which are scopes of their own."""
    waiting = [code]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            if one and isinstance(one[0], int) and not isinstance(one[0], bool):
                yield one
            waiting += [each for each in one if isinstance(each, list)]


class Reader:
    """Answers the questions of the frameworks' modules about a project."""

    def __init__(self, project: Project, hierarchy: Hierarchy) -> None:
        self.project = project
        self.hierarchy = hierarchy

    # What there is

    @cached_property
    def imported(self) -> frozenset[str]:
        """The first parts of everything that the project imports from outside."""
        found: set[str] = set()
        for module in self.project.modules:
            for definition in module.definitions:
                for one in statements_of(definition.scope.code):
                    if one[0] == op.IMPORT:
                        found.update(source.partition(".")[0] for _, source, _, level in one[1] if not level)
        return frozenset(found)

    def definitions(self, *kinds: str) -> Iterator[Definition]:
        """Yield the scopes of some kinds."""
        for module in self.project.modules:
            yield from (one for one in module.definitions if one.scope.kind in kinds)

    @cached_property
    def decorated(self) -> list[tuple[Definition, Code]]:
        """Functions and classes with each of their decorators."""
        return [(one, each) for one in self.definitions("function", "class") for each in one.scope.decorators]

    @cached_property
    def calls(self) -> list[CallSite]:
        """The calls that are statements, or whose value is assigned or returned."""
        return [call for definition in self.definitions("module", "class", "function") for call in calls_in(definition)]

    def calls_of(self, *names: str) -> Iterator[CallSite]:
        """Yield the calls of methods with some names."""
        return (one for one in self.calls if method_name(one.code) in names)

    # The meaning of expressions

    def entities(self, code: Code | None, where: Definition | None) -> list[Entity]:
        """Return what an expression may refer to."""
        return [] if code is None else self.project.of_code(code, where)

    def paths(self, code: Code | None, where: Definition | None) -> list[str]:
        """Return the dotted names that an expression may refer to."""
        return [one.path for one in self.entities(code, where) if one.path]

    def path(self, code: Code | None, where: Definition | None) -> str:
        """Return the dotted name that an expression refers to, "" if it has none, or several."""
        found = self.paths(code, where)
        return found[0] if len(found) == 1 else ""

    def functions(self, code: Code | None, where: Definition | None) -> list[Definition]:
        """Return the functions and classes of the project that an expression may refer to."""
        if code is not None and code[0] == op.LAMBDA and where is not None:
            return [where.module.definitions[code[1]]]
        return [
            one.definition for one in self.entities(code, where) if one.definition is not None and one.kind != "value"
        ]

    def classes(self, code: Code | None, where: Definition | None) -> list[ClassInfo]:
        """Return the classes that an expression names, directly or in a tuple."""
        if code is None:
            return []
        if code[0] == op.SEQUENCE:
            return [info for one in code[2] for info in self.classes(one, where)]
        return self.hierarchy.of_code(code, where)

    def text(self, code: Code | None, where: Definition | None) -> str | None:
        """Return the text that an expression certainly is."""
        value = self.constant(code, where)
        return value if isinstance(value, str) else None

    def number(self, code: Code | None, where: Definition | None) -> int | None:
        """Return the whole number that an expression certainly is, also HTTPStatus.NOT_FOUND, HTTP_404_NOT_FOUND.

        >>> from flext_analysis.summaries.summarize import summarize
        >>> text = b"from http import HTTPStatus\\nx = HTTPStatus.NOT_FOUND"
        >>> project = Project.whole([("m.py", "m", summarize(text))])
        >>> Reader(project, Hierarchy(project)).number([op.NAME, "x"], project.by_path["m.py"].top)
        404
        """
        value = self.constant(code, where)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def constant(self, code: Code | None, where: Definition | None) -> object:
        """Return the text or number that an expression certainly is, None if it is not."""
        if code is None:
            return None
        if code[0] == op.CONSTANT:
            return code[2]
        if code[0] == op.ATTRIBUTE and code[2] == "value":
            return self.constant(code[1], where)
        found = [self.entity_constant(one) for one in self.entities(code, where)] if code[0] in NAMES else []
        return found[0] if len(found) == 1 else None

    def entity_constant(self, entity: Entity) -> object:
        """Return the text or number that a name refers to."""
        if entity.kind == "value" and entity.code is not None and entity.code[0] == op.CONSTANT:
            return entity.code[2]
        if entity.kind == "external":
            return status_of(entity.path)
        return None

    def made(self, code: Code | None, where: Definition | None, depth: int = 0) -> list[Made]:
        """Return the objects that an expression may refer to, if calls create them, here or in a called function."""
        if code is None or where is None or depth > MAX_DEPTH:
            return []
        if code[0] == op.CALL:
            return self.made_by_call(code, where, depth)
        if code[0] == op.NAME:
            given = self.parameter(code[1], where)
            if given is not None:
                return given
        found: list[Made] = []
        for one in self.entities(code, where):
            if one.kind == "value" and one.code is not None and one.code[0] == op.CALL:
                found += self.made_by_call(one.code, one.definition or where, depth + 1)
            elif one.kind == "value" and one.code is not None and one.code is not code:
                found += self.made(one.code, one.definition, depth + 1)
        return found

    def made_by_call(self, code: Code, where: Definition, depth: int) -> list[Made]:
        """Return the result of a call: an object of its class, or what the called function returns."""
        found: list[Made] = []
        for one in self.entities(code[1], where):
            if one.kind in ("external", "class"):
                found.append(Made(one.path, code, where))
            elif one.kind == "function" and one.definition is not None:
                for statement in statements_of(one.definition.scope.code):
                    if statement[0] == op.RETURN and statement[1] is not None:
                        found += self.made(statement[1], one.definition, depth + 1)
        return found

    def parameter(self, name: str, where: Definition) -> list[Made] | None:
        """Return what an annotated parameter may be: an object of that class; None if it is not a parameter."""
        for scope in where.outwards():
            for one in scope.scope.parameters:
                if one.name == name:
                    call: Code = [op.CALL, one.annotation, [], [], -scope.scope.place - 1]
                    paths = self.paths(one.annotation, scope.parent)
                    return [Made(path, call, scope) for path in paths]
            if name in scope.scope.bound:
                return None
        return None

    def lineage(self, path: str, where: Definition) -> tuple[str, ...]:
        """Return the dotted names of a class and of its known bases."""
        info = self.hierarchy.of_path(path, where.module)
        return info.lineage if info is not None else (path,)

    def is_a(self, made: Made, paths: frozenset[str]) -> bool:
        """Return whether an object is an instance of one of some classes."""
        return not paths.isdisjoint(self.lineage(made.path, made.where))

    def methods(self, cls: Definition, names: Iterable[str]) -> list[Definition]:
        """Return the methods of a class with some names, its own and those inherited from the project."""
        found = []
        for name in names:
            for one in self.project.member_of_class(cls, name):
                if one.kind == "function" and one.definition is not None:
                    found.append(one.definition)
        return found


NAMES = frozenset([op.NAME, op.ATTRIBUTE])


def calls_in(definition: Definition) -> Iterator[CallSite]:
    """Yield the calls of a scope that are statements, or whose value is assigned or returned."""
    for one in statements_of(definition.scope.code):
        kind = one[0]
        if kind == op.EVALUATE:
            inner = one[1][1] if one[1][0] == op.AWAIT else one[1]
            if inner[0] == op.CALL:
                yield CallSite(definition, inner)
        elif kind == op.ASSIGN and one[2][0] == op.CALL:
            yield CallSite(definition, one[2], one[1][0])
        elif kind == op.ANNOTATE and one[3] is not None and one[3][0] == op.CALL:
            yield CallSite(definition, one[3], one[1])
        elif kind == op.RETURN and one[1] is not None and one[1][0] == op.CALL:
            yield CallSite(definition, one[1])


def status_of(path: str) -> int | None:
    """Return the HTTP status that a name of the libraries refers to, None if it does not.

    >>> status_of("http.HTTPStatus.CONFLICT"), status_of("rest_framework.status.HTTP_409_CONFLICT")
    (409, 409)
    """
    from http import HTTPStatus

    if path.startswith("http.HTTPStatus."):
        found = HTTPStatus.__members__.get(path.rpartition(".")[2])
        return None if found is None else int(found)
    name = path.rpartition(".")[2].split("_")
    return int(name[1]) if name[0] == "HTTP" and len(name) > 1 and name[1].isdecimal() else None
