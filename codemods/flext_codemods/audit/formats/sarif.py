"""The findings of an audit as SARIF 2.1.0."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flext_codemods.audit.findings import RULES, Finding, findings_of
from flext_codemods.audit.report import AuditReport

__all__ = ["as_sarif"]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
ROOT = "%SRCROOT%"


def as_sarif(report: AuditReport) -> str:
    """Return the findings as a SARIF log with one run."""
    names = list(RULES)
    seen: Counter[str] = Counter()
    results = [result(one, names.index(one.rule), seen) for one in findings_of(report)]
    rules = [
        {
            "id": name,
            "shortDescription": {"text": text},
            "fullDescription": {"text": text},
            "help": {"text": text},
            "defaultConfiguration": {"level": level},
        }
        for name, (level, text) in RULES.items()
    ]
    driver = {"name": "flext-codemods audit", "version": version("flext-exceptions"), "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The folder in which the audit was started."}}},
        "results": results,
        "properties": {"numbers": report.numbers._asdict()},
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def result(finding: Finding, index: int, seen: Counter[str]) -> dict[str, Any]:
    """Return one result; its fingerprint does not depend on the lines above."""
    facts = "\0".join([finding.rule, finding.path, finding.message])
    seen[facts] += 1
    fingerprint = hashlib.sha256(f"{facts}\0{seen[facts]}".encode("utf-8", "surrogateescape")).hexdigest()[:32]
    path = Path(finding.path)
    location: dict[str, Any] = {"uri": quote(finding.path.encode("utf-8", "surrogateescape")), "uriBaseId": ROOT}
    if path.is_absolute():
        location = {"uri": path.as_uri()}
    region = {"startLine": max(finding.line, 1), "startColumn": max(finding.column, 1)}
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": RULES[finding.rule][0],
        "message": {"text": finding.message.encode("utf-8", "replace").decode()},
        "locations": [{"physicalLocation": {"artifactLocation": location, "region": region}}],
        "partialFingerprints": {"findingInFile/v1": fingerprint},
    }
