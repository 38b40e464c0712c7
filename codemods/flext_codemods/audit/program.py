"""The audited program: its files, joined into a project, with what may leave each function."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from flext_analysis.entry_points.common.reading import Reader
from flext_analysis.entry_points.common.unchecked import unchecked_places
from flext_analysis.escapes import EscapeAnalysis, analyse_escapes
from flext_analysis.program.hierarchy import Hierarchy
from flext_analysis.program.project import Project
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.definitions import Definition, Module, statements_of
from flext_analysis.summaries.summary import line_of
from flext_codemods.audit.boundaries import is_boundary, module_shown
from flext_codemods.audit.sources import SourceFile, Sources
from flext_codemods.audit.summaries import read_summaries
from flext_codemods.project.files import read_bytes

__all__ = ["Problem", "Program", "function_name", "place_name", "read_program"]

FRAMEWORKS = frozenset(["django", "fastapi", "flask", "rest_framework", "starlette"])


class Problem(NamedTuple):
    """A file that could not be read: the displayed path, and why."""

    path: str
    why: str


class Program(NamedTuple):
    """A program: its project, its classes, what leaves its functions.

    ``modules`` are those that are audited; the project also contains what they import from the repository.
    """

    project: Project
    hierarchy: Hierarchy
    analysis: EscapeAnalysis
    reader: Reader
    modules: list[Module]
    problems: list[Problem]
    lines: int

    def definitions(self, *kinds: str) -> Iterable[Definition]:
        """Yield the scopes of some kinds, in the order of the files."""
        for module in self.modules:
            yield from (one for one in module.definitions if one.scope.kind in kinds)


def function_name(definition: Definition) -> str:
    """Return the name of a function in reports: its file and its qualified name.

    >>> from flext_analysis.summaries.summarize import summarize
    >>> module = Module("shop/cart.py", "shop.cart", summarize(b"class Cart:\\n    def add(self): ..."))
    >>> function_name(module.definitions[2])
    'shop/cart.py::Cart.add'
    """
    path = definition.module.path
    return module_shown(path) if is_boundary(path) else f"{path}::{definition.scope.qualname or '<module>'}"


def place_name(path: str, place: int) -> str:
    """Return the name of a position in a file: the file with the line, or the module of the library.

    >>> place_name("shop/cart.py", 12 * 4096), place_name("<library>/flext_exceptions/patterns/http.py", 4096)
    ('shop/cart.py:12', 'flext_exceptions.patterns.http')
    """
    return module_shown(path) if is_boundary(path) else f"{path}:{line_of(place)}"


def read_program(sources: Sources, state: Path | None, raises: Mapping[str, Iterable[str]] | None = None) -> Program:
    """Read the files of an audit and those that they import from the repository, and find what leaves each function.

    ``raises`` has what functions outside the repository raise.
    """
    project = Project()
    problems: list[Problem] = []
    modules = read_modules(sources.files, state, project, problems)
    lines = sum(one.summary.lines for one in modules)
    waiting = list(modules)
    nearby = dict(sources.nearby)
    while waiting and nearby:
        wanted = {name for module in waiting for name in imported_names(module)}
        batch = [nearby.pop(name) for name in sorted(wanted) if name in nearby]
        waiting = read_modules(batch, state, project, [])
    hierarchy = Hierarchy(project)
    reader = Reader(project, hierarchy)
    return Program(
        project,
        hierarchy,
        analyse_escapes(project, hierarchy=hierarchy, sites=True, raises=raises, marks=marks_of(reader)),
        reader,
        modules,
        problems,
        lines,
    )


def marks_of(reader: Reader) -> dict[str, dict[int, tuple[str, ...]]]:
    """Return the places by file where data of requests is assumed to have a shape, and what these raise.

    Code without a web framework has none.
    """
    found: dict[str, dict[int, tuple[str, ...]]] = {}
    if not FRAMEWORKS.isdisjoint(reader.imported):
        for definition in reader.definitions("function", "lambda"):
            if places := unchecked_places(definition, reader):
                found.setdefault(definition.module.path, {}).update(places)
    return found


def read_modules(
    files: Iterable[SourceFile], state: Path | None, project: Project, problems: list[Problem]
) -> list[Module]:
    """Read some files into a project; return their modules, and add what could not be read to the problems."""
    read: list[tuple[SourceFile, bytes]] = []
    for one in files:
        raw, problem = (one.raw, "") if one.raw is not None else read_bytes(one.path)
        if problem:
            problems.append(Problem(one.shown, problem))
        else:
            read.append((one, raw))
    modules = []
    for (one, _), summary in zip(read, read_summaries([raw for _, raw in read], state), strict=True):
        if summary.problem:
            problems.append(Problem(one.shown, summary.problem))
        modules.append(project.add(Module(one.shown, one.module, summary)))
    return modules


def imported_names(module: Module) -> Iterable[str]:
    """Yield the dotted names that a module imports anywhere, each with those of the packages around it."""
    for definition in module.definitions:
        for one in statements_of(definition.scope.code):
            if one[0] != op.IMPORT:
                continue
            for _, source, name, level in one[1]:
                base = module.absolute(source, level)
                whole = f"{base}.{name}" if name and name != "*" else base
                parts = whole.split(".")
                yield from (".".join(parts[:length]) for length in range(1, len(parts) + 1))
