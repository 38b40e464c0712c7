"""The report as Markdown, for a pull request or a page of documentation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flext_codemods.audit.contracts.contract import Contract
from flext_codemods.audit.report import MEANINGS, AuditReport, count

__all__ = ["as_markdown", "contract_markdown"]

SPECIAL = str.maketrans({one: f"\\{one}" for one in "\\`*_{}[]<>#|"} | {"\n": " ", "\r": " "})


def escaped(value: object) -> str:
    """Return a text escaped for Markdown.

    >>> escaped("<script> a|b")
    '\\\\<script\\\\> a\\\\|b'
    """
    return str(value).translate(SPECIAL)


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Yield the lines of a table."""
    names = list(head)
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    for row in rows:
        yield f"| {' | '.join(escaped(cell) for cell in row)} |"


def as_markdown(report: AuditReport) -> str:
    """Return the report as Markdown."""
    return "\n".join(lines(report))


def lines(report: AuditReport) -> Iterator[str]:
    """Yield the lines of the report."""
    total = report.inventory.total
    yield "# Audit of errors"
    yield ""
    share = "no raise statement counts" if total.percent is None else f"{total.percent} % of raises are typed"
    yield f"{count(report.files, 'file')}, {count(report.lines, 'line')}: {share} ({total.typed} of {total.countable})."
    if report.next_step is not None:
        yield f"Next: {report.next_step.sentence()}."
    yield ""
    yield from table(["number", "now"], [(MEANINGS[name], value) for name, value in report.numbers._asdict().items()])
    for one in report.worse:
        yield f"- worse: {escaped(one)}"
    if report.inventory.packages:
        yield from ("", "## Adoption by package", "")
        kinds = list(report.inventory.counts)
        rows = [
            (one.package, "" if one.percent is None else f"{one.percent} %", *(one.counts[kind] for kind in kinds))
            for one in report.inventory.packages
        ]
        yield from table(["package", "typed", *kinds], rows)
    if report.contracts:
        yield from ("", "## Error contract", "")
        yield contract_markdown(report.contracts)
    if report.changes:
        yield from ("", "## Changes of the contract", "")
        yield from (f"- {escaped(one.sentence())}" for one in report.changes)
    if report.docs:
        yield from ("", "## Documentation", "")
        rows = [(f"{one.path}:{one.line}", one.function.partition("::")[2], one.kind, one.name) for one in report.docs]
        yield from table(["place", "function", "what", "error"], rows)
    if report.problems:
        yield from ("", "## Files that could not be read", "")
        yield from (f"- {escaped(one.path)}: {escaped(one.why)}" for one in report.problems)


def contract_markdown(contracts: tuple[Contract, ...]) -> str:
    """Return the contract as a table, the unhandled errors first."""
    rows = []
    for contract in sorted(contracts, key=lambda one: (not one.unhandled, one.name)):
        for error in contract.errors:
            name = "anything" if error.path == "*" else error.name
            handled = error.by if error.handled else f"no: {error.by}"
            status = "" if error.status is None else error.status
            cells = contract.name, status, error.code, name, error.title, "yes" if error.retryable else "no"
            rows.append((*cells, handled, ", ".join(error.raised[:3])))
    head = ["entry point", "status", "code", "error", "title", "retryable", "handled", "raised at"]
    return "\n".join(table(head, rows))
