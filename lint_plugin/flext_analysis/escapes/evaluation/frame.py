"""One visit of one function: what it reads, writes and does with errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flext_analysis.escapes.engine import Engine, Instance, Items, context_of
from flext_analysis.escapes.values import EMPTY, UNKNOWN, VAGUE, Context, Value, Values
from flext_analysis.program.project import Entity
from flext_analysis.summaries.definitions import Definition, Module

__all__ = ["Frame"]

TOO_MANY = frozenset([UNKNOWN])

NO_MARKS: dict[int, Any] = {}


class Frame:
    """The state of a visit: the engine, the instance, and the block of items that is being filled."""

    call: Callable[..., Values]
    call_container: Callable[..., Values]
    call_external: Callable[..., Values]
    iterate: Callable[..., Values]
    mapped: Callable[..., Values]
    await_values: Callable[..., Values]
    enter: Callable[..., Values]
    held: Callable[..., Values]
    few: Callable[..., Values]
    container: Callable[..., tuple[Any, Values]]
    call_given: Callable[..., None]

    def __init__(self, engine: Engine, instance: Instance) -> None:
        self.engine = engine
        self.ordered = engine.order
        self.instance = instance
        self.definition = instance.definition
        self.context = instance.context
        self.items: Items = []
        # what was passed outside, by the items where that was recorded
        self.handed: dict[tuple[Value, int], Items] = {}
        self.looked_behind: dict[Any, int] = {}  # the tables whose members each step read, and when
        self.marks = engine.marks.get(instance.definition.module.path, NO_MARKS)
        self.handlers: list[Any] = []  # the keys of those whose bodies are running, the innermost last
        self.raised_call: tuple[int, tuple[str, int]] | None = None  # the call that a ``raise`` raises, and its site
        self.caught: dict[str, Values] = {}  # the names of these that are bound to nothing else there

    # Names

    def read_name(self, name: str) -> Values:
        """Return what a bare name may hold."""
        engine = self.engine
        if name in self.caught:
            return self.caught[name]
        owner = engine.owner(self.definition, name)
        if owner is None:
            return self.outside_name(name)
        found = engine.read((owner, context_of(self.definition, owner, self.context), name), self.instance)
        if not found and owner is self.definition.module.top:
            return found or self.outside_name(name)
        return found

    def outside_name(self, name: str) -> Values:
        """Return what a name refers to that the module does not bind itself: a star import, or a builtin."""
        module = self.definition.module
        starred = self.starred_value(module, name) if module.stars else EMPTY
        if starred:
            return starred
        entities = self.engine.outside.get((module, name))
        if entities is None:
            entities = self.engine.outside[module, name] = self.engine.project.look_up(module.top, name)
        return {value for one in entities for value in self.of_entity(one)}

    def starred_value(self, module: Module, name: str) -> Values:
        """Return what a name holds that a star import brings from the module that binds it."""
        seen: set[Module] = set()
        source = self.engine.project.star_source(module, name)
        while source is not None and source not in seen and source.top is not None:
            if name in source.top.scope.bound:
                return self.engine.read((source.top, (), name), self.instance)
            seen.add(source)
            source = self.engine.project.star_source(source, name)
        return EMPTY

    def of_entity(self, entity: Entity) -> Values:
        """Return the values of what a name refers to."""
        if entity.kind == "external":
            return {("external", entity.path)}
        if entity.kind == "module" and entity.module is not None:
            return {("module", entity.module)}
        definition = entity.definition
        if definition is None:
            return EMPTY
        if entity.kind in ("class", "function"):
            owner = definition.parent or definition
            return self.engine.read((owner, (), definition.scope.name), self.instance)
        return EMPTY

    def write_name(self, name: str, values: Values) -> None:
        """Bind a name."""
        owner = self.engine.owner(self.definition, name)
        if owner is not None and values:
            self.engine.write((owner, context_of(self.definition, owner, self.context), name), values)

    def members_behind(self, key: Any) -> Values:
        """Return the values that an element of a table may be, through tables that were made of tables."""
        read = self.engine.read
        sizes, known = self.engine.behind.get(key, ((), EMPTY))
        if known is TOO_MANY:
            return known
        look = self.instance.step, key
        if self.looked_behind.get(look) == self.engine.growth:
            return known
        self.looked_behind[look] = self.engine.growth
        if sizes and all(len(read(one, self.instance)) == size for one, size in sizes):
            return known
        seen: set[Value] = set()
        found: set[Value] = set()
        tables: dict[Any, int] = {}
        waiting = {key: None}
        while waiting and len(found) <= self.engine.limits.targets:
            table, _ = waiting.popitem()
            members = read(table, self.instance)
            tables[table] = len(members)
            for one in members - seen:
                if one[0] != "element":
                    found.add(one)
                elif one[1] not in tables:
                    waiting[one[1]] = None
            seen |= members
        self.engine.behind[key] = (
            tuple(tables.items()),
            (TOO_MANY if len(found) > self.engine.limits.targets else found),
        )
        return self.engine.behind[key][1]

    # Items

    def not_handed_yet(self, values: Values, place: int) -> Values:
        """Return the values that were not passed to outside code here yet: many calls may pass the same."""
        known = any(one[0] not in VAGUE for one in values)
        new = [one for one in values if self.handed.get((one, place)) is not self.items]
        self.handed.update(((one, place), self.items) for one in new)
        return {one for one in new if not known or one[0] not in VAGUE}

    def add_call(self, target: Instance, arguments: Any, place: int) -> None:
        """Record that a function is called here, with these arguments."""
        self.items.append(("call", target, arguments, place))

    def add_open(self, what: str, place: int) -> None:
        """Record that something is not known here; a marked place is known."""
        if place not in self.marks:
            self.items.append(("open", what, place))

    def add_marked(self, place: int) -> None:
        """Record the errors that a place is marked with; see analyse_escapes."""
        if place in self.marks:
            self.items.append(("marked", self.marks[place], place))

    def mark_vague(self, values: Values, place: int) -> None:
        """Record the errors that a place is marked with, unless the program itself made all its possible values."""
        if place in self.marks and not all(is_made_here(one) for one in self.known(values) or (UNKNOWN,)):
            self.add_marked(place)

    def instance_of_function(self, definition: Definition, context: Context) -> Instance:
        """Return the instance of a function, which is queued if it is new."""
        return self.engine.instance(definition, context)

    @staticmethod
    def is_unknown(values: Values) -> bool:
        """Return whether values may be anything."""
        return UNKNOWN in values or not values

    @staticmethod
    def known(values: Values) -> list[Value]:
        """Return the values without the uninformative ones."""
        return [one for one in values if one[0] not in VAGUE]


def is_made_here(value: Value) -> bool:
    """Return whether the program itself certainly created a value, rather than received it as data."""
    if value[0] == "container":
        return value[1][0] in ("dict", "list", "set", "tuple")
    return value[0] in ("function", "bound", "class", "module") or (
        value[0] == "instance" and isinstance(value[1], Definition)
    )
