"""What an attribute of an instance may hold, joined once over all classes that it may come from.

A value such as "an instance of a class, or of one below it" may get an attribute from hundreds of classes. All code
that reads the attribute of such a value shares one Members: it is joined anew only when one of its slots has grown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flext_analysis.escapes.instances import Step
from flext_analysis.escapes.lookup import Lookup
from flext_analysis.escapes.traits import is_stub
from flext_analysis.escapes.values import EMPTY, MAX_MEMBERS, Slot, Value, Values, instance_of
from flext_analysis.summaries.definitions import Definition

__all__ = ["Gathered", "Members", "bound_to", "is_overridden_stub", "unwrapped"]


class Members:
    """An attribute of a value ("instance", class, is exact).

    ``stored`` is what is set on instances; ``bound`` what class bodies bind, bound to the value; ``called`` the
    properties and descriptors among that, which run code where they are read; ``own`` says that some class body binds
    the name.
    """

    __slots__ = ("bound", "called", "gathered", "name", "own", "readers", "stale", "stored", "value")

    def __init__(self, value: Value, name: str) -> None:
        self.value = value
        self.name = name
        self.readers: dict[Step, None] = {}
        self.gathered: dict[Gathered, None] = {}  # those that it is part of
        self.stale = True
        self.own = False
        self.stored: set[Value] = set()
        self.bound: set[Value] = set()
        self.called: list[Value] = []

    def join(self, lookup: Lookup, slots: dict[object, Slot], storing: dict[Definition | str, None]) -> None:
        """Read the slots that the attribute comes from; ``storing`` are the classes on whose instances it is set."""
        _, cls, exact = self.value
        self.stale = False
        kin = lookup.kin(cls, exact)
        few, many = (storing, kin) if len(storing) < len(kin) else (kin, storing)
        for one in few:
            if one in many:
                self.stored |= self.subscribed(slots, (one, "." + self.name))
        holder = lookup.holder(cls, self.name)
        bodies = [] if exact else list(lookup.overriders(cls, self.name))
        self.own = holder is not None or bool(bodies)
        self.bound = set()
        self.called = []
        if holder is not None:
            values = self.subscribed(slots, (holder, (), self.name))
            if exact or not (bodies and is_overridden_stub(values)):
                self.add(values, lookup)
        for one in bodies:
            self.add(self.subscribed(slots, (one, (), self.name)), lookup)

    def subscribed(self, slots: dict[object, Slot], key: object) -> Values:
        """Return what a slot holds, which tells when it grows."""
        slot = slots.get(key)
        if slot is None:
            slot = slots[key] = Slot()
        slot.joined_by(self)
        return slot.values

    def add(self, values: Values, lookup: Lookup) -> None:
        """Add what a class body binds to the name."""
        for one in lookup.order(values):
            found = bound_to(one, self.value, lookup)
            if found is None:
                self.called.append(one)
            else:
                self.bound |= found


class Gathered:
    """An attribute of all that a table holds, gathered once for all code that reads it of one of them.

    ``values`` are what the instances among them give, ``called`` their properties and descriptors, each with what it is
    bound to; ``lacking`` the instances without the attribute, ``others`` what the table holds beside instances. What
    more than MAX_MEMBERS instances inherit is taken once, as that of any instance of the class that defines it.
    """

    __slots__ = ("called", "count", "lacking", "others", "readers", "stale", "values")

    def __init__(self) -> None:
        self.readers: dict[Step, None] = {}
        self.stale = True
        self.values: set[Value] = set()
        self.called: list[tuple[Value, Value]] = []
        self.lacking: list[Value] = []
        self.others: list[Value] = []
        self.count = 0

    def join(self, held: Iterable[Value], members_of: Callable[[Value], Members | None]) -> None:
        """Take what a table holds, in order; ``members_of`` gives the attribute of an instance, None for the others."""
        self.stale = False
        self.values, self.called, self.lacking, self.others, self.count = set(), [], [], [], 0
        methods: dict[Any, list[Value]] = {}
        properties: dict[Value, list[Value]] = {}
        for one in held:
            members = members_of(one)
            if members is None:
                self.others.append(one)
                continue
            self.count += 1
            members.gathered[self] = None
            self.values |= members.stored
            for each in members.bound:
                if each[0] == "bound":
                    methods.setdefault(each[:3], []).append(each)
                else:
                    self.values.add(each)
            for each in members.called:
                properties.setdefault(each, []).append(one)
            if not (members.own or members.stored or members.bound or members.called):
                self.lacking.append(one)
        for (_, function, *_), found in methods.items():
            receiver = any_instance(function, len(found))
            self.values.update(found if receiver is None else [(*found[0][:3], receiver)])
        for each, receivers in properties.items():
            receiver = any_instance(each[1], len(receivers)) if each[0] == "property" else None
            self.called += [(one, each) for one in (receivers if receiver is None else [receiver])]


def any_instance(function: Definition, count: int) -> Value | None:
    """Return what stands for the many instances that share a method, None where they are few, or it is in no class."""
    parent = function.parent
    return instance_of(parent, False) if count > MAX_MEMBERS and parent is not None else None


def unwrapped(value: Value, receiver: Value) -> tuple[Value, Value]:
    """Return what is under ``@classmethod``, and the class of the receiver, to which that is bound."""
    while value[0] == "classmethod":
        value = value[1]
        receiver = ("class", receiver[1], receiver[2]) if receiver[0] == "instance" else receiver
    return value, receiver


def bound_to(value: Value, receiver: Value, lookup: Lookup) -> Values | None:
    """Return what a class attribute gives when it is read from an instance; None where that runs code."""
    value, receiver = unwrapped(value, receiver)
    kind = value[0]
    if kind == "function":
        return {("bound", value[1], value[2], receiver)}
    if kind == "static":
        return {value[1]}
    if kind == "property" or (
        kind == "instance" and isinstance(value[1], Definition) and lookup.has_attribute(value[1], "__get__", value[2])
    ):
        return None
    return EMPTY if kind == "setter" else {value}


def is_overridden_stub(values: Values) -> bool:
    """Return whether a method that classes below override is there only for that."""
    return len(values) == 1 and all(one[0] in ("function", "property") and is_stub(one[1]) for one in values)
