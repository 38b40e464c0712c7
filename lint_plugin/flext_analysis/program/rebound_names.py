"""Builtin errors whose name is rebound at run time: by globals(), a patch, or in builtins itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from flext_analysis.program.project import Project
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.code_walk import dotted_code, walk_code
from flext_analysis.summaries.definitions import Definition, Module, statements_of
from flext_analysis.summaries.summary import Code
from flext_analysis.syntax.bindings import BUILTIN_ERRORS

__all__ = ["Rebound", "rebound_names"]

PATCHES = frozenset(["patch", "object", "setattr", "setitem", "multiple", "dict"])


class Rebound(NamedTuple):
    """A builtin's name that is rebound: in which module (None: in all of them), and where."""

    name: str
    module: Module | None
    path: str
    place: int


def rebound_names(project: Project) -> Iterator[Rebound]:
    """Yield the names of builtin errors that code of a project rebinds, other than by an ordinary statement.

    >>> from flext_analysis.summaries.summarize import summarize
    >>> text = b"import builtins\\nbuiltins.ValueError = Noted\\nglobals()['KeyError'] = Rejected\\n"
    >>> [(one.name, one.module) for one in rebound_names(Project.whole([("m.py", "m", summarize(text))]))]
    [('ValueError', None), ('KeyError', <module m>)]
    """
    for module in project.modules:
        for definition in module.definitions:
            for statement in statements_of(definition.scope.code):
                yield from by_assignment(statement, definition, project)
            for code, _, _ in walk_code(definition.scope.code):
                if code[0] == op.CALL:
                    yield from by_call(code, definition, project)


def by_assignment(statement: Code, definition: Definition, project: Project) -> Iterator[Rebound]:
    """Yield what ``module.ValueError = ...`` and ``globals()["ValueError"] = ...`` bind."""
    if statement[0] != op.ASSIGN:
        return
    for target in statement[1]:
        if target[0] == op.ATTRIBUTE and target[2] in BUILTIN_ERRORS:
            yield from in_holder(target[1], target[2], definition, project, target[3])
        elif target[0] == op.ITEM and text_of(target[2]) in BUILTIN_ERRORS:
            yield from in_namespace(target[1], text_of(target[2]), definition, project, target[3])


def by_call(code: Code, definition: Definition, project: Project) -> Iterator[Rebound]:
    """Yield what ``setattr``, ``mock.patch`` and ``monkeypatch.setattr`` bind, and ``globals().update``."""
    name = dotted_code(code[1])
    last = code[1][2] if code[1][0] == op.ATTRIBUTE else name
    given, place = code[2], code[4]
    if last in PATCHES and given:
        whole = text_of(given[0])
        module_name, _, builtin = whole.rpartition(".")
        if builtin in BUILTIN_ERRORS and module_name:
            found = None if module_name == "builtins" else project.find_module(module_name, definition.module)
            if found is not None or module_name == "builtins":
                yield Rebound(builtin, found, definition.module.path, place)
        if len(given) > 1 and text_of(given[1]) in BUILTIN_ERRORS:
            yield from in_holder(given[0], text_of(given[1]), definition, project, place)
            yield from in_namespace(given[0], text_of(given[1]), definition, project, place)
    if last == "multiple" and given:
        for keyword, _ in code[3]:
            if keyword in BUILTIN_ERRORS:
                yield from in_holder(given[0], keyword, definition, project, place)
    if last in ("update", "dict") and code[1][0] == op.ATTRIBUTE:
        holder = code[1][1] if last == "update" else given[0] if given else code[1]
        keys = [keyword for keyword, _ in code[3] if keyword]
        for one in given:
            keys += [text_of(key) for key in one[1] if key is not None] if one[0] == op.MAPPING else []
        for key in keys:
            if key in BUILTIN_ERRORS:
                yield from in_namespace(holder, key, definition, project, place)


def in_holder(code: Code, name: str, definition: Definition, project: Project, place: int) -> Iterator[Rebound]:
    """Yield the rebinding of a name in the module that an expression is."""
    path = definition.module.path
    text = dotted_code(code)
    if text == "__builtins__":
        yield Rebound(name, None, path, place)
    if code[0] == op.ITEM and dotted_code(code[1]) == "sys.modules":
        key = code[2]
        module = definition.module if dotted_code(key) == "__name__" else None
        if module is None and text_of(key):
            module = project.find_module(text_of(key), definition.module)
        if module is not None or text_of(key) == "builtins":
            yield Rebound(name, module, path, place)
        return
    for entity in project.of_code(code, definition):
        if entity.kind == "module" and entity.module is not None:
            yield Rebound(name, entity.module, path, place)
        elif entity.kind == "external" and entity.path == "builtins":
            yield Rebound(name, None, path, place)


def in_namespace(code: Code, name: str, definition: Definition, project: Project, place: int) -> Iterator[Rebound]:
    """Yield the rebinding of a name in ``globals()``, ``vars(module)`` or ``module.__dict__``."""
    path = definition.module.path
    if code[0] == op.CALL:
        called = dotted_code(code[1])
        if called in ("globals", "vars", "locals") and not code[2]:
            yield Rebound(name, definition.module, path, place)
        elif called == "vars" and code[2]:
            yield from in_holder(code[2][0], name, definition, project, place)
    elif code[0] == op.ATTRIBUTE and code[2] == "__dict__":
        yield from in_holder(code[1], name, definition, project, place)
    elif dotted_code(code) == "__builtins__":
        yield Rebound(name, None, path, place)


def text_of(code: Code) -> str:
    """Return the text that an expression is, "" for anything else."""
    return code[2] if code[0] == op.CONSTANT and isinstance(code[2], str) else ""
