"""Findings of an audit for people to look at: one per place, for SARIF and GitHub."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from flext_codemods.audit.report import AuditReport

__all__ = ["RULES", "Finding", "findings_of"]

RULES = {
    "unhandled-error": ("error", "An error leaves an entry point unhandled."),
    "untyped-raise": ("warning", "A raise statement raises a builtin error or Exception, which has no code."),
    "undocumented-error": ("warning", "A docstring does not name an error that the function may raise."),
    "stale-raises": ("warning", "A docstring names an error that the function does not raise."),
    "untested-code": ("note", "No test names an error code or one of its classes."),
    "unreadable-file": ("error", "A file could not be read or parsed."),
}


class Finding(NamedTuple):
    """A place to look at."""

    rule: str
    path: str
    line: int
    column: int
    message: str


def findings_of(report: AuditReport) -> Iterator[Finding]:
    """Yield the findings of an audit, the most severe first."""
    for problem in report.problems:
        yield Finding("unreadable-file", problem.path, 1, 1, problem.why)
    for contract in report.contracts:
        for error in contract.unhandled:
            if error.path == "*":
                continue
            path, line = place_of(contract.function, contract.line)
            raised = f", raised at {', '.join(error.raised[:3])}" if error.raised else ""
            status = f" ({error.status})" if error.status is not None else ""
            yield Finding(
                "unhandled-error", path, line, 1, f"{contract.name}: {error.path}{status} is not handled{raised}"
            )
    for site in report.inventory.sites:
        if site.kind in ("builtin", "untyped") and not site.protocol:
            text = f"raises {', '.join(one.removeprefix('builtins.') for one in site.classes)}, which is not typed"
            yield Finding("untyped-raise", site.path, site.line, site.column, text)
    for doc in report.docs:
        if doc.kind == "missing":
            yield Finding("undocumented-error", doc.path, doc.line, 1, f"the docstring does not name {doc.name}")
        else:
            text = f"the docstring names {doc.name}, which the function does not raise"
            yield Finding("stale-raises", doc.path, doc.line, 1, text)
    for row in report.inventory.codes:
        if not row.tested:
            sites = (one for one in report.inventory.sites if set(one.classes) & set(row.classes))
            for first in islice(sites, 1):
                yield Finding("untested-code", first.path, first.line, first.column, f"no test names {row.code}")


def place_of(function: str, line: int) -> tuple[str, int]:
    """Return the file and line of a function by its name in reports."""
    return function.partition("::")[0], max(line, 1)
