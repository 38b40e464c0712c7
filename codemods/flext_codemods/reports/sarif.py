"""The report as SARIF 2.1.0, the OASIS standard for results of analysis, which editors and code hosts read.

Locations are those of the files before the run. A site that would be rewritten comes with its fix.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flext_codemods.model.file_result import FileResult
from flext_codemods.model.finding import Edit, Finding
from flext_codemods.project.paths import relative
from flext_codemods.raises.skip_reasons import REASONS
from flext_codemods.recipes import all_recipes
from flext_codemods.reports.observer_costs import ObserverCost
from flext_codemods.reports.positions import Changed
from flext_codemods.reports.report import Report, sentence, status
from flext_codemods.reports.text import on_one_line, what_shows
from flext_codemods.repository.shown_texts import ShownText

__all__ = ["as_sarif"]

Node = dict[str, Any]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
ROOT = "%SRCROOT%"
# Rules besides the recipes.
FILE_LEFT, OBSERVER, MAY_BREAK = "file-left", "observer", "may-break"
MORE_RULES = {
    FILE_LEFT: (
        "A skipped file",
        "The whole file is skipped; the message gives the reason.",
    ),
    OBSERVER: (
        "Code that reads something of an error that would change",
        "It blocks sites; the message says how many, and what can be done about it.",
    ),
    MAY_BREAK: (
        "A test or document that shows a rewritten builtin",
        "The text that it shows may no longer match the program: check it after the migration.",
    ),
}


def as_sarif(report: Report) -> str:
    """Return the report as a SARIF log with one run."""
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [Run(report).node()]})


def message(text: str) -> Node:
    """Return a message; unprintable characters are escaped."""
    return {"text": on_one_line(text)}


def rules() -> list[Node]:
    """Return a rule for each recipe, and for the other results."""
    described = [
        rule(
            recipe.name,
            recipe.summary[0].upper() + recipe.summary[1:],
            f"Rewrites {recipe.before} to {recipe.after}.",
            level="warning",
            properties={"safety": recipe.safety},
        )
        for recipe in all_recipes().values()
    ]
    return described + [rule(name, short, text, level="none") for name, (short, text) in MORE_RULES.items()]


def rule(name: str, short: str, text: str, *, level: str, **more: Node) -> Node:
    """Return the description of a rule."""
    return {
        "id": name,
        "shortDescription": message(f"{short}."),
        "fullDescription": message(f"{short}. {text}"),
        "help": message(text),
        "defaultConfiguration": {"level": level},
        **more,
    }


def driver() -> Node:
    """Return the description of this tool, and of its rules."""
    number = version("flext-exceptions")
    found: Node = {"name": "flext-codemods", "version": number}
    if number.count(".") == 2 and number.replace(".", "").isdecimal():
        found["semanticVersion"] = number  # any other is not a version to semver.org
    return found | {"rules": rules()}


class Run:
    """The parts of a run, which refer to one another by number."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.rules = {rule["id"]: number for number, rule in enumerate(rules())}
        self.artifacts = {result.path: number for number, result in enumerate(report.changed())}
        self.seen: Counter[tuple[str, ...]] = Counter()

    def node(self) -> Node:
        """Return the run."""
        return {
            "tool": {"driver": driver()},
            "invocations": [self.invocation()],
            "columnKind": "unicodeCodePoints",
            "defaultEncoding": "utf-8",
            "defaultSourceLanguage": "python",
            "originalUriBaseIds": {ROOT: {"description": message("The folder in which the run was started.")}},
            "artifacts": [self.artifact(result) for result in self.report.changed()],
            "results": list(self.results()),
            "properties": {
                "files": self.report.files,
                "lines": self.report.lines,
                "seconds": round(self.report.seconds, 3),
                "migratable": self.report.migratable(),
                "migrated": self.report.raises(),
            },
        }

    def invocation(self) -> Node:
        """Return how the run ended, with its errors and its advice."""
        errors = [{"level": "error", "message": message(line)} for line in self.report.errors]
        advice = [{"level": "note", "message": message(line)} for line in (*self.report.warnings, *self.report.advice)]
        return {"executionSuccessful": not errors, "toolExecutionNotifications": errors + advice}

    def artifact(self, result: FileResult) -> Node:
        """Return what a fix needs to know about a file: its encoding, and whether it is still the one that was read."""
        return {
            "location": self.location(result.path),
            "length": len(result.old),
            "encoding": Changed(result).encoding.removesuffix("-sig"),
            "hashes": {"sha-256": hashlib.sha256(result.old).hexdigest()},
        }

    def location(self, path: str) -> Node:
        """Return the location of a file, relative to the folder where the run was started if it is below it."""
        shown = Path(relative(path))
        if shown.is_absolute() or ".." in shown.parts:
            found: Node = {"uri": Path(os.path.realpath(path)).as_uri()}
        else:
            found = {"uri": quote(os.fsencode(shown)), "uriBaseId": ROOT}
        return found | ({"index": self.artifacts[path]} if path in self.artifacts else {})

    def results(self) -> Iterator[Node]:
        """Yield every site, then the skipped files, then the observers that block sites and what may break."""
        for result in self.report.results:
            changed = Changed(result) if result.new is not None else None
            for finding in result.findings:
                yield self.site(result, finding, changed)
        for result in self.report.results:
            if result.reason:
                yield self.file_left(result)
        for cost in self.report.observers:
            yield self.observer(cost)
        for place in self.report.shown:
            yield self.may_break(place)

    def result(self, name: str, kind: str, text: str, path: str, region: Node | None, **properties: str) -> Node:
        """Return a result of a rule. Only results of kind "fail" have a level."""
        place = {"artifactLocation": self.location(path)} | ({"region": region} if region else {})
        return {
            "ruleId": name,
            "ruleIndex": self.rules[name],
            "kind": kind,
            "level": "warning" if kind == "fail" else "none",
            "message": message(text),
            "locations": [{"physicalLocation": place}],
            "partialFingerprints": {"siteInFile/v1": self.fingerprint(name, relative(path), *properties.values())},
            "properties": {key: value for key, value in properties.items() if value},
        }

    def fingerprint(self, *facts: str) -> str:
        """Return the fingerprint of a result, independent of its line: its facts, and its number among equal ones."""
        self.seen[facts] += 1
        text = "\0".join([*facts, str(self.seen[facts])])
        return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]

    def site(self, result: FileResult, finding: Finding, changed: Changed | None) -> Node:
        """Return the result for a site of a recipe."""
        became = status(result, finding)
        region: Node = {"startLine": finding.line, "startColumn": finding.column}
        if changed is not None and finding.start < finding.end:
            region = region_of(changed, finding.start, finding.end)
        found = self.result(
            finding.recipe,
            self.kind(became, finding),
            sentence(result, finding, self.report.written),
            result.path,
            region,
            status=became,
            reason=finding.reason,
            builtin=finding.builtin,
            target=finding.target,
        )
        if changed is not None and became == "migrated" and not self.report.written:
            found["fixes"] = [self.fix(result.path, finding, changed)]
        return found

    def kind(self, became: str, finding: Finding) -> str:
        """Return the kind of a site: only one to be rewritten is a fault; a skipped one may need a look, or not."""
        if became == "left":
            return "review" if finding.migratable else "informational"
        if became == "failed":
            return "open"
        return "informational" if self.report.written else "fail"

    def fix(self, path: str, finding: Finding, changed: Changed) -> Node:
        """Return the change that rewrites a site, with the import that it needs."""
        edits = changed.edits_for(finding)
        return {
            "description": message(all_recipes()[finding.recipe].summary),
            "artifactChanges": [
                {
                    "artifactLocation": self.location(path),
                    "replacements": [replacement(changed, edit) for edit in edits],
                }
            ],
        }

    def file_left(self, result: FileResult) -> Node:
        """Return the result for a skipped file."""
        text = f"left ({result.reason}): {result.detail or REASONS[result.reason].explanation}"
        return self.result(FILE_LEFT, "notApplicable", text, result.path, None, status="left", reason=result.reason)

    def observer(self, cost: ObserverCost) -> Node:
        """Return the result for an observer because of which sites are left."""
        where = cost.observer.location
        text = f"{cost}; fix: {cost.fix}"
        return self.result(OBSERVER, "review", text, where.path, {"startLine": where.line}, reason=cost.observer.kind)

    def may_break(self, place: ShownText) -> Node:
        """Return the result for a place that shows a builtin which is rewritten."""
        text = f"may break: {what_shows(place)}"
        return self.result(MAY_BREAK, "review", text, place.path, {"startLine": place.line}, builtin=place.builtin)


def region_of(changed: Changed, start: int, end: int) -> Node:
    """Return the region of some characters of the old text."""
    (line, column), (end_line, end_column) = changed.place(start), changed.place(end)
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def replacement(changed: Changed, edit: Edit) -> Node:
    """Return an edit of the old text."""
    found: Node = {"deletedRegion": region_of(changed, edit.start, edit.end)}
    return found | ({"insertedContent": {"text": edit.text}} if edit.text else {})
