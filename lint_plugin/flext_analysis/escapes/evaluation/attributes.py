"""What an attribute of a value holds, and what setting one does."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flext_analysis.escapes.engine import BUILTIN_METHODS
from flext_analysis.escapes.evaluation.instance_attributes import InstanceAttributes
from flext_analysis.escapes.evaluation.kept_errors import LOOSE, errors_among
from flext_analysis.escapes.values import ANY_ERROR, ERRORS, GIVEN, RECORDS, UNKNOWN, Value, Values
from flext_analysis.summaries.definitions import Definition

__all__ = ["ANYWHERE", "Attributes"]

TUPLE_METHODS = frozenset([*dir(tuple), "_asdict", "_replace", "_make", "_fields"])
ANYWHERE = "*"  # the raise of an error of which only its kind is known


class Attributes(InstanceAttributes):
    """Reads and writes attributes."""

    def load(self, values: Collection[Value], name: str, place: int, known: int = 0) -> Values:
        """Return what an attribute of some values may hold; properties and descriptors are called.

        ``known`` is how many more values there are that say what they are.
        """
        if name in ("__cause__", "__context__"):
            return {ANY_ERROR}
        found: set[Value] = set()
        lacking: list[Value] = []
        for one in self.ordered(values):
            kind = one[0]
            if kind == "instance":
                known += 1
                found |= self.of_instance(one, name, place, lacking)
            elif kind == "class":
                known += 1
                found |= self.of_class(one, name, place)
            elif kind == "module":
                known += 1
                found |= self.of_module(one[1], name, place)
            elif kind == "modules":
                known += 1
                for module in self.engine.binders(name):
                    found |= self.of_module(module, name)
            elif kind == "external":
                known += 1
                found.add(("external", f"{one[1]}.{name}"))
            elif kind == "super":
                known += 1
                found |= self.of_super(one, name, place)
            elif kind == "container":
                known += 1
                found.add(("method", one[1], name))
                if one[1][0] == "record" and name not in TUPLE_METHODS:
                    found |= self.engine.read((one[1], "items"), self.instance)
            elif kind in ("function", "bound"):
                known += 1
                found |= self.engine.read(((one[1], one[2]), "." + name), self.instance)
                if name in ("__wrapped__", "__func__", "__call__"):
                    found.add(one)
                elif name == "register" and kind == "function":
                    found.add(("registers", one[1]))
            elif kind == "generator":
                known += 1
                if name in ("send", "throw", "__next__", "asend", "athrow", "__anext__", "result"):
                    found.add(("step", one))
                elif name == "exception":
                    found.add(("any", name))
            elif kind == "property" and name in ("setter", "deleter", "getter"):
                known += 1
                found.add(("making", name))
            elif kind in ("caught", "current", "group", "error"):
                known += 1
                found |= self.of_error(one, name)
            elif kind == "entered":
                known += 1
                found.add(("caught", one[1]) if name in ("value", "exception") else ("any", name))
            elif kind == "element":
                known += 1
                found |= self.of_element(one[1], name, place, lacking)
            elif kind == "partial":
                known += 1
                if name == "func":
                    found |= self.engine.read((one[1], "function"), self.instance)
        if lacking:
            found |= self.of_lacking(lacking, name, place)
        if not known or (self.engine.limits.widens and UNKNOWN in values):
            found.add(("any", name))
            if self.engine.limits.widens:
                self.run_named(name, place, properties=True)
                found |= self.errors_under(name)
        return found

    def of_error(self, value: Value, name: str) -> set[Value]:
        """Return what an attribute of an error that some handler caught may hold."""
        if name in ("__class__", "with_traceback"):
            return {value}
        if name in ("exceptions", "args"):
            member: Value = ("caught", value[1]) if value[0] == "group" else ANY_ERROR
            site = (name, value)
            self.engine.write((site, "items"), {member} if name == "exceptions" else {("given", value), UNKNOWN})
            return {("container", site)}
        found: set[Value] = {UNKNOWN}
        for cls in tuple(self.engine.storing("." + name, self.instance)):
            if isinstance(cls, Definition) and self.engine.info(cls).is_error:
                found |= self.engine.read((cls, "." + name), self.instance)
        return found

    def run_named(self, name: str, place: int, *, properties: bool = False) -> None:
        """Record that any method of a name may run here, or with ``properties`` those read as attributes."""
        methods = self.engine.methods.get(name, ())
        if len(methods) > self.engine.limits.runs:
            self.add_open(f"a call of .{name}() on something unknown", place)
            return
        for one in self.engine.properties(name) if properties else methods:
            self.add_call(self.engine.instance(one, ()), None, place)

    def of_module(self, module: Any, name: str, place: int = 0) -> Values:
        """Return what a name of a module of the repository holds."""
        if module.top is None:
            return {UNKNOWN}
        if name in module.top.scope.bound or name in self.engine.global_names(module):
            found = self.engine.read((module.top, (), name), self.instance)
            if found:
                return found
        elif name == "__dict__":
            return set(self.namespace(module.top, place))
        elif "__getattr__" in module.top.scope.bound:
            return set(self.call(self.engine.read((module.top, (), "__getattr__"), self.instance), [], {}, place))
        return {each for one in self.engine.project.member_of_module(module, name) for each in self.of_entity(one)}

    def of_class(self, value: Value, name: str, place: int) -> set[Value]:
        """Return what an attribute of a class may hold."""
        cls, exact = value[1], value[2]
        found: set[Value] = set()
        own = False
        if name == "__subclasses__" and isinstance(cls, Definition):
            return self.listed_subclasses(cls, place)
        for _, values in self.candidates(cls, name, exact):
            own = True
            for each in self.ordered(values):
                if each[0] == "classmethod":
                    found |= self.bind(each[1], value, place)
                elif each[0] == "static":
                    found.add(each[1])
                elif each[0] not in ("function", "property") and self.is_enum(cls):
                    found.add(("instance", cls, True))
                else:
                    found.add(each)
        if isinstance(cls, Definition):
            found |= self.engine.read((cls, "." + name), self.instance)
            if not found and not own:
                found |= self.of_metaclass(cls, name, value, place)
            if not found and not own:
                outside = next((one for one in self.engine.lineage(cls) if isinstance(one, str)), "builtins.object")
                found.add(("external", f"{outside}.{name}"))
        else:
            found.add(("external", f"{cls}.{name}"))
        return found

    def is_enum(self, cls: Definition | str) -> bool:
        """Return whether the names of a class are its instances."""
        return any(isinstance(one, str) and one.startswith("enum.") for one in self.engine.lineage(cls))

    def of_metaclass(self, cls: Definition, name: str, value: Value, place: int) -> set[Value]:
        """Return the metaclass's result for an attribute of a class."""
        found: set[Value] = set()
        for metaclass in self.metaclasses(cls):
            for _, values in self.candidates(metaclass, name, True):
                for each in self.ordered(values):
                    found |= self.bind(each, value, place)
        return found

    def metaclasses(self, cls: Definition) -> list[Definition]:
        """Return the classes of the repository that are named as the metaclass of a class or of one above it."""
        found = []
        for one in self.engine.lineage(cls):
            if isinstance(one, Definition):
                for keyword, code in one.scope.keywords:
                    if keyword == "metaclass":
                        infos = self.engine.hierarchy.of_code(code, one.parent)
                        found += [info.definition for info in infos if info.definition is not None]
        return found

    def of_super(self, value: Value, name: str, place: int) -> set[Value]:
        """Return the result of ``super().name``: by the order of the receiver's class, and of each subclass."""
        cls, receiver = value[1], value[2]
        found: set[Value] = set()
        if (
            name == "__call__"
            and receiver[0] == "class"
            and isinstance(receiver[1], Definition)
            and cls in self.metaclasses(receiver[1])
        ):
            return {receiver}  # that of ``type``, through a metaclass: it creates an instance
        targets = [receiver[1]] if receiver[0] in ("instance", "class") else [cls]
        if receiver[0] in ("instance", "class") and not receiver[2]:
            targets += self.engine.subclasses(receiver[1])
        for target in targets:
            lineage = self.engine.lineage(target)
            after = lineage[lineage.index(cls) + 1 :] if cls in lineage else ()
            for one in after:
                if isinstance(one, str):
                    if one not in ("builtins.object", "typing.Generic", "abc.ABC"):
                        self.run_callbacks(receiver, place)
                        found.add(("external", f"{one}.{name}"))
                        break
                    continue
                if name in self.engine.bound(one):
                    for each in self.ordered(self.engine.read((one, (), name), self.instance)):
                        found |= self.bind(each, receiver, place)
                    break
        if not found and name in ("__init__", "__new__", "__init_subclass__"):
            found.add(("external", f"builtins.object.{name}"))
        return found

    def store(self, values: Values, name: str, value: Values, place: int) -> None:
        """Set an attribute of some values."""
        value = {one for one in value if one[0] not in ("parameter", "made")} or value
        for one in self.ordered(values):
            kind = one[0]
            if name == "args" and errors_among(value) and kind in ("instance", *ERRORS):
                known = kind == "instance"
                self.engine.write((GIVEN, self.engine.info(one[1]).path if known else ANYWHERE), errors_among(value))
            if kind in ("instance", "class"):
                cls = one[1]
                if isinstance(cls, str) and cls in RECORDS:
                    self.engine.write((cls, "holds"), value)
                elif isinstance(cls, str):
                    continue
                self.engine.write((cls, "." + name), value)
                if kind == "instance":
                    self.set_by_descriptor(one, name, value, place)
            elif kind == "module":
                if one[1].top is not None:
                    self.engine.write((one[1].top, (), name), value)
            elif kind in ("function", "bound"):
                self.engine.write(((one[1], one[2]), "." + name), value)
            elif self.engine.limits.widens:
                self.engine.write((LOOSE, "." + name), errors_among(value))

    def set_by_descriptor(self, receiver: Value, name: str, value: Values, place: int) -> None:
        """Call the setter of a property or descriptor, or ``__setattr__``, if there is one."""
        for _, values in self.candidates(receiver[1], name, receiver[2]):
            for each in self.ordered(values):
                if each[0] == "setter":
                    self.call({("bound", each[1], each[2], receiver)}, [value], {}, place)
                elif each[0] == "instance" and isinstance(each[1], Definition):
                    for _, setters in self.candidates(each[1], "__set__", each[2]):
                        bound = {part for one in self.ordered(setters) for part in self.bind(one, each, place)}
                        self.call(bound, [[receiver], value], {}, place)
        for _, values in self.candidates(receiver[1], "__setattr__", receiver[2]):
            bound = {part for one in self.ordered(values) for part in self.bind(one, receiver, place)}
            self.call(bound, [[("instance", "builtins.str", True)], value], {}, place)

    def class_method(self, cls: Value, name: str, place: int) -> set[Value]:
        """Return the methods of a name that the language calls on a class of the repository, bound to the class."""
        found = (each for _, values in self.candidates(cls[1], name, cls[2]) for each in self.ordered(values))
        plain = (each[1] if each[0] in ("static", "classmethod") else each for each in found)
        return {each for one in plain for each in self.bind(one, cls, place)}

    def special(self, values: Values, name: str, place: int) -> set[Value]:
        """Return the special methods of a name that the instances among some values have, bound to each."""
        found: set[Value] = set()
        for one in self.ordered(values):
            if one[0] == "instance" and isinstance(one[1], Definition):
                if self.engine.has_attribute(one[1], name, one[2]):
                    members = self.engine.members(one, name, self.instance)
                    found |= members.bound
                    for each in members.called:
                        found |= self.bind(each, one, place)
            elif one[0] == "class" and isinstance(one[1], Definition):
                for metaclass in self.metaclasses(one[1]):
                    for _, methods in self.candidates(metaclass, name, True):
                        for each in self.ordered(methods):
                            found |= self.bind(each, one, place)
        if not found and name and self.engine.limits.widens and not self.known(values):
            self.run_named(name, place)
        return found

    def named_methods(self, name: str) -> list[Definition]:
        """Return the methods of the repository that a call on something unknown may mean, by the name alone."""
        if name in BUILTIN_METHODS and not self.engine.limits.widens:
            return []
        if name in BUILTIN_METHODS or (name.startswith("__") and name.endswith("__")):
            return []
        found = self.engine.methods.get(name, [])
        return found if len(found) <= self.engine.limits.candidates else []
