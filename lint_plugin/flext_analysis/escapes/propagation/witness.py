"""The way of an error out of a function, found by a search backwards through the programs."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any, NamedTuple

from flext_analysis.escapes.engine import Instance
from flext_analysis.escapes.propagation.errors import OPEN, Symbol, bits
from flext_analysis.escapes.propagation.fixpoint import Propagation
from flext_analysis.escapes.propagation.programs import Again, Block, Exits, Suppress, Through, Try
from flext_analysis.summaries.summary import line_of

__all__ = ["Step", "witness"]


class Step(NamedTuple):
    """One step of a way: what happens at ``place`` in ``function`` of the file ``path``.

    ``does`` is "calls", "raises" or "raises again" (what was caught and stored); for what is not known it is "open",
    and ``reason`` says why.
    """

    path: str
    function: str
    place: int
    does: str
    reason: str = ""

    @property
    def line(self) -> int:
        """The line of the place."""
        return line_of(self.place)


class Edge(NamedTuple):
    """A step out of an instance: to another, or to the end where ``target`` is None; ``mask`` are the errors."""

    mask: int
    place: int
    target: Instance | None
    reason: str = ""
    site: Any = None  # of the raise, if it is in another function
    handler: Any = None  # the way continues in the body of the handler with this key


Node = tuple[Instance, Any]  # with the key of the handler in whose body the way continues, None for the whole
Links = dict[Node, "tuple[Node, Edge] | None"]


def witness(propagation: Propagation, start: list[Instance], want: int) -> list[Step]:
    """Return one of the shortest ways of some errors out of a function, from the function to the raise; [] for none."""
    search = Search(propagation, want)
    before: Links = {(one, None): None for one in start}
    waiting = deque(before)
    while waiting:
        here = waiting.popleft()
        for edge in search.edges(*here):
            if edge.target is None:
                return steps(before, here, edge)
            node = edge.target, edge.handler
            if node not in before:
                before[node] = here, edge
                waiting.append(node)
    return []


def steps(before: Links, last: Node, end: Edge) -> list[Step]:
    """Return the steps to an end."""
    does = "open" if end.reason else "raises"
    found = [Step(*where(last[0]), end.place, does, end.reason)]
    if end.site is not None:
        found = [Step(*where(last[0]), end.place, "calls"), Step(end.site[0], "", end.site[1], "raises")]
    link = before[last]
    while link is not None:
        node, edge = link
        if edge.handler is None:  # otherwise the error was stored: the step is where it is raised again
            found.insert(0, Step(*where(node[0]), edge.place, "calls"))
        else:
            found.insert(0, Step(*where(node[0]), edge.place, "raises again"))
        link = before[node]
    return found


def where(instance: Instance) -> tuple[str, str]:
    """Return the file and the name of a function."""
    return instance.definition.module.path, instance.definition.scope.qualname


class Search:
    """Looks for errors among the steps out of instances."""

    def __init__(self, propagation: Propagation, want: int) -> None:
        self.propagation = propagation
        self.errors = propagation.errors
        self.want = want
        self.tries: dict[Any, Block] = {}

    def leaving(self, node: Any, want: int) -> int:
        """Return which of some errors leave an instance, also through its parameters."""
        return self.propagation.concrete(self.propagation.leaves.get(node, 0)) & want

    def edges(self, instance: Instance, handler: Any) -> Iterator[Edge]:
        """Yield the steps out of an instance by which the errors come, ends first."""
        program = self.propagation.programs[instance]
        self.tries = {}
        for block in program.blocks():
            for part in block.parts:
                if isinstance(part, Try):
                    self.tries.update((key, part.body) for key, _, _ in part.handlers)
                elif isinstance(part, Suppress | Exits):
                    self.tries[part.key] = part.body
        found = list(self.block(self.tries.get(handler, program), self.want, 0))
        yield from sorted(found, key=lambda edge: (edge.target is not None, edge.place))

    def block(self, block: Block, want: int, depth: int) -> Iterator[Edge]:
        """Yield the steps of a block."""
        if not want or depth > 50:
            return
        symbols = self.errors.symbols
        for mask, place, reason in block.lines:
            if mask & want:
                yield Edge(mask & want, place, None, reason if want & 1 and mask & 1 else "")
            for number in bits(mask & symbols):
                yield from self.symbol(number, place, want)
        for target, place in block.targets.items():
            if leaving := self.leaving(target, want):
                yield Edge(leaving, place, target)
        for call in block.calls:
            mask = self.propagation.leaves.get(call.target, 0)
            if mask & ~symbols & want:
                yield Edge(mask & ~symbols & want, call.place, call.target)
            for number in bits(mask & symbols):
                resolution = call.resolutions.get(number)
                if resolution is not None:
                    yield from self.resolution(resolution, number, call.place, want)
        for key, place in block.caught.items():
            if caught := self.caught(key, want):
                yield from self.handler(key, place, caught, depth)
        for part in block.parts:
            yield from self.part(part, want, depth)

    def caught(self, key: Any, want: int) -> int:
        """Return which of some errors a handler catches."""
        return self.propagation.concrete(self.propagation.caught.get(key, 0)) & want

    def handler(self, key: Any, place: int, want: int, depth: int) -> Iterator[Edge]:
        """Yield the steps by which the errors come to a handler that raises them again."""
        if key in self.tries:
            yield from self.block(self.tries[key], want, depth + 1)
            return
        other = self.propagation.engine.instances.get(key[:2])
        if other is not None:
            yield Edge(want, place, other, handler=key)

    def symbol(self, number: int, place: int, want: int) -> Iterator[Edge]:
        """Yield the steps through a parameter of the function itself."""
        symbol = self.errors.entries[number]
        assert isinstance(symbol, Symbol)
        for one in self.errors.alike(symbol):
            other = self.errors.entries[one]
            if isinstance(other, Symbol) and (leaving := self.propagation.leaves.get(other, 0) & want):
                yield from self.resolution(self.propagation.total_of(other), one, place, leaving, own=True)
                want &= ~leaving

    def resolution(self, resolution: Any, number: int, place: int, want: int, own: bool = False) -> Iterator[Edge]:
        """Yield the steps through what a parameter stands for."""
        symbol = self.errors.entries[number]
        assert isinstance(symbol, Symbol)
        waiting = [(resolution, want)]
        seen = {symbol: want}  # parameters may stand for each other in a cycle
        while waiting:
            one, here = waiting.pop()
            if one.mask & here:
                open_end = "what is given for a parameter is not known" if here & 1 and one.mask & 1 else ""
                yield Edge(one.mask & here, place, None, open_end, None if own or open_end else symbol.site)
            for instance in one.instances:
                if leaving := self.leaving(instance, here):
                    yield Edge(leaving, place, instance)
            for key in one.caught:
                other = self.propagation.engine.instances.get(key[:2])
                if other is not None and (caught := self.caught(key, here)):
                    yield Edge(caught, place, other, handler=key)
            new = []
            for each in one.totals:
                leaving = self.propagation.leaves.get(each, 0) & here & ~seen.get(each, 0)
                if leaving:
                    seen[each] = seen.get(each, 0) | leaving
                    new.append((self.propagation.total_of(each), leaving))
            waiting += reversed(new)

    def part(self, part: Any, want: int, depth: int) -> Iterator[Edge]:
        """Yield the steps of a nested part, past its handlers."""
        if isinstance(part, Again):
            yield from self.handler(part.key, part.place, want, depth)
        elif isinstance(part, Try):
            left = want
            for _, clause, body in part.handlers:
                yield from self.block(body, want, depth + 1)
                left &= ~self.errors.caught(left, clause)[0]
            yield from self.block(part.body, left, depth + 1)
            for body in part.others:
                yield from self.block(body, want, depth + 1)
        elif isinstance(part, Suppress):
            yield from self.block(part.body, want & ~self.errors.caught(want, part.clause)[0], depth + 1)
        elif isinstance(part, Exits):
            yield from self.block(part.body, want, depth + 1)
        elif isinstance(part, Through):
            yield from self.block(part.body, want, depth + 1)
            if leaving := self.leaving(part.manager, want):
                yield Edge(leaving, part.place, part.manager)


def wanted(propagation: Propagation, path: str) -> int:
    """Return the errors of a class; OPEN for what is not known.

    The bits are those of all places that raise the class.
    """
    return 1 if path == OPEN else propagation.errors.classes.get(path, 0)
