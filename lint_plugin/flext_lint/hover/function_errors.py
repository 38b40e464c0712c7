"""What may leave the function under the cursor, and from where, following its file and imported modules."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from flext_analysis.escapes import OPEN, RaisedError, analyse_escapes
from flext_analysis.modules import module_name
from flext_analysis.program.project import Entity, Project
from flext_analysis.semantics.imported_classes import ImportedClasses
from flext_analysis.state_dir import state_dir
from flext_analysis.summaries.definitions import Definition, Module
from flext_analysis.summaries.summarize import summarize
from flext_analysis.summaries.summary import line_of
from flext_analysis.summaries.summary_cache import SummaryCache

__all__ = ["function_errors"]

MAX_LINES = 5_000  # in the followed modules, so that an answer takes less than a second
MAX_PLACES = 3


def function_errors(text: str, path: Path, root: Path, line: int, word: str) -> list[str]:
    """Return the errors that may leave a function, each as a line of Markdown; [] if the cursor is not on one.

    The function is the one that begins on the line (from 1), otherwise the one that the dotted name under the cursor
    refers to. ``text`` is the document, ``path`` its path, ``root`` the folder of its project.
    """
    with SummaryCache(state_dir(root)) as cache:
        seen = ImportedClasses(root, cache)
        here = seen.project.add(Module(str(path), module_name(path), summarize(text.encode("utf-8", "surrogatepass"))))
        function = pointed_at(here, line, word, seen.project)
        if function is None:
            return []
        read_imports([function.module, here], seen.project)
    seen.project.finder = None  # what was not read by now is unknown
    found = analyse_escapes(seen.project, sites=True).errors_of(function)
    return list(described(found, root))


def pointed_at(module: Module, line: int, word: str, project: Project) -> Definition | None:
    """Return the function that begins on a line, otherwise the one that a dotted name refers to in a module."""
    for definition in module.definitions:
        if definition.scope.kind == "function" and line_of(definition.scope.place) == line:
            return definition
    first, *rest = word.strip(".").split(".")
    entities: list[Entity] = project.look_up(module.top, first)
    for name in rest:
        entities = [each for one in entities for each in project.attribute(one, name)]
    functions = [one.definition for one in entities if one.kind == "function"]
    return functions[0] if len(functions) == 1 else None


def read_imports(start: Iterable[Module], project: Project) -> None:
    """Read the modules that some modules import, and their imports, up to a number of lines."""
    waiting = list(dict.fromkeys(start))
    lines = sum(one.summary.lines for one in waiting)
    for module in waiting:  # grows meanwhile
        for one in project.imported_modules(module) if lines < MAX_LINES else ():
            if one not in waiting:
                waiting.append(one)
                lines += one.summary.lines


def described(errors: Iterable[RaisedError], root: Path) -> Iterator[str]:
    """Yield a line for each class: its name, and the places that raise it."""
    more = False
    for path, each in groupby(errors, key=lambda one: one.path):
        sites = dict.fromkeys(one.site for one in each if one.site is not None)
        if path == OPEN:
            more = True
            continue
        places = [f"{os.path.relpath(file, root)}:{line_of(place)}" for file, place in list(sites)[:MAX_PLACES]]
        name = path.removeprefix("builtins.").removeprefix("flext_exceptions.")
        yield f"`{name}`" + (f" ({', '.join(places)})" if places else "")
    if more:
        yield "unknown errors: some calls lead to code that was not read"
