"""The engine of the escape analysis: slots, functions to visit, and the order of the visits."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from flext_analysis.escapes.instances import Instance, Items, Step
from flext_analysis.escapes.lookup import Lookup
from flext_analysis.escapes.members import Gathered, Members
from flext_analysis.escapes.values import EMPTY, MAX_OTHERS, UNKNOWN, Context, Limits, Slot, Spread, Value, Values
from flext_analysis.program.hierarchy import Hierarchy
from flext_analysis.program.project import Project
from flext_analysis.summaries.code_walk import last_name
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
TEXT_METHODS = frozenset(name for kind in (str, bytes) for name in dir(kind) if not name.startswith("_"))
NOBODY: tuple[Any, ...] = ()
MAX_PLACES = 6  # of ``*args`` that are told apart: a function that calls itself with one more has no end of them
NO_CLASSES: dict[Any, None] = {}


class Engine(Lookup):
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
        self.unnamed: list[Definition] | None = None
        self.hints: dict[Any, Values] = {}  # of parameters whose annotation says less than the arguments
        self._metaclasses: dict[Definition | str, set[Value]] = {}
        self.stored: dict[str, dict[Any, None]] = {}
        self.watchers: dict[str, dict[Step, None]] = {}
        self.shared: dict[tuple[Value, str], Members] = {}
        self.tables: dict[tuple[Any, str], Gathered] = {}
        self.sharing: dict[str, list[Members]] = {}  # by the name of the attribute
        self.outside: dict[tuple[Module, str], list[Any]] = {}
        self.behind: dict[Any, tuple[tuple[tuple[Any, int], ...], Values]] = {}  # see Frame.members_behind
        self.reads = 0
        self.growth = 0  # counts how often the members of tables, and attributes, grew
        self.times = 1  # see Limits.spare
        self.handled: dict[int, frozenset[str]] = {}  # the names that the body of a handler binds
        self.texted: set[Any] = set()  # those with members that were: what was not is in (site, "loose") too
        self.called_back: dict[Any, list[tuple[Definition, str]]] = {}  # see CalledBack.run_callbacks
        self.prefixed: dict[Any, list[Any]] = {}  # see ComputedNames.names_from
        self.own_calls: dict[Definition, set[Any]] = {}
        self.undecided: dict[Any, Values] = {}  # functions whose decorators return nothing so far

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
            if slot.readers is None:
                slot.readers = {}
            slot.readers[reader.step] = None
        return slot.values

    def put(self, site: Any, key: str, values: Collection[Value]) -> None:
        """Return what a container holds under a text; see held_under."""
        if site not in self.texted:
            self.texted.add(site)
            self.write((site, "loose"), tuple(self.slot((site, "items")).values))
        self.write((site, "texts"), {("text", key)})
        self.write((site, f"={key}"), values)
        self.write((site, "items"), values, under=True)

    def place(self, site: Any, number: int, values: Collection[Value]) -> None:
        """Add what a function is given at a place of its ``*args``."""
        known = number < MAX_PLACES
        self.write((site, "places"), {("place", number)} if known else ())
        self.write((site, number if known else "anywhere"), values or {UNKNOWN})

    def held_under(self, site: Any, key: str, reader: Instance) -> Values:
        """Return what a container may hold under a text."""
        return self.read((site, f"={key}"), reader) | self.loose(site, reader)

    def loose(self, site: Any, reader: Instance) -> Values:
        """Return what a container holds that was not put under a text."""
        texts = self.read((site, "texts"), reader)
        part = "loose" if site in self.texted and UNKNOWN not in texts else "items"
        return self.read((site, part), reader)

    def put_named(self, site: Any, more: Spread, taken: Collection[str] = ()) -> None:
        """Put the arguments that a call passes by ``**`` into a container, except the names that are ``taken``."""
        self.write((site, "items"), more.loose)
        for text, values in more.texts.items():
            if text not in taken:
                self.put(site, text, values)

    def texts(self, site: Any, reader: Instance) -> list[str]:
        """Return the texts under which a container holds something; none where there are too many."""
        found = self.read((site, "texts"), reader)
        return [] if UNKNOWN in found else [one[1] for one in self.order(found)]

    def write(self, key: Any, values: Collection[Value], *, under: bool = False) -> None:
        """Add to a slot; ``under`` means that a member of a container was put under a text."""
        slot = self.slots.get(key)
        if not under and len(key) == 2 and key[1] == "items" and key[0] in self.texted:
            self.write((key[0], "loose"), values)
        if slot is None:
            slot = self.slots[key] = Slot(is_table(key))
        if not slot.values and len(key) == 2 and isinstance(key[1], str) and key[1][0] == ".":
            known = self.stored.setdefault(key[1], {})
            if key[0] not in known:
                known[key[0]] = None
                self.tell(self.watchers.get(key[1], ()), True)
                for members in self.sharing.get(key[1][1:], ()):
                    if key[0] in self.kin(*members.value[1:]):
                        self.grown(members, True)
        if slot.fixed:
            return
        if slot.values:
            values = [one for one in values if one not in slot.values]
            if not values:
                return
        if len(slot.values) + len(values) > MAX_OTHERS:
            values = self.order(values)  # not all of them may fit
        size = len(slot.values)
        changed = slot.add(values, self.limits)
        if changed or len(slot.values) != size:
            self.growth += len(key) == 2
            self.tell(slot.readers or (), changed)
            for joined in slot.members or ():
                self.grown(joined, changed)

    def grown(self, joined: Members | Gathered, changed: bool) -> None:
        """Note that a slot has grown that an attribute is joined from."""
        joined.stale = True
        self.tell(joined.readers, changed)
        for one in joined.gathered if isinstance(joined, Members) else ():
            one.stale = True
            self.tell(one.readers, changed)

    def tell(self, readers: Iterable[Step], changed: bool) -> None:
        """Tell statements that something grew; not ``changed``: those see it that run for another reason."""
        for reader in readers:
            reader.stale = True
            if changed:
                self.enqueue(reader.instance)

    def forget_readers(self) -> None:
        """Release what only a further visit would need: all values are known."""
        self.watchers.clear()
        self.order.forget()
        for slot in self.slots.values():
            slot.readers = None
        for members in self.shared.values():
            members.readers = {}
        for gathered in self.tables.values():
            gathered.readers = {}
        for instance in self.instances.values():
            instance.steps = []

    def storing(self, name: str, reader: Instance) -> Collection[Any]:
        """Return the classes on whose instances an attribute (``.name``) is set; the reader is notified of others."""
        watchers = self.watchers.get(name)
        if watchers is None:
            watchers = self.watchers[name] = {}
        watchers[reader.step] = None
        return self.stored.get(name, NOBODY)

    def members(self, value: Value, name: str, reader: Instance) -> Members:
        """Return what an attribute of an instance may hold, and remember who wants to know when that grows."""
        self.reads += 1
        found = self.joined(value, name)
        found.readers[reader.step] = None
        return found

    def joined(self, value: Value, name: str) -> Members:
        """Return what an attribute of an instance may hold now."""
        key = value, name
        found = self.shared.get(key)
        if found is None:
            found = self.shared[key] = Members(value, name)
            self.sharing.setdefault(name, []).append(found)
        if found.stale:
            found.join(self, self.slots, self.stored.get("." + name, NO_CLASSES))
        return found

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

    def not_by_way_of(self, symbol: Value, values: Values) -> set[Value]:
        """Return those of some values that do not exist only because a parameter holds or creates them."""
        held = self.slot(symbol[1:4]).values
        if symbol[0] == "parameter":
            through: Values = held - {symbol}
        else:
            through = {("instance", one[1], one[2]) for one in held if one[0] == "class"}
        return {one for one in values if (one[:2] if one[0] == "caught" else one) not in through}

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
