"""Say what a run did: for people and for programs."""

from __future__ import annotations

import difflib
import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from flext_codemods.findings import REASONS, FileResult, Finding
from flext_codemods.paths import relative
from flext_codemods.texts_shown import Shown

__all__ = ["Report", "as_json", "as_text", "diff_of", "may_break", "may_break_lines"]

LINE = re.compile(r"[^\n]*\n|[^\n]+")
UNUSUAL = re.compile(rb'[\0-\x1f"\\\x7f-\xff]')
PLACES = 20  # places that may break which the text names
EXAMPLES = 3  # left sites that the text names for each reason; JSON names all


class Report(NamedTuple):
    """A whole run: the result of each file, what may break, what to do next, and how long it took."""

    results: tuple[FileResult, ...]
    shown: tuple[Shown, ...] = ()
    advice: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    files: int = 0
    lines: int = 0
    seconds: float = 0.0
    written: bool = False

    def findings(self) -> Iterator[tuple[FileResult, Finding]]:
        """Yield each finding with the file that it is in."""
        return ((result, finding) for result in self.results for finding in result.findings)

    def changed(self) -> list[FileResult]:
        """Return the files that change."""
        return [result for result in self.results if result.new is not None]

    def migrated(self) -> list[tuple[FileResult, Finding]]:
        """Return the sites that are rewritten."""
        return [(result, one) for result, one in self.findings() if not one.left and result.new is not None]

    def left(self) -> Counter[str]:
        """Return how many sites, and whole files, are left for each reason."""
        count = Counter(finding.reason for _, finding in self.findings() if finding.left)
        count.update(result.reason for result in self.results if result.reason)
        return count

    def migratable(self) -> int:
        """Return how many sites count in the share migrated (codemods specification, section 6)."""
        return sum(finding.migratable for _, finding in self.findings())


def may_break(results: Iterable[FileResult], shown: Iterable[Shown]) -> tuple[Shown, ...]:
    """Return the places in tests and documents that show the name of a builtin which is rewritten."""
    gone = {
        finding.builtin
        for result in results
        if result.new is not None
        for finding in result.findings
        if not finding.left
    }
    return tuple(place for place in shown if place.builtin in gone and place.kind != "doctest")


def on_one_line(text: str) -> str:
    """Return a text with what no terminal should be sent written as an escape: file names may hold anything."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def may_break_lines(report: Report) -> Iterator[str]:
    """Yield what people are told before anything is written."""
    for place in report.shown[:PLACES]:
        what = place.text if place.kind == "identity" else f"shows {place.builtin}: {place.text}"
        yield on_one_line(f"{relative(place.path)}:{place.line}: may break: {what}")
    if len(report.shown) > PLACES:
        yield f"... and {len(report.shown) - PLACES} more places that may break (--format json names all)"


def diff_of(result: FileResult) -> bytes:
    """Return the unified diff of a changed file, in the file's own bytes."""
    assert result.new is not None
    # Lines end where they end for patch and git: at line feeds, not at the form feeds of splitlines().
    old, new = (LINE.findall(part.decode("utf-8", "surrogateescape")) for part in (result.old, result.new))
    lines = difflib.unified_diff(old, new, name_in_diff("a", result.path), name_in_diff("b", result.path))
    text = "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
    return text.encode("utf-8", "surrogateescape")


def name_in_diff(side: str, path: str) -> str:
    """Return the name of a file as git writes it into a diff: quoted, or ended by a tab, where it is unusual."""
    raw = os.fsencode(f"{side}/{relative(path)}")
    if UNUSUAL.search(raw):
        quoted = UNUSUAL.sub(lambda match: b"\\%03o" % match[0][0], raw)
        return f'"{quoted.decode()}"'
    name = raw.decode()
    return f"{name}\t" if " " in name else name


def as_json(report: Report) -> str:
    """Return the report as JSON: every site with its recipe, status, reason and target."""
    migrated = len(report.migrated())
    raises = sum(bool(finding.builtin) for _, finding in report.migrated())
    body = {
        "version": 1,
        "summary": {
            "files": report.files,
            "lines": report.lines,
            "changed": len(report.changed()),
            "rewritten": migrated,
            "migratable": report.migratable(),
            "migrated": raises,
            "left": dict(sorted(report.left().items())),
            "seconds": round(report.seconds, 3),
        },
        "sites": [
            {
                "path": relative(result.path),
                "line": finding.line,
                "column": finding.column,
                "recipe": finding.recipe,
                "status": "left" if finding.left else "migrated" if result.new is not None else "failed",
                "builtin": finding.builtin,
                "target": finding.target,
                "reason": finding.reason,
                "detail": finding.detail,
            }
            for result, finding in report.findings()
        ],
        "files_left": [
            {"path": relative(result.path), "reason": result.reason, "detail": result.detail}
            for result in report.results
            if result.reason
        ],
        "may_break": [place._asdict() | {"path": relative(place.path)} for place in report.shown],
        "advice": list(report.advice),
        "errors": list(report.errors),
    }
    return json.dumps(body, indent=2)


def as_text(report: Report) -> str:
    """Return the summary for people."""
    verb = "rewrote" if report.written else "would rewrite"
    migrated = report.migrated()
    lines = list(left_lines(report))
    lines.append(
        f"{verb} {len(migrated)} sites in {len(report.changed())} of {report.files} files"
        f" ({report.lines:,} lines, {report.seconds:.1f} s)"
    )
    raises = sum(bool(finding.builtin) for _, finding in migrated)
    migratable = report.migratable()
    if migratable:
        lines.append(f"migratable {migratable}, migrated {raises} ({100 * raises / migratable:.1f} %)")
    left = report.left()
    if left:
        lines.append("left: " + ", ".join(f"{reason} {count}" for reason, count in left.most_common()))
    lines += [f"next: {line}" for line in report.advice]
    return "\n".join(map(on_one_line, lines))


def left_lines(report: Report) -> Iterator[str]:
    """Yield a few places for each reason why sites are left."""
    places: dict[str, list[str]] = {}
    for result, finding in report.findings():
        if finding.left:
            place = f"{relative(result.path)}:{finding.line}:{finding.column}: {finding.detail}"
            places.setdefault(finding.reason, []).append(place)
    for result in report.results:
        if result.reason:
            places.setdefault(result.reason, []).append(f"{relative(result.path)}: {result.detail}")
    for reason, found in sorted(places.items()):
        yield f"left ({reason}): {REASONS[reason]}"
        yield from (f"  {place}" for place in sorted(found)[:EXAMPLES])
        if len(found) > EXAMPLES:
            yield f"  ... and {len(found) - EXAMPLES} more (--format json names all)"
