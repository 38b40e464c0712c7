"""The report as JSON; ``docs/audit.md`` describes it."""

from __future__ import annotations

import json
from typing import Any

from flext_codemods.audit.contracts.contract import Contract
from flext_codemods.audit.report import AuditReport

__all__ = ["as_json", "contract_rows"]

VERSION = 1


def as_json(report: AuditReport) -> str:
    """Return the report as one JSON object."""
    return json.dumps(document(report))


def document(report: AuditReport) -> dict[str, Any]:
    """Return the report as data."""
    functions: dict[str, list[dict[str, Any]]] = {}
    tables: dict[str, list[dict[str, Any]]] = {}
    same: dict[int, dict[str, Any]] = {}  # the same errors leave many functions
    for one in report.functions:
        rows = functions.setdefault(one.name, [])
        known = {row["class"] for row in rows}
        for each in one.leaving:
            if each.path not in known:
                row = same.get(id(each))
                if row is None:
                    row = {"class": each.path, "raised" if each.own else "called": list(each.raised)}
                    same[id(each)] = row
                (rows if each.own else tables.setdefault(one.name, [])).append(row)
    inventory = report.inventory
    total = inventory.total
    return {
        "version": VERSION,
        "summary": {
            "files": report.files,
            "lines": report.lines,
            "seconds": round(report.seconds, 3),
            "functions": len(functions),
            "raises": inventory.counts,
            "typed": total.typed,
            "countable": total.countable,
            "percent": total.percent,
            "numbers": report.numbers._asdict(),
            "next_step": None if report.next_step is None else report.next_step._asdict(),
        },
        "functions": functions,
        "tables": tables,
        "open": [one.name for one in report.functions if one.open],
        "raises": [one._asdict() for one in inventory.sites],
        "handlers": [one._asdict() for one in inventory.handlers],
        "classes": [one._asdict() for one in inventory.classes],
        "codes": [one._asdict() for one in inventory.codes],
        "packages": [{**one._asdict(), "percent": one.percent} for one in inventory.packages],
        "contract": contract_rows(report.contracts),
        "documentation": [one._asdict() for one in report.docs],
        "trend": [{**one._asdict(), "numbers": one.numbers._asdict()} for one in report.trend],
        "changes": [{**one._asdict(), "sentence": one.sentence()} for one in report.changes],
        "worse": list(report.worse),
        "problems": [one._asdict() for one in report.problems],
    }


def contract_rows(contracts: tuple[Contract, ...]) -> list[dict[str, Any]]:
    """Return the contract as data."""
    return [{**one._asdict(), "errors": [error._asdict() for error in one.errors]} for one in contracts]
