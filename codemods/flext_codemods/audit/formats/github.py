"""The findings of an audit as workflow commands of GitHub Actions, then the numbers in plain lines."""

from __future__ import annotations

from flext_codemods.audit.findings import RULES, findings_of
from flext_codemods.audit.report import MEANINGS, AuditReport

__all__ = ["as_github"]

ESCAPES = {"%": "%25", "\r": "%0D", "\n": "%0A"}
IN_TEXT = str.maketrans(ESCAPES)
IN_PROPERTY = str.maketrans({**ESCAPES, ":": "%3A", ",": "%2C"})
COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def as_github(report: AuditReport) -> str:
    """Return one annotation per finding, errors first, and the numbers."""
    lines = []
    for one in findings_of(report):
        where = {"file": one.path, "line": one.line, "col": one.column, "title": f"flext-codemods audit: {one.rule}"}
        properties = ",".join(f"{key}={str(value).translate(IN_PROPERTY)}" for key, value in where.items())
        lines.append(f"::{COMMANDS[RULES[one.rule][0]]} {properties}::{one.message.translate(IN_TEXT)}")
    lines += [f"::error title=flext-codemods audit%3A worse::{one.translate(IN_TEXT)}" for one in report.worse]
    lines += [f"{MEANINGS[name]}: {value}" for name, value in report.numbers._asdict().items()]
    return "\n".join(lines)
