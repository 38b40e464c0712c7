"""The errors of a program as the bits of one number, so that sets of them are joined and filtered quickly.

A bit is one error: a class that leaves somewhere, with the place that raises it if the sites are requested. Bit 0 is
OPEN: something is not known. Bit 1 is OPEN too: so much flows through a function that it was not followed to the end.
Some bits represent the argument for a parameter; each call inserts its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from flext_analysis.escapes.engine import Engine
from flext_analysis.escapes.values import Context
from flext_analysis.program.hierarchy import ClassInfo
from flext_analysis.summaries.definitions import Definition

__all__ = [
    "ANY",
    "CUT",
    "OPEN",
    "OPEN_BITS",
    "CatchSet",
    "ErrorTable",
    "Filter",
    "RaisedError",
    "Site",
    "Symbol",
    "bits",
]

CUT = 2  # the bit for what was not followed to the end
OPEN_BITS = 1 | CUT
FEW = 12  # bits that are faster taken one by one than by way of a text
OPEN = "*"  # the name of an error about which nothing is known
ANY = "**"  # that of one that is certainly an error of the program, but not known which
EVERYTHING = frozenset(["builtins.Exception", "builtins.BaseException"])
Site = tuple[str, int]  # path of the file, position
# handlers that a symbol records; further ones let it pass
MAX_FILTERS = {"raise": 4, "call": 2, "handed": 1, "current": 0}


class RaisedError(NamedTuple):
    """A class that is raised: its dotted name, its place, and whether that is from a table.

    ``site`` is None if the places are not distinguished.
    """

    path: str
    site: Site | None
    from_table: bool


class Filter(NamedTuple):
    """A clause that an error has met: ``caught`` is whether it was caught there, or passed."""

    clause: CatchSet
    caught: bool


class Symbol(NamedTuple):
    """What a parameter stands for.

    Either errors that are raised ("raise"), or functions that are called ("call"), or that are passed to outside code,
    which may call them ("handed"); or the error that is being handled ("current").

    ``site`` is the place of the raise; ``filters`` are the clauses that it has passed, and those that caught it.
    """

    use: str
    definition: Definition
    context: Context
    name: str
    site: Site | None
    filters: frozenset[Filter] = frozenset()


def bits(mask: int) -> Iterator[int]:
    """Yield the numbers of the bits that are set.

    >>> list(bits(0b1010))
    [1, 3]
    """
    if mask.bit_count() <= FEW:
        while mask:
            lowest = mask & -mask
            yield lowest.bit_length() - 1
            mask ^= lowest
        return
    text = bin(mask)[:1:-1]  # numbers of thousands of bits are slow to take apart bit by bit
    number = text.find("1")
    while number >= 0:
        yield number
        number = text.find("1", number + 1)


class CatchSet:
    """The classes that a clause names, and which errors it catches certainly or possibly.

    ``infos`` is None for a bare ``except``; None among them stands for a class that is not known.
    """

    __slots__ = ("infos", "is_total", "may", "names", "seen", "sure")

    def __init__(self, infos: tuple[ClassInfo | None, ...] | None) -> None:
        self.infos = infos
        self.seen = 0  # errors that were checked
        self.sure = 0
        self.may = 0
        self.names = frozenset(one.path for one in infos or () if one is not None)
        # everything that is not an exit of the program
        self.is_total = infos is None or not self.names.isdisjoint(EVERYTHING)

    def catches(self, ancestors: frozenset[str], whole: bool) -> bool:
        """Return whether an error with these ancestors is certainly caught."""
        return self.infos is None or not self.names.isdisjoint(ancestors) or (not whole and self.is_total)

    def may_catch(self, error: RaisedError) -> bool:
        """Return whether an error may be below one of the classes; in a table, it is below its package's own."""
        kin = "builtins", error.path.partition(".")[0]
        return not error.from_table or any(one is None or one.path.partition(".")[0] in kin for one in self.infos or ())


class ErrorTable:
    """All errors of a program, with the number of each."""

    def __init__(self, engine: Engine, sites: bool) -> None:
        self.engine = engine
        self.sites = sites
        self.entries: list[RaisedError | Symbol] = [RaisedError(OPEN, None, False), RaisedError(OPEN, None, True)]
        self.numbers: dict[RaisedError | Symbol, int] = {one: number for number, one in enumerate(self.entries)}
        self.symbols = 0
        self.tables = 0
        self.classes: dict[str, int] = {}  # the errors of each class, wherever it is raised
        self.sorted: dict[int, tuple[RaisedError, ...]] = {}  # those of one class, see EscapeAnalysis.by_class
        self.anything = 0  # the bits of errors of which any may be one
        self.kin: dict[tuple[Any, ...], list[int]] = {}  # see alike
        self._catch_sets: dict[Any, CatchSet] = {}
        self._ancestors: dict[str, tuple[frozenset[str], bool]] = {}

    def bit(self, entry: RaisedError | Symbol) -> int:
        """Return the bit of an error or symbol."""
        number = self.numbers.get(entry)
        if number is None:
            number = self.numbers[entry] = len(self.entries)
            self.entries.append(entry)
            if isinstance(entry, Symbol):
                self.symbols |= 1 << number
                self.kin.setdefault(entry[:5], []).append(number)
            else:
                self.classes[entry.path] = self.classes.get(entry.path, 0) | 1 << number
                if entry.path == ANY:
                    self.anything |= 1 << number
                elif entry.from_table:
                    self.tables |= 1 << number
        return 1 << number

    def alike(self, symbol: Symbol) -> list[int]:
        """Return the numbers of a symbol and of what handlers have let pass of it."""
        return self.kin[symbol[:5]]

    def error(self, path: str, site: Site | None, from_table: bool = False) -> int:
        """Return the bit of a class that is raised somewhere."""
        return self.bit(RaisedError(path, site if self.sites else None, from_table))

    def ancestors(self, path: str) -> tuple[frozenset[str], bool]:
        """Return the names of the ancestors of a class, and whether these are all."""
        known = self._ancestors.get(path)
        if known is None:
            definition = self.engine.classes.get(path)
            info = self.engine.info(definition if definition is not None else path)
            known = self._ancestors[path] = info.ancestors, info.whole
        return known

    def catch_set(self, infos: Iterable[ClassInfo | None] | None) -> CatchSet:
        """Return the single catch set of some classes."""
        key = None if infos is None else frozenset(infos)
        found = self._catch_sets.get(key)
        if found is None:
            members = None if key is None else tuple(sorted(key, key=lambda one: one.path if one else ""))
            found = self._catch_sets[key] = CatchSet(members)
        return found

    def caught(self, mask: int, clause: CatchSet) -> tuple[int, int]:
        """Return which errors a clause certainly catches, and which it may catch. Symbols may always be caught."""
        new = mask & ~clause.seen
        if new:
            unknown = new & (self.symbols | OPEN_BITS)
            clause.may |= unknown
            if clause.is_total:
                clause.sure |= unknown
            for number in bits(new & ~unknown):
                entry = self.entries[number]
                assert isinstance(entry, RaisedError)
                ancestors, whole = self.ancestors(entry.path)
                sure = clause.catches(ancestors, whole)
                if sure:
                    clause.sure |= 1 << number
                if sure or clause.infos is None or None in clause.infos or (not whole and clause.may_catch(entry)):
                    clause.may |= 1 << number
            clause.seen |= new
        return mask & clause.sure, mask & clause.may

    def passed(self, mask: int, clause: CatchSet) -> int:
        """Return what passes a clause; symbols record it."""
        sure, _ = self.caught(mask, clause)
        return self.remembered(mask & ~sure, Filter(clause, False))

    def held(self, mask: int, clause: CatchSet) -> int:
        """Return what a clause catches; symbols record it."""
        sure, may = self.caught(mask, clause)
        found = sure | may
        return found if clause.infos is None else self.remembered(found, Filter(clause, True))

    def filtered(self, mask: int, one: Filter) -> int:
        """Return what a filter lets through."""
        return self.held(mask, one.clause) if one.caught else self.passed(mask, one.clause)

    def remembered(self, mask: int, one: Filter) -> int:
        """Return some errors with the symbols among them behind one more filter."""
        symbols = mask & self.symbols
        if symbols:
            mask &= ~symbols
            for number in bits(symbols):
                entry = self.entries[number]
                assert isinstance(entry, Symbol)
                if len(entry.filters) < MAX_FILTERS[entry.use]:
                    entry = entry._replace(filters=entry.filters | {one})
                mask |= self.bit(entry)
        return mask
