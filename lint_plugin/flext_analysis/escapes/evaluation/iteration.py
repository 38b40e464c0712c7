"""The results of iterating and awaiting, and whose code runs there."""

from __future__ import annotations

from typing import Any

from flext_analysis.escapes.evaluation.containers import NUMBER
from flext_analysis.escapes.evaluation.externals import STRING, Externals
from flext_analysis.escapes.values import EMPTY, HELD, MAX_MEMBERS, UNKNOWN, Value, Values
from flext_analysis.summaries.definitions import Definition

__all__ = ["Iteration"]

STOPS: tuple[Value, ...] = (("external", "builtins.StopIteration"), ("external", "builtins.StopAsyncIteration"))


class Iteration(Externals):
    """Iterates over values and awaits them."""

    def held(self, key: Any) -> Values:
        """Return what a container holds; many functions or classes as one value, which stands for any of them."""
        return self.few(key[0], self.engine.read(key, self.instance), key)

    def few(self, site: Any, values: Values, key: Any = None) -> Values:
        """Return values of a container, where many functions or classes are one: any of what a slot of it holds."""
        if len(values) <= MAX_MEMBERS:
            return values
        others = {one for one in values if one[0] not in ("function", "bound", "class", "instance")}
        many = len(values) - len(others) > MAX_MEMBERS
        return {*others, ("element", key or (site, "items"))} if many else values

    def await_values(self, values: Values, place: int) -> Values:
        """Return the results of awaiting some values; coroutines run here."""
        found: set[Value] = set()
        for one in self.ordered(values):
            if one[0] == "generator":
                self.run_generator(one, place)
                found |= self.returned(one[1], one[2], None)
            elif one[0] == "instance" and isinstance(one[1], Definition):
                found |= self.iterate(self.call(self.special({one}, "__await__", place), [], {}, place), place)
            elif one[0] == "container":  # the result of gather
                for each in self.ordered(self.engine.read((one[1], "items"), self.instance)):
                    if each[0] == "generator":
                        self.await_values({each}, place)
                found.add(one)
            else:
                found.add(one if one[0] != "caught" or self.engine.limits.widens else UNKNOWN)  # asyncio.Queue.get()
                found |= self.taken("await")
        return found or {UNKNOWN}

    def run_generator(self, value: Value, place: int) -> None:
        """Record that the code of a generator or coroutine runs here."""
        target = self.engine.instance(value[1], value[2])
        self.items.append(("call", target, None, place))

    def iterate(self, values: Values, place: int) -> Values:
        """Return the results of iterating over some values; generators run here."""
        found: set[Value] = set()
        for one in self.ordered(values):
            kind = one[0]
            if kind == "generator":
                self.run_generator(one, place)
                found |= self.engine.read((one[1], one[2], "$yield"), self.instance)
                if "async" in one[1].scope.flags and "generator" not in one[1].scope.flags:
                    found |= self.returned(one[1], one[2], None)
            elif kind == "container":
                keyed = self.engine.slots.get((one[1], "keys"))
                part = "keys" if keyed is not None and keyed.values else "items"
                found |= self.held((one[1], part))
            elif kind == "pairs":
                site, value = self.derived("pair", one[1])
                keys = tuple(self.engine.read((one[1], "keys"), self.instance))
                items = tuple(self.held((one[1], "items")))
                self.engine.write((site, 0), keys)
                self.engine.write((site, 1), items)
                self.engine.write((site, "items"), (*keys, *items))
                found |= value
            elif kind == "instance" and isinstance(one[1], Definition):
                found |= self.iterate_instance(one, place)
            elif kind == "class" and isinstance(one[1], Definition):
                if "enum.Enum" in self.engine.info(one[1]).lineage:
                    found.add(("instance", one[1], True))
                found |= self.iterate(self.call(self.special({one}, "__iter__", place), [], {}, place), place)
            elif kind == "later":
                found |= self.call({one[1]}, [], {}, place)
            elif kind == "instance" and one[1] == "builtins.str":
                found.add(STRING)
            elif kind == "instance" and one[1] == "builtins.range":
                found.add(NUMBER)
            else:
                found |= self.taken("__next__") | ({one} if kind in HELD else EMPTY)
                if kind != "instance" or not isinstance(one[1], str):
                    found.add(UNKNOWN)
        return found

    def iterate_instance(self, value: Value, place: int) -> Values:
        """Return the results of iterating over an instance."""
        found: set[Value] = set()
        iterators: set[Value] = set()
        for name in ("__iter__", "__aiter__"):
            methods = self.special({value}, name, place)
            if methods:
                iterators |= self.call(methods, [], {}, place)
        before, self.items = self.items, []
        for name in ("__next__", "__anext__"):
            for one in self.ordered(iterators | {value}):
                if one[0] == "instance":
                    methods = self.special({one}, name, place)
                    result = self.call(methods, [], {}, place) if methods else EMPTY
                    found |= self.await_values(result, place) if name == "__anext__" and result else result
        inner, self.items = self.items, before
        if inner:
            key = (self.definition, self.context, place, "iteration")
            self.items.append(("suppress", key, STOPS, inner, place))
        others = {one for one in iterators if one[0] != "instance"}
        found |= self.iterate(others, place)
        if not iterators and not found:
            found |= self.call(self.special({value}, "__getitem__", place), [{NUMBER}], {}, place)
        return found
