"""Which errors values hold: containers, what something outside keeps, attributes of a name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from flext_analysis.escapes.evaluation.kept_errors import ANY_NAME, errors_among
from flext_analysis.escapes.values import EMPTY, ERRORS, MAYBE_ERRORS, Value, Values
from flext_analysis.observers.shown_values import ShownValues
from flext_analysis.summaries.definitions import Definition

__all__ = ["HeldErrors"]

LEADING = MAYBE_ERRORS | {"container", "pairs"}  # the kinds of values that are errors, or may hold some


class HeldErrors(ShownValues):
    """Finds these errors."""

    current: Callable[[Definition], set[Value]]

    def __init__(self) -> None:
        super().__init__()
        self._held: dict[Value, list[Value]] = {}  # see holding
        self._each: dict[frozenset[Value], list[Value]] = {}  # see each_error
        self._growth = 0  # that of the engine, for which these two hold

    def each_error(self, values: Values) -> list[Value]:
        """Return the errors among some values and what they hold: those that handlers caught, and ANY_ERROR.

        What something outside keeps may be whatever any part of the program gave it. So of what is found there, only
        what something else keeps is followed, with its containers, and no further: not a third that keeps it.
        """
        if self._growth != self.engine.growth:
            self._growth = self.engine.growth
            self._held, self._each = {}, {}
        wanted = frozenset([one for one in values if one[0] in LEADING])
        found = self._each.get(wanted)
        if found is None:
            found = self._each[wanted] = self.search(wanted) if wanted else []
        return found

    def search(self, values: Values) -> list[Value]:
        """Do what each_error does, for values that lead to errors."""
        found: dict[Value, None] = {}
        seen = set(values)
        waiting = list(values)
        outside: list[Value] = []
        beyond = False
        while waiting or (outside and not beyond):
            if not waiting:
                beyond = True
                waiting = [one for value in outside for one in self.holding(value) if one not in seen]
                seen.update(waiting)
                continue
            value = waiting.pop()
            new: Iterable[Value] = ()
            if value[0] in ("caught", "group", "error"):
                found[value] = None
            elif value[0] == "current":
                new = self.current(value[1])
            elif value[0] in ("container", "pairs"):
                new = self.holding(value)
            elif value[0] in ("kept", "under") and not beyond:
                outside.append(value)
            elif value[0] in ("kept", "under"):
                new = [one for one in self.holding(value) if one[0] in ERRORS or one[0] == "container"]
            elif value[0] == "given":
                new = self.given_to(value[1])
            unseen = [one for one in dict.fromkeys(new) if one not in seen]
            seen.update(unseen)
            waiting += unseen
        return list(found)

    def holding(self, value: Value) -> list[Value]:
        """Return what a container, or something outside, holds that leads to errors."""
        found = self._held.get(value)
        if found is None:
            held = self.held_outside(value) if value[0] in ("kept", "under") else self.held_inside(value)
            found = self._held[value] = [one for one in dict.fromkeys(held) if one[0] in LEADING]
        return found

    def members(self, value: Value, part: str) -> Values:
        """Return the members ("items") or keys ("keys") of a container."""
        slot = self.engine.slots.get((value[1], part))
        return slot.values if slot is not None else EMPTY

    def held_inside(self, value: Value) -> Iterator[Value]:
        """Yield the members and keys of a container."""
        for part in ("items", "keys"):
            yield from self.members(value, part)

    def held_outside(self, value: Value) -> Iterator[Value]:
        """Yield the errors that something outside keeps, or that any object has as its attribute of a name."""
        if value[0] == "kept":
            yield from self.engine.slot(value).values
        else:
            for name in (f".{value[1]}", ANY_NAME):
                for cls in self.engine.stored.get(name, ()):
                    yield from errors_among(self.engine.slot((cls, name)).values)
