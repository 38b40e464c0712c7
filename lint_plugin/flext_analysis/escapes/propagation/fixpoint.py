"""Which errors leave a function: its raises and those of its callees, past the handlers on the way.

The items of each instance are made into a program of blocks once; then the programs are run, each again when something
that it depends on has grown, until nothing grows. What leaves is one number, one bit per error (see errors).
"""

from __future__ import annotations

from collections import deque
from typing import Any

from flext_analysis.escapes.engine import Engine, Instance
from flext_analysis.escapes.propagation.errors import ErrorTable, Symbol, bits
from flext_analysis.escapes.propagation.programs import Again, Block, Call, Compiler, Exits, Suppress, Through, Try
from flext_analysis.escapes.propagation.resolution import Resolution, Resolver

__all__ = ["Propagation"]

MAX_CALLERS = 3  # functions between a handler and a bare ``raise`` of which each has its own symbol
Node = Any  # an Instance, or a Symbol: what leaves if it stands for all arguments ever passed for it


class Propagation:
    """The errors that leave each function, iterated until nothing new leaves.

    ``leaves`` holds the errors of each instance, and of each symbol for all arguments ever passed for its parameter;
    ``caught`` what each handler catches, by its key.
    """

    def __init__(self, engine: Engine, sites: bool, raises: dict[str, tuple[str, ...]], marked: bool = False) -> None:
        self.engine = engine
        self.errors = ErrorTable(engine, sites)
        self.leaves: dict[Node, int] = {}
        self.programs: dict[Instance, Block] = {}
        self.caught: dict[Any, int] = {}
        self.dependents: dict[Any, dict[Node, None]] = {}
        self.resolver = Resolver(engine, self.errors)
        self.compiler = Compiler(engine, self.errors, self.resolver, raises, marked)
        self.waiting: deque[Node] = deque()
        self.queued: set[Node] = set()
        self.now: Node = None
        self.local: dict[Any, int] = {}
        self._totals: dict[Symbol, Resolution] = {}

    def run(self) -> None:
        """Find what leaves every function."""
        for instance in self.engine.instances.values():
            block = self.programs[instance] = self.compiler.program(instance)
            self.leaves[instance] = 0
            self.compiler.depend(block, instance, self.dependents)
        for instance in self.in_order():
            self.enqueue(instance)
        self.run_waiting()
        self.settle()
        self.run_waiting()

    def run_waiting(self) -> None:
        """Run programs until nothing new is found."""
        while self.waiting:
            node = self.waiting.popleft()
            self.queued.discard(node)
            self.now = node
            if isinstance(node, Symbol):
                found = self.resolved(self._totals[node])
            else:
                self.local = {}
                found = self.block(self.programs[node], 0)
            if found & ~self.leaves[node]:
                self.leaves[node] |= found
                self.wake(node)

    def in_order(self) -> list[Instance]:
        """Return the instances, callees before callers as far as possible."""
        found: dict[Instance, None] = {}
        seen: set[Instance] = set()
        for root in self.programs:
            if root in seen:
                continue
            seen.add(root)
            stack = [(root, self.programs[root].callees())]
            while stack:
                instance, callees = stack[-1]
                following = next((one for one in callees if one not in seen), None)
                if following is None:
                    stack.pop()
                    found[instance] = None
                else:
                    seen.add(following)
                    stack.append((following, self.programs[following].callees()))
        return list(found)

    def enqueue(self, node: Node) -> None:
        """Queue a program to run again."""
        if node not in self.queued:
            self.queued.add(node)
            self.waiting.append(node)

    def wake(self, key: Any) -> None:
        """Queue everything again that depends on something."""
        for node in self.dependents.get(key, ()):
            self.enqueue(node)

    def need(self, key: Any) -> None:
        """Record that the current program depends on something."""
        if self.now is not None:
            self.dependents.setdefault(key, {})[self.now] = None

    # Programs

    def block(self, block: Block, thrown: int) -> int:
        """Return what leaves a block; ``thrown`` is what is thrown in at each of its yields."""
        found = block.mask
        leaves = self.leaves
        symbols = self.errors.symbols
        for target in block.targets:
            found |= leaves[target]
        left = found & symbols
        if left:
            found = found & ~left | self.outside(left, block)
        for call in block.calls:
            leaving = leaves[call.target]
            left = leaving & symbols
            found |= leaving & ~left | self.called(call, left, block) if left else leaving
        for key in block.caught:
            found |= self.concrete(self.caught.get(key, 0))
        if block.yields:
            found |= thrown
        for part in block.parts:
            found |= self.part(part, thrown)
        return found

    def part(self, part: Any, thrown: int) -> int:
        """Return what leaves a part of a block: a ``try``, a ``with``, a bare ``raise``."""
        if isinstance(part, Again):
            return self.local.get(part.key, 0)
        if isinstance(part, Try):
            return self.tried(part, thrown)
        if isinstance(part, Suppress):
            inner = self.block(part.body, thrown)
            self.catch(part.key, self.errors.caught(inner, part.clause)[1])
            return self.errors.passed(inner, part.clause)
        if isinstance(part, Exits):
            inner = self.block(part.body, thrown)
            self.catch(part.key, inner)
            return inner
        assert isinstance(part, Through)
        inner = self.block(part.body, thrown)
        before, self.local = self.local, {}
        found = self.block(self.programs[part.manager], inner)
        self.local = before
        return found

    def tried(self, part: Try, thrown: int) -> int:
        """Return what leaves a ``try`` statement."""
        inner = self.block(part.body, thrown)
        found = 0
        for key, clause, body in part.handlers:
            held = self.errors.held(inner, clause)
            self.catch(key, held)
            inner = self.errors.passed(inner, clause)
            self.local[key] = held
            found |= self.block(body, thrown)
        found |= inner
        for body in part.others:
            found |= self.block(body, thrown)
        return found

    def catch(self, key: Any, mask: int) -> None:
        """Record that a handler catches something."""
        known = self.caught.get(key, 0)
        if mask & ~known:
            self.caught[key] = known | mask
            self.wake(key)

    # Calls

    def current(self, symbol: Symbol, block: Block) -> int:
        """Return the error that is being handled while a function runs that is called from a block."""
        here = self.now
        if not isinstance(here, Instance):
            return 0
        known = self._totals.get(symbol)
        if known is None:
            known = self._totals[symbol] = Resolution(symbol.filters)
            self.leaves[symbol] = 0
        if symbol.definition is here.definition and symbol.context == here.context:
            return self.errors.bit(symbol)
        if block.handler is not None and block.handler in self.local:
            found = self.local[block.handler]
            if found & ~known.mask:
                known.mask |= self.concrete(found)
                self.enqueue(symbol)
            for one in symbol.filters:
                found = self.errors.filtered(found, one)
            return found
        depth = f"{symbol.name}+"
        if len(depth) >= MAX_CALLERS:
            return self.errors.bit(symbol)
        own = Symbol("current", here.definition, here.context, depth, None, symbol.filters)
        if own not in known.totals:
            known.totals[own] = None
            if own not in self._totals:
                self._totals[own] = Resolution(own.filters)
                self.leaves[own] = 0
            self.enqueue(symbol)
        return self.errors.bit(own)

    def called(self, call: Call, symbols: int, block: Block) -> int:
        """Return what symbols that leave a function stand for where it is called with arguments."""
        found = 0
        for number in bits(symbols):
            symbol = self.errors.entries[number]
            if isinstance(symbol, Symbol) and symbol.use == "current":
                found |= self.current(symbol, block)
            else:
                found |= self.resolved(self.resolution(call, number))
        return found

    def resolution(self, call: Call, number: int) -> Resolution:
        """Return what a symbol stands for in one call."""
        known = call.resolutions.get(number)
        if known is None:
            symbol = self.errors.entries[number]
            assert isinstance(symbol, Symbol) and isinstance(self.now, Instance)
            known = call.resolutions[number] = self.resolver.in_call(symbol, call, self.now)
            for one in known.instances:
                self.need(one)
        return known

    def resolved(self, resolution: Resolution) -> int:
        """Return what leaves through a parameter."""
        found = resolution.mask
        for one in resolution.instances:
            self.need(one)
            found |= self.concrete(self.leaves.get(one, 0))
        for key in resolution.caught:
            self.need(key)
            found |= self.concrete(self.caught.get(key, 0))
        for filtering in resolution.filters:
            found = self.errors.filtered(found, filtering)
        kept = resolution.kept
        for symbol in resolution.totals:
            found |= self.total(symbol)
        return found | kept

    def outside(self, symbols: int, block: Block) -> int:
        """Return what symbols of functions that are called without arguments stand for."""
        found = 0
        here = self.now
        for number in bits(symbols):
            symbol = self.errors.entries[number]
            assert isinstance(symbol, Symbol)
            if symbol.use == "current":
                found |= self.current(symbol, block)
            elif isinstance(here, Instance) and self.resolver.is_around(symbol, here):
                found |= 1 << number
            else:
                found |= self.total(symbol)
        return found

    def concrete(self, mask: int) -> int:
        """Return errors with all symbols taken for all arguments ever passed."""
        symbols = mask & self.errors.symbols
        if symbols:
            mask &= ~symbols
            for number in bits(symbols):
                symbol = self.errors.entries[number]
                assert isinstance(symbol, Symbol)
                mask |= self.total(symbol)
        return mask

    def total(self, symbol: Symbol) -> int:
        """Return what leaves through a parameter, with all arguments ever passed for it."""
        if symbol not in self._totals:
            self._totals[symbol] = self.resolver.in_all(symbol)
            self.leaves[symbol] = 0
            self.enqueue(symbol)
        self.need(symbol)
        return self.leaves[symbol]

    def total_of(self, symbol: Symbol) -> Resolution:
        """Return what a symbol stands for with all arguments ever passed."""
        return self._totals[symbol]

    # Results

    def settled(self, instance: Instance) -> int:
        """Return what leaves a function, with its parameters taken for all arguments ever passed for them."""
        mask = self.leaves.get(instance, 0)
        symbols = mask & self.errors.symbols
        found = mask & ~symbols
        for number in bits(symbols):
            symbol = self.errors.entries[number]
            assert isinstance(symbol, Symbol)
            found |= self.leaves.get(symbol, 0)
        return found

    def settle(self) -> None:
        """Compute what all symbols that leave some function stand for."""
        self.now = None
        for mask in list(self.leaves.values()):
            for number in bits(mask & self.errors.symbols):
                symbol = self.errors.entries[number]
                assert isinstance(symbol, Symbol)
                self.total(symbol)
