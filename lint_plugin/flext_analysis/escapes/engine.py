"""The engine of the escape analysis: slots, functions to look at, and the order in which they are looked at."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any

from flext_analysis import summary as op
from flext_analysis.definitions import Definition, Module
from flext_analysis.escapes.traits import closes_over, fields_of
from flext_analysis.escapes.values import EMPTY, UNKNOWN, Context, Limits, Slot, Value, Values
from flext_analysis.hierarchy import ClassInfo, Hierarchy, external_class
from flext_analysis.project import Project

__all__ = ["Engine", "Instance"]

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
Items = list[tuple[Any, ...]]


class Instance:
    """A function, class body or module as it is looked at in one context, and what it does with errors.

    ``items`` are its raises, calls, ``try`` and ``with``, nested as in the source; see propagation.
    """

    __slots__ = ("context", "definition", "items", "queued", "visits")

    def __init__(self, definition: Definition, context: Context) -> None:
        self.definition = definition
        self.context = context
        self.items: Items = []
        self.queued = False
        self.visits = 0

    def __repr__(self) -> str:
        return f"<{self.definition.path} {self.context!r}>"


class Engine:
    """Holds what is known of the values in a program, and looks at functions until nothing new is found."""

    def __init__(self, project: Project, hierarchy: Hierarchy, limits: Limits) -> None:
        self.project = project
        self.hierarchy = hierarchy
        self.limits = limits
        self.slots: dict[Any, Slot] = {}
        self.instances: dict[tuple[Definition, Context], Instance] = {}
        self.waiting: deque[Instance] = deque()
        self.classes: dict[str, Definition] = {}
        self.methods: dict[str, list[Definition]] = {}
        self.below: dict[Definition | str, list[Definition]] = {}
        self.hints: dict[Any, Values] = {}  # of parameters whose annotation says less than what is given
        self._metaclasses: dict[Definition | str, set[Value]] = {}
        self._globals: dict[Module, frozenset[str]] = {}
        self._owners: dict[tuple[Definition, str], Definition | None] = {}
        self._annotations: dict[int, tuple[Any, Values]] = {}
        self._lineages: dict[Definition | str, tuple[Definition | str, ...]] = {}
        for module in project.modules:
            for definition in module.definitions:
                self.register(definition)

    def register(self, definition: Definition) -> None:
        """Take a scope into the tables."""
        kind = definition.scope.kind
        if kind == "class":
            self.classes.setdefault(definition.path, definition)
        elif kind == "function" and definition.parent is not None and definition.parent.scope.kind == "class":
            self.methods.setdefault(definition.scope.name, []).append(definition)

    # Classes

    def info(self, cls: Definition | str) -> ClassInfo:
        """Return what is known of a class."""
        return external_class(cls) if isinstance(cls, str) else self.hierarchy.of_definition(cls)

    def lineage(self, cls: Definition | str) -> tuple[Definition | str, ...]:
        """Return a class and those that it inherits from, in the order in which attributes are looked up."""
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

    # Slots

    def slot(self, key: Any) -> Slot:
        """Return the slot with a key, made when it is first asked for."""
        found = self.slots.get(key)
        if found is None:
            found = self.slots[key] = Slot(key[-1] == "items")
        return found

    def read(self, key: Any, reader: Instance) -> set[Value]:
        """Return what a slot holds, and remember who wants to know when that grows."""
        slot = self.slot(key)
        slot.readers.add(reader)
        return slot.values

    def write(self, key: Any, values: Iterable[Value]) -> None:
        """Add to a slot."""
        slot = self.slots.get(key)
        if slot is None:
            slot = self.slots[key] = Slot(key[-1] == "items")
        if slot.add(values, self.limits):
            for reader in slot.readers:
                self.enqueue(reader)

    # Functions

    def instance(self, definition: Definition, context: Context = ()) -> Instance:
        """Return the instance of a function for a context, made and queued when it is first asked for."""
        key = definition, context
        found = self.instances.get(key)
        if found is None:
            found = self.instances[key] = Instance(definition, context)
            self.prepare(found)
            self.enqueue(found)
        return found

    def enqueue(self, instance: Instance) -> None:
        """Have an instance looked at."""
        if not instance.queued and instance.visits < self.limits.visits:
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

    def is_broad(self, values: Values) -> bool:
        """Say whether an annotation says too little: BaseException, Exception, a protocol, an abstract container."""
        return any(
            one[0] == "instance" and one[1] in ("builtins.Exception", "builtins.BaseException", "builtins.object")
            for one in values
        )

    def is_error(self, values: Values) -> bool:
        """Say whether an annotation names errors, or classes of errors: what is given says more than that."""
        return any(one[0] in ("instance", "class") and self.info(one[1]).is_error for one in values)

    def given(self, key: Any) -> Values:
        """Return all that is ever given for a parameter; what its annotation says where nothing is."""
        slot = self.slots.get(key)
        if slot is None:
            return EMPTY
        found = slot.values - {("parameter", *key)}
        return found - self.hints.get(key, EMPTY) or found

    def by_way_of(self, symbol: Value) -> Values:
        """Return the values that are there only because a parameter holds them, or makes them."""
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

    # Annotations

    def annotated(self, code: Any, where: Definition | None) -> Values:
        """Return the values that an annotation stands for; nothing where it does not tell."""
        kept = self._annotations.get(id(code))
        if kept is None:
            kept = self._annotations[id(code)] = (code, self._annotated(code, where))
        return kept[1]

    def _annotated(self, code: Any, where: Definition | None) -> Values:
        kind = code[0]
        if kind == op.CONSTANT:
            return {("instance", "builtins.NoneType", True)} if code[1] == "NoneType" else EMPTY
        if kind == op.EITHER:
            parts = [self.annotated(one, where) for one in code[1]]
            return EMPTY if not all(parts) else frozenset().union(*parts)
        if kind == op.ITEM:
            return self.subscripted(code, where)
        found: set[Value] = set()
        for entity in self.project.of_code(code, where):
            if entity.kind == "class" and entity.definition is not None:
                if not PROTOCOLS.isdisjoint(self.info(entity.definition).lineage):
                    return EMPTY
                found.add(("instance", entity.definition, False))
            elif entity.kind == "external":
                found |= self.external_annotation(entity.path, where)
            elif entity.kind == "value" and entity.code is not None and entity.code[0] in (op.ITEM, op.EITHER):
                return self.annotated(entity.code, entity.definition)
            else:
                return EMPTY
        return found

    def external_annotation(self, path: str, where: Definition | None) -> Values:
        """Return the values that a class outside the repository stands for."""
        module, _, name = path.rpartition(".")
        if module in ("typing", "typing_extensions", "collections.abc"):
            if name == "Self" and where is not None and where.scope.kind == "class":
                return {("instance", where, False)}
            return EMPTY
        if module == "builtins":
            if name in ("list", "dict", "set", "tuple", "object", "type", "frozenset", "Exception", "BaseException"):
                return {("instance", path, False)} if name.endswith("Exception") else EMPTY
            return {("instance", self.info(path).path, False)}
        return {("instance", self.info(path).path, False)} if self.info(path).is_error else EMPTY

    def subscripted(self, code: Any, where: Definition | None) -> Values:
        """Return the values that ``list[X]``, ``Optional[X]``, ``type[X]`` and their like stand for."""
        index = code[2]
        parts = index[2] if index[0] == op.SEQUENCE else [index]
        names = {
            one.path.rpartition(".")[2] if one.kind == "external" else one.kind
            for one in self.project.of_code(code[1], where)
        }
        if len(names) != 1:
            return EMPTY
        name = names.pop()
        if name == "class":
            return self.annotated(code[1], where)
        if name == "Optional":
            inner = self.annotated(parts[0], where)
            return {*inner, ("instance", "builtins.NoneType", True)} if inner else EMPTY
        if name == "Union":
            found = [self.annotated(one, where) for one in parts]
            return EMPTY if not all(found) else frozenset().union(*found)
        if name in ("type", "Type"):
            return {("class", one[1], False) for one in self.annotated(parts[0], where) if one[0] == "instance"}
        if name in ("Annotated", "Final", "ClassVar", "Required", "NotRequired"):
            return self.annotated(parts[0], where)
        if name.lower() in CONTAINERS:
            known = [self.annotated(one, where) for one in parts if one[0] != op.CONSTANT]
            if not any(known):
                return EMPTY
            site = ("annotation", id(code), name.lower() in LAZY)
            keyed = name.lower() in MAPPINGS and len(known) == 2
            self.write((site, "items"), known[-1] if keyed else frozenset().union(*known))
            if keyed:
                self.write((site, "keys"), known[0])
            return {("container", site)}
        return EMPTY

    def traits(self, definition: Definition) -> frozenset[str]:
        """Return what the code of a function alone tells."""
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
        """Do what owner does."""
        for scope in where.outwards():
            kind = scope.scope.outer.get(name)
            if kind == "global":
                return scope.module.top
            if kind is None and name in scope.scope.bound:
                return scope
        return where.module.top if name in self.global_names(where.module) else None

    def global_names(self, module: Module) -> frozenset[str]:
        """Return the names that functions of a module bind in the module."""
        if module not in self._globals:
            names = (name for one in module.summary.scopes for name, kind in one.outer.items() if kind == "global")
            self._globals[module] = frozenset(names)
        return self._globals[module]


def context_of(definition: Definition, owner: Definition, context: Context) -> Context:
    """Return the context that a scope around a function has, where the function is looked at in a context."""
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


PROTOCOLS = frozenset(["typing.Protocol", "typing_extensions.Protocol"])
MAPPINGS = frozenset("dict mapping mutablemapping defaultdict ordereddict".split())
LAZY = frozenset(  # what may be a generator or coroutine: its code runs where it is used
    "iterable iterator generator asynciterator asynciterable asyncgenerator awaitable coroutine contextmanager "
    "abstractcontextmanager".split()
)
CONTAINERS = MAPPINGS | frozenset(
    "list set frozenset tuple sequence iterable iterator generator collection mutablesequence deque abstractset "
    "mutableset asynciterator asynciterable asyncgenerator awaitable coroutine contextmanager abstractcontextmanager".split()
)
