"""The result of an audit: data that each format reads."""

from __future__ import annotations

from typing import Any, NamedTuple

from flext_codemods.audit.contracts.contract import Contract
from flext_codemods.audit.documentation.check import DocFinding
from flext_codemods.audit.escapes import FunctionEscapes
from flext_codemods.audit.inventory import Inventory
from flext_codemods.audit.program import Problem

__all__ = ["AuditReport", "Change", "NextStep", "Numbers", "Point", "Row", "count", "numbers_of"]

Row = dict[str, Any]


class Numbers(NamedTuple):
    """The numbers that may only improve."""

    untyped: int
    unhandled: int
    undocumented: int
    untested: int


MEANINGS = {
    "untyped": "raises that are not typed",
    "unhandled": "errors that leave an entry point unhandled",
    "undocumented": "errors that a docstring does not name",
    "untested": "error codes that no test names",
}


class NextStep(NamedTuple):
    """What ``migrate`` would do: raises that it would migrate, all candidates, those left for each reason."""

    moved: int
    movable: int
    left: tuple[tuple[str, int], ...]

    def sentence(self) -> str:
        """Return the text for the report.

        >>> NextStep(212, 260, (("typed-handler", 31),)).sentence()
        'migrate would rewrite 212 of 260 migratable raises; left: 31 typed-handler'
        """
        if not self.movable:
            return "migrate has nothing to move"
        rest = ", ".join(f"{number} {reason}" for reason, number in self.left)
        return f"migrate would rewrite {self.moved} of {count(self.movable, 'migratable raise')}" + (
            f"; left: {rest}" if rest else ""
        )


class Change(NamedTuple):
    """A change of the contract: an entry point is "added" or "removed", an answer of it "new" or "gone"."""

    name: str
    kind: str
    what: str
    entry: str = "route"

    def sentence(self) -> str:
        """Return the text for the report.

        >>> Change("POST /orders", "new", "409 ORDER_SOLD_OUT").sentence()
        'POST /orders may now answer 409 ORDER_SOLD_OUT'
        """
        if self.kind in ("added", "removed"):
            return f"{self.name} is {'new' if self.kind == 'added' else 'gone'}"
        verb, verbs = ("answer", "answers") if self.entry == "route" else ("end with", "ends with")
        return f"{self.name} {f'may now {verb}' if self.kind == 'new' else f'no longer {verbs}'} {self.what}"


class Point(NamedTuple):
    """The numbers at a commit: its short name, its date (ISO 8601), the share of typed raises in percent."""

    commit: str
    date: str
    numbers: Numbers
    percent: float | None


class AuditReport(NamedTuple):
    """All results of an audit."""

    functions: tuple[FunctionEscapes, ...]
    inventory: Inventory
    contracts: tuple[Contract, ...]
    docs: tuple[DocFinding, ...]
    numbers: Numbers
    problems: tuple[Problem, ...]
    files: int
    lines: int
    seconds: float
    next_step: NextStep | None = None
    trend: tuple[Point, ...] = ()
    changes: tuple[Change, ...] = ()
    worse: tuple[str, ...] = ()
    baseline: str = ""


def numbers_of(inventory: Inventory, contracts: tuple[Contract, ...], docs: tuple[DocFinding, ...]) -> Numbers:
    """Return the numbers of an audit; an unknown error does not count as unhandled."""
    total = inventory.total
    return Numbers(
        total.countable - total.typed,
        sum(one.path != "*" for contract in contracts for one in contract.unhandled),
        sum(one.kind == "missing" for one in docs),
        sum(not one.tested for one in inventory.codes),
    )


def count(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> count(1, "site"), count(2, "class"), count(0, "entry")
    ('1 site', '2 classes', '0 entries')
    """
    if number == 1:
        return f"1 {noun}"
    if noun.endswith("y"):
        return f"{number:,} {noun[:-1]}ies"
    return f"{number:,} {noun}es" if noun.endswith(("s", "sh", "x")) else f"{number:,} {noun}s"
