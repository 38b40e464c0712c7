"""What a call may call, and its result."""

from __future__ import annotations

from typing import Any, NamedTuple

from flext_analysis.escapes.engine import BUILTIN_METHODS, TEXT_METHODS, context_of
from flext_analysis.escapes.evaluation.attributes import Attributes
from flext_analysis.escapes.evaluation.kept_errors import errors_among
from flext_analysis.escapes.propagation.resolution import given_for
from flext_analysis.escapes.traits import layout_of
from flext_analysis.escapes.values import (
    ANY_ERROR,
    EMPTY,
    UNKNOWN,
    VAGUE,
    Context,
    Value,
    Values,
    lasting,
    specialised,
    spread,
)
from flext_analysis.summaries.definitions import Definition

__all__ = ["Arguments", "Calls"]


SYMBOLS = frozenset(["parameter", "made"])
RAISABLE = frozenset(["instance", "class", "made", "caught", "parameter"])


class Arguments(NamedTuple):
    """The arguments of a call: the receiver of a method (None: there is none), the positional values, those by keyword.

    ``more`` are the values of ``*args`` and ``**kwargs``, None if there are none.
    """

    receiver: Value | None
    given: list[Values]
    named: dict[str, Values]
    more: Values | None = None


class Calls(Attributes):
    """Calls values."""

    def call(
        self, callee: Values, given: list[Any], named: dict[str, Any], place: int, more: Values | None = None
    ) -> Values:
        """Record the calls of what a value may be, and return their results."""
        found: set[Value] = set()
        given = [one if isinstance(one, set | frozenset) else set(one) for one in given]
        targets = self.ordered(callee)
        some = any(one[0] not in VAGUE for one in targets)
        own = [one for one in targets if one[0] == "parameter" and self.is_own(one)]
        if own:
            return self.call_parameters(own, callee, given, named, place, more)
        if len(targets) > self.engine.limits.targets:
            self.add_open("a call of one of too many functions", place)
            return {UNKNOWN}
        for one in targets:
            kind = one[0]
            if kind == "function":
                found |= self.call_function(one[1], one[2], None, given, named, place, more)
            elif kind == "bound":
                found |= self.call_function(one[1], one[2], one[3], given, named, place, more)
            elif kind == "class":
                found |= self.construct(one, given, named, place, more)
            elif kind == "external":
                found |= self.call_external(one[1], given, named, place, more)
            elif kind == "method":
                found |= self.call_container(one[1], one[2], given, named, place)
            elif kind == "instance":
                if isinstance(one[1], Definition):
                    found |= self.call(self.special({one}, "__call__", place), given, named, place, more)
            elif kind == "partial":
                found |= self.call_partial(one[1], given, named, place, more)
            elif kind == "element":
                found |= self.call(self.members_behind(one[1]), given, named, place, more)
            elif kind == "registers":  # of functools.singledispatch: another function under the same name
                others = {each for values in given for each in values if each[0] == "function"}
                owner = one[1].parent or one[1]
                self.engine.write((owner, (), one[1].scope.name), others)
                found |= others or {one}
            elif kind == "same":
                found.add(one[1])
            elif kind in ("caught", "current", "group", "error"):
                found.add(one)  # its class was read: another instance of it is created
            elif kind == "parameter" and not some:  # that of another function, which nobody calls
                self.add_open("what is given for a parameter is not known", place)
                found.add(UNKNOWN)
            elif kind == "prefixed":
                methods = self.behind_prefix([each for each in targets if each[0] == kind], place, one)
                found |= self.call(methods, given, named, place, more)
            elif kind == "any":
                if one[1] == "exception" and not given and not named:
                    found.add(ANY_ERROR)  # of a future
                self.keep_errors(one[1], given, named)
                found |= self.taken(one[1])
                if not some:
                    found |= self.call_by_name(one[1], given, named, place, more)
                elif self.engine.limits.widens:
                    self.run_named(one[1], place)
            elif kind == "unnamed":
                self.call_unnamed(place)
                found.add(UNKNOWN)
            elif kind == "getter":
                loaded = self.load(given[0] if given else EMPTY, one[1], place)
                found |= self.call(loaded, given[1:], named, place, more) if one[2] else loaded
            elif kind == "step":
                for values in given[:1]:
                    self.engine.write((one[1][1], one[1][2], "$sent"), errors_among(values))
                found |= self.iterate({one[1]}, place)
            elif kind in ("static", "classmethod"):
                found |= self.call({one[1]}, given, named, place, more)
            elif kind == "managed":
                found.add(("manager", one[1], one[2], self.keep(Arguments(None, given, named, more))))
                self.pass_arguments(one[1], one[2], Arguments(None, given, named, more))
            elif kind == "making":
                found |= {("setter", each[1], each[2]) for part in given[:1] for each in part if each[0] == "function"}
                if one[1] != "setter":
                    found |= {
                        ("property", each[1], each[2]) for part in given[:1] for each in part if each[0] == "function"
                    }
            elif kind == "unknown" and not some:
                self.add_open("a call of something unknown", place)
                self.call_given(given, named, place)
                found.add(UNKNOWN)
        if not targets:
            found.add(UNKNOWN)
        return found

    def call_parameters(
        self, own: list[Value], callee: Values, given: Any, named: Any, place: int, more: Values | None
    ) -> Values:
        """Call the argument for a parameter: the errors are those of each caller's argument."""
        found: set[Value] = {("made", *one[1:]) for one in own}
        others: set[Value] = set(callee)
        for one in own:
            self.items.append(("given", one, place))
            others.discard(one)
            others = self.engine.not_by_way_of(one, others)
        through = set(callee) - others - set(own)
        kept, self.items = self.items, []
        found |= self.call(through, given, named, place, more)
        self.items = kept
        if others:
            found |= self.call(others, given, named, place, more)
        return found

    def is_own(self, symbol: Value) -> bool:
        """Return whether a parameter belongs to the current function, or to one around it."""
        owner = symbol[1]
        here: Definition | None = self.definition
        while here is not None and here is not owner:
            here = here.parent
        return here is not None and context_of(self.definition, owner, self.context) == symbol[2]

    def without_symbols(self, values: Values) -> set[Value]:
        """Return values; those that parameters of the function hold are left to the parameters."""
        found = set(values)
        for one in values:
            if one[0] in ("parameter", "made") and self.is_own(one):
                found = self.engine.not_by_way_of(one, found)
        return found

    def keep(self, arguments: Arguments) -> tuple[Any, ...]:
        """Return arguments as part of a value: small, and equal for equal calls."""
        return ()

    def call_by_name(self, name: str, given: Any, named: Any, place: int, more: Values | None) -> Values:
        """Call the methods that a bare name may mean, on something unknown."""
        methods = self.named_methods(name)
        if not methods:
            if self.engine.limits.widens and name not in BUILTIN_METHODS:
                self.run_named(name, place)
            elif self.engine.limits.widens or name not in TEXT_METHODS or name in self.engine.attribute_names:
                self.add_open(f"a call of .{name}() on something unknown", place)
            self.call_given(given, named, place)
            return {UNKNOWN}
        found: set[Value] = {UNKNOWN}
        for method in methods:
            receiver: Value = ("instance", method.parent, False)
            for each in self.ordered(self.engine.read((method.parent, (), name), self.instance)):
                found |= self.call(self.bind(each, receiver, place), given, named, place, more)
        return found

    def call_function(
        self,
        definition: Definition,
        context: Context,
        receiver: Value | None,
        given: list[Values],
        named: dict[str, Values],
        place: int,
        more: Values | None,
    ) -> Values:
        """Call a function of the repository."""
        if self.wants_context(definition, context, given, named) and self.engine.has_room(definition, context, place):
            context = (definition, (self.definition.path, place), context)
        arguments = Arguments(receiver, given, named, more)
        instance = self.engine.instance(definition, context)
        self.pass_arguments(definition, context, arguments)
        flags = definition.scope.flags
        if "generator" in flags or "async" in flags:
            return {("generator", definition, context, ())}
        self.add_call(instance, arguments, place)
        return self.returned(definition, context, receiver, arguments)

    def returned(
        self, definition: Definition, context: Context, receiver: Value | None, arguments: Arguments | None = None
    ) -> Values:
        """Return what a function returns: what its annotation says, otherwise what its code returns."""
        annotated, weight = self.engine.annotated_return(definition)
        if weight == "whole":
            return annotated
        found: Values = self.engine.read((definition, context, "$return"), self.instance)
        if weight == "lazy":
            return {*annotated, *found}
        if not SYMBOLS.isdisjoint([one[0] for one in found]):
            found = self.substituted(found, definition, context, arguments)
        if weight == "error" and not any(one[0] in RAISABLE for one in found):
            return {*found, *annotated}
        if receiver is not None and any(
            one[0] == "prefixed" or (one[1] is definition.parent and one[0] in ("instance", "class"))
            for one in found
            if len(one) > 1
        ):
            return {specialised(one, receiver, definition.parent) for one in found}
        return found

    def substituted(
        self, values: Values, definition: Definition, context: Context, arguments: Arguments | None
    ) -> Values:
        """Return the result of one call of a function that returns its arguments or something made from them."""
        found = set(values)
        more: set[Value] = set()
        for one in values:
            if one[0] not in ("parameter", "made") or one[1] is not definition or one[2] != context:
                continue
            given = None if arguments is None else given_for(one[3], definition, arguments)
            if given is None:
                found.discard(one)
                continue
            found = self.engine.not_by_way_of(one, found)
            found.discard(one)
            if not given:
                given = self.engine.read((definition, context, one[3], "default"), self.instance)
            if one[0] == "parameter":
                more |= set(given)
            else:
                more |= {("instance", each[1], each[2]) for each in given if each[0] == "class"}
                more |= {("made", *each[1:]) for each in given if each[0] == "parameter"}
        return found | more or {UNKNOWN}

    def wants_context(self, definition: Definition, context: Context, given: list[Values], named: Any) -> bool:
        """Return whether a call is analysed separately: of a function that returns one of those inside it.

        Otherwise all decorated functions would be one: what a decorator returns calls what it received.
        """
        if "closes" not in self.engine.traits(definition):
            return False
        depth = 0
        here = context
        while here:
            depth += 1
            if here[0] is definition:
                return False
            here = here[2]
        return depth < self.engine.limits.depth

    def pass_arguments(self, definition: Definition, context: Context, arguments: Arguments) -> None:
        """Let the arguments of a call flow into the parameters of its callee."""
        self.engine.instance(definition, context)
        for name, values in self.matched(definition, context, arguments):
            key = definition, context, name
            if values and not values <= self.engine.slot(key).values:
                self.engine.write(key, lasting(values))

    def matched(self, definition: Definition, context: Context, arguments: Arguments) -> list[tuple[Any, Values]]:
        """Return the slots of parameters, by their last key, with the arguments of a call for each."""
        layout = layout_of(definition, arguments.receiver is not None)
        positional = layout.positional
        found: list[tuple[Any, Values]] = list(zip(positional, arguments.given, strict=False))
        rest = (definition, context, "*", layout.rest)
        more = (definition, context, "*", layout.more)
        for number, values in enumerate(arguments.given[len(positional) :] if layout.rest is not None else ()):
            self.engine.place(rest, number, values)
            self.engine.write((rest, "items"), values)
        for name, values in arguments.named.items():
            if name in layout.named:
                found.append((name, values))
            elif layout.more is not None:
                self.engine.put(more, name, values)
        if arguments.more:
            given = spread(arguments.more)
            for name in positional[len(arguments.given) :]:
                if name not in arguments.named:
                    found.append((name, {*given.star, *given.under(name)}))
            for name in layout.keyword:
                if name not in arguments.named:
                    found.append((name, given.under(name)))
            for part in ("items", "anywhere") if layout.rest is not None else ():
                self.engine.write((rest, part), given.star)
            if layout.more is not None:
                self.engine.put_named(more, given, layout.named)
        return found

    def construct(self, value: Value, given: list[Values], named: dict[str, Values], place: int, more: Any) -> Values:
        """Create an instance of a class."""
        cls = value[1]
        if isinstance(cls, str):
            return self.call_external(cls, given, named, place, more)
        made: Value = ("instance", cls, value[2])
        if self.engine.info(cls).is_error:
            self.keep_given(cls.path, given, place)
        if "enum.Enum" in self.engine.info(cls).lineage:
            self.call(self.class_method(value, "_missing_", place), given, {}, place)
        metacalls = self.special({value}, "__call__", place) if self.metaclasses(cls) else set()
        if metacalls:
            found = set(self.call(metacalls, given, named, place, more))
            self.run_constructors(value, made, given, named, place, more)
            return {*(one for one in found if one[0] == "instance"), made}
        return self.run_constructors(value, made, given, named, place, more)

    def run_constructors(
        self, value: Value, made: Value, given: list[Values], named: dict[str, Values], place: int, more: Any
    ) -> Values:
        """Call ``__new__``, ``__init__`` and ``__post_init__`` of a class."""
        found: set[Value] = set()
        for _, values in self.candidates(value[1], "__new__", value[2]):
            for each in self.ordered(values):
                function = each[1] if each[0] in ("static", "classmethod") else each
                if function[0] == "function":
                    result = self.call_function(function[1], function[2], value, given, named, place, more)
                    found |= {one for one in result if one[0] == "instance" and one[1] is not value[1]}
        initialised = False
        for name in ("__init__", "__post_init__", "__attrs_post_init__"):
            if name != "__init__" and initialised:
                continue
            for _, values in self.candidates(value[1], name, value[2]):
                initialised = True
                for each in self.ordered(values):
                    self.call(
                        self.bind(each, made, place),
                        given if name == "__init__" else [],
                        named if name == "__init__" else {},
                        place,
                        more if name == "__init__" else None,
                    )
        if not initialised or self.engine.holder(value[1], "__init__") is None:
            self.fill_fields(value[1], given, named)
        return {*found, made}

    def fill_fields(self, cls: Definition, given: list[Values], named: dict[str, Values]) -> None:
        """Set the fields of a dataclass or similar class from the arguments of its constructor."""
        fields = [
            name
            for one in reversed(self.engine.lineage(cls))
            if isinstance(one, Definition)
            for name in self.engine.fields(one)
        ]
        for name, values in [*zip(dict.fromkeys(fields), given, strict=False), *named.items()]:
            if values:
                self.engine.write((cls, "." + name), values)

    def call_given(self, given: list[Values], named: dict[str, Values], place: int) -> None:
        """Call the functions that are passed to outside code: it may call them."""
        for values in (*given, *named.values()):
            own = [one for one in values if one[0] == "parameter" and self.is_own(one)]
            others = set(values).difference(own)
            for one in own:
                self.items.append(("handed", one, place))
                others = self.engine.not_by_way_of(one, others)
            if own:
                kept, self.items = self.items, []
                self.call_given([set(values) - others - set(own)], {}, place)
                self.items = kept
            for one in self.ordered(self.not_handed_yet(others, place)):
                if one[0] == "element":
                    self.call(self.not_handed_yet(self.members_behind(one[1]), place), [], {}, place)
                elif one[0] in ("function", "bound", "partial"):
                    self.call({one}, [], {}, place)
                elif one[0] == "generator":
                    self.iterate({one}, place)
                elif one[0] in ("instance", "class") and isinstance(one[1], Definition):
                    if one[0] == "instance" and self.engine.holder(one[1], "__call__"):
                        self.call({one}, [], {}, place)
                    self.run_callbacks(one, place)

    def call_partial(self, site: Any, given: Any, named: Any, place: int, more: Any) -> Values:
        """Call what functools.partial received, with its arguments in front."""
        function = self.engine.read((site, "function"), self.instance)
        count = site[-1]
        front: list[Values] = [self.engine.read((site, n), self.instance) for n in range(count)]
        return self.call(function, [*front, *given], named, place, more)
