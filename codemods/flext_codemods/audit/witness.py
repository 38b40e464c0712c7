"""The ways of an error out of a function: the raise statements it comes from, and the calls in between."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from flext_analysis.definitions import Definition
from flext_analysis.escapes import OPEN, EscapeAnalysis
from flext_analysis.escapes.engine import Instance, Items
from flext_analysis.summary import line_of

__all__ = ["Origin", "Step", "Ways"]

Node = tuple[Instance, Any]  # a function, and the class (or the parameter that stands for it) that leaves it
MAX_NODES = 20_000  # that are walked for one question


class Origin(NamedTuple):
    """A raise statement: the function that holds it, and its position."""

    definition: Definition
    place: int

    @property
    def shown(self) -> str:
        """Its file and line."""
        return f"{self.definition.module.path}:{line_of(self.place)}"


class Step(NamedTuple):
    """One step of a way: a raise in the function itself, or a call of another that the error comes out of."""

    place: int
    target: Node | None = None


class Ways:
    """Walks the result of an analysis backwards, from what leaves a function to where it is raised."""

    def __init__(self, analysis: EscapeAnalysis) -> None:
        self.propagation = analysis.propagation
        self.instances: dict[Definition, list[Instance]] = {}
        for instance in self.propagation.leaves:
            self.instances.setdefault(instance.definition, []).append(instance)
        self._steps: dict[Node, list[Step]] = {}

    def leaving(self, definition: Definition) -> frozenset[str]:
        """Return the classes that may leave a function or module; OPEN among them where something is not known."""
        found: set[str] = set()
        for instance in self.instances.get(definition, ()):
            found.update(self.propagation.settled(instance))
        return frozenset(found)

    def nodes(self, definition: Definition, path: str) -> list[Node]:
        """Return the nodes to begin with for a class that leaves a function."""
        found: list[Node] = []
        for instance in self.instances.get(definition, ()):
            leaves = self.propagation.leaves[instance]
            if path in leaves:
                found.append((instance, path))
            else:
                found += [(instance, key) for key in leaves if not isinstance(key, str)]
        return found

    def origins(self, definition: Definition, path: str) -> list[Origin]:
        """Return where a class that leaves a function is raised, sorted by file and line."""
        found: dict[Origin, None] = {}
        for (instance, _), step in self.walk(self.nodes(definition, path)):
            if step.target is None:
                found[Origin(instance.definition, step.place)] = None
        return sorted(found, key=lambda one: (one.definition.module.path, one.place))

    def walk(self, nodes: list[Node]) -> Iterator[tuple[Node, Step]]:
        """Yield the steps from some nodes on, each node once."""
        waiting = list(nodes)
        seen = set(nodes)
        while waiting and len(seen) < MAX_NODES:
            node = waiting.pop()
            for step in self.steps(node):
                yield node, step
                if step.target is not None and step.target not in seen:
                    seen.add(step.target)
                    waiting.append(step.target)

    def reached(self, definitions: Iterator[Definition] | tuple[Definition, ...]) -> list[Definition]:
        """Return the functions that some functions call, they themselves first."""
        found: dict[Definition, None] = {}
        waiting = [one for definition in definitions for one in self.instances.get(definition, ())]
        seen = set(waiting)
        while waiting:
            instance = waiting.pop()
            found[instance.definition] = None
            for one in called(instance.items):
                if one not in seen:
                    seen.add(one)
                    waiting.append(one)
        return list(found)

    def steps(self, node: Node) -> list[Step]:
        """Return the steps by which an error comes to leave a function."""
        known = self._steps.get(node)
        if known is None:
            instance, key = node
            self.propagation.now = instance
            known = self._steps[node] = list(dict.fromkeys(self.in_block(instance.items, key)))
        return known

    def in_block(self, items: Items, key: Any) -> Iterator[Step]:
        """Yield the steps in a block."""
        rules = self.propagation
        for one in items:
            kind = one[0]
            if kind == "call":
                yield from self.in_call(one[1], one[2], one[3], key)
            elif kind == "raise":
                found: dict[Any, Any] = {}
                for value in one[1]:
                    if value[0] != "caught":  # it comes out of the body of that try, which is walked
                        rules.raised(value, one[2], found)
                if key in found or (key == OPEN and not one[1]):
                    yield Step(one[2])
            elif kind == "given":
                if key == ("call", one[1][1], one[1][2], one[1][3]):
                    yield Step(one[3])
            elif kind == "open":
                if key == OPEN:
                    yield Step(one[2])
            elif kind == "try":
                yield from self.in_try(one, key)
            elif kind == "suppress":
                if not rules.is_caught(key, rules.classes_of(one, one[1])):
                    yield from self.in_block(one[2], key)
            elif kind == "through":
                yield from self.in_block(one[2], key)
                if key in rules.leaves.get(one[1], ()):
                    yield Step(one[3], (one[1], key))

    def in_try(self, item: Any, key: Any) -> Iterator[Step]:
        """Yield the steps in a ``try`` statement; those of its body where the error goes on from there."""
        rules = self.propagation
        _, body, handlers, orelse, final = item
        for clause, spec, inside in handlers:
            yield from self.in_block(inside, key)
            if rules.is_caught(key, rules.classes_of(clause, spec)):
                if raises_again(inside, clause):
                    yield from self.in_block(body, key)
                break
        else:
            yield from self.in_block(body, key)
        for part in (orelse, final):
            if part:
                yield from self.in_block(part, key)

    def in_call(self, target: Instance, arguments: Any, place: int, key: Any) -> Iterator[Step]:
        """Yield the steps that a call is."""
        leaves = self.propagation.leaves.get(target, {})
        if key in leaves:
            yield Step(place, (target, key))
            return
        if not isinstance(key, str):
            return
        for one in leaves:
            if not isinstance(one, str):
                found: dict[Any, Any] = {}
                self.propagation.substituted(one, target, arguments, place, found)
                if key in found:
                    yield Step(place, (target, one))


def raises_again(items: Items, clause: Any) -> bool:
    """Say whether the body of a handler raises what it caught: bare, or by its name."""
    waiting = list(items)
    while waiting:
        one = waiting.pop()
        kind = one[0]
        if kind == "again" or (kind == "raise" and any(value == ("caught", clause) for value in one[1])):
            return True
        waiting += inner_items(one)
    return False


def inner_items(item: Any) -> Items:
    """Return the items inside an item."""
    kind = item[0]
    if kind == "try":
        return [*item[1], *(each for handler in item[2] for each in handler[2]), *item[3], *item[4]]
    return list(item[2]) if kind in ("suppress", "through") else []


def called(items: Items) -> Iterator[Instance]:
    """Yield the functions that a block calls."""
    waiting = list(items)
    while waiting:
        one = waiting.pop()
        if one[0] == "call" or one[0] == "through":
            yield one[1]
        waiting += inner_items(one)
