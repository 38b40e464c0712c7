"""The results of outside calls: containers, iterators, wrappers of functions, and the like."""

from __future__ import annotations

from typing import Any

from flext_analysis.escapes.evaluation.containers import NUMBER
from flext_analysis.escapes.evaluation.handed_errors import STARTERS
from flext_analysis.escapes.evaluation.implied_calls import ImpliedCalls
from flext_analysis.escapes.evaluation.kept_errors import errors_among
from flext_analysis.escapes.tables import built_in_raises, built_in_results
from flext_analysis.escapes.values import ANY_ERROR, EMPTY, RECORDS, UNKNOWN, Value, Values
from flext_analysis.program.hierarchy import external_class
from flext_analysis.summaries.definitions import Definition

__all__ = ["Externals"]

STRING: Value = ("instance", "builtins.str", True)
# Functions that return their first argument, or something that behaves like it.
SAME = frozenset(
    "functools.lru_cache functools.cache functools.wraps functools.update_wrapper functools.total_ordering "
    "functools.singledispatch functools.singledispatchmethod abc.abstractmethod typing.overload typing.final "
    "typing.override typing.runtime_checkable typing.no_type_check typing_extensions.override typing_extensions.final "
    "copy.copy copy.deepcopy weakref.proxy weakref.ref weakref.WeakMethod dataclasses.dataclass dataclasses.replace "
    "enum.unique contextlib.closing contextlib.aclosing contextlib.nullcontext asyncio.shield asyncio.create_task "
    "asyncio.ensure_future asyncio.wait_for types.coroutine atexit.register typing_extensions.deprecated "
    "warnings.deprecated typing_extensions.dataclass_transform typing.dataclass_transform inspect.unwrap".split()
)
COPIES = frozenset(
    "builtins.list builtins.tuple builtins.set builtins.frozenset builtins.sorted builtins.reversed builtins.iter "
    "collections.deque collections.UserList itertools.chain itertools.islice itertools.tee itertools.cycle "
    "itertools.takewhile itertools.dropwhile itertools.filterfalse itertools.chain.from_iterable itertools.accumulate "
    "builtins.enumerate builtins.zip itertools.zip_longest itertools.product heapq.merge itertools.groupby "
    "more_itertools.peekable asyncio.gather asyncio.as_completed builtins.aiter".split()
)
GROUPS = frozenset(  # what gives tuples of members
    "itertools.combinations itertools.permutations itertools.combinations_with_replacement itertools.pairwise "
    "itertools.batched".split()
)
ITERATES = frozenset("builtins.any builtins.all builtins.sum builtins.max builtins.min".split())
TABLES = frozenset(
    "builtins.dict collections.OrderedDict collections.defaultdict collections.ChainMap types.MappingProxyType "
    "collections.UserDict weakref.WeakKeyDictionary weakref.WeakValueDictionary".split()
)
QUEUES = frozenset(
    "queue.Queue queue.SimpleQueue queue.LifoQueue queue.PriorityQueue asyncio.Queue multiprocessing.Queue "
    "asyncio.LifoQueue multiprocessing.SimpleQueue".split()
)
TEXTS = {
    "builtins.str": "__str__",
    "builtins.repr": "__repr__",
    "builtins.ascii": "__repr__",
    "builtins.format": "__format__",
}
SPECIAL = {
    "builtins.len": "__len__",
    "builtins.bool": "__bool__",
    "builtins.int": "__int__",
    "builtins.float": "__float__",
    "builtins.hash": "__hash__",
    "builtins.abs": "__abs__",
    "builtins.bytes": "__bytes__",
    "builtins.round": "__round__",
    "builtins.dir": "__dir__",
    "builtins.divmod": "__divmod__",
    "builtins.pow": "__pow__",
    "builtins.complex": "__complex__",
    "math.floor": "__floor__",
    "math.ceil": "__ceil__",
    "math.trunc": "__trunc__",
    "operator.index": "__index__",
}
MANAGERS = frozenset("contextlib.contextmanager contextlib.asynccontextmanager".split())
PROPERTIES = frozenset(
    "builtins.property functools.cached_property abc.abstractproperty cached_property.cached_property "
    "django.utils.functional.cached_property".split()
)
ORDERED = frozenset(
    "heapq.heappush heapq.heappop heapq.heappushpop heapq.heapreplace heapq.nlargest heapq.nsmallest bisect.insort "
    "bisect.insort_left bisect.insort_right random.choice".split()
)
LAZY = frozenset(["map", "imap", "imap_unordered"])  # of pools: what the function raises leaves where results are taken
PICKLED: Value = ("kept", "pickled")
PICKLING = frozenset(f"{module}.{name}" for module in ("pickle", "dill", "cloudpickle") for name in ("dump", "dumps"))
UNPICKLING = frozenset(f"{module}.{name}" for module in ("pickle", "dill", "cloudpickle") for name in ("load", "loads"))
NAMED_TUPLE = "collections.namedtuple()"  # a class that it makes
RUNS = frozenset("asyncio.run anyio.run trio.run".split())


class Externals(ImpliedCalls):
    """Calls what is outside the repository."""

    def call_external(self, path: str, given: Any, named: Any, place: int, more: Any) -> Values:
        """Call something outside the repository, by its dotted name."""
        found = self.call_outside(path, given, named, place, more)
        taken = self.taken(path.rpartition(".")[2])
        return {*found, *taken} if taken else found

    def call_outside(self, path: str, given: Any, named: Any, place: int, more: Any) -> Values:
        """Do the same as call_external, except for what the object stored before."""
        first: Values = given[0] if given else EMPTY
        module, _, name = path.rpartition(".")
        self.keep_errors(name, given, named)
        if name == "exception" and not given and not named:
            return {ANY_ERROR}
        if path in built_in_raises():
            self.items.append(("external", path, place))
        if path in ("sys.exc_info", "sys.exception"):
            return self.current_error(path, place)
        if path == "builtins.type.__call__":  # in a metaclass: creates an instance, as ``super().__call__`` does
            return self.call({one for one in first if one[0] == "class"}, given[1:], named, place, more)
        if name == "__new__" and module != "builtins.object":
            made = {each for one in first if one[0] == "class" for each in self.metaclass_made(one[1])}
            if made:
                return made
        if path == "builtins.iter" and len(given) > 1:
            site, value = self.container("iterated", place)
            self.engine.write((site, "items"), self.call(first, [], {}, place))
            return value
        if path == "builtins.iter" and len(given) == 1:
            lazy = {one for one in first if one[0] == "generator"}
            return lazy | set(self.copy(path, [first - lazy], {}, place)) if first - lazy or not lazy else lazy
        if path in ("builtins.enumerate", "builtins.zip", "itertools.zip_longest", "itertools.product"):
            return self.side_by_side(name, given, place)
        if path in GROUPS:
            site, rows = self.container("rows", place)
            self.engine.write((site, "items"), self.copy(path, given[:1], {}, place))
            return rows
        if name in ("enter_context", "enter_async_context"):
            return self.enter_values(first, place, name == "enter_async_context")
        if path in PROPERTIES:
            getters = {each for part in (first, named.get("fget", EMPTY)) for each in part}
            setters = {("setter", one[1], one[2]) for part in given[1:2] for one in part if one[0] == "function"}
            return {*(("property", one[1], one[2]) for one in getters if one[0] == "function"), *setters}
        if path in MANAGERS:
            return {("managed", one[1], one[2]) for one in first if one[0] == "function"} or {UNKNOWN}
        if path == "builtins.staticmethod":
            return {("static", one) for one in first}
        if path == "builtins.classmethod":
            return {("classmethod", one) for one in first}
        if path == "builtins.super":
            return self.make_super(given)
        if path in ("functools.partial", "functools.partialmethod"):
            return self.make_partial(given, named, place)
        if path in SAME:
            return self.same(path, given, named)
        if path in COPIES:
            given = [*given, {("container", self.spread(more, place))}] if more else given
            if "return_exceptions" in named:
                return self.gathered(path, given, named, place)
            return self.copy(path, given, named, place)
        if path in ITERATES:
            found = {each for one in given[:1] for each in self.iterate(one, place)}
            self.call({*named.pop("key", EMPTY)}, [found], {}, place) if "key" in named else None
            if name == "sum":
                self.add_up({*found, *(each for one in given[1:] for each in one)}, place)
            if name in ("max", "min"):
                self.put_in_order({*found, *(each for one in given for each in one)}, place)
                return {*found, *(each for one in given[1:] for each in one), *named.get("default", EMPTY)}
            return {UNKNOWN}
        if path in QUEUES:
            return self.container("queue", place)[1]
        if path == "collections.namedtuple" and self.engine.limits.widens:
            return {("external", NAMED_TUPLE)}
        if path == NAMED_TUPLE:
            site, value = self.container("record", place)
            for one in (*given, *named.values(), *([more] if more else ())):
                self.engine.write((site, "items"), one)
            return value
        if path in STARTERS and self.engine.limits.widens:
            self.start(given, named, place)
        if path == "functools.reduce" and len(given) > 1:
            return self.reduced(given, place)
        if path in ORDERED and self.engine.limits.widens:
            return self.kept_in_order(given, place)
        if path == "collections.Counter" or path.endswith(".dict.fromkeys"):
            counted = [("keys", self.iterate(first, place)), ("items", given[1] if len(given) > 1 else {NUMBER})]
            return self.filled("table", counted, place)
        if path in TABLES:
            makes = path == "collections.defaultdict"
            factory = {each for one in given[:1] for each in one if makes and each[0] != "container"}
            return self.make_table(given, named, place, more, factory)
        if path in ("builtins.map", "builtins.filter", "itertools.starmap"):
            return self.apply(path, given, place)
        if path in ("builtins.getattr", "builtins.setattr", "builtins.hasattr"):
            return self.by_attribute(name, given, place)
        if path in ("builtins.next", "builtins.anext"):
            return {*self.next_of(first, place), *(each for part in given[1:2] for each in part)}
        if path == "builtins.type":
            if len(given) == 1:
                kept = {one for one in first if one[0] in ("caught", "error")}
                return kept | {("class", one[1], one[2]) for one in first if one[0] == "instance"} or {UNKNOWN}
            return {UNKNOWN}
        if path in TEXTS:
            self.show(first, TEXTS[path], place)
            return {STRING}
        if path in SPECIAL:
            self.call(self.special(first, SPECIAL[path], place), [], {}, place)
            return (
                {("instance", path, True)} if path in ("builtins.int", "builtins.float", "builtins.bytes") else {NUMBER}
            )
        if path in ("builtins.isinstance", "builtins.issubclass", "builtins.print", "builtins.id", "builtins.callable"):
            if name == "print":
                for one in given:
                    self.show(one, "__str__", place)
            return {NUMBER}
        if path == "builtins.globals" and self.definition.module.top is not None:
            return self.namespace(self.definition.module.top, place)
        if path in ("builtins.vars", "builtins.locals"):
            tops = [one[1].top for one in first if one[0] == "module" and one[1].top is not None]
            own = {each for one in first if one[0] == "instance" for each in self.load({one}, "__dict__", place)}
            return {*own, *(each for top in tops for each in self.namespace(top, place))} or {UNKNOWN}
        if path in ("inspect.getmembers", "inspect.getmembers_static"):
            site, value = self.container("members", place)
            row, pair = self.container("member", place)
            self.engine.write((row, "items"), self.by_computed_name(first))
            self.engine.write((site, "items"), pair)
            return value
        if path in RUNS:
            return self.iterate(first, place)
        if name in ("submit", "run_in_executor", "to_thread", "run_sync") or path == "asyncio.to_thread":
            return self.submit(name, given, named, place)
        if path in UNPICKLING and self.engine.read(PICKLED, self.instance):
            return {UNKNOWN, PICKLED}
        result = built_in_results().get(path)
        if result is not None:
            self.call_given(given, named, place)
            return {("instance", result, True)}
        if name == "__init__" and self.definition.parent is not None and external_class(module).is_error:
            self.keep_given(self.definition.parent.path, given, place)
        info = external_class(path)
        if info.is_error:
            self.keep_given(info.path, given, place)
        if info.is_error or (name[:1].isupper() and not name.isupper()):
            self.keep_callbacks(path, given, named, place)
            self.call_given(given, named, place)
            for attribute, values in named.items() if path in RECORDS else ():
                self.engine.write((path, "holds"), values)
                self.engine.write((path, f".{attribute}"), values)
            return {("instance", info.path, True)}
        if module.startswith("builtins.") or path in BUILTIN_RESULTS:
            self.call_given(given, named, place)
            kind = BUILTIN_RESULTS.get(path)
            return {("instance", kind, True)} if kind else {UNKNOWN}
        if path not in built_in_raises():
            self.items.append(("external", path, place))
        self.keep_callbacks(module, given, named, place)
        self.call_given(given, named, place)
        if path in PICKLING and self.engine.limits.widens:
            self.engine.write(PICKLED, errors_among(first))
        if name in LAZY and self.engine.limits.widens:
            return {UNKNOWN, *(("later", one) for one in first if one[0] in ("function", "bound", "partial"))}
        return {UNKNOWN}

    def kept_in_order(self, given: list[Values], place: int) -> Values:
        """Return what the functions of heapq and bisect give, which put something into a list or take it out."""
        found: set[Value] = set()
        sites = [one[1] for values in given for one in self.ordered(values) if one[0] == "container"]
        for site in sites:
            for values in given:
                self.engine.write((site, "items"), {one for one in values if one != ("container", site)})
            held = self.held((site, "items"))
            self.put_in_order(held, place)
            found |= {("container", site), *held}
        return found

    def next_of(self, values: Values, place: int) -> Values:
        """Return the result of ``next()``; the end of an iterator is an error here."""
        own = {one for one in values if one[0] == "instance" and isinstance(one[1], Definition)}
        methods = self.special(own, "__next__", place) | self.special(own, "__anext__", place)
        return {*self.call(methods, [], {}, place), *self.iterate(values - own, place)}

    def enter_values(self, values: Values, place: int, asynchronous: bool) -> Values:
        """Enter managers that an exit stack receives."""
        given: set[Value] = set()
        for one in self.ordered(values):
            if one[0] == "manager":
                self.items.append(("through", self.engine.instance(one[1], one[2]), [], place))
                given |= self.engine.read((one[1], one[2], "$yield"), self.instance)
            elif one[0] == "instance" and isinstance(one[1], Definition):
                given |= self.enter(one, place, asynchronous)
        return given or {UNKNOWN}

    def current_error(self, path: str, place: int) -> Values:
        """Return the error that is being handled: by a handler around the place, or around a call of the function."""
        error: Value = ("current", self.definition, self.context, "")
        if self.handlers:
            error = ("caught", self.handlers[-1])
        if path == "sys.exception":
            return {error}
        site, value = self.container("current", place)
        for number, values in enumerate(({error}, {error}, {UNKNOWN})):
            self.engine.write((site, number), values)
        self.engine.write((site, "items"), {error})
        return value

    def metaclass_made(self, cls: Definition | str) -> Values:
        """Return the classes that a metaclass creates."""
        return self.engine.made_by(cls) if isinstance(cls, Definition) else EMPTY

    def same(self, path: str, given: list[Values], named: dict[str, Values]) -> Values:
        """Return the result of a wrapper: its argument, or for ``wraps(f)``, ``lru_cache(n)`` itself."""
        if path == "functools.wraps":
            return {("external", "abc.abstractmethod")}
        if path == "functools.update_wrapper" or (given and any(one[0] in WRAPPED for one in given[0])):
            return given[0] if given else EMPTY
        if not given or all(one[0] == "instance" for one in given[0]):
            if path.startswith(("copy.", "weakref.", "asyncio.", "contextlib.", "dataclasses.replace")):
                return given[0] if given else {UNKNOWN}
            return {("external", "abc.abstractmethod")}
        return given[0]

    def make_super(self, given: list[Values]) -> Values:
        """Return the result of ``super()``."""
        if len(given) >= 2:
            classes = [one[1] for one in given[0] if one[0] == "class" and isinstance(one[1], Definition)]
            return {("super", cls, one) for cls in classes for one in given[1] if one[0] in ("instance", "class")}
        here: Definition | None = self.definition
        while here is not None and (here.parent is None or here.parent.scope.kind != "class"):
            here = here.parent
        if here is None or here.parent is None or not here.scope.parameters:
            return {UNKNOWN}
        receiver = self.engine.read((here, (), here.scope.parameters[0].name), self.instance)
        return {("super", here.parent, one) for one in receiver if one[0] in ("instance", "class")}

    def make_partial(self, given: list[Values], named: dict[str, Values], place: int) -> Values:
        """Return the result of functools.partial."""
        if not given:
            return {UNKNOWN}
        site = ("partial", self.definition, self.context, place, len(given) - 1)
        self.engine.write((site, "function"), given[0])
        for number, values in enumerate(given[1:]):
            self.engine.write((site, number), values)
        for one in self.ordered(given[0]):
            if one[0] == "function":
                for name, values in named.items():
                    self.engine.write((one[1], one[2], name), values)
        return {("partial", site)}

    def apply(self, path: str, given: list[Values], place: int) -> Values:
        """Return the results of map and filter: the function is called with each member."""
        if len(given) < 2:
            return {UNKNOWN}
        members = [self.iterate(one, place) for one in given[1:]]
        result = self.call(given[0], members, {}, place)
        site, value = self.container("map", place)
        self.engine.write((site, "items"), members[0] if path == "builtins.filter" else result)
        return value

    def by_attribute(self, name: str, given: list[Values], place: int) -> Values:
        """Do what ``getattr`` and ``setattr`` do with a name that is not a literal."""
        if name == "setattr" and len(given) > 2:
            self.put_anywhere(given[0], given[2])
        if name == "getattr":
            default = given[2] if len(given) > 2 else EMPTY
            return {UNKNOWN, *default, *self.by_computed_name(given[0] if given else EMPTY)}
        return {NUMBER}

    def submit(self, name: str, given: list[Values], named: dict[str, Values], place: int) -> Values:
        """Call the argument of an executor; the error leaves where the result is requested, most often here."""
        given = given[1:] if name == "run_in_executor" else given
        if not given:
            return {UNKNOWN}
        return self.call(given[0], given[1:], named, place)


WRAPPED = frozenset("function bound class partial static classmethod property managed generator container".split())
BUILTIN_RESULTS: dict[str, str] = {
    **dict.fromkeys(
        (
            f"builtins.str.{name}"
            for name in dir(str)
            if name not in ("split", "rsplit", "splitlines", "partition", "rpartition")
        ),
        "builtins.str",
    ),
    "builtins.chr": "builtins.str",
    "builtins.input": "builtins.str",
    "builtins.ord": "builtins.int",
    "builtins.hex": "builtins.str",
    "builtins.divmod": "builtins.int",
    "builtins.pow": "builtins.int",
    "builtins.range": "builtins.range",
}
