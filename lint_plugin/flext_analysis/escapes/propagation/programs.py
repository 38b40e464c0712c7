"""What an instance does with errors, as a program of blocks: constant errors, callees, and nested handlers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from flext_analysis.escapes.engine import Engine, Instance, Items
from flext_analysis.escapes.propagation.errors import CUT, CatchSet, ErrorTable
from flext_analysis.escapes.propagation.resolution import Resolution, Resolver
from flext_analysis.escapes.values import Value
from flext_analysis.program.hierarchy import ClassInfo, external_class
from flext_analysis.syntax.bindings import BUILTIN_ERRORS

__all__ = ["Again", "Block", "Call", "Compiler", "Exits", "Suppress", "Through", "Try"]


class Call:
    """A call of a function that has parameters: its arguments may be raised or called there."""

    __slots__ = ("arguments", "place", "resolutions", "target")

    def __init__(self, target: Instance, arguments: Any, place: int) -> None:
        self.target = target
        self.arguments = arguments
        self.place = place
        self.resolutions: dict[int, Resolution] = {}


class Block:
    """Statements within the same handlers.

    ``mask`` are the errors that it raises itself; ``targets`` the functions that it calls; ``calls`` those among them
    whose arguments may matter; ``caught`` the handlers whose catch it raises; ``yields`` is whether it yields;
    ``lines`` holds for each raise, call and open place what it is, for the witness.
    """

    __slots__ = ("calls", "caught", "handler", "lines", "mask", "parts", "targets", "yields")

    def __init__(self, handler: Any) -> None:
        self.handler = handler  # the key of the handler whose body it is in
        self.mask = 0
        self.targets: dict[Instance, int] = {}  # with the place of the first call
        self.calls: list[Call] = []
        self.caught: dict[Any, int] = {}
        self.yields = False
        self.parts: list[Any] = []
        self.lines: dict[tuple[int, int, str], None] = {}  # mask, place, reason of an open one

    def blocks(self) -> Iterator[Block]:
        """Yield the block and those inside it."""
        waiting = [self]
        while waiting:
            one = waiting.pop()
            yield one
            for part in one.parts:
                waiting += inner_blocks(part)

    def callees(self) -> Iterator[Instance]:
        """Yield the functions that are called anywhere inside."""
        for one in self.blocks():
            yield from one.callees_here()

    def callees_here(self) -> Iterator[Instance]:
        """Yield the functions that are called in the block itself."""
        yield from self.targets
        yield from (call.target for call in self.calls)
        yield from (part.manager for part in self.parts if isinstance(part, Through))


class Again(NamedTuple):
    """A bare ``raise``: ``key`` is that of the handler around it."""

    key: Any
    place: int


class Try(NamedTuple):
    """A ``try`` statement; ``others`` are the blocks of ``else`` and ``finally``."""

    body: Block
    handlers: list[tuple[Any, CatchSet, Block]]
    others: list[Block]


class Suppress(NamedTuple):
    """A body under ``suppress``."""

    key: Any
    clause: CatchSet
    body: Block


class Exits(NamedTuple):
    """A body under a manager whose ``__exit__`` is called with what leaves the body."""

    key: Any
    body: Block


class Through(NamedTuple):
    """A body under a function with ``@contextmanager``: it runs where that function yields."""

    manager: Instance
    body: Block
    place: int


def inner_blocks(part: Any) -> list[Block]:
    """Return the blocks of a part."""
    if isinstance(part, Again):
        return []
    if isinstance(part, Try):
        return [part.body, *(one[2] for one in part.handlers), *part.others]
    return [part.body]


class Compiler:
    """Turns the items of instances into programs.

    ``raises`` has what functions outside the repository raise; ``marked`` is whether the marks of the code are raised.
    """

    def __init__(
        self, engine: Engine, errors: ErrorTable, resolver: Resolver, raises: dict[str, tuple[str, ...]], marked: bool
    ) -> None:
        self.engine = engine
        self.errors = errors
        self.resolver = resolver
        self.raises = raises
        self.marked = marked

    def program(self, instance: Instance) -> Block:
        """Return the program of an instance."""
        self.path = instance.definition.module.path
        self.instance = instance
        made = self.block(instance.items, None)
        if instance.cut:
            self.add(made, 1 | CUT, instance.definition.scope.place, "too much flows through it")
        return made

    def block(self, items: Items, handler: Any) -> Block:
        """Return the program of some items; ``handler`` is the key of the one around them."""
        made = Block(handler)
        for item in items:
            ADDERS[item[0]](self, item, handler, made)
        return made

    def add(self, made: Block, mask: int, place: int, reason: str = "") -> None:
        """Add errors that occur at a place."""
        made.mask |= mask
        made.lines[mask, place, reason] = None

    def add_call(self, item: Any, _handler: Any, made: Block) -> None:
        _, target, arguments, place = item
        if arguments is None or not target.definition.scope.parameters:
            made.targets.setdefault(target, place)
        else:
            made.calls.append(Call(target, arguments, place))

    def add_raise(self, item: Any, _handler: Any, made: Block) -> None:
        _, values, place = item
        mask, caught = self.resolver.raised(values, (self.path, place))
        self.add(made, mask, place, "the value that is raised is not known" if mask & 1 else "")
        for key in caught:
            made.caught.setdefault(key, place)

    def add_again(self, item: Any, handler: Any, made: Block) -> None:
        if handler is None:
            self.add(made, self.resolver.current(self.instance.definition, self.instance.context), item[1])
        else:
            made.parts.append(Again(handler, item[1]))

    def add_try(self, item: Any, handler: Any, made: Block) -> None:
        _, body, handlers, orelse, final = item
        clauses = [(key, self.catch_set(spec), self.block(inner, key)) for key, spec, inner in handlers]
        others = [self.block(one, handler) for one in (orelse, final) if one]
        made.parts.append(Try(self.block(body, handler), clauses, others))

    def add_given(self, item: Any, _handler: Any, made: Block) -> None:
        _, value, place = item
        self.add(made, self.resolver.symbol("call", value, None), place, "a parameter is called")

    def add_handed(self, item: Any, _handler: Any, made: Block) -> None:
        self.add(made, self.resolver.symbol("handed", item[1], None), item[2], "a parameter is called")

    def add_open(self, item: Any, _handler: Any, made: Block) -> None:
        self.add(made, 1, item[2], item[1])

    def add_yield(self, _item: Any, _handler: Any, made: Block) -> None:
        made.yields = True

    def add_suppress(self, item: Any, handler: Any, made: Block) -> None:
        _, key, spec, body, _place = item
        made.parts.append(Suppress(key, self.catch_set(spec), self.block(body, handler)))

    def add_exits(self, item: Any, handler: Any, made: Block) -> None:
        _, key, body, _place = item
        made.parts.append(Exits(key, self.block(body, handler)))

    def add_through(self, item: Any, handler: Any, made: Block) -> None:
        _, manager, body, place = item
        made.parts.append(Through(manager, self.block(body, handler), place))

    def add_external(self, item: Any, _handler: Any, made: Block) -> None:
        _, path, place = item
        known = self.raises.get(path)
        if known is None:
            if self.engine.limits.widens:
                self.add(made, 1, place, f"{path} is outside of the code")
            return
        for name in known:
            self.add(made, self.errors.error(self.engine.info(name).path, (self.path, place), True), place)

    def add_marked(self, item: Any, _handler: Any, made: Block) -> None:
        _, paths, place = item
        for path in paths if self.marked else ():
            self.add(made, self.errors.error(path, (self.path, place), True), place)

    def catch_set(self, spec: Any) -> CatchSet:
        """Return the catch set of the values that a clause names; None for a bare ``except``."""
        if spec is None:
            return self.errors.catch_set(None)
        return self.errors.catch_set(self.class_of(one) for one in spec)

    def class_of(self, value: Value) -> ClassInfo | None:
        """Return the class that a clause names, None where it is not known.

        ``except self.model.DoesNotExist`` names a class of its own, which catches no builtin: by its name, where no
        class of the repository says otherwise.
        """
        if value[0] in ("class", "external"):
            return self.engine.info(value[1])
        name = value[1] if value[0] == "any" and self.engine.limits.widens else ""
        if not name[:1].isupper() or name in BUILTIN_ERRORS or f".{name}" in self.engine.stored:
            return None
        known = any(name in self.engine.bound(one) for one in self.engine.classes.values())
        return None if known else external_class(f"any.{name}")

    def depend(self, block: Block, instance: Instance, dependents: dict[Any, dict[Any, None]]) -> None:
        """Record what the program of an instance depends on."""
        for one in block.blocks():
            for target in one.targets:
                dependents.setdefault(target, {})[instance] = None
            for call in one.calls:
                dependents.setdefault(call.target, {})[instance] = None
            for key in one.caught:
                dependents.setdefault(key, {})[instance] = None
            for part in one.parts:
                if isinstance(part, Through):
                    dependents.setdefault(part.manager, {})[instance] = None


ADDERS: dict[str, Any] = {
    "call": Compiler.add_call,
    "raise": Compiler.add_raise,
    "again": Compiler.add_again,
    "try": Compiler.add_try,
    "given": Compiler.add_given,
    "handed": Compiler.add_handed,
    "open": Compiler.add_open,
    "yield": Compiler.add_yield,
    "suppress": Compiler.add_suppress,
    "exits": Compiler.add_exits,
    "through": Compiler.add_through,
    "external": Compiler.add_external,
    "marked": Compiler.add_marked,
}
