"""The report for programs: every site with its recipe, status, reason and target."""

from __future__ import annotations

import json

from flext_codemods.project.paths import relative
from flext_codemods.project.skip import Skip
from flext_codemods.reports.observer_costs import freed_sites
from flext_codemods.reports.report import Report, status

__all__ = ["as_json"]


def location_of(skip: Skip | None) -> dict[str, object] | None:
    """Return the location of the reason of a site, None if it needs none."""
    location = skip.location if skip else None
    return {"path": relative(location.path), "line": location.line} if location else None


def as_json(report: Report) -> str:
    """Return the report as JSON."""
    body = {
        "version": 1,
        "summary": {
            "files": report.files,
            "lines": report.lines,
            "changed": len(report.changed()),
            "rewritten": len(report.migrated()),
            "migratable": report.migratable(),
            "migrated": report.raises(),
            "left": dict(sorted(report.left().items())),
            "freed_by_observers": freed_sites(report.results),
            "seconds": round(report.seconds, 3),
        },
        "sites": [
            {
                "path": relative(result.path),
                "line": finding.line,
                "column": finding.column,
                "recipe": finding.recipe,
                "status": status(result, finding),
                "builtin": finding.builtin,
                "target": finding.target,
                "reason": finding.reason,
                "detail": finding.detail,
                "location": location_of(finding.skip),
                "freed_by": finding.skip.freed_by if finding.skip else "",
            }
            for result, finding in report.findings()
        ],
        "files_left": [
            {"path": relative(result.path), "reason": result.reason, "detail": result.detail}
            for result in report.results
            if result.reason
        ],
        "observers": [
            {
                "path": relative(cost.observer.location.path),
                "line": cost.observer.location.line,
                "kind": cost.observer.kind,
                "what": cost.observer.what,
                "sites": cost.sites,
                "freed": cost.freed,
                "fix": cost.fix,
            }
            for cost in report.observers
        ],
        "may_break": [place._asdict() | {"path": relative(place.path)} for place in report.shown],
        "advice": list(report.advice),
        "warnings": list(report.warnings),
        "errors": list(report.errors),
    }
    return json.dumps(body, indent=2)
