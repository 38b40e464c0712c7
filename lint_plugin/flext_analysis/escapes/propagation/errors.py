"""The errors of a program as the bits of one number, so that a set of them is joined and filtered at once.

A bit is one error: a class that leaves somewhere, with the place that raises it where the sites are asked for. Bit 0
is OPEN: something is not known. Some bits stand for what a parameter is given; each call puts in what it gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from flext_analysis.escapes.engine import Engine
from flext_analysis.escapes.values import Context
from flext_analysis.program.hierarchy import ClassInfo
from flext_analysis.summaries.definitions import Definition

__all__ = ["ANY", "OPEN", "CatchSet", "ErrorTable", "RaisedError", "Site", "Symbol", "bits"]

OPEN = "*"  # the name of an error of which nothing is known
ANY = "**"  # that of one that is sure to be an error of the program, whichever
EVERYTHING = frozenset(["builtins.Exception", "builtins.BaseException"])
Site = tuple[str, int]  # path of the file, position


class RaisedError(NamedTuple):
    """A class that is raised: its dotted name, its place, and whether a table says so.

    ``site`` is None where the places are not told apart.
    """

    path: str
    site: Site | None
    from_table: bool


class Symbol(NamedTuple):
    """What a parameter stands for: errors that are raised ("raise"), or functions that are called ("call"), or that are
    handed to code outside, which may call them ("handed"); or the error that is being handled ("current").

    ``site`` is the place of the raise; ``filters`` are the handlers that it has passed.
    """

    use: str
    definition: Definition
    context: Context
    name: str
    site: Site | None
    filters: frozenset[CatchSet] = frozenset()


def bits(mask: int) -> Iterator[int]:
    """Yield the numbers of the bits that are set.

    >>> list(bits(0b1010))
    [1, 3]
    """
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


class CatchSet:
    """The classes that a clause names, and which errors it catches surely or perhaps.

    ``infos`` is None for a bare ``except``; None among them stands for a class that is not known.
    """

    __slots__ = ("count", "infos", "may", "sure")

    def __init__(self, infos: tuple[ClassInfo | None, ...] | None) -> None:
        self.infos = infos
        self.count = 0  # errors that were looked at
        self.sure = 0
        self.may = 0

    @property
    def is_total(self) -> bool:
        """Whether it catches whatever is no exit of the program."""
        return self.infos is None or any(one is not None and one.path in EVERYTHING for one in self.infos)

    def catches(self, ancestors: frozenset[str], whole: bool) -> bool:
        """Say whether an error with these ancestors is surely caught."""
        if self.infos is None:
            return True
        return any(
            one is not None and (one.path in ancestors or (not whole and one.path in EVERYTHING)) for one in self.infos
        )


class ErrorTable:
    """All errors of a program, with the number of each."""

    def __init__(self, engine: Engine, sites: bool) -> None:
        self.engine = engine
        self.sites = sites
        self.entries: list[RaisedError | Symbol] = [RaisedError(OPEN, None, False)]
        self.numbers: dict[RaisedError | Symbol, int] = {self.entries[0]: 0}
        self.symbols = 0
        self.tables = 0
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
            elif entry.from_table:
                self.tables |= 1 << number
        return 1 << number

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
        """Return the one catch set of some classes."""
        key = None if infos is None else frozenset(infos)
        found = self._catch_sets.get(key)
        if found is None:
            members = None if key is None else tuple(sorted(key, key=lambda one: one.path if one else ""))
            found = self._catch_sets[key] = CatchSet(members)
        return found

    def caught(self, mask: int, clause: CatchSet) -> tuple[int, int]:
        """Return which of some errors a clause catches surely, and which it may catch. Symbols may always be caught."""
        for number in range(clause.count, len(self.entries)):
            entry = self.entries[number]
            if number == 0 or isinstance(entry, Symbol):
                sure = clause.is_total
                may = True
            else:
                ancestors, whole = self.ancestors(entry.path)
                sure = clause.catches(ancestors, whole)
                may = clause.infos is None or None in clause.infos or not whole
            if sure:
                clause.sure |= 1 << number
            if sure or may:
                clause.may |= 1 << number
        clause.count = len(self.entries)
        return mask & clause.sure, mask & clause.may

    def passed(self, mask: int, clause: CatchSet) -> int:
        """Return what goes past a clause; symbols remember it."""
        sure, _ = self.caught(mask, clause)
        left = mask & ~sure
        symbols = left & self.symbols
        if symbols:
            left &= ~symbols
            for number in bits(symbols):
                entry = self.entries[number]
                assert isinstance(entry, Symbol)
                if len(entry.filters) < 4:
                    entry = entry._replace(filters=entry.filters | {clause})
                left |= self.bit(entry)
        return left
