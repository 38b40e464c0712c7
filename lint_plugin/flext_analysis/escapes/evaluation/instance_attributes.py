"""What an attribute of an instance may hold: of one, of one of the many that a table holds, of those that lack it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from flext_analysis.escapes.evaluation.called_back import MIXINS
from flext_analysis.escapes.evaluation.kept_errors import KeptErrors
from flext_analysis.escapes.members import Gathered, bound_to, is_overridden_stub, unwrapped
from flext_analysis.escapes.values import EMPTY, MAX_MEMBERS, STRING, UNKNOWN, Value, Values, instance_of
from flext_analysis.summaries.definitions import Definition

__all__ = ["InstanceAttributes"]

SPECIAL_NAMES = frozenset(["with_traceback", "__dict__", "__cause__", "__context__"])  # the same for every instance


class InstanceAttributes(KeptErrors):
    """Reads attributes of instances."""

    special: Callable[..., set[Value]]

    def candidates(self, cls: Definition | str, name: str, exact: bool) -> Iterator[tuple[Definition | str, Values]]:
        """Yield the class attributes of a name: the first in the lineage, and those that override it below."""
        holder = self.engine.holder(cls, name)
        if holder is not None:
            values = self.engine.read((holder, (), name), self.instance)
            if exact or not (self.engine.overriders(cls, name) and is_overridden_stub(values)):
                yield holder, values
        if not exact:
            for below in self.engine.overriders(cls, name):
                yield below, self.engine.read((below, (), name), self.instance)

    def of_instance(self, value: Value, name: str, place: int, lacking: list[Value]) -> Values:
        """Return what an attribute of an instance may hold; put it among those that are ``lacking`` the attribute."""
        cls = value[1]
        if name == "with_traceback":
            return {("same", value)}
        if name == "__dict__":
            table = self.attribute_table(cls) if self.engine.limits.widens and isinstance(cls, Definition) else set()
            return {*table, *self.by_computed_name({value})} or {UNKNOWN}
        members = self.engine.members(value, name, self.instance)
        found = members.stored | members.bound
        for each in members.called:
            found |= self.bind(each, value, place)
        found |= self.under_any_name(cls)
        if found or members.own:
            return found
        if isinstance(cls, str):
            return {("external", f"{cls}.{name}")}
        lacking.append(value)
        return EMPTY

    def of_lacking(self, values: list[Value], name: str, place: int) -> set[Value]:
        """Return what an attribute gives of instances whose classes lack it: what ``__getattr__`` or a base gives."""
        found: set[Value] = set()
        hooks: dict[Any, list[Value]] = {}
        hooked: set[Value] = set()
        for value in values:
            for each in self.ordered(self.special({value}, "__getattr__", place)):
                hooks.setdefault(each[:3], []).append(each)
                hooked.add(value)
        for methods in hooks.values():
            one = methods[0]
            if len(methods) > MAX_MEMBERS and one[0] == "bound" and one[1].parent is not None:
                methods[:] = [(*one[:3], instance_of(one[1].parent, False))]
            for each in methods:
                found |= self.call({each}, [{STRING}], {}, place)
        for value in values:
            outside = self.engine.base_outside(value[1])
            if outside is not None and outside.startswith(("collections.abc.", "typing.")):
                for method in MIXINS.get(name, ()):
                    found |= self.special({value}, method, place)
            self.run_callbacks(value, place)
            if (value not in hooked or not found) and (outside is not None or not self.engine.info(value[1]).whole):
                found.add(("external", f"{outside}.{name}") if outside else ("any", name))
        return found

    def of_element(self, key: Any, name: str, place: int, lacking: list[Value]) -> Values:
        """Return what an attribute of one of the members of a table may hold; see of_instance."""
        if name in SPECIAL_NAMES:
            return self.load(self.members_behind(key), name, place)
        engine = self.engine
        gathered = engine.tables.get((key, name))
        if gathered is None:
            gathered = engine.tables[key, name] = Gathered()
        gathered.readers[self.instance.step] = None
        engine.reads += 1
        if gathered.stale:
            held = self.ordered(self.members_behind(key))
            for table, _ in engine.behind[key][0]:
                engine.slot(table).joined_by(gathered)
            gathered.join(held, lambda one: engine.joined(one, name) if one[0] == "instance" else None)
        found = set(gathered.values)
        for receiver, each in gathered.called:
            found |= self.bind(each, receiver, place)
        lacking += [one for one in gathered.lacking if isinstance(one[1], Definition)]
        found |= {("external", f"{one[1]}.{name}") for one in gathered.lacking if isinstance(one[1], str)}
        if gathered.others:
            found |= self.load(gathered.others, name, place, gathered.count)
        return found

    def bind(self, value: Value, receiver: Value, place: int) -> set[Value]:
        """Return what a class attribute gives when it is read from an instance."""
        found = bound_to(value, receiver, self.engine)
        if found is not None:
            return set(found)
        value, receiver = unwrapped(value, receiver)
        if value[0] == "property":
            return set(self.call({("bound", value[1], value[2], receiver)}, [], {}, place))
        candidates = self.candidates(value[1], "__get__", value[2])
        getter = [each for _, values in candidates for each in self.ordered(values)]
        if not getter:
            return {value}
        bound = {each for one in getter for each in self.bind(one, value, place)}
        return set(self.call(bound, [[receiver], [("class", receiver[1], receiver[2])]], {}, place))
