"""The analysis as a whole: the values of a program first, then the errors, then the answers to questions about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from flext_analysis.collector import collector_off
from flext_analysis.escapes.engine import Engine, Instance
from flext_analysis.escapes.evaluation.functions import Functions
from flext_analysis.escapes.propagation.errors import OPEN, RaisedError, Symbol, bits
from flext_analysis.escapes.propagation.fixpoint import Propagation
from flext_analysis.escapes.propagation.origins import Origins
from flext_analysis.escapes.propagation.witness import Step, wanted, witness
from flext_analysis.escapes.tables import built_in_raises
from flext_analysis.escapes.values import Limits
from flext_analysis.program.hierarchy import Hierarchy
from flext_analysis.program.project import Project
from flext_analysis.summaries.definitions import Definition

__all__ = ["NARROW", "WIDE", "EscapeAnalysis", "analyse_escapes"]

UNFOLLOWED = RaisedError(OPEN, None, True)  # comes with OPEN
FEW = 7  # one function in so many, visited too often: few enough to continue visiting them
NARROW = Limits()
WIDE = Limits(classes=40, functions=100, candidates=30, callbacks=200, visits=12, widens=True)


class EscapeAnalysis(NamedTuple):
    """The result: the engine with all values, and what leaves each function."""

    engine: Engine
    propagation: Propagation

    def by_function(self) -> dict[Definition, dict[str, bool]]:
        """Return for each function and lambda the classes that may leave it, by name; OPEN for what is not known.

        The value is whether code of the repository raises it; False if only a table says that other code does.
        """
        found: dict[Definition, dict[str, bool]] = {}
        names: dict[int, dict[str, bool]] = {}
        for instance in self.engine.instances.values():
            if instance.definition.scope.kind not in ("function", "lambda"):
                continue
            mask = self.propagation.settled(instance)
            if mask not in names:
                by_class = self.by_class(mask).items()
                names[mask] = {path: any(not one.from_table for one in errors) for path, errors in by_class}
            known = found.setdefault(instance.definition, {})
            for path, own in names[mask].items():
                known[path] = known.get(path, False) or own
        return {function: dict(sorted(errors.items())) for function, errors in found.items()}

    def errors_of(self, function: Definition) -> list[RaisedError]:
        """Return what may leave a function, each class with the place that raises it if ``sites`` was requested."""
        mask = 0
        for instance in self.instances_of(function):
            mask |= self.propagation.settled(instance)
        return self.errors_in(mask)

    def explain(self, function: Definition, path: str) -> list[Step]:
        """Return one of the shortest ways of an error of a class out of a function; [] if none leaves.

        The first step is in the function, the last at the ``raise``. ``path`` is the dotted name of the class; OPEN
        gives the way to what is not known, with the reason in the last step.
        """
        return witness(self.propagation, self.instances_of(function), wanted(self.propagation, path))

    def handlers(self) -> dict[tuple[str, int], list[RaisedError]]:
        """Return for each handler, by its file and position, which errors it may catch, from which raise sites.

        A handler is an ``except`` clause, or a ``with`` over ``suppress`` or over an object with ``__exit__``, by the
        position of the statement. Errors that certainly pass the handler are not included.
        """
        masks: dict[tuple[str, int], int] = {}
        for (definition, _, place, *implied), mask in self.propagation.caught.items():
            if implied:  # an iteration, a default of getattr
                continue
            key = definition.module.path, place
            masks[key] = masks.get(key, 0) | self.propagation.concrete(mask)
        return {key: self.errors_in(mask) for key, mask in sorted(masks.items())}

    def sites_reaching(self, path: str, place: int) -> list[RaisedError]:
        """Return which errors may reach the handler at a position of a file; see handlers."""
        return self.handlers().get((path, place), [])

    def origins_of(self, path: str, place: int) -> list[RaisedError]:
        """Return which errors the operands of an expression may be: of ``type(e)``, ``f"{e!r}"``, ``e.code``.

        The expression is given by its file and position; all that begin there count. A caught error comes with the
        raise sites that the handler catches it from; one that was only constructed is taken for all raises of its
        class. OPEN is included if the value may be anything.
        """
        return self.errors_in(Origins(self.propagation).at(path, place))

    def with_marks(self) -> EscapeAnalysis:
        """Return the analysis in which the marked places raise, too."""
        known = self.propagation
        propagation = Propagation(self.engine, known.errors.sites, known.compiler.raises, marked=True)
        with collector_off():
            propagation.run()
        return EscapeAnalysis(self.engine, propagation)

    def instances_of(self, function: Definition) -> list[Instance]:
        """Return the instances of a function, one for each context in which it was visited."""
        return [one for one in self.engine.instances.values() if one.definition is function]

    def by_class(self, mask: int) -> dict[str, tuple[RaisedError, ...]]:
        """Return the errors of a mask by class; OPEN for what is not known.

        What several masks have of a class is one tuple: the same errors leave many functions.
        """
        errors = self.propagation.errors
        found = {OPEN: tuple(self.errors_in(1))} if mask & 1 else {}
        for path, members in errors.classes.items():
            here = mask & members
            if here:
                known = errors.sorted.get(here)
                if known is None:
                    known = errors.sorted[here] = tuple(self.errors_in(here))
                found[path] = known
        return found

    def errors_in(self, mask: int) -> list[RaisedError]:
        """Return the errors of a mask, by name and place."""
        entries = self.propagation.errors.entries
        found = (entries[number] for number in bits(mask))
        plain = {one for one in found if not isinstance(one, Symbol) and one != UNFOLLOWED}
        return sorted(plain, key=lambda one: (one.path, one.site or ("", 0), one.from_table))


def analyse_escapes(
    project: Project,
    limits: Limits = NARROW,
    hierarchy: Hierarchy | None = None,
    *,
    sites: bool = False,
    raises: Mapping[str, Iterable[str]] | None = None,
    marks: Mapping[str, Mapping[int, tuple[str, ...]]] | None = None,
) -> EscapeAnalysis:
    """Return what may leave each function of a project.

    NARROW is for people; WIDE is for deciding whether a change is safe: it leaves more open. ``sites`` distinguishes
    the raise sites of one class, which costs a little more. ``raises`` says what functions outside the project raise:
    dotted names of classes by the dotted name of the function; it takes precedence over the built-in tables. ``marks``
    are classes that subscripts and calls may raise beyond that, by file and position: with_marks() includes them.

    >>> from flext_analysis.summaries.summarize import summarize
    >>> text = b"def f(x):\\n    if x: raise ValueError(x)\\ndef g(x):\\n    try: f(x)\\n    except KeyError: pass\\n"
    >>> analysis = analyse_escapes(Project.whole([("m.py", "m", summarize(text))]))
    >>> {function.scope.name: sorted(errors) for function, errors in analysis.by_function().items()}
    {'f': ['builtins.ValueError'], 'g': ['builtins.ValueError']}
    >>> function = next(one for one in analysis.by_function() if one.scope.name == "g")
    >>> [(step.function, step.line, step.does) for step in analysis.explain(function, "builtins.ValueError")]
    [('g', 4, 'calls'), ('f', 2, 'raises')]
    """
    with collector_off():
        engine = Engine(project, hierarchy or Hierarchy(project), limits, marks or {})
        find_values(engine)
        engine.forget_readers()
        own = {name: tuple(errors) for name, errors in (raises or {}).items()}
        propagation = Propagation(engine, sites, {**built_in_raises(), **own})
        propagation.run()
    return EscapeAnalysis(engine, propagation)


def find_values(engine: Engine) -> None:
    """Visit every module, class and function until no value is new."""
    for module in engine.project.modules:
        if module.top is not None:
            engine.instance(module.top)
    for module in engine.project.modules:
        for definition in module.definitions:
            if definition.scope.kind == "class" or definition.parent is None:
                engine.instance(definition)
    visit_waiting(engine)
    late = [one for one in engine.instances.values() if one.cut]
    if len(late) * FEW < len(engine.instances):
        engine.times = engine.limits.spare
        for instance in late:
            instance.cut = False
            engine.enqueue(instance)
        visit_waiting(engine)

    for instance in [one for one in engine.instances.values() if one.cut]:
        instance.cut = False  # what was visited too often is visited with the final values; open if it still changes
        visit(engine, instance)
    visit_waiting(engine)


def visit_waiting(engine: Engine) -> None:
    """Visit what is queued until nothing is."""
    while engine.waiting or engine.undecided:
        if not engine.waiting:
            undecided, engine.undecided = engine.undecided, {}
            for (key, _), values in undecided.items():
                engine.write(key, values)  # a decorator that returns nothing is taken for one that changes nothing
            continue
        instance = engine.waiting.popleft()
        instance.queued = False
        visit(engine, instance)


def visit(engine: Engine, instance: Instance) -> None:
    """Visit a function once."""
    instance.visits += 1
    before = engine.reads
    try:
        instance.items = Functions(engine, instance).run()
    except RecursionError:
        instance.items = [("open", "code that is nested too deeply", instance.definition.scope.place)]
    instance.reads += engine.reads - before
