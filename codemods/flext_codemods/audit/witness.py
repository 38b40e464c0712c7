"""The ways of an error out of a function: the raise statements it comes from, and the calls in between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from flext_analysis.escapes import OPEN, EscapeAnalysis, RaisedError
from flext_analysis.escapes.engine import Instance
from flext_analysis.escapes.propagation.witness import Search, wanted
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.definitions import Definition, statements_of
from flext_analysis.summaries.summary import Code
from flext_codemods.audit.program import place_name

__all__ = ["Origin", "Step", "Ways"]

MAX_MASKS = 1000  # whose errors are kept by class
Node = tuple[Instance, Any, str]  # a function, the handler in it in which the way continues (None: all of it), a class


class Origin(NamedTuple):
    """A place that raises an error: its file and position, and what is raised there, None for a call."""

    path: str
    place: int
    definition: Definition | None = None
    raised: Code | None = None

    @property
    def shown(self) -> str:
        """Its file and line, or the module of the library."""
        return place_name(self.path, self.place)


class Step(NamedTuple):
    """One step of a way: a raise in the function itself, or a call of another that raises the error.

    ``reason`` says why something is not known.
    """

    path: str
    place: int
    target: Node | None = None
    reason: str = ""


class Ways:
    """Answers where what leaves a function comes from; answers are cached."""

    def __init__(self, analysis: EscapeAnalysis) -> None:
        self.analysis = analysis
        self.propagation = analysis.propagation
        self.instances: dict[Definition, list[Instance]] = {}
        for instance in analysis.engine.instances.values():
            self.instances.setdefault(instance.definition, []).append(instance)
        self._masks: dict[tuple[Definition, bool], int] = {}
        self._same: dict[int, int] = {}
        self.by_class = lru_cache(MAX_MASKS)(analysis.by_class)
        self._searches: dict[str, Search] = {}
        self._steps: dict[Node, list[Step]] = {}

    def instances_of(self, definition: Definition, decorated: bool) -> list[Instance]:
        """Return the instances of a function or module; ``decorated``: of the result of the function's decorators."""
        plain = self.instances.get(definition, [])
        owner = definition.parent
        if not decorated or not definition.scope.decorators or owner is None:
            return plain
        engine = self.analysis.engine
        slots = (engine.slots.get((owner, one.context, definition.scope.name)) for one in self.instances.get(owner, []))
        values = {value for slot in slots if slot is not None for value in slot.values}
        functions = [one for one in engine.order(values) if one[0] in ("function", "bound")]
        made = dict.fromkeys(engine.instances.get((one[1], one[2])) for one in functions)
        return [one for one in made if one is not None] or plain

    def mask(self, definition: Definition, *, decorated: bool = False) -> int:
        """Return what may leave a function or module as one number, which many have in common."""
        known = self._masks.get((definition, decorated))
        if known is None:
            mask = 0
            for instance in self.instances_of(definition, decorated):
                mask |= self.propagation.settled(instance)
            known = self._masks[definition, decorated] = self._same.setdefault(mask, mask)
        return known

    def errors(self, definition: Definition, *, decorated: bool = False) -> Mapping[str, tuple[RaisedError, ...]]:
        """Return what may leave a function or module, by class; under OPEN what is not known."""
        return self.by_class(self.mask(definition, decorated=decorated))

    def leaving(self, definition: Definition, *, decorated: bool = False) -> frozenset[str]:
        """Return the classes that may leave a function or module; including OPEN if something is not known."""
        return frozenset(self.errors(definition, decorated=decorated))

    @cached_property
    def raises(self) -> dict[tuple[str, int], Origin]:
        """The raise statements of the program, by file and position."""
        found: dict[tuple[str, int], Origin] = {}
        for module in self.analysis.engine.project.modules:
            for definition in module.definitions:
                for one in statements_of(definition.scope.code):
                    if one[0] == op.RAISE:
                        found[module.path, one[4]] = Origin(module.path, one[4], definition, one[1])
        return found

    def origins(self, definition: Definition, path: str, *, decorated: bool = False) -> list[Origin]:
        """Return where a class that leaves a function is raised, sorted by file and line."""
        if path == OPEN:
            steps = [step for node in self.nodes(definition, OPEN, decorated=decorated) for step in self.steps(node)]
            return [Origin(one.path, one.place) for one in steps[:5]]
        errors = self.errors(definition, decorated=decorated).get(path, ())
        sites = {one.site for one in errors if one.site is not None}
        return [self.raises.get(site) or Origin(*site) for site in sorted(sites)]

    def nodes(self, definition: Definition, path: str, *, decorated: bool = False) -> list[Node]:
        """Return the nodes to begin with for a class that leaves a function."""
        search = self.search(path)
        instances = self.instances_of(definition, decorated)
        return [(one, None, path) for one in instances if search.leaving(one, search.want)]

    def callees(self, definition: Definition, paths: Iterable[str]) -> dict[str, Definition]:
        """Return for classes that leave a function the first callee that raises them; a class of its own has none."""
        wants = {path: wanted(self.propagation, path) for path in paths}
        found: dict[str, Definition] = {}
        for instance in self.instances_of(definition, False):
            everything = 0
            for mask in wants.values():
                everything |= mask
            search = Search(self.propagation, everything)
            for edge in search.edges(instance, None):
                if edge.target is not None:
                    for path in [path for path, mask in wants.items() if mask & edge.mask]:
                        found[path] = edge.target.definition
                        del wants[path]
        return found

    def search(self, path: str) -> Search:
        """Return the search for a class."""
        found = self._searches.get(path)
        if found is None:
            found = self._searches[path] = Search(self.propagation, wanted(self.propagation, path))
        return found

    def steps(self, node: Node) -> list[Step]:
        """Return the steps by which an error comes to leave a function."""
        known = self._steps.get(node)
        if known is None:
            instance, handler, path = node
            here = instance.definition.module.path
            found: dict[Step, None] = {}
            for edge in self.search(path).edges(instance, handler):
                if edge.target is not None:
                    found[Step(here, edge.place, (edge.target, edge.handler, path))] = None
                elif edge.site is not None:
                    found[Step(edge.site[0], edge.site[1])] = None
                else:
                    found[Step(here, edge.place, None, edge.reason)] = None
            known = self._steps[node] = list(found)
        return known

    def reached(self, definitions: Iterable[Definition]) -> list[Definition]:
        """Return the functions that some functions call, preceded by those themselves."""
        found: dict[Definition, None] = {}
        waiting = [one for definition in definitions for one in self.instances_of(definition, True)]
        seen = set(waiting)
        while waiting:
            instance = waiting.pop()
            found[instance.definition] = None
            for one in self.propagation.programs[instance].callees():
                if one not in seen:
                    seen.add(one)
                    waiting.append(one)
        return list(found)

    @cached_property
    def values(self) -> dict[tuple[Definition, int], set[Any]]:
        """What each raise statement raises, as values of the analysis."""
        found: dict[tuple[Definition, int], set[Any]] = {}
        for instance in self.analysis.engine.instances.values():
            waiting: list[Any] = [instance.items]
            while waiting:
                one = waiting.pop()
                if isinstance(one, tuple) and one and one[0] == "raise":
                    found.setdefault((instance.definition, one[2]), set()).update(one[1])
                else:
                    waiting += [each for each in one if isinstance(each, list | tuple)]
        return found
