"""SARIF 2.1.0, the OASIS standard for results of analysis, which editors and code hosts read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.metadata import version
from urllib.parse import quote

from flext_lint.check.violation import Violation
from flext_lint.rule import all_rules

__all__ = ["render"]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(violations: Sequence[Violation]) -> str:
    """Return a log with one run: the rules that found something, and a result for each finding."""
    codes = sorted({one.code for one in violations})
    driver = {
        "name": "flext-lint",
        "version": version("flext-exceptions"),
        "rules": [described(code) for code in codes],
    }
    results = [
        {
            "ruleId": one.code,
            "ruleIndex": codes.index(one.code),
            "level": "warning",
            "message": {"text": one.message},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": quote(one.path.replace("\\", "/"), errors="surrogateescape")},
                        "region": {"startLine": one.line, "startColumn": one.column},
                    }
                }
            ],
        }
        for one in violations
    ]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1, ensure_ascii=False)


def described(code: str) -> dict[str, object]:
    """Return a rule as a log describes it."""
    rule = all_rules().get(code)
    if rule is None:
        return {"id": code, "shortDescription": {"text": "A file that cannot be read, or an outdated baseline."}}
    return {
        "id": code,
        "name": rule.name,
        "shortDescription": {"text": rule.flags},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.fix},
    }
