"""What the language and builtins call where no call is visible: for a truth test, a text, a sum, a class statement."""

from __future__ import annotations

from flext_analysis.escapes.evaluation.handed_errors import HandedErrors
from flext_analysis.escapes.values import STRING, UNKNOWN, Value, Values
from flext_analysis.summaries.definitions import Definition

__all__ = ["ImpliedCalls"]


class ImpliedCalls(HandedErrors):
    """Makes these calls."""

    def truth(self, values: Values, place: int) -> None:
        """Call what the truth test of some values calls."""
        methods = self.special(values, "__bool__", place)
        self.call(methods or self.special(values, "__len__", place), [], {}, place)

    def show(self, values: Values, name: str, place: int) -> None:
        """Call what the text of some values calls: a method of each, and ``__repr__`` of the members of containers."""
        own = {one for one in values if is_own(one)}
        lacking = {one for one in own if name != "__repr__" and self.engine.holder(one[1], name) is None}
        self.call(self.special(values, name, place), [], {}, place)
        if lacking:
            self.call(self.special(lacking, "__str__" if name == "__format__" else "__repr__", place), [], {}, place)
        members = self.members_inside(values)
        if members:
            self.call(self.special(members, "__repr__", place), [], {}, place)

    def members_inside(self, values: Values) -> set[Value]:
        """Return the instances of classes of the repository that containers hold, also in other containers."""
        found: set[Value] = set()
        seen = {one for one in values if one[0] == "container"}
        waiting = list(seen)
        while waiting:
            site = waiting.pop()[1]
            for part in ("items", "keys"):
                held = self.engine.read((site, part), self.instance)
                found.update(one for one in held if is_own(one))
                new = {one for one in held if one[0] == "container"} - seen
                seen |= new
                waiting += new
        return found

    def add_up(self, values: Values, place: int) -> None:
        """Call what ``sum()`` of some values calls."""
        own = {one for one in values if is_own(one)}
        for name in ("__add__", "__radd__") if own else ():
            self.call(self.special(own, name, place), [own], {}, place)

    def mapped(self, value: Value, place: int) -> Values:
        """Return the values of an instance that is unpacked as a mapping: it has ``keys`` and ``__getitem__``."""
        keys = self.iterate(self.call(self.special({value}, "keys", place), [], {}, place), place)
        return self.call(self.special({value}, "__getitem__", place), [keys], {}, place)

    def class_made(self, definition: Definition, place: int) -> None:
        """Run what a class statement calls: its metaclass, and ``__init_subclass__`` of its bases."""
        made: Value = ("class", definition, True)
        for metaclass in self.metaclasses(definition):
            for name in ("__prepare__", "__new__", "__init__"):
                first: Value = made if name == "__init__" else ("class", metaclass, True)
                for _, values in self.candidates(metaclass, name, True):
                    functions = {one[1] if one[0] in ("static", "classmethod") else one for one in values}
                    given: list[Values] = [{first}, {STRING}, {UNKNOWN}, {UNKNOWN}]
                    self.call({one for one in functions if one[0] == "function"}, given, {}, place)
        for one in self.engine.lineage(definition)[1:]:
            if isinstance(one, Definition) and "__init_subclass__" in one.scope.bound:
                methods = self.engine.read((one, (), "__init_subclass__"), self.instance)
                bound = {part for each in self.ordered(methods) for part in self.bind(each, made, place)}
                self.call(bound, [], {}, place)
                break


def is_own(value: Value) -> bool:
    """Return whether a value is an instance of a class of the repository."""
    return value[0] == "instance" and isinstance(value[1], Definition)
