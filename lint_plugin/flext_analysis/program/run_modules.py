"""How modules come to run: as a script, or because something imports them by a name that it computes."""

from __future__ import annotations

from collections.abc import Iterable

from flext_analysis.program.project import Project
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.code_walk import dotted_code, walk_code
from flext_analysis.summaries.definitions import Definition, Module

__all__ = ["IMPORTERS", "asks_for_main", "imported_by_name"]

IMPORTERS = frozenset(["import_module", "__import__", "load_module", "exec_module", "walk_packages", "iter_modules"])
RUNNERS = IMPORTERS | {"run_path", "run_module"}
NAMING = frozenset(["import_module", "__import__"])  # these name one module, if their argument is a constant
NAMED_MAIN = [op.NAME, "__name__"], [op.CONSTANT, "str", "__main__"]


def asks_for_main(module: Module) -> bool:
    """Return whether a module contains ``if __name__ == "__main__"``."""
    for statement in module.top.scope.code if module.top is not None else ():
        if statement[0] == op.EVALUATE and statement[1][0] == op.COMPARED:
            operands = statement[1][2]
            if all(one in operands for one in NAMED_MAIN):
                return True
    return False


def imported_by_name(project: Project) -> frozenset[Module]:
    """Return the modules that only a computed name imports: plugins. Scripts are none.

    >>> from flext_analysis.summaries.summarize import summarize
    >>> files = {"main.py": b"import shop; load = __import__; [__import__(name) for name in NAMES]", "shop.py": b""}
    >>> files["plugin.py"] = b"raise ValueError('not ready')"
    >>> project = Project.whole((path, path[:-3], summarize(text)) for path, text in files.items())
    >>> sorted(module.name for module in imported_by_name(project))
    ['main', 'plugin']
    """
    if not any(runs_modules(module.definitions) for module in project.modules):
        return frozenset()
    named = {one.name for module in project.modules for one in project.imported_modules(module)}
    packages = {name[:end] for name in named for end, letter in enumerate(name) if letter == "."}
    return frozenset(one for one in project.modules if one.name not in named | packages and not asks_for_main(one))


def runs_modules(definitions: Iterable[Definition]) -> bool:
    """Return whether some scopes import or run modules whose names they compute."""
    for definition in definitions:
        for code, _, _ in walk_code(definition.scope.code):
            if code[0] == op.CALL:
                name = dotted_code(code[1]).rpartition(".")[2]
                named = name in NAMING and code[2] and code[2][0][0] == op.CONSTANT
                if name in RUNNERS and not named:
                    return True
    return False
