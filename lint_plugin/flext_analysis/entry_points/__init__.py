"""Where the outside world calls in, one module per framework: each that has ``entry_points(reader)`` is used."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping

from flext_analysis.entry_points.common.model import Answer, Application, EntryPoint
from flext_analysis.entry_points.common.reading import Reader
from flext_analysis.entry_points.scripts import console_scripts
from flext_analysis.program.hierarchy import Hierarchy
from flext_analysis.program.project import Project
from flext_analysis.summaries import summary as op

__all__ = ["find_entry_points"]


def find_entry_points(
    project: Project,
    hierarchy: Hierarchy | None = None,
    decorators: Iterable[str] = (),
    scripts: Mapping[str, str] | None = None,
) -> list[EntryPoint]:
    """Return the entry points of a project, in the order of their frameworks and names.

    ``decorators`` are the dotted names of further decorators that turn a function into one; ``scripts`` are the console
    scripts that the project installs, each with its ``module:function``.

    >>> from flext_analysis.summaries.summarize import summarize
    >>> text = b"from flask import Flask\\napp = Flask(__name__)\\n@app.post('/orders')\\ndef place(): ..."
    >>> [one.name for one in find_entry_points(Project.whole([("shop.py", "shop", summarize(text))]))]
    ['POST /orders']
    """
    reader = Reader(project, hierarchy or Hierarchy(project))
    found: dict[tuple[object, ...], EntryPoint] = {}
    for one in (*of_frameworks(reader), *console_scripts(dict(scripts or {}), reader), *marked(decorators, reader)):
        found.setdefault((one.framework, one.kind, one.name, one.functions[:1]), one)
    return sorted(found.values(), key=lambda one: (one.framework, one.kind, one.name))


def of_frameworks(reader: Reader) -> Iterator[EntryPoint]:
    """Yield the entry points that the modules of this package find."""
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        find = getattr(module, "entry_points", None)
        if find is not None:
            yield from find(reader)


def marked(decorators: Iterable[str], reader: Reader) -> Iterator[EntryPoint]:
    """Yield the functions with one of some decorators."""
    wanted = frozenset(decorators)
    if not wanted:
        return
    application = Application("settings", (), (), Answer((), "nobody", handled=False))
    for definition, decorator in reader.decorated:
        callee = decorator[1] if decorator[0] == op.CALL else decorator
        if definition.scope.kind == "function" and not wanted.isdisjoint(reader.paths(callee, definition.parent)):
            yield EntryPoint("settings", "entry point", definition.path, (definition,), application)
