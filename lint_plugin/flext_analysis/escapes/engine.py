"""The engine of the escape analysis: slots, functions to visit, and the order of the visits."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping
from typing import Any

from flext_analysis.escapes.annotations import Annotations
from flext_analysis.escapes.instances import Instance, Items, Step
from flext_analysis.escapes.traits import closes_over, fields_of
from flext_analysis.escapes.values import EMPTY, MAX_OTHERS, UNKNOWN, Context, Limits, Slot, Spread, Value, Values
from flext_analysis.program.hierarchy import Hierarchy
from flext_analysis.program.project import Project
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.definitions import Definition, Module

__all__ = ["Engine", "Instance", "Items", "Step"]

BUILTIN_METHODS = frozenset(
    name
    for kind in (
        str,
        bytes,
        bytearray,
        int,
        float,
        list,
        dict,
        set,
        frozenset,
        tuple,
        memoryview,
        type(iter([])),
        object,
    )
    for name in dir(kind)
) | frozenset("read write close flush readline seek tell open join start run send recv put result cancel".split())
CLOSES = frozenset(["closes"])
NOTHING: frozenset[str] = frozenset()
NOBODY: tuple[Any, ...] = ()


class Engine(Annotations):
    """Holds what is known about the values in a program, and visits functions until nothing new is found."""

    def __init__(
        self, project: Project, hierarchy: Hierarchy, limits: Limits, marks: Mapping[str, Mapping[int, Any]]
    ) -> None:
        super().__init__(project, hierarchy)
        self.limits = limits
        self.marks = marks
        self.slots: dict[Any, Slot] = {}
        self.instances: dict[tuple[Definition, Context], Instance] = {}
        self.waiting: deque[Instance] = deque()
        self.classes: dict[str, Definition] = {}
        self.methods: dict[str, list[Definition]] = {}
        self.unnamed: list[Definition] | None = None
        self.below: dict[Definition | str, list[Definition]] = {}
        self.hints: dict[Any, Values] = {}  # of parameters whose annotation says less than the arguments
        self._metaclasses: dict[Definition | str, set[Value]] = {}
        self.stored: dict[str, dict[Any, None]] = {}
        self.watchers: dict[str, dict[Step, None]] = {}
        self.outside: dict[tuple[Module, str], list[Any]] = {}
        self._bound: dict[Definition, frozenset[str]] = {}
        self._holders: dict[tuple[Definition | str, str], Definition | None] = {}
        self._overriders: dict[tuple[Definition | str, str], list[Definition]] = {}
        self.behind: dict[Any, tuple[tuple[tuple[Any, int], ...], Values]] = {}  # see Frame.members_behind
        self.reads = 0
        self.growth = 0  # counts how often the members of tables, and attributes, grew
        self.times = 1  # see Limits.spare
        self.handled: dict[int, frozenset[str]] = {}  # the names that the body of a handler binds
        self.mixed: set[Any] = set()  # containers with members that were added without a text as key
        self.own_calls: dict[Definition, set[Any]] = {}
        self.undecided: dict[Any, Values] = {}  # functions whose decorators return nothing so far
        self._globals: dict[Module, frozenset[str]] = {}
        self._owners: dict[tuple[Definition, str], Definition | None] = {}
        self._lineages: dict[Definition | str, tuple[Definition | str, ...]] = {}
        for module in project.modules:
            for definition in module.definitions:
                self.register(definition)

    def register(self, definition: Definition) -> None:
        """Add a scope to the tables."""
        kind = definition.scope.kind
        if kind == "class":
            self.classes.setdefault(definition.path, definition)
        elif kind == "function" and definition.parent is not None and definition.parent.scope.kind == "class":
            self.methods.setdefault(definition.scope.name, []).append(definition)

    # Classes

    def lineage(self, cls: Definition | str) -> tuple[Definition | str, ...]:
        """Return a class and its bases, in the order in which attributes are looked up."""
        found = self._lineages.get(cls)
        if found is None:
            info = self.info(cls)
            found = tuple(cls if n == 0 else self.classes.get(path, path) for n, path in enumerate(info.lineage))
            self._lineages[cls] = found
        return found

    def subclasses(self, cls: Definition | str) -> list[Definition]:
        """Return the classes of the repository below a class."""
        found = self.below.get(cls)
        if found is None:
            infos = self.hierarchy.below(self.info(cls).path)
            found = self.below[cls] = [one.definition for one in infos if one.definition is not None]
        return found

    def bound(self, definition: Definition) -> frozenset[str]:
        """Return the names that the code of a scope binds."""
        found = self._bound.get(definition)
        if found is None:
            found = self._bound[definition] = frozenset(definition.scope.bound)
        return found

    def holder(self, cls: Definition | str, name: str) -> Definition | None:
        """Return the first class in the lineage of a class whose body binds a name."""
        key = cls, name
        if key not in self._holders:
            lineage = self.lineage(cls)
            held = (one for one in lineage if isinstance(one, Definition) and name in self.bound(one))
            self._holders[key] = next(held, None)
        return self._holders[key]

    def overriders(self, cls: Definition | str, name: str) -> list[Definition]:
        """Return the classes below a class whose bodies bind a name."""
        key = cls, name
        found = self._overriders.get(key)
        if found is None:
            found = self._overriders[key] = [one for one in self.subclasses(cls) if name in self.bound(one)]
        return found

    def has_room(self, definition: Definition, context: Context, place: int) -> bool:
        """Return whether a function is analysed separately for one more call: the number is limited."""
        known = self.own_calls.setdefault(definition, set())
        known.add((context, place))
        return len(known) <= self.limits.contexts

    # Slots

    def slot(self, key: Any) -> Slot:
        """Return the slot with a key, created on first use."""
        found = self.slots.get(key)
        if found is None:
            found = self.slots[key] = Slot(is_table(key))
        return found

    def read(self, key: Any, reader: Instance) -> set[Value]:
        """Return what a slot holds, and record the reader, to be notified when it grows."""
        self.reads += 1
        slot = self.slots.get(key)
        if slot is None:
            slot = self.slots[key] = Slot(is_table(key))
        if not slot.fixed:
            slot.readers[reader.step] = None
        return slot.values

    def put(self, site: Any, key: str, values: Collection[Value]) -> None:
        """Return what a container holds under a text; see held_under."""
        self.write((site, "texts"), {("text", key)})
        self.write((site, f"={key}"), values)
        self.write((site, "items"), values, under=True)

    def held_under(self, site: Any, key: str, reader: Instance) -> Any:
        """Return the slot of what a container holds under a text: all its members if some have none."""
        self.read((site, "items"), reader)
        return (site, "items") if site in self.mixed else (site, f"={key}")

    def put_named(self, site: Any, more: Spread, taken: Collection[str] = ()) -> None:
        """Put the arguments that a call passes by ``**`` into a container, except the names that are ``taken``."""
        if more.texts is None:
            self.write((site, "items"), more)
        for text, values in (more.texts or {}).items():
            if text not in taken:
                self.put(site, text, values)

    def texts(self, site: Any, reader: Instance) -> list[str] | None:
        """Return the texts under which a container holds everything, None if some members may be without one."""
        self.read((site, "items"), reader)
        found = self.read((site, "texts"), reader)
        return None if site in self.mixed or UNKNOWN in found else [one[1] for one in self.order(found)]

    def write(self, key: Any, values: Collection[Value], *, under: bool = False) -> None:
        """Add to a slot; ``under`` means that a member of a container was put under a text."""
        slot = self.slots.get(key)
        if not under and len(key) == 2 and key[1] == "items" and values and key[0] not in self.mixed:
            self.mixed.add(key[0])
            for reader in slot.readers if slot is not None else ():
                self.wake(reader)
        if slot is None:
            slot = self.slots[key] = Slot(is_table(key))
        if not slot.values and len(key) == 2 and isinstance(key[1], str) and key[1][0] == ".":
            known = self.stored.setdefault(key[1], {})
            if key[0] not in known:
                known[key[0]] = None
                for reader in self.watchers.get(key[1], ()):
                    self.wake(reader)
        if len(slot.values) + len(values) > MAX_OTHERS:
            values = self.order(values)  # not all of them may fit
        size = len(slot.values)
        changed = slot.add(values, self.limits)
        if changed or len(slot.values) != size:
            self.growth += len(key) == 2
            for reader in slot.readers:
                reader.stale = True
                if changed:  # otherwise it is nothing new: readers that run for another reason see it
                    self.enqueue(reader.instance)

    def forget_readers(self) -> None:
        """Release what only a further visit would need: all values are known."""
        self.watchers.clear()
        for slot in self.slots.values():
            slot.readers = {}
        for instance in self.instances.values():
            instance.steps = []

    def storing(self, name: str, reader: Instance) -> Collection[Any]:
        """Return the classes on whose instances an attribute (``.name``) is set; the reader is notified of others."""
        watchers = self.watchers.get(name)
        if watchers is None:
            watchers = self.watchers[name] = {}
        watchers[reader.step] = None
        return self.stored.get(name, NOBODY)

    def decided(self, key: Any, definition: Definition, plain: Values) -> None:
        """Record that a function's decorators return something, or so far nothing: then ``plain`` is the function."""
        if plain:
            self.undecided[key, definition] = plain
        else:
            self.undecided.pop((key, definition), None)

    # Functions

    def instance(self, definition: Definition, context: Context = ()) -> Instance:
        """Return the instance of a function for a context, created and queued on first use."""
        key = definition, context
        found = self.instances.get(key)
        if found is None:
            found = self.instances[key] = Instance(definition, context)
            self.prepare(found)
            self.enqueue(found)
        return found

    def wake(self, step: Step) -> None:
        """Queue a statement to run again."""
        step.stale = True
        self.enqueue(step.instance)

    def enqueue(self, instance: Instance) -> None:
        """Queue an instance for a visit."""
        if instance.queued:
            return
        if instance.visits >= self.limits.visits * self.times or instance.reads > self.limits.reads * self.times:
            instance.cut = True
            return
        instance.queued = True
        self.waiting.append(instance)

    def prepare(self, instance: Instance) -> None:
        """Fill the slots of an instance's parameters with what is known before any call."""
        definition, context = instance.definition, instance.context
        for number, one in enumerate(definition.scope.parameters):
            slot = self.slot((definition, context, one.name))
            first = self.receiver(definition) if number == 0 else EMPTY
            if first:
                slot.values = set(first)
                slot.fixed = True
                continue
            if one.kind in ("rest", "more"):
                site = (definition, context, "*", one.name)
                slot.values = {("container", site)}
                slot.fixed = True
                if one.annotation is not None:
                    self.write((site, "items"), self.annotated(one.annotation, definition.parent))
                continue
            known = EMPTY if one.annotation is None else self.annotated(one.annotation, definition.parent)
            lazy = any(one[0] == "container" and one[1][2] for one in known)
            if known and not lazy and not self.is_broad(known) and not self.is_error(known):
                slot.values = set(known)
                slot.fixed = True
            else:
                slot.values |= {("parameter", definition, context, one.name), *known}
                if known:
                    self.hints[definition, context, one.name] = known

    def given(self, key: Any) -> Values:
        """Return all arguments ever passed for a parameter; what its annotation says if there are none."""
        slot = self.slots.get(key)
        if slot is None:
            return EMPTY
        found = slot.values - {("parameter", *key)}
        return found - self.hints.get(key, EMPTY) or found

    def by_way_of(self, symbol: Value) -> Values:
        """Return the values that exist only because a parameter holds or creates them."""
        found = self.slot(symbol[1:4]).values
        if symbol[0] == "parameter":
            return found - {symbol}
        return {("instance", one[1], one[2]) for one in found if one[0] == "class"}

    def receiver(self, definition: Definition) -> Values:
        """Return what the first parameter of a method is, nothing for other functions."""
        parent = definition.parent
        if parent is None or parent.scope.kind != "class" or definition.scope.kind != "function":
            return EMPTY
        decorators = {last_name(one) for one in definition.scope.decorators}
        if "staticmethod" in decorators:
            return EMPTY
        if "classmethod" in decorators or definition.scope.name in (
            "__new__",
            "__init_subclass__",
            "__class_getitem__",
        ):
            return {("class", parent, False)}
        if "builtins.type" in self.info(parent).lineage:
            return self.made_by(parent) or {UNKNOWN}
        return {("instance", parent, False)}

    def made_by(self, metaclass: Definition) -> Values:
        """Return the classes of a metaclass: those that name it, and what is below them."""
        if not self._metaclasses:
            for cls in self.classes.values():
                for keyword, code in cls.scope.keywords:
                    if keyword == "metaclass":
                        for info in self.hierarchy.of_code(code, cls.parent):
                            for one in self.lineage(info.definition) if info.definition is not None else ():
                                self._metaclasses.setdefault(one, set()).add(("class", cls, False))
        found = self._metaclasses.get(metaclass, set())
        return found if len(found) <= self.limits.candidates else EMPTY

    def traits(self, definition: Definition) -> frozenset[str]:
        """Return what the code of a function alone shows."""
        return CLOSES if closes_over(definition) else NOTHING

    def fields(self, definition: Definition) -> list[str]:
        """Return the annotated names of a class."""
        return fields_of(definition)

    # Names

    def owner(self, where: Definition, name: str) -> Definition | None:
        """Return the scope whose name a bare name is; None for a builtin or what a star import binds."""
        key = where, name
        if key not in self._owners:
            self._owners[key] = self.find_owner(where, name)
        return self._owners[key]

    def find_owner(self, where: Definition, name: str) -> Definition | None:
        """Do the same as owner, without its cache."""
        for scope in where.outwards():
            kind = scope.scope.outer.get(name)
            if kind == "global":
                return scope.module.top
            if kind is None and name in self.bound(scope):
                return scope
        return where.module.top if name in self.global_names(where.module) else None

    def global_names(self, module: Module) -> frozenset[str]:
        """Return the names that functions of a module bind in the module."""
        if module not in self._globals:
            names = (name for one in module.summary.scopes for name, kind in one.outer.items() if kind == "global")
            self._globals[module] = frozenset(names)
        return self._globals[module]


def is_table(key: Any) -> bool:
    """Return whether a slot holds the members of a container in the code: many functions are a table of them.

    The ``*args`` of a function are not: everything may flow through a decorator.
    """
    return len(key) == 2 and key[1] == "items" and key[0][2:3] != ("*",)


def context_of(definition: Definition, owner: Definition, context: Context) -> Context:
    """Return the context of a scope around a function, if the function is analysed in a context."""
    here: Definition | None = definition
    while here is not None and here is not owner:
        if context and context[0] is here:
            context = context[2]
        here = here.parent
    return context if owner.scope.kind in ("function", "lambda") else ()


def last_name(code: Any) -> str:
    """Return the last part of a name, an attribute, or a call of one; "" for anything else."""
    if code[0] == op.CALL:
        code = code[1]
    return code[1] if code[0] == op.NAME else code[2] if code[0] == op.ATTRIBUTE else ""
