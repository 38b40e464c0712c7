"""What a value is when it is raised or called, and what a parameter stands for: in one call, or in all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from flext_analysis.escapes.engine import Engine, Instance, context_of
from flext_analysis.escapes.propagation.errors import ANY, ErrorTable, Filter, Site, Symbol
from flext_analysis.escapes.values import EMPTY, OPEN_KINDS, UNKNOWN, Value, Values
from flext_analysis.summaries.definitions import Definition

__all__ = ["Resolution", "Resolver", "given_for"]


class Resolution:
    """What leaves through a parameter.

    ``mask`` are errors; ``instances`` functions whose errors leave, past ``filters``; ``caught`` handlers whose catch
    is raised; ``kept`` symbols of the caller itself; ``totals`` symbols that stand for all arguments ever passed.
    """

    __slots__ = ("caught", "filters", "instances", "kept", "mask", "totals")

    def __init__(self, filters: frozenset[Filter]) -> None:
        self.mask = 0
        self.instances: dict[Instance, None] = {}
        self.caught: dict[Any, None] = {}
        self.filters = tuple(filters)
        self.kept = 0
        self.totals: dict[Symbol, None] = {}


class Resolver:
    """Resolves values that are raised or called."""

    def __init__(self, engine: Engine, errors: ErrorTable) -> None:
        self.engine = engine
        self.errors = errors
        self._callables: list[Instance] | None = None

    # Raised values

    def raised(self, values: Collection[Value], site: Site) -> tuple[int, list[Any]]:
        """Return the errors that raising some values raises, and the handlers whose catch it raises."""
        mask = 0 if values else 1
        caught = []
        for value in values:
            kind = value[0]
            if kind in ("class", "instance"):
                mask |= self.of_class(value[1], site)
                if self.engine.limits.widens and not value[2]:
                    for below in self.engine.subclasses(value[1]):
                        mask |= self.of_class(below, site)
            elif kind == "external":
                info = self.engine.info(value[1])
                mask |= self.errors.error(info.path, site)
            elif kind in ("caught", "group"):
                caught.append(value[1])
            elif kind in ("parameter", "made"):
                mask |= self.symbol("raise", value, site)
            elif kind == "current":
                mask |= self.current(value[1], value[2])
            elif kind == "error":
                mask |= self.errors.error(ANY, site) if self.errors.sites else 1
            elif kind in OPEN_KINDS:
                mask |= 1
        return mask, caught

    def of_class(self, cls: Definition | str, site: Site) -> int:
        """Return the error of a class, nothing for a class that cannot be raised."""
        info = self.engine.info(cls)
        if info.is_error or not (info.whole or info.path.startswith("builtins.")):
            return self.errors.error(info.path, site)
        return 0

    def symbol(self, use: str, value: Value, site: Site | None) -> int:
        """Return the bit of the symbol of a parameter."""
        return self.errors.bit(Symbol(use, value[1], value[2], value[3], site if self.errors.sites else None))

    def current(self, definition: Definition, context: Any) -> int:
        """Return the bit of the symbol of the error that is being handled while a function runs."""
        return self.errors.bit(Symbol("current", definition, context, "", None))

    # Called values

    def called(self, values: Iterable[Value], made: Resolution) -> None:
        """Add what leaves when some values are called."""
        for value in values:
            kind = value[0]
            if kind in ("function", "bound"):
                self.add_function(value[1], value[2], made)
            elif kind == "class" and isinstance(value[1], Definition):
                for name in ("__new__", "__init__", "__post_init__"):
                    self.add_method(value[1], name, made)
            elif kind == "instance" and isinstance(value[1], Definition):
                self.add_method(value[1], "__call__", made)
            elif kind == "partial":
                self.called(self.engine.order(self.engine.slot((value[1], "function")).values), made)
            elif kind in ("static", "classmethod"):
                self.called([value[1]], made)
            elif kind in ("unknown", "any"):
                made.mask |= 1

    def add_function(self, definition: Definition, context: Any, made: Resolution) -> None:
        """Add what leaves a called function; the code of a generator or coroutine does not run yet."""
        flags = definition.scope.flags
        instance = self.engine.instances.get((definition, context))
        if instance is not None and "generator" not in flags and "async" not in flags:
            made.instances[instance] = None

    def add_method(self, cls: Definition, name: str, made: Resolution) -> None:
        """Add what leaves a method of a class, its own or the first inherited."""
        for one in self.engine.lineage(cls):
            if isinstance(one, Definition) and name in one.scope.bound:
                self.called(self.engine.order(self.engine.slot((one, (), name)).values), made)
                return

    def callables(self) -> list[Instance]:
        """Return the functions that an unknown callback is assumed to be: methods ``__call__``, closures, if few."""
        if self._callables is None:
            found: list[list[Instance]] = [[], []]
            for one in self.engine.instances.values():
                parent = one.definition.parent
                if parent is not None and one.definition.scope.kind in ("function", "lambda"):
                    if one.definition.scope.name == "__call__":
                        found[0].append(one)
                    elif parent.scope.kind == "function":
                        found[1].append(one)
            most = self.engine.limits.callbacks
            kinds = found if self.engine.limits.widens else found[:1]
            self._callables = [one for part in kinds if len(part) <= most for one in part]
        return self._callables

    # Parameters

    def in_call(self, symbol: Symbol, call: Any, caller: Instance) -> Resolution:
        """Return what a symbol stands for in one call."""
        made = Resolution(symbol.filters)
        target = call.target
        if symbol.definition is not target.definition or symbol.context != target.context:
            if self.is_around(symbol, caller):
                made.kept = self.errors.bit(symbol)
            else:
                made.totals[symbol] = None
            return made
        values = given_for(symbol.name, target.definition, call.arguments)
        if values is None:
            made.totals[symbol] = None
            return made
        if not values:
            values = self.engine.slot((symbol.definition, symbol.context, symbol.name, "default")).values
        self.fill(made, symbol, values, caller)
        return made

    def in_all(self, symbol: Symbol) -> Resolution:
        """Return what a symbol stands for with all arguments ever passed."""
        made = Resolution(symbol.filters)
        values = self.engine.given((symbol.definition, symbol.context, symbol.name))
        self.fill(made, symbol, values or {UNKNOWN}, None)
        return made

    def fill(self, made: Resolution, symbol: Symbol, values: Values, caller: Instance | None) -> None:
        """Insert what some values stand for; parameters of the caller stay symbols."""
        own = [one for one in self.engine.order(values) if one[0] in ("parameter", "made")]
        known = set(values)
        for one in own:
            known.discard(one)
            known -= self.engine.slot(one[1:4]).values
            other = Symbol(symbol.use, one[1], one[2], one[3], symbol.site, symbol.filters)
            if caller is not None and self.is_around(other, caller):
                made.kept |= self.errors.bit(other)
            elif other != symbol:
                made.totals[other] = None
        if symbol.use == "raise":
            site = symbol.site or ("", 0)
            if known:
                mask, caught = self.raised(self.engine.order(known), site)
                made.mask |= mask
                made.caught.update(dict.fromkeys(caught))
        else:
            self.called(self.engine.order(known), made)
            if symbol.use == "handed":  # to outside code: most of it is not a function
                made.mask &= ~1
            elif made.mask & 1:
                made.instances.update(dict.fromkeys(self.callables()))

    def is_around(self, symbol: Symbol, caller: Instance) -> bool:
        """Return whether a symbol is a parameter of a function, or of one around it."""
        here: Definition | None = caller.definition
        while here is not None:
            if here is symbol.definition:
                return context_of(caller.definition, here, caller.context) == symbol.context
            here = here.parent
        return False


def given_for(name: str, definition: Definition, arguments: Any) -> Values | None:
    """Return the argument of a call for a parameter: nothing if its default applies, None if that is unknown."""
    parameters: Iterator[Any] = iter(definition.scope.parameters)
    if arguments.receiver is not None:
        next(parameters, None)
    for number, one in enumerate(parameters):
        if one.name != name:
            continue
        if name in arguments.named:
            return arguments.named[name]  # type: ignore[no-any-return]
        if one.kind in ("only", "plain") and number < len(arguments.given):
            return arguments.given[number]  # type: ignore[no-any-return]
        if arguments.more is not None:
            return None
        return EMPTY if one.default is not None else None
    return None
