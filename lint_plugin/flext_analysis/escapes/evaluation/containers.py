"""What containers hold: how each is created, what is put in, and what its methods return."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flext_analysis.escapes.evaluation.calls import Calls
from flext_analysis.escapes.values import EMPTY, UNKNOWN, Spread, Value, Values, spread
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.definitions import Definition
from flext_analysis.summaries.summary import Code

__all__ = ["NUMBER", "Containers"]

ITERATED = frozenset(["generator", "pairs", "instance"])  # what may give pairs, besides containers
MAPPINGS = frozenset("dict table copied mapping namespace attributes".split())  # containers by what made them
NUMBER: Value = ("instance", "builtins.int", True)


class Containers(Calls):
    """Creates containers, and calls their methods."""

    def side_by_side(self, name: str, given: list[Values], place: int) -> Values:
        """Return the results of ``enumerate`` and ``zip``: tuples of a member of each."""
        columns = [self.iterate(one, place) for one in given[: 1 if name == "enumerate" else None]]
        if name == "enumerate":
            columns.insert(0, {NUMBER})
        row, member = self.container("row", place)
        for number, values in enumerate(columns):
            self.engine.write((row, number), tuple(values))
            self.engine.write((row, "items"), tuple(values))
        site, value = self.container("rows", place)
        self.engine.write((site, "items"), member)
        return value

    def container(self, kind: str, place: int) -> tuple[Any, Values]:
        """Return the site of a container that is created here, and its value."""
        site = (kind, self.definition, self.context, place)
        return site, {("container", site)}

    def derived(self, kind: str, source: Any) -> tuple[Any, Values]:
        """Return the site of a view of a container; a view of such a view is that view."""
        site = source if source[0] == kind else (kind, source[1], source[2] if len(source) > 2 else (), source)
        if depth_of(site) > 4:
            site = source
        return site, {("container", site)}

    def places(self, site: Any) -> int:
        """Return how many places of a container are known: all of a tuple that is written out, or of ``*args``."""
        self.engine.read((site, "places"), self.instance)  # who reads that hears of more
        number = 0
        while (site, number) in self.engine.slots:
            number += 1
        return number

    def at_place(self, site: Any, number: int) -> Values:
        """Return what a container whose places are known holds at one."""
        if number < 0 or (site, number) not in self.engine.slots:
            return self.held((site, "items"))
        return self.engine.read((site, number), self.instance) | self.engine.read((site, "anywhere"), self.instance)

    def columns(self, values: Values) -> list[Values]:
        """Return what containers hold at each place; nothing where the places of one are not known."""
        found: list[set[Value]] = []
        for one in self.ordered(values):
            number = self.places(one[1]) if one[0] == "container" else 0
            if not number or self.engine.read((one[1], "anywhere"), self.instance):
                return []
            found += [set() for _ in range(number - len(found))]
            for place in range(number):
                found[place] |= self.at_place(one[1], place)
        return list(found)

    def part_of(self, value: Value) -> Values:
        """Return a slice of a container: of one whose places are known they no longer are."""
        if not self.places(value[1]):
            return {value}
        site, part = self.derived("slice", value[1])
        self.engine.write((site, "items"), tuple(self.held((value[1], "items"))))
        return part

    def copy(self, path: str, given: list[Values], named: dict[str, Values], place: int) -> Values:
        """Return a container of the members of some iterables."""
        site, value = self.container("copy", place)
        if path == "itertools.accumulate" and len(given) > 1:
            members = self.iterate(given[0], place)
            self.engine.write((site, "items"), tuple(self.call(given[1], [members, members], {}, place)))
            given = given[:1]
        for one in given:
            inner = self.iterate(one, place)
            if path in ("itertools.chain.from_iterable",):
                inner = self.iterate(inner, place)
            self.engine.write((site, "items"), inner)
        if path == "builtins.sorted":
            self.put_in_order(self.held((site, "items")), place)
            self.call(named.get("key", EMPTY), [self.held((site, "items"))], {}, place) if "key" in named else None
        self.call_given([], named, place)
        return value

    def filled(self, kind: str, parts: Iterable[tuple[str, Values]], place: int) -> Values:
        """Return a container with values under the parts of it."""
        site, value = self.container(kind, place)
        for part, values in parts:
            self.engine.write((site, part), tuple(values))
        return value

    def put_in_order(self, values: Values, place: int) -> None:
        """Record that some values are sorted: by their own methods, if they have any."""
        own = {one for one in values if one[0] == "instance" and isinstance(one[1], Definition)}
        self.call(self.special(own, "__lt__", place), [own], {}, place) if own else None

    def spread(self, values: Values, place: int) -> Any:
        """Return the site of a container of starred arguments."""
        site, _ = self.container("star", place)
        self.engine.write((site, "items"), values)
        return site

    def gathered(self, path: str, given: list[Values], named: dict[str, Values], place: int) -> Values:
        """Return the result of ``gather(..., return_exceptions=True)``: the errors are among the results."""
        before, self.items = self.items, []
        found = self.copy(path, given, {}, place)
        for one in found:
            self.await_values({one}, place)
        inner, self.items = self.items, before
        key = (self.definition, self.context, place)
        self.items.append(("try", inner, [(key, None, [])], [], []))
        for one in self.ordered(found):
            self.engine.write((one[1], "items"), {("caught", key)})
        return found

    def make_table(
        self, given: list[Values], named: dict[str, Values], place: int, more: Values | None, factory: Values
    ) -> Values:
        """Return a mapping built from its arguments; ``factory`` makes missing values."""
        site, value = self.container("table", place)
        if more:
            self.engine.put_named(site, spread(more))
        for one in given:
            self.take_in(site, one, place)
        for each in self.ordered(factory):
            if each[0] in ("function", "bound", "class", "external"):
                self.engine.write((site, "items"), self.call({each}, [], {}, place))
        for name, values in named.items():
            self.engine.put(site, name, values)
        return value

    def take_in(self, site: Any, values: Values, place: int) -> None:
        """Put what some mappings hold into a container, under the same texts; of pairs, a mapping holds the second."""
        for one in self.ordered(values):
            if one[0] == "instance" and isinstance(one[1], Definition) and self.engine.holder(one[1], "keys"):
                self.engine.write((site, "items"), self.mapped(one, place))
            elif one[0] in ITERATED or (one[0] == "container" and not is_mapping(one[1])):
                self.take_pairs(site, self.iterate({one}, place))
            elif one[0] == "container":
                self.engine.write((site, "keys"), tuple(self.held((one[1], "keys"))))
                self.engine.write((site, "items"), tuple(self.few(one[1], self.engine.loose(one[1], self.instance))))
                for text in self.engine.texts(one[1], self.instance):
                    self.engine.put(site, text, tuple(self.held((one[1], f"={text}"))))

    def add_keys(self, site: Any, values: Values) -> None:
        """Add to the keys of a container, if it is one that has keys: an index of a list is none."""
        if is_mapping(site):
            self.engine.write((site, "keys"), tuple(values))

    def take_pairs(self, site: Any, members: Values) -> None:
        """Put the pairs of a sequence into a mapping; any other member is put in unchanged."""
        for one in self.ordered(members):
            pair = self.columns({one}) if one[0] == "container" else [EMPTY, {one}]
            if len(pair) != 2:
                pair = [self.held((one[1], "items"))] * 2
            for part, values in zip(("keys", "items"), pair, strict=True):
                self.engine.write((site, part), tuple(values))

    def spread_out(self, star: Values, double: Values) -> Spread:
        """Return what ``*star, **double`` gives."""
        texts: dict[str, set[Value]] = {}
        loose: set[Value] = set()
        for one in self.ordered(double):
            if one[0] == "container":
                loose |= self.few(one[1], self.engine.loose(one[1], self.instance))
                for text in self.engine.texts(one[1], self.instance):
                    texts.setdefault(text, set()).update(self.held((one[1], f"={text}")))
            elif one[0] == "instance" and isinstance(one[1], Definition):
                loose |= self.mapped(one, 0)
        return Spread(star, texts, loose)

    def under_text(self, callee: Values, given: list[Code]) -> Values | None:
        """Return the result of ``table.get("text")`` or a similar call, None for any other call."""
        if not given or given[0][0] != op.CONSTANT or given[0][1] != "str" or not isinstance(given[0][2], str):
            return None
        if not callee or any(one[0] != "method" or one[2] not in ("get", "pop") for one in callee):
            return None
        return {each for one in self.ordered(callee) for each in self.under_key(one[1], given[0][2])} or {UNKNOWN}

    def under_key(self, site: Any, key: str) -> Values:
        """Return what a container may hold under a text."""
        return self.few(site, self.engine.held_under(site, key, self.instance))

    def call_container(self, site: Any, name: str, given: Any, named: Any, place: int) -> Values:
        """Call a method of a list, dict or set."""
        engine = self.engine
        items = site, "items"
        first: Values = given[0] if given else EMPTY
        if name in ("append", "add", "appendleft", "put", "put_nowait"):
            engine.write(items, first)
            return EMPTY
        if name == "insert" and len(given) > 1:
            engine.write(items, given[1])
            return EMPTY
        if name in ("extend", "update", "union", "extendleft", "difference", "intersection"):
            for one in given:
                for each in self.ordered(one):
                    if is_mapping(site):
                        self.take_in(site, {each}, place)
                    else:
                        engine.write(items, self.iterate({each}, place))
            for text, values in named.items():
                engine.put(site, text, values)
            return {("container", site)}
        if name == "setdefault":
            self.add_keys(site, first)
            for values in given[1:2]:
                engine.write(items, values)
            return set(self.held(items))
        if name in ("get", "pop", "popleft", "popitem", "__getitem__", "get_nowait"):
            found = set(self.held(items))
            for values in given[1:2]:
                found |= values
            return found
        if name == "__setitem__" and len(given) > 1:
            self.add_keys(site, first)
            engine.write(items, given[1])
            return EMPTY
        if name == "keys":
            keys, value = self.derived("keys", site)
            engine.write((keys, "items"), tuple(engine.read((site, "keys"), self.instance)))
            return value
        if name in ("values", "copy", "__iter__", "items"):
            if name == "items":
                both, value = self.derived("pairs", site)
                for part in ("keys", "items"):
                    engine.write((both, "items"), tuple(engine.read((site, part), self.instance)))
                return {("pairs", site)}
            keyed = name != "values" and is_mapping(site)
            part, value = self.derived("copied" if keyed else "values", site)
            engine.write((part, "items"), tuple(self.held(items)))
            if keyed:
                engine.write((part, "keys"), tuple(engine.read((site, "keys"), self.instance)))
            return value
        if name == "sort":
            self.put_in_order(self.held(items), place)
        if name in ("sort", "index", "remove", "count", "discard", "clear", "reverse", "join", "format"):
            self.call_given(given, named, place)
            return EMPTY
        return {UNKNOWN}


def is_mapping(site: Any) -> bool:
    """Return whether a container is a mapping by what made it: the code of a dict, or ``**kwargs``."""
    return site[0] in MAPPINGS or not isinstance(site[0], str)


def depth_of(site: Any) -> int:
    """Return how many containers a site is a view of."""
    depth = 0
    while isinstance(site, tuple) and site:
        site = site[-1]
        depth += 1
    return depth
