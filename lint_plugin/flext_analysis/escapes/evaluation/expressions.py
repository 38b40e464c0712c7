"""The values of expressions, and what evaluating them calls."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flext_analysis.escapes.evaluation.computed_names import ANY_MODULE, constant_text
from flext_analysis.escapes.evaluation.containers import NUMBER
from flext_analysis.escapes.evaluation.externals import STRING
from flext_analysis.escapes.evaluation.iteration import Iteration
from flext_analysis.escapes.evaluation.narrowed import instances_among
from flext_analysis.escapes.traits import is_class_name
from flext_analysis.escapes.values import EMPTY, HELD, MAYBE_ERRORS, UNKNOWN, Value, Values
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.definitions import Definition
from flext_analysis.summaries.summary import Code

__all__ = ["Expressions"]

REFLECTED = {"__add__": "__radd__", "__sub__": "__rsub__", "__mul__": "__rmul__", "__truediv__": "__rtruediv__"}
REFLECTED |= {"__or__": "__ror__", "__and__": "__rand__", "__mod__": "__rmod__", "__floordiv__": "__rfloordiv__"}


class Expressions(Iteration):
    """Evaluates expressions."""

    def value(self, code: Code) -> Values:
        """Return what an expression may evaluate to."""
        return EVALUATORS[code[0]](self, code)  # type: ignore[no-any-return]

    def name(self, code: Code) -> Values:
        values = self.read_name(code[1])
        return values if len(code) == 2 else instances_among(values, self.value(code[2]), self)

    def attribute(self, code: Code) -> Values:
        return self.load(self.value(code[1]), code[2], code[3])

    def constant(self, code: Code) -> Values:
        kind = code[1]
        if kind == "?":
            return {UNKNOWN}
        return CONSTANTS.get(kind) or {("instance", f"builtins.{kind}", True)}

    def call_expression(self, code: Code) -> Values:
        place = code[4]
        function = code[1]
        if function[0] == op.NAME and function[1] in ("getattr", "setattr") and len(code[2]) > 1:
            found = self.constant_attribute(code)
            if found is not None:
                return found
        callee = self.value(function)
        if code[2] and callee & GETTERS and code[2][0][0] == op.CONSTANT and isinstance(code[2][0][2], str):
            return {("getter", code[2][0][2], next(iter(callee))[1].endswith("caller"))}
        if code[2] and callee & IMPORTERS:
            return self.imported_by_name(code[2][0])
        if code[2] and callee & RUNNERS and code[2][0][0] == op.CONSTANT and isinstance(code[2][0][2], str):
            self.run_text(code[2][0][2], place)
        given: list[Values] = []
        star: set[Value] | None = None
        for one in code[2]:
            if one[0] == op.STARRED:
                values = self.value(one[1])
                columns = self.columns(values) if star is None else []
                given += columns
                star = star if columns else (star or set()) | set(self.iterate(values, place))
            elif star is not None:
                star |= self.value(one)  # behind a star: the parameter is not known
            else:
                given.append(self.value(one))
        named: dict[str, Values] = {}
        double: set[Value] | None = None
        for keyword, one in code[3]:
            if keyword is None:
                double = (double or set()) | set(self.value(one))
            else:
                named[keyword] = self.value(one)
        more = None
        if star is not None or double is not None:
            more = self.spread_out(star or EMPTY, double or EMPTY)
        of_container = self.under_text(callee, code[2])
        if of_container is not None:
            return {*of_container, *(each for one in given[1:2] for each in one)}
        self.add_marked(place)
        if not callee:
            self.add_open("a call of something unknown", place)
        return self.call(callee, given, named, place, more)

    def constant_attribute(self, code: Code) -> Values | None:
        """Do what ``getattr(x, "name")`` and ``setattr(x, "name", value)`` do; None for another name."""
        named = code[2][1]
        place = code[4]
        text, exact = constant_text(named)
        if text is None:
            return None
        receiver = self.value(code[2][0])
        if code[1][1] == "setattr":
            if exact and len(code[2]) > 2:
                self.store(receiver, text, self.value(code[2][2]), place)
            return EMPTY
        default: Values = self.value(code[2][2]) if len(code[2]) > 2 else EMPTY
        if exact:
            before, self.items = self.items, []
            loaded = self.load(receiver, text, place)
            inner, self.items = self.items, before
            if inner and len(code[2]) > 2:
                inner = [("suppress", (self.definition, self.context, place, "getattr"), ABSENT, inner, place)]
            self.items += inner
            return {*loaded, *default}
        found = {("prefixed", one, text) for one in receiver if one[0] in ("instance", "class", "module", "modules")}
        return {*found, *default} if found else {UNKNOWN, *default, *self.by_computed_name(receiver)}

    def sequence(self, code: Code) -> Values:
        members = code[2]
        site, value = self.container(code[1], self.engine.order.number(code))
        by_place = code[1] == "tuple" and all(one[0] != op.STARRED for one in members)
        for number, one in enumerate(members):
            if one[0] == op.STARRED:
                self.engine.write((site, "items"), tuple(self.iterate(self.value(one[1]), 0)))
            else:
                values = self.value(one)
                self.engine.write((site, "items"), tuple(values))
                if by_place:
                    self.engine.write((site, number), tuple(values))
        return value

    def mapping(self, code: Code) -> Values:
        site, value = self.container("dict", self.engine.order.number(code))
        for key, one in zip(code[1], code[2], strict=True):
            values = tuple(self.value(one))
            if key is None:
                self.take_in(site, set(values), 0)
            else:
                self.engine.write((site, "keys"), tuple(self.value(key)))
                self.put(site, key, values)
        return value

    def put(self, site: Any, key: Code, values: Collection[Value]) -> None:
        """Put a member into a container under a key."""
        if key[0] == op.CONSTANT and key[1] == "str" and isinstance(key[2], str):
            self.engine.put(site, key[2], values)
        else:
            self.engine.write((site, "items"), values)

    def members(self, values: Values) -> set[Value]:
        """Return what the containers among some values hold."""
        found: set[Value] = set()
        for one in self.ordered(values):
            if one[0] == "container":
                found |= self.held((one[1], "items"))
        return found

    def item(self, code: Code) -> Values:
        place = code[3]
        receiver = self.value(code[1])
        index = self.value(code[2])
        self.mark_vague(receiver, place)
        return self.item_of(receiver, index, code[2], place)

    def item_of(self, receiver: Values, index: Values, key: Code, place: int) -> Values:
        """Return the value of ``receiver[index]``."""
        found: set[Value] = set()
        sliced = SLICE in index
        for one in self.ordered(receiver):
            kind = one[0]
            if kind == "container":
                if sliced:
                    found |= self.part_of(one)
                elif key[0] == op.CONSTANT and key[1] == "int" and self.places(one[1]):
                    found |= self.at_place(one[1], int(key[2]))
                elif key[0] == op.CONSTANT and key[1] == "str" and isinstance(key[2], str):
                    found |= self.under_key(one[1], key[2]) or {UNKNOWN}
                else:
                    found |= self.held((one[1], "items"))
            elif kind == "pairs":
                found |= self.held((one[1], "items"))
            elif one == ("external", "sys.modules"):
                found.add(ANY_MODULE)
            elif kind == "external" and is_class_name(one[1]):
                found.add(one)  # list[int]
            elif kind == "element":
                found |= self.item_of(self.members_behind(one[1]), index, key, place)
            elif kind == "instance":
                if isinstance(one[1], Definition):
                    found |= self.call(self.special({one}, "__getitem__", place), [index], {}, place)
                elif one[1] == "builtins.str":
                    found.add(STRING)
                else:
                    found.add(UNKNOWN)
                    found |= self.taken("__next__")
            elif kind == "class":
                found.add(one)
                if isinstance(one[1], Definition):
                    methods = self.special({one}, "__getitem__", place)
                    self.call(methods or self.class_method(one, "__class_getitem__", place), [index], {}, place)
            else:
                found.add(one if kind in HELD else UNKNOWN)
                found |= self.taken("__next__")
        return found

    def either(self, code: Code) -> Values:
        for one in code[2]:
            self.value(one)
        found: set[Value] = set()
        for one in code[1]:
            found |= self.value(one)
        return found

    def yielded(self, code: Code) -> Values:
        if code[1] is not None:
            self.engine.write((self.definition, self.context, "$yield"), tuple(self.value(code[1])))
        self.items.append(("yield", code[2]))
        return {UNKNOWN, *self.engine.read((self.definition, self.context, "$sent"), self.instance)}

    def yielded_from(self, code: Code) -> Values:
        inner = self.value(code[1])
        self.engine.write((self.definition, self.context, "$yield"), tuple(self.iterate(inner, code[2])))
        found: set[Value] = set()
        for one in self.ordered(inner):
            if one[0] == "generator":
                found |= self.engine.read((one[1], one[2], "$return"), self.instance)
        return found or {UNKNOWN}

    def awaited(self, code: Code) -> Values:
        return self.await_values(self.value(code[1]), code[2])

    def operator(self, code: Code) -> Values:
        method, place = code[1], code[4]
        left = self.value(code[2])
        if code[3] is None:
            self.call(self.special(left, method, place), [], {}, place) if method != "__bool__" else self.truth(
                left, place
            )
            return left if method != "__bool__" else {NUMBER}
        right = self.value(code[3])
        found: set[Value] = set()
        if method == "__delattr__" and code[3][0] == op.CONSTANT:
            self.load(left, code[3][2], place)  # the deleter of a property
        methods = self.special(left, method, place)
        if methods:
            found |= self.call(methods, [right], {}, place)
        reflected = self.special(right, REFLECTED.get(method, ""), place) if method in REFLECTED else EMPTY
        if reflected:
            found |= self.call(reflected, [left], {}, place)
        if method == "__mod__" and any(one == STRING for one in left):
            self.show(right, "__str__", place)
        for one in left:
            if one[0] == "container" or (one[0] == "instance" and isinstance(one[1], str)):
                found.add(one)
        if method == "__add__":
            found |= {one for one in right if one[0] == "container"}
        return found or {UNKNOWN}

    def compared(self, code: Code) -> Values:
        place = code[3]
        operands = [self.value(one) for one in code[2]]
        self.add_marked(place)
        for number, method in enumerate(code[1]):
            if method.startswith("is"):
                continue
            left, right = operands[number], operands[number + 1]
            if method == "__contains__":
                left, right = right, left
            methods = self.special(left, method, place)
            if methods:
                self.call(methods, [right], {}, place)
            elif method == "__ne__":
                self.call(self.special(left, "__eq__", place), [right], {}, place)
            elif method == "__contains__":
                self.iterate({one for one in left if one[0] in ("instance", "generator")}, place)
            other = self.special(right, MIRRORED.get(method, ""), place) if method in MIRRORED else EMPTY
            if other:
                self.call(other, [left], {}, place)
        found: set[Value] = {("instance", "builtins.bool", True)}
        return found

    def comprehension(self, code: Code) -> Values:
        for target, iterable, asynchronous, place in code[2]:
            values = self.value(iterable)
            self.mark_vague(values, place)
            found = self.iterate(values, place)
            if asynchronous:
                found = self.await_values(found, place)
            self.assign(target, found, place)
        for test in code[4]:
            self.value(test)
        site, value = self.container(code[1], self.engine.order.number(code))
        parts = [tuple(self.value(one)) for one in code[3]]
        self.engine.write((site, "items"), parts[-1])
        if len(parts) == 2:
            self.engine.write((site, "keys"), parts[0])
        return value

    def named_expression(self, code: Code) -> Values:
        found = self.value(code[2])
        self.write_name(code[1], tuple(found))  # type: ignore[arg-type]
        return found

    def no_error(self, code: Code) -> Values:
        return {one for one in self.value(code[1]) if one[0] not in MAYBE_ERRORS}

    def starred(self, code: Code) -> Values:
        return self.iterate(self.value(code[1]), 0)

    def formatted(self, code: Code) -> Values:
        for conversion, one in code[1]:
            name = "__repr__" if conversion in ("r", "a") else "__str__" if conversion else "__format__"
            self.show(self.value(one), name, code[2])
        return {STRING}

    def lambda_expression(self, code: Code) -> Values:
        definition = self.definition.module.definitions[code[1]]
        self.engine.instance(definition, self.context)
        return {("function", definition, self.context)}

    def assign(self, target: Code, values: Values, place: int) -> None:
        """Bind a target."""
        kind = target[0]
        if kind == op.NAME:
            self.write_name(target[1], tuple(values))  # type: ignore[arg-type]
        elif kind == op.ATTRIBUTE:
            self.store(self.value(target[1]), target[2], tuple(values), target[3])  # type: ignore[arg-type]
        elif kind == op.ITEM:
            receiver = self.value(target[1])
            index = self.value(target[2])
            for one in self.ordered(receiver):
                if one[0] == "container" and SLICE in index:
                    self.engine.write((one[1], "items"), tuple(self.iterate(values, target[3])))
                elif one[0] == "container":
                    self.add_keys(one[1], index)
                    self.put(one[1], target[2], tuple(values))
            methods = self.special(receiver, "__setitem__", target[3])
            if methods:
                self.call(methods, [index, values], {}, target[3])
        elif kind == op.SEQUENCE:
            self.unpack(target[2], values, place)
        elif kind == op.STARRED:
            site, value = self.container("rest", self.engine.order.number(target))
            self.engine.write((site, "items"), tuple(values))
            self.assign(target[1], value, place)

    def unpack(self, targets: list[Code], values: Values, place: int) -> None:
        """Bind the members of a target such as ``a, b``."""
        plain = all(one[0] != op.STARRED for one in targets)
        parts: list[set[Value]] = [set() for _ in targets]
        others: set[Value] = set()
        for one in self.ordered(values):
            if one[0] == "container" and plain and self.places(one[1]):
                for number, part in enumerate(parts):
                    part |= self.at_place(one[1], number)
            else:
                others.add(one)
        if others:
            members = self.iterate(others, place)
            for part in parts:
                part |= members
        for target, part in zip(targets, parts, strict=True):
            self.assign(target, part, place)


MIRRORED = {"__lt__": "__gt__", "__gt__": "__lt__", "__le__": "__ge__", "__ge__": "__le__", "__eq__": "__eq__"}
SLICE: Value = ("instance", "builtins.slice", True)
CONSTANTS: dict[str, Values] = {"str": {STRING}, "int": {NUMBER}}
GETTERS: Values = {("external", "operator.methodcaller"), ("external", "operator.attrgetter")}
IMPORTERS: Values = {("external", "importlib.import_module"), ("external", "builtins.__import__")}
RUNNERS: Values = {("external", "builtins.eval"), ("external", "builtins.exec")}
ABSENT: tuple[Value, ...] = (("external", "builtins.AttributeError"),)
EVALUATORS: dict[int, Any] = {
    op.NAME: Expressions.name,
    op.ATTRIBUTE: Expressions.attribute,
    op.CALL: Expressions.call_expression,
    op.CONSTANT: Expressions.constant,
    op.LAMBDA: Expressions.lambda_expression,
    op.SEQUENCE: Expressions.sequence,
    op.MAPPING: Expressions.mapping,
    op.ITEM: Expressions.item,
    op.EITHER: Expressions.either,
    op.YIELD: Expressions.yielded,
    op.YIELD_FROM: Expressions.yielded_from,
    op.AWAIT: Expressions.awaited,
    op.OPERATOR: Expressions.operator,
    op.COMPREHENSION: Expressions.comprehension,
    op.NAMED: Expressions.named_expression,
    op.NO_ERROR: Expressions.no_error,
    op.STARRED: Expressions.starred,
    op.FORMATTED: Expressions.formatted,
    op.COMPARED: Expressions.compared,
}
