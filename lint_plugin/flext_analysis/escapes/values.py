"""The values that escape analysis distinguishes, and the slots that hold them.

A value is a tuple; its first item is its kind. Slots are flow-insensitive: a local, an attribute, a parameter, what a
function returns or yields, the members of a container, each has one set of all values that it may ever hold. A set with
too many classes or functions collapses to UNKNOWN instead of growing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from flext_analysis.summaries.definitions import Definition, Module

__all__ = [
    "ANY_ERROR",
    "EMPTY",
    "ERRORS",
    "GIVEN",
    "HELD",
    "MAX_MEMBERS",
    "MAX_OTHERS",
    "MAYBE_ERRORS",
    "OPEN_KINDS",
    "RECORDS",
    "STRING",
    "UNKNOWN",
    "VAGUE",
    "Context",
    "Limits",
    "Order",
    "Slot",
    "Spread",
    "Value",
    "Values",
    "instance_of",
    "lasting",
    "specialised",
    "spread",
]

Value = tuple[Any, ...]
Values = frozenset[Value] | set[Value]
Context = tuple[Any, ...]  # (): none; else (definition, call site, context around): a function analysed for one call

# ("class", Definition or dotted name, is exact)   a class; not exact: it or one below it
# ("instance", Definition or dotted name, is exact)
# ("function", Definition, Context)
# ("bound", Definition, Context, Value)            a method with what it is bound to
# ("module", Module)
# ("external", dotted name)                        something outside the repository
# ("generator", Definition, Context, arguments)    what a generator or coroutine function returns
# ("manager", Definition, Context, arguments)      what a function under @contextmanager returns
# ("container", site)                              a list, dict, set, tuple: slots (site, "items"), (site, "keys")
# ("method", site, name)                           a method of a container
# ("caught", handler)                              what a handler caught; a third item are the classes of which it is
#                                                  an instance, where ``isinstance`` was answered with yes
# ("group", handler)                               the group that a handler of ``except*`` caught
# ("parameter", Definition, Context, name)         what is given for a parameter, at each call
# ("made", Definition, Context, name)              what calling that gives: an instance, where it is a class
# ("super", Definition, Value)
# ("property", Definition, Context), ("setter", Definition, Context)
# ("static", Value), ("classmethod", Value)
# ("partial", site)                                functools.partial: slots (site, "function"), (site, "given")
# ("element", slot key)                            one of the functions that a container holds
# ("same", Value)                                  a method that gives back its own object
# ("entered", handler)                             what ``with pytest.raises(...)`` gives: its ``value`` is caught,
#                                                  as is the ``exception`` of ``self.assertRaises(...)``
# ("current", Definition, Context, "")             the error that is being handled while a function runs
# ("any", name)                                    an attribute of something unknown
# ("prefixed", Value, prefix)                      getattr(object, "prefix_" + ...)
# ("getter", name, calls it)                      what operator.attrgetter and methodcaller give
# ("error",)                                       any error at all
# ("kept", way)                                    any error that something outside was given to keep, in some way:
#                                                  "stored", "sent", or as the "result" of a future; also its slot
# ("under", name)                                  any error that some object has as its attribute of a name
# ("given", Value)                                 any error that an error, which is the value, was made with
# ("unknown",)

UNKNOWN: Value = ("unknown",)
ANY_ERROR: Value = ("error",)
# Classes of the standard library whose repr shows their attributes; RECORDS, "holds" are what all of them hold.
RECORDS = frozenset(["types.SimpleNamespace", "argparse.Namespace"])
GIVEN = "given"  # slots (GIVEN, site of a raise), (GIVEN, class): errors that are arguments of another error
EMPTY: frozenset[Value] = frozenset()
ERRORS = frozenset(["caught", "group", "current", "error"])  # the kinds of values that are errors
HELD = frozenset(["kept", "under", "given"])  # the kinds of what stands for errors that somebody keeps
MAYBE_ERRORS = ERRORS | HELD


class Limits(NamedTuple):
    """How far the analysis goes before it reports something as unknown.

    ``classes``, ``functions`` and ``things`` (containers, names outside) are how many a slot holds; ``candidates`` how
    many methods a bare name may mean; ``callbacks`` how many callable objects an unknown callback; ``visits`` how often
    a function is looked at anew, and ``reads`` how many slots it may read in all of that; ``depth`` how deep calls that
    are looked at on their own are nested. ``widens`` says that a value which may be anything is held to be whatever
    fits its use: fewer misses, more that never happens. ``spare`` is how many times as often functions are looked at
    where few need it. ``targets`` is how many functions one call may mean: of more nothing is said.
    """

    classes: int = 20
    functions: int = 40
    things: int = 12
    candidates: int = 3
    callbacks: int = 40
    visits: int = 6
    depth: int = 3
    widens: bool = False
    runs: int = 30
    contexts: int = 1000
    reads: int = 20_000
    spare: int = 1
    targets: int = 200


TABLE = (40, 200, 12, 200, 100)  # classes, functions, things, generators, errors that a container may hold
STRING: Value = ("instance", "builtins.str", True)
PLAIN = frozenset(f"builtins.{name}" for name in "str int float bool bytes NoneType slice complex range".split())
KINDS = {
    "instance": 0,
    "class": 0,
    "function": 1,
    "bound": 1,
    "generator": 3,
    "manager": 3,
    "partial": 1,
    "container": 2,
    "method": 2,
    "any": 2,
    "external": 2,
    "caught": 4,
    "group": 4,
    "under": 4,
    "given": 4,
}


OPEN_KINDS = HELD | {"unknown", "any"}
VAGUE = OPEN_KINDS | {"parameter", "made"}  # kinds that do not say what is called
ERROR = 4  # the kind of what handlers caught: too many are any error
MAX_MEMBERS = 8  # functions, classes or instances that are told apart where many may stand; more are one value
MAX_OTHERS = 12  # values of all other kinds that a slot accepts
MINOR = frozenset([UNKNOWN, STRING])  # uninformative where something is known


class Slot:
    """A place that holds values; ``readers`` are the statements to run anew when it grows.

    ``members`` are the attributes of values that are joined from it, among others; see Members.

    ``counts`` holds how many classes, functions and other things there are: a kind with too many is closed, and UNKNOWN
    stands for all of it, ANY_ERROR for errors.
    """

    __slots__ = ("counts", "fixed", "holds", "members", "readers", "values")

    def __init__(self, holds: bool = False) -> None:
        self.holds = holds  # the members of a container: many functions are a table of them
        self.values: set[Value] = set()
        self.readers: dict[Any, None] | None = None  # None as long as there are none: a program has many slots
        self.members: dict[Any, None] | None = None
        self.fixed = False
        self.counts = bytearray(5)  # none is above the highest limit, and one

    def joined_by(self, members: Any) -> None:
        """Remember what is joined from the slot."""
        if self.members is None:
            self.members = {}
        self.members[members] = None

    def add(self, values: Iterable[Value], limits: Limits) -> bool:
        """Add values, and return whether that changed anything."""
        if self.fixed:
            return False
        known = self.values
        changed = False
        minor = MINOR if known and not limits.widens else EMPTY
        for one in values:
            if one in known:
                continue
            kind = KINDS.get(one[0])
            if kind is not None:
                if kind == 0 and one[1] in PLAIN and one[0] == "instance":
                    changed = changed or not known
                    known.add(STRING)  # only the fact that it is not an object of the program matters
                    continue
                most = TABLE[kind] if self.holds else (limits.classes, limits.functions, limits.things, 200, 100)[kind]
                many = ANY_ERROR if kind == ERROR else UNKNOWN
                if self.counts[kind] > most:
                    one = many
                else:
                    self.counts[kind] += 1
                    if self.counts[kind] > most:
                        self.values = known = {each for each in known if KINDS.get(each[0]) != kind}
                        one = many
            elif len(known) - sum(self.counts) > MAX_OTHERS:
                one = UNKNOWN
            if one not in known:
                known.add(one)
                changed = changed or one not in minor
        return changed


class Spread(set[Value]):
    """What ``*args`` and ``**kwargs`` give: ``star`` by place, ``texts`` by name, ``loose`` by a name not known."""

    def __init__(self, star: Iterable[Value], texts: dict[str, set[Value]], loose: Iterable[Value]) -> None:
        super().__init__(star)
        self.star = set(self)
        self.texts = texts
        self.loose = set(loose)
        self.update(self.loose, *texts.values())

    def under(self, name: str) -> Values:
        """Return what may be given under a name."""
        return self.loose | self.texts.get(name, EMPTY)


def spread(values: Values) -> Spread:
    """Return the starred arguments of a call; of plain values no names are known."""
    return values if isinstance(values, Spread) else Spread(values, {}, values)


class Texts(dict[Any, str]):
    """The texts that values are sorted by, each made once: sorting asks for them without a call of ours."""

    def __init__(self, make: Callable[[Any], str]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, value: Any) -> str:
        found = self[value] = self.make(value)
        return found


class Order:
    """The order in which values are processed, the same in every run: that of a set follows its hashes."""

    def __init__(self) -> None:
        self._texts = Texts(self.text)
        self._orders: dict[frozenset[Value], list[Value]] = {}  # of larger sets: a set knows the hashes of its members
        self._numbers: dict[int, int] = {}

    def __call__(self, values: Iterable[Value]) -> list[Value]:
        """Return values in order.

        >>> Order()({("unknown",), ("external", "os"), ("error",)})
        [('error',), ('external', 'os'), ('unknown',)]
        """
        found = list(values)
        if len(found) > MAX_MEMBERS and isinstance(values, set | frozenset):
            key = frozenset(values)
            known = self._orders.get(key)
            if known is None:
                known = self._orders[key] = sorted(key, key=self._texts.__getitem__)
            return known[:]
        if len(found) > 1:
            found.sort(key=self._texts.__getitem__)
        return found

    def forget(self) -> None:
        """Release the orders of sets, which are made again if they are needed."""
        self._orders.clear()

    def number(self, code: Any) -> int:
        """Return the number of a piece of code, counted from the first that was asked for."""
        return self._numbers.setdefault(id(code), len(self._numbers))

    def text(self, part: Any) -> str:
        """Return a unique text for a value, or a part of one."""
        if isinstance(part, tuple):
            return f"({','.join([self._texts[one] if isinstance(one, tuple) else self.text(one) for one in part])})"
        if isinstance(part, Definition):
            return f"{part.module.path}:{part.number:05}"
        if isinstance(part, Module):
            return part.path
        return str(part)


def instance_of(cls: Definition | str, exact: bool = True) -> Value:
    """Return the value for an instance of a class."""
    return ("instance", cls, exact)


def lasting(values: Values) -> Values:
    """Return values for a place that others read: the values of parameters are known there."""
    found = {one for one in values if one[0] not in ("parameter", "made")}
    return found or values


def specialised(value: Value, receiver: Value, cls: Definition | None) -> Value:
    """Return a method's result for its own receiver: ``return self`` returns the receiver itself."""
    if value[0] == "prefixed":
        return ("prefixed", specialised(value[1], receiver, cls), value[2])
    if value[0] in ("instance", "class") and value[1] is cls and not value[2] and receiver[0] in ("instance", "class"):
        return (value[0], receiver[1], receiver[2])
    return value
