"""The report as workflow commands of GitHub Actions: an annotation per site, then the summary in plain lines.

GitHub shows at most ten annotations of each kind for a step; all of them, and the summary, are in the log.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from flext_codemods.model.finding import Finding
from flext_codemods.project.paths import relative
from flext_codemods.raises.skip_reasons import REASONS
from flext_codemods.reports.positions import Changed
from flext_codemods.reports.report import Report, sentence, status
from flext_codemods.reports.text import on_one_line, summary_lines, what_shows

__all__ = ["as_github"]

ESCAPES = {"%": "%25", "\r": "%0D", "\n": "%0A"}
IN_TEXT = str.maketrans(ESCAPES)
IN_PROPERTY = str.maketrans({**ESCAPES, ":": "%3A", ",": "%2C"})


def as_github(report: Report) -> str:
    """Return the annotations, errors first, then sites that would change, then skipped ones; and the summary."""
    notices = [*changes(report, done=True), *left(report), *observers(report), *may_break(report)]
    return "\n".join([*errors(report), *changes(report, done=False), *notices, *map(plain, summary_lines(report))])


def plain(line: str) -> str:
    """Return a line of the log that is not a command: the older form of commands may begin anywhere in a line."""
    return line.replace("##[", "## [")


def command(kind: str, text: str, path: str, title: str, **where: int) -> str:
    """Return a workflow command that annotates a file; properties without a value are left out."""
    properties = {"file": in_workspace(path) if path else "", **where, "title": f"flext-codemods: {title}"}
    shown = ",".join(f"{key}={str(value).translate(IN_PROPERTY)}" for key, value in properties.items() if value)
    return on_one_line(f"::{kind} {shown}::{text.translate(IN_TEXT)}")


def in_workspace(path: str) -> str:
    """Return a path relative to the root of the workspace, even if a job runs below it, as GitHub expects."""
    workspace = os.environ.get("GITHUB_WORKSPACE")
    whole = Path(os.path.normpath(path))
    return str(whole.relative_to(workspace)) if workspace and whole.is_relative_to(workspace) else relative(path)


def errors(report: Report) -> Iterator[str]:
    """Yield what went wrong, with the file if the text begins with the name of one."""
    paths = {relative(result.path): result.path for result in report.results if result.failure or result.reason}
    for error in report.errors:
        name, _, text = error.partition(": ")
        path = paths.get(name, "")
        yield command("error", text if path else error, path, "error")


def changes(report: Report, done: bool) -> Iterator[str]:
    """Yield the sites that are rewritten, as notices, or those that would be, as warnings."""
    if report.written is not done:
        return
    for result in report.changed():
        changed = Changed(result)
        for finding in result.findings:
            if status(result, finding) == "migrated":
                text = sentence(result, finding, report.written)
                where = region(finding, changed)
                yield command("notice" if done else "warning", text, result.path, finding.recipe, **where)


def left(report: Report) -> Iterator[str]:
    """Yield the sites that are skipped, and the files that are skipped as a whole."""
    for result, finding in report.findings():
        if status(result, finding) != "migrated":
            title = f"left ({finding.reason})" if finding.left else "left"
            text = (
                (finding.detail or REASONS[finding.reason].explanation)
                if finding.left
                else sentence(result, finding, False)
            )
            yield command("notice", text, result.path, title, line=finding.line, col=finding.column)
    for result in report.results:
        if result.reason:
            yield command(
                "notice", result.detail or REASONS[result.reason].explanation, result.path, f"left ({result.reason})"
            )


def observers(report: Report) -> Iterator[str]:
    """Yield the observers because of which sites are left, and their locations, the most costly first."""
    for cost in report.observers:
        where = cost.observer.location
        yield command("notice", f"{cost}; fix: {cost.fix}", where.path, "observer", line=where.line)


def may_break(report: Report) -> Iterator[str]:
    """Yield the places that show a builtin which is rewritten."""
    for place in report.shown:
        yield command("notice", what_shows(place), place.path, "may break", line=place.line)


def region(finding: Finding, changed: Changed) -> dict[str, int]:
    """Return the location of a site. Columns are only for sites of one line: GitHub accepts no others."""
    if finding.start == finding.end:
        return {"line": finding.line, "col": finding.column}
    end_line, end_column = changed.place(finding.end)
    if end_line > finding.line:
        return {"line": finding.line, "endLine": end_line}
    return {"line": finding.line, "endLine": end_line, "col": finding.column, "endColumn": end_column}
