"""Which errors leave a function: its raises and those of what it calls, past the handlers on the way."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any, NamedTuple

from flext_analysis.definitions import Definition
from flext_analysis.escapes.calls import Arguments
from flext_analysis.escapes.engine import Engine, Instance, Items
from flext_analysis.escapes.values import Context, Values
from flext_analysis.hierarchy import ClassInfo

__all__ = ["OPEN", "Escape", "Propagation"]

OPEN = "*"  # anything: something on the way is not known


class Escape(NamedTuple):
    """The way of one error out of a function: where it is raised or called, and the function that is called there."""

    place: int
    via: Instance | None = None


Key = Any  # the dotted name of a class, OPEN, or ("parameter"|"call", Definition, Context, name) of a function around
Escapes = dict[Key, Escape]


class Propagation:
    """The errors that leave each function, found by going round until nothing new leaves."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.leaves: dict[Instance, Escapes] = {}
        self.callers: dict[Instance, set[Instance]] = {}
        self.caught: dict[Any, Escapes] = {}
        self.caught_readers: dict[Any, set[Instance]] = {}
        self.now: Instance | None = None
        self._handled: dict[Any, list[ClassInfo | None]] = {}
        self._lineage: dict[str, tuple[frozenset[str], bool]] = {}

    def run(self) -> None:
        """Find what leaves every function."""
        instances = list(self.engine.instances.values())
        for one in instances:
            self.leaves[one] = {}
        waiting = deque(instances)
        queued = set(instances)
        self.changed: set[Instance] = set()
        while waiting:
            one = waiting.popleft()
            queued.discard(one)
            self.now = one
            found = self.block(one.items, None, None)
            known = self.leaves[one]
            new = [key for key in found if key not in known]
            if new:
                for key in new:
                    known[key] = found[key]
                self.changed |= self.callers.get(one, set())
            for each in self.changed:
                if each not in queued:
                    queued.add(each)
                    waiting.append(each)
            self.changed.clear()

    # Blocks

    def block(self, items: Items, handler: Any, thrown: Escapes | None) -> Escapes:
        """Return what leaves a block. ``handler`` is the one around it; ``thrown`` what arises at each ``yield``."""
        found: Escapes = {}
        for one in items:
            kind = one[0]
            if kind == "call":
                self.called(one[1], one[2], one[3], found)
            elif kind == "raise":
                for value in one[1]:
                    self.raised(value, one[2], found)
                if not one[1]:
                    found.setdefault(OPEN, Escape(one[2]))
            elif kind == "again":
                self.again(handler, one[1], found)
            elif kind == "try":
                self.tried(one, handler, thrown, found)
            elif kind == "given":
                self.given(one, found)
            elif kind == "open":
                found.setdefault(OPEN, Escape(one[2]))
            elif kind == "yield":
                if thrown:
                    for key, escape in thrown.items():
                        found.setdefault(key, escape)
            elif kind == "suppress":
                inner = self.block(one[2], handler, thrown)
                classes = self.classes_of(one, one[1])
                for key, escape in inner.items():
                    if not self.is_caught(key, classes):
                        found.setdefault(key, escape)
            elif kind == "through":
                inner = self.block(one[2], handler, thrown)
                self.note_caller(one[1])
                left = self.block(one[1].items, None, inner)
                for key, escape in left.items():
                    found.setdefault(key, escape if key in inner else Escape(one[3], one[1]))
        return found

    def again(self, handler: Any, place: int, found: Escapes) -> None:
        """Add what a bare ``raise`` raises."""
        for key in self.caught.get(handler, ()) if handler is not None else ():
            found.setdefault(key, Escape(place))

    def tried(self, item: Any, handler: Any, thrown: Escapes | None, found: Escapes) -> None:
        """Add what leaves a ``try`` statement."""
        _, body, handlers, orelse, final = item
        inner = self.block(body, handler, thrown)
        clauses = [(key, self.classes_of(key, spec), items) for key, spec, items in handlers]
        for key, escape in inner.items():
            taken = False
            for clause, classes, _ in clauses:
                if self.is_caught(key, classes):
                    self.catch(clause, key, escape)
                    taken = True
                    break
                if self.may_be_caught(key, classes):
                    self.catch(clause, key, escape)
            if not taken:
                found.setdefault(key, escape)
        for clause, _, items in clauses:
            for key, escape in self.block(items, clause, thrown).items():
                found.setdefault(key, escape)
        for part in (orelse, final):
            if part:
                for key, escape in self.block(part, handler, thrown).items():
                    found.setdefault(key, escape)

    def catch(self, clause: Any, key: Key, escape: Escape) -> None:
        """Note that a handler catches something."""
        known = self.caught.setdefault(clause, {})
        if key not in known:
            known[key] = escape
            self.changed |= self.caught_readers.get(clause, set())

    # Classes

    def classes_of(self, key: Any, spec: Any) -> list[ClassInfo | None] | None:
        """Return the classes that a clause names; None for ``except:``, None among them for what is not known."""
        if spec is None:
            return None
        found = self._handled.get(id(spec))
        if found is None:
            found = []
            for one in spec:
                if one[0] == "class" or one[0] == "external":
                    found.append(self.engine.info(one[1]))
                else:
                    found.append(None)
            self._handled[id(spec)] = found
        return found

    def info_of(self, path: str) -> tuple[frozenset[str], bool]:
        """Return the names of the ancestors of a class, and whether these are all."""
        known = self._lineage.get(path)
        if known is None:
            definition = self.engine.classes.get(path)
            info = self.engine.info(definition if definition is not None else path)
            known = self._lineage[path] = info.ancestors, info.whole
        return known

    def is_caught(self, key: Key, classes: list[ClassInfo | None] | None) -> bool:
        """Say whether a clause surely catches something."""
        if classes is None:
            return True
        if not isinstance(key, str) or key == OPEN:
            return any(one is not None and one.path in EVERYTHING for one in classes)
        ancestors, whole = self.info_of(key)
        for one in classes:
            if one is not None and (one.path in ancestors or (not whole and one.path in EVERYTHING)):
                return True
        return False

    def may_be_caught(self, key: Key, classes: list[ClassInfo | None] | None) -> bool:
        """Say whether a clause may catch something that it does not surely catch."""
        if classes is None or None in classes:
            return True
        if not isinstance(key, str) or key == OPEN:
            return True
        return not self.info_of(key)[1]

    # Raises and calls

    def raised(self, value: Any, place: int, found: Escapes) -> None:
        """Add what raising a value raises."""
        kind = value[0]
        if kind in ("class", "instance"):
            cls = value[1]
            info = self.engine.info(cls)
            if isinstance(cls, Definition) or info.is_error or not info.whole:
                found.setdefault(info.path, Escape(place))
        elif kind == "external":
            info = self.engine.info(value[1])
            found.setdefault(info.path if info.is_error or info.path[:1].isalpha() else OPEN, Escape(place))
        elif kind == "caught":
            self.note_caught(value[1])
            for key in self.caught.get(value[1], ()):
                found.setdefault(key, Escape(place))
        elif kind == "parameter":
            found.setdefault(value, Escape(place))
        elif kind in ("unknown", "any"):
            found.setdefault(OPEN, Escape(place))

    def note_caller(self, target: Instance) -> None:
        """Remember that the function at hand wants to know when more leaves another."""
        assert self.now is not None
        self.callers.setdefault(target, set()).add(self.now)

    def note_caught(self, clause: Any) -> None:
        """Remember that the function at hand wants to know when a handler catches more."""
        assert self.now is not None
        self.caught_readers.setdefault(clause, set()).add(self.now)

    def called(self, target: Instance, arguments: Arguments | None, place: int, found: Escapes) -> None:
        """Add what leaves a function that is called."""
        self.note_caller(target)
        for key in self.leaves.get(target, ()):
            if isinstance(key, str):
                if key not in found:
                    found[key] = Escape(place, target)
            else:
                self.substituted(key, target, arguments, place, found)

    def substituted(self, key: Key, target: Instance, arguments: Arguments | None, place: int, found: Escapes) -> None:
        """Add what a parameter stands for in one call."""
        values = self.argument(key, target, arguments)
        if key[0] == "call":
            self.call_values(values, key, place, target, found)
            return
        for value in values:
            if value == key:
                found.setdefault(key, Escape(place, target))
            else:
                before = len(found)
                self.raised(value, place, found)
                if len(found) > before:
                    last = next(reversed(found))
                    found[last] = Escape(place, target)

    def argument(self, key: Key, target: Instance, arguments: Arguments | None) -> Iterable[Any]:
        """Return what a call gives for a parameter; all that is ever given where it is not that call's own."""
        definition, context, name = key[1], key[2], key[3]
        if (
            arguments is not None
            and definition is target.definition
            and context == target.context
            and not arguments.more
        ):
            parameters = list(definition.scope.parameters)
            if arguments.receiver is not None:
                parameters = parameters[1:]
            for number, one in enumerate(parameters):
                if one.name == name:
                    if name in arguments.named:
                        return tuple(arguments.named[name])
                    if number < len(arguments.given) and one.kind in ("only", "plain"):
                        return tuple(arguments.given[number])
                    if one.default is not None:
                        return ()
        slot = self.engine.slots.get((definition, context, name))
        return [one for one in slot.values if one != ("parameter", definition, context, name)] if slot else ()

    def given(self, item: Any, found: Escapes) -> None:
        """Add what leaves a call of a parameter."""
        _, value, _, place = item
        found.setdefault(("call", value[1], value[2], value[3]), Escape(place))

    def call_values(self, values: Iterable[Any], key: Key, place: int, target: Instance, found: Escapes) -> None:
        """Add what leaves the call of some values."""
        for value in values:
            kind = value[0]
            if kind in ("function", "bound"):
                context: Context = value[2]
                instance = self.engine.instances.get((value[1], context))
                if instance is not None and "generator" not in value[1].scope.flags:
                    self.note_caller(instance)
                    for each in self.leaves.get(instance, ()):
                        if isinstance(each, str):
                            found.setdefault(each, Escape(place, target))
            elif kind == "class" and isinstance(value[1], Definition):
                for each in self.constructors(value[1]):
                    self.note_caller(each)
                    for one in self.leaves.get(each, ()):
                        if isinstance(one, str):
                            found.setdefault(one, Escape(place, target))
            elif kind == "parameter":
                found.setdefault(("call", value[1], value[2], value[3]), Escape(place, target))
            elif kind == "instance" and isinstance(value[1], Definition):
                self.method_of(value[1], "__call__", place, target, found)
            elif kind in ("unknown", "any"):
                found.setdefault(OPEN, Escape(place, target))

    def method_of(self, cls: Definition, name: str, place: int, target: Instance, found: Escapes) -> None:
        """Add what leaves a method of a class."""
        for one in self.engine.lineage(cls):
            if isinstance(one, Definition) and name in one.scope.bound:
                for value in tuple(self.engine.slot((one, (), name)).values):
                    if value[0] == "function":
                        self.call_values([value], None, place, target, found)
                break

    def constructors(self, cls: Definition) -> list[Instance]:
        """Return the ``__init__`` and ``__new__`` of a class."""
        found = []
        for name in ("__new__", "__init__"):
            for one in self.engine.lineage(cls):
                if isinstance(one, Definition) and name in one.scope.bound:
                    for value in tuple(self.engine.slot((one, (), name)).values):
                        if value[0] == "function" and (value[1], value[2]) in self.engine.instances:
                            found.append(self.engine.instances[value[1], value[2]])
                    break
        return found

    # Results

    def settled(self, instance: Instance) -> Escapes:
        """Return what leaves a function, with its parameters taken for all that is ever given for them."""
        found: Escapes = {}
        waiting = list(self.leaves[instance].items())
        seen: set[Any] = set()
        self.now = instance
        while waiting:
            key, escape = waiting.pop()
            if isinstance(key, str):
                found.setdefault(key, escape)
                continue
            if key in seen:
                continue
            seen.add(key)
            values: Values = set(self.argument(key, instance, None))
            more: Escapes = {}
            if key[0] == "call":
                self.call_values(values, key, escape.place, instance, more)
            else:
                for value in values:
                    self.raised(value, escape.place, more)
            waiting += [(each, escape) for each in more]
            if not values:
                found.setdefault(OPEN, escape)
        return found


EVERYTHING = frozenset(["builtins.Exception", "builtins.BaseException"])
