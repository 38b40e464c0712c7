"""Modules whose names are read as a whole, so that one more name, an added import, would be noticed."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator
from typing import NamedTuple

from flext_analysis.program.project import Project
from flext_analysis.program.run_modules import IMPORTERS
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.code_walk import calls_in, dotted_code, walk_code
from flext_analysis.summaries.definitions import Definition, Module, statements_of
from flext_analysis.summaries.summary import Code

__all__ = ["NamespaceRead", "namespace_readers"]

OWN = frozenset(["globals", "vars", "locals", "dir"])  # without arguments: of the module itself
OF_MODULE = frozenset(["vars", "dir", "getmembers", "inspect.getmembers", "getmembers_static"])
BY_KEY = frozenset(["get", "update", "setdefault", "pop", "__setitem__", "__getitem__"])
MAKERS = frozenset(["module_from_spec", "load_source"])
RUNNERS = ("run_path", "run_module")  # of runpy


class NamespaceRead(NamedTuple):
    """A module whose names are read, and the place that does it."""

    module: Module
    path: str
    place: int


def namespace_readers(
    project: Project, passes_over: Callable[[NamespaceRead], bool] = lambda read: False
) -> dict[str, NamespaceRead]:
    """Return the modules whose names are read as a whole, by path. A star import passes on what its module binds.

    ``passes_over`` says which reads would not notice one more name.

    >>> from flext_analysis.summaries.summarize import summarize
    >>> files = {"rules.py": b"def age(x): ...", "checks.py": b"from rules import *\\nRULES = dict(globals())"}
    >>> project = Project.whole((path, path[:-3], summarize(text)) for path, text in files.items())
    >>> sorted(namespace_readers(project))
    ['checks.py', 'rules.py']
    """
    found: dict[str, NamespaceRead] = {}
    for module in project.modules:
        for definition in module.definitions:
            for one in reads_in(definition, project):
                if one.module.path not in found and not passes_over(one):
                    found[one.module.path] = one
    for read in run_files(project):
        if read.module.path not in found and not passes_over(read):
            found[read.module.path] = read
    waiting = list(found.values())
    while waiting:
        read = waiting.pop()
        if read.module.top is None:
            continue
        for source, level in read.module.stars:
            inner = project.find_module(read.module.absolute(source, level), read.module)
            if inner is not None and inner.summary.exports is None and inner.path not in found:
                found[inner.path] = read._replace(module=inner)
                waiting.append(found[inner.path])
    return found


def run_files(project: Project) -> Iterator[NamespaceRead]:
    """Yield the files that may be run by ``exec`` of a file's text, or by ``runpy``: those that a constant names.

    With a computed path any file that is in no package and that nothing imports may be meant: a settings file, whose
    names are checked.
    """
    runners = [(d.module, code) for m in project.modules for d in m.definitions for code in runs_in(d)]
    if not runners:
        return
    imported = {one.path for module in project.modules for one in project.imported_modules(module)}
    for module in project.modules:
        loose = "." not in module.name and not module.is_package and module.path not in imported
        for runner, code in runners:
            if module is not runner and (loose if is_computed(code) else is_named(module, code)):
                yield NamespaceRead(module, runner.path, code[4])
                break


def is_computed(call: Code) -> bool:
    """Return whether the first argument of a call is no constant."""
    return bool(call[2]) and call[2][0][0] != op.CONSTANT


def is_named(module: Module, call: Code) -> bool:
    """Return whether a constant argument of a call names a module, by its path or as one imports it."""
    text = str(call[2][0][2]) if call[2] else ""
    path = text.removeprefix("./")
    return module.name == text or (path.endswith(".py") and f"/{module.path}".endswith(f"/{path}"))


def runs_in(definition: Definition) -> Iterator[Code]:
    """Yield the calls in a scope that run a file and keep the names that it leaves."""
    calls = [each for each in walk_code(definition.scope.code) if each[0][0] == op.CALL]
    names = [
        dotted_code(one[1]).rpartition(".")[2] or one[1][2]
        for one, _, _ in calls
        if one[1][0] in (op.NAME, op.ATTRIBUTE)
    ]
    reads = not {"read", "read_text", "read_bytes", "getsource"}.isdisjoint(names)
    for code, statement, around in calls:
        name = dotted_code(code[1])
        kept = statement[0] != op.EVALUATE or bool(around)
        executes = name.endswith("execfile") or (reads and name in ("exec", "builtins.exec") and is_computed(code))
        if executes or (kept and name.endswith(RUNNERS)):
            yield code


def reads_in(definition: Definition, project: Project) -> Iterator[NamespaceRead]:
    """Yield the modules whose names the code of a scope reads."""
    module = definition.module
    for code, _, around in walk_code(definition.scope.code):
        if code[0] == op.CALL:
            name = dotted_code(code[1])
            place = code[4]
            if name in OWN and not code[2]:
                local = name != "globals" and definition.scope.kind not in ("module", "class")
                if not local and definition.scope.kind != "class" and not is_by_key(code, around):
                    yield NamespaceRead(module, module.path, place)
            elif (name in OF_MODULE or name.endswith(".getmembers")) and code[2]:
                if name not in ("vars",) or not is_by_key(code, around):
                    yield from read_of(code[2][0], definition, project, place)
            elif name.rpartition(".")[2] == "Fire":
                if not code[2]:
                    yield NamespaceRead(module, module.path, place)
                for one in code[2]:
                    yield from read_of(one, definition, project, place)
        elif code[0] == op.ATTRIBUTE and code[2] == "__dict__" and not is_by_key(code, around):
            certain = not is_made(code[1], definition) or is_passed_on(code, around)
            yield from read_of(code[1], definition, project, code[3], certain=certain)


def is_passed_on(code: Code, around: tuple[Code, ...]) -> bool:
    """Return whether a function that is no builtin receives the names: most often it takes some of them by key."""
    parent = around[-1] if around else None
    if parent is None or parent[0] != op.CALL or all(one is not code for one in parent[2]):
        return False
    return not hasattr(builtins, dotted_code(parent[1]))


def is_by_key(code: Code, around: tuple[Code, ...]) -> bool:
    """Return whether only single names of a namespace are read or set: ``__import__`` reads some of Python's own."""
    parent = around[-1] if around else None
    if parent is None:
        return False
    if parent[0] == op.ITEM and parent[1] is code:
        return True
    if parent[0] == op.CALL and dotted_code(parent[1]) in ("__import__", "builtins.__import__"):
        return True
    if parent[0] == op.COMPARED:
        return all(one in ("__contains__", "is", "is not") for one in parent[1]) and parent[2][0] is not code
    return parent[0] == op.ATTRIBUTE and parent[2] in BY_KEY


def read_of(
    code: Code, definition: Definition, project: Project, place: int, *, certain: bool = False
) -> Iterator[NamespaceRead]:
    """Yield the modules that an expression may be: any that nothing imports if the code imports by name."""
    path = definition.module.path
    if code[0] == op.ITEM and dotted_code(code[1]) == "sys.modules":
        if dotted_code(code[2]) == "__name__":
            yield NamespaceRead(definition.module, path, place)
        elif code[2][0] == op.CONSTANT and isinstance(code[2][2], str):
            module = project.find_module(code[2][2], definition.module)
            if module is not None:
                yield NamespaceRead(module, path, place)
        return
    entities = project.of_code(code, definition)
    for entity in entities:
        if entity.kind == "module" and entity.module is not None:
            yield NamespaceRead(entity.module, path, place)
    known = any(entity.kind in ("module", "class", "function") for entity in entities)
    if not known and not certain and imports_by_name(definition):
        imported = {one.path for module in project.modules for one in project.imported_modules(module)}
        for module in project.modules:
            if module.path not in imported and module is not definition.module:
                yield NamespaceRead(module, path, place)


def is_made(code: Code, definition: Definition) -> bool:
    """Return whether a name is bound to a module that a call gives: ``module_from_spec(spec)``."""
    for scope in {definition, definition.module.top} if code[0] == op.NAME else ():
        for statement in statements_of(scope.scope.code) if scope is not None else ():
            if statement[0] == op.ASSIGN and code[:2] in [target[:2] for target in statement[1]]:
                value = statement[2]
                if value[0] == op.CALL and dotted_code(value[1]).rpartition(".")[2] in IMPORTERS | MAKERS:
                    return True
    return False


def imports_by_name(definition: Definition) -> bool:
    """Return whether a scope, or the module around it, imports modules with computed names."""
    for scope in {definition, definition.module.top}:
        for code in calls_in(scope) if scope is not None else ():
            if dotted_code(code[1]).rpartition(".")[2] in IMPORTERS:
                return True
    return False
