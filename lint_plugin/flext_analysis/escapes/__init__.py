"""What may leave each function, and the way it takes."""

from __future__ import annotations

from typing import NamedTuple

from flext_analysis.definitions import Definition
from flext_analysis.escapes.engine import Engine, Instance
from flext_analysis.escapes.functions import Functions
from flext_analysis.escapes.propagation import OPEN, Escape, Propagation
from flext_analysis.escapes.values import Limits
from flext_analysis.hierarchy import Hierarchy
from flext_analysis.project import Project

__all__ = ["NARROW", "OPEN", "WIDE", "EscapeAnalysis", "analyse_escapes"]

NARROW = Limits()
WIDE = Limits(classes=40, functions=100, candidates=30, visits=60, widens=True)


class EscapeAnalysis(NamedTuple):
    """The result: the engine with all values, and what leaves each function."""

    engine: Engine
    propagation: Propagation

    def by_function(self) -> dict[Definition, dict[str, tuple[Escape, Instance]]]:
        """Return for each function the classes that may leave it, with the way of each; OPEN for what is not known."""
        found: dict[Definition, dict[str, tuple[Escape, Instance]]] = {}
        for instance in list(self.propagation.leaves):
            if instance.definition.scope.kind in ("function", "lambda"):
                known = found.setdefault(instance.definition, {})
                for key, escape in self.propagation.settled(instance).items():
                    known.setdefault(key, (escape, instance))
        return found


def analyse_escapes(project: Project, limits: Limits = NARROW, hierarchy: Hierarchy | None = None) -> EscapeAnalysis:
    """Return what may leave each function of a project.

    >>> from flext_analysis.summarize import summarize
    >>> text = b"def f(x):\\n    if x: raise ValueError(x)\\ndef g(x):\\n    try: f(x)\\n    except KeyError: pass\\n"
    >>> analysis = analyse_escapes(Project.whole([("m.py", "m", summarize(text))]))
    >>> {function.scope.name: sorted(errors) for function, errors in analysis.by_function().items()}
    {'f': ['builtins.ValueError'], 'g': ['builtins.ValueError']}
    """
    engine = Engine(project, hierarchy or Hierarchy(project), limits)
    for module in project.modules:
        if module.top is not None:
            engine.instance(module.top)
    for module in project.modules:
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
    propagation = Propagation(engine)
    propagation.run()
    return EscapeAnalysis(engine, propagation)
