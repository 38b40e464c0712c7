"""The report for a terminal."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from flext_codemods.audit.contracts.contract import Contract
from flext_codemods.audit.report import MEANINGS, AuditReport, count
from flext_codemods.audit.trees import Branch

__all__ = ["as_boundary", "as_contract", "as_text", "as_tree"]

CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
WIDTH = 120
WIDEST = 1000  # of lines that end with the path of a file


def plain(value: object) -> Text:
    """Return a text without control characters, which a terminal would interpret."""
    return Text(CONTROLS.sub(lambda match: f"\\x{ord(match[0]):02x}", str(value)))


def table(title: str, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> Table:
    """Return a table."""
    found = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for one in columns:
        found.add_column(one, overflow="fold")
    for row in rows:
        found.add_row(*(plain(cell) for cell in row))
    return found


def printed(*parts: object, width: int = WIDTH) -> str:
    """Return some parts rendered by rich, without colours: a report may go to a file."""
    console = Console(file=io.StringIO(), width=width, no_color=True, legacy_windows=False)
    for one in parts:
        console.print(one, highlight=False, markup=False)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in text.splitlines())


def as_text(report: AuditReport) -> str:
    """Return the report as text: adoption, classes, the contract, what there is to do."""
    total = report.inventory.total
    share = "no raise statement counts" if total.percent is None else f"{total.percent} % of raises are typed"
    parts: list[object] = [
        f"{count(report.files, 'file')}, {count(report.lines, 'line')}: {share} ({total.typed} of {total.countable})"
    ]
    if report.next_step is not None:
        parts.append(f"next: {report.next_step.sentence()}")
    kinds = list(report.inventory.counts)
    rows = [
        (one.package, "" if one.percent is None else f"{one.percent}", *(one.counts[kind] or "" for kind in kinds))
        for one in report.inventory.packages
    ]
    if rows:
        parts += ["", table("Raises by package", ["package", "typed %", *kinds], rows)]
    if report.inventory.classes:
        rows = [
            (
                one.name,
                ", ".join(base.removeprefix("builtins.") for base in one.bases),
                one.code,
                one.raised,
                one.caught,
            )
            for one in report.inventory.classes
        ]
        parts += ["", table("Exception classes", ["class", "base", "code", "raised", "caught"], rows)]
    does: dict[str, int] = {}
    for handler in report.inventory.handlers:
        does[handler.does] = does.get(handler.does, 0) + 1
    if does:
        parts += ["", table("Handlers", ["what they do with the error", "number"], sorted(does.items()))]
    if report.contracts:
        parts += ["", contract_summary(report.contracts), "audit --contract shows each answer, and where it is raised"]
    parts += ["", *tail(report)]
    return printed(*parts)


def tail(report: AuditReport) -> list[object]:
    """Return the end of each report."""
    open_ones = sum(one.open for one in report.functions)
    parts: list[object] = [
        table("Numbers", ["", "now"], [(MEANINGS[k], v) for k, v in report.numbers._asdict().items()])
    ]
    parts.append(f"{count(len(report.functions), 'function')}, {open_ones} of which call something unknown")
    parts += [plain(f"worse: {one}") for one in report.worse]
    if report.baseline:
        parts.append(plain(f"baseline {report.baseline}"))
    if len(report.trend) > 1:
        rows = [
            (one.commit, one.date, "" if one.percent is None else one.percent, *one.numbers) for one in report.trend
        ]
        parts += ["", table("Trend", ["commit", "date", "typed %", *report.trend[0].numbers._fields], rows)]
    return parts


def contract_summary(contracts: tuple[Contract, ...]) -> Table:
    """Return a row for each entry point: its unhandled errors, and the number of the others."""
    rows = []
    for one in sorted(contracts, key=lambda each: (not each.unhandled, each.name)):
        unhandled = [error for error in one.unhandled if error.path != "*"]
        names = ", ".join(dict.fromkeys(error.name for error in unhandled))
        anything = "yes" if any(error.path == "*" for error in one.errors) else ""
        rows.append((one.kind, one.name, names, sum(error.handled for error in one.errors), anything))
    return table("Entry points", ["", "name", "unhandled", "handled", "open"], rows)


def contract_tables(contracts: tuple[Contract, ...]) -> Iterator[object]:
    """Yield each entry point with a row for each answer, the unhandled ones first.

    Places that raise an error are on lines of their own, unbroken, so that they can be copied.
    """
    for contract in sorted(contracts, key=lambda one: (not one.unhandled, one.name)):
        found = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        found.add_column(min_width=6, justify="right")  # status
        for width in (24, 24, 9, 24):  # code, error, "unhandled", who answers it
            found.add_column(width=width, overflow="fold")
        found.add_column(no_wrap=True)
        for error in contract.errors:
            name = "anything" if error.path == "*" else error.name
            mark = "" if error.handled else "unhandled"
            status = "" if error.status is None else error.status
            cells = map(plain, (status, error.code, name, mark, error.by))
            found.add_row(*cells, Text("\n").join(map(plain, error.raised[:2])))
        yield plain(contract.name)
        yield found
        yield ""


def as_contract(report: AuditReport) -> str:
    """Return the contract alone, and what changed in it."""
    if not report.contracts:
        return "no entry points found"
    parts: list[object] = [*contract_tables(report.contracts), *(plain(one.sentence()) for one in report.changes)]
    return printed(*parts, width=WIDEST).rstrip("\n")


def as_boundary(rows: list[tuple[str, str, int, str]]) -> str:
    """Return what leaves public functions untyped: one row per function and class."""
    if not rows:
        return "nothing untyped leaves a public function"
    return printed(
        table("Untyped errors that public functions may raise", ["function", "class", "line", "raised at"], rows)
    )


def as_tree(name: str, branches: Iterable[Branch]) -> str:
    """Return the errors of a function with their ways as a tree."""
    root = Tree(plain(name))
    waiting: list[tuple[Tree, Iterable[Branch]]] = [(root, branches)]
    while waiting:
        tree, inner = waiting.pop()
        for one in inner:
            waiting.append((tree.add(plain(one.label)), one.inner))
    return printed(root)
