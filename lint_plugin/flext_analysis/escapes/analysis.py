"""The analysis as a whole: the values of a program first, then the errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from flext_analysis.definitions import Definition
from flext_analysis.escapes.engine import Engine
from flext_analysis.escapes.errors import Symbol, bits
from flext_analysis.escapes.functions import Functions
from flext_analysis.escapes.propagation import Propagation
from flext_analysis.escapes.values import Limits
from flext_analysis.hierarchy import Hierarchy
from flext_analysis.project import Project

__all__ = ["NARROW", "WIDE", "EscapeAnalysis", "analyse_escapes"]

NARROW = Limits()
WIDE = Limits(classes=40, functions=100, candidates=30, visits=60, widens=True)


class EscapeAnalysis(NamedTuple):
    """The result: the engine with all values, and what leaves each function."""

    engine: Engine
    propagation: Propagation

    def by_function(self) -> dict[Definition, dict[str, bool]]:
        """Return for each function the classes that may leave it; OPEN for what is not known.

        The value says whether code of the repository raises it, rather than a table of what others raise.
        """
        found: dict[Definition, dict[str, bool]] = {}
        table = self.propagation.errors
        names: dict[int, dict[str, bool]] = {}
        for instance in self.engine.instances.values():
            if instance.definition.scope.kind not in ("function", "lambda"):
                continue
            mask = self.propagation.settled(instance)
            if mask not in names:
                names[mask] = one = {}
                for number in bits(mask):
                    entry = table.entries[number]
                    if not isinstance(entry, Symbol):
                        one[entry.path] = one.get(entry.path, False) or not entry.from_table
            known = found.setdefault(instance.definition, {})
            for path, own in names[mask].items():
                known[path] = known.get(path, False) or own
        return {function: dict(sorted(errors.items())) for function, errors in found.items()}


def analyse_escapes(
    project: Project,
    limits: Limits = NARROW,
    hierarchy: Hierarchy | None = None,
    *,
    sites: bool = False,
    raises: Mapping[str, tuple[str, ...]] | None = None,
) -> EscapeAnalysis:
    """Return what may leave each function of a project.

    >>> from flext_analysis.summarize import summarize
    >>> text = b"def f(x):\\n    if x: raise ValueError(x)\\ndef g(x):\\n    try: f(x)\\n    except KeyError: pass\\n"
    >>> analysis = analyse_escapes(Project.whole([("m.py", "m", summarize(text))]))
    >>> {function.scope.name: sorted(errors) for function, errors in analysis.by_function().items()}
    {'f': ['builtins.ValueError'], 'g': ['builtins.ValueError']}
    """
    engine = Engine(project, hierarchy or Hierarchy(project), limits)
    find_values(engine)
    propagation = Propagation(engine, sites, dict(raises or {}))
    propagation.run()
    return EscapeAnalysis(engine, propagation)


def find_values(engine: Engine) -> None:
    """Look at every module, class and function until no value is new."""
    for module in engine.project.modules:
        if module.top is not None:
            engine.instance(module.top)
    for module in engine.project.modules:
        for definition in module.definitions:
            if definition.scope.kind == "class" or definition.parent is None:
                engine.instance(definition)
    while engine.waiting:
        instance = engine.waiting.popleft()
        instance.queued = False
        instance.visits += 1
        frame = Functions(engine, instance)
        try:
            instance.items = frame.run()
        except RecursionError:
            instance.items = [("open", "code that is nested too deeply", instance.definition.scope.place)]
