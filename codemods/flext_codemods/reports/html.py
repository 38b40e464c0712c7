"""The report as one HTML file that needs nothing else: no script, no network."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from flext_analysis.syntax.source import detect_encoding
from flext_codemods.model.file_result import FileResult
from flext_codemods.project.paths import relative
from flext_codemods.project.usage import usage
from flext_codemods.raises.skip_reasons import REASONS
from flext_codemods.recipes import all_recipes
from flext_codemods.reports.diff import diff_of
from flext_codemods.reports.observer_costs import freed_sites
from flext_codemods.reports.report import Report, change_of, sentence, status
from flext_codemods.reports.text import on_one_line, what_shows
from flext_codemods.repository.targets import LIBRARY
from flext_exceptions import FlextExceptions

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["check_file", "write_html"]

TEMPLATE = Path(__file__).with_name("report.html.jinja")
# The most that a page shows: more slow browsers down, and nobody reads it. The page says what it leaves out.
DIFF_LINES = 100_000
WIDTH = 2_000  # of a line
SITES = 200  # of each reason
PLACES = 500
KINDS = {"+": "added", "-": "removed", "@": "hunk", "\\": "hunk"}


class Row(NamedTuple):
    """A place, and the text about it."""

    place: str
    text: str
    recipe: str = ""


class Reason(NamedTuple):
    """The sites that are skipped for one reason."""

    name: str
    meaning: str
    counts: bool
    rows: list[Row]


class Line(NamedTuple):
    """A line of a diff."""

    kind: str
    text: str


class FileDiff(NamedTuple):
    """A changed file: how many sites, and the first lines of its diff; ``hidden`` is the number of the others."""

    path: str
    sites: int
    added: int
    removed: int
    lines: list[Line]
    hidden: int


def check_file(file: Path) -> None:
    """Raise if no report can be written to a file; called before anything is migrated.

    Raises:
        FlextExceptions.ConfigurationError: it is not the name of a page, or jinja2 is missing.
        FlextExceptions.OSError: its folder does not exist or is not writable.
    """
    if file.suffix.lower() not in (".html", ".htm"):
        raise usage(f"--report: {file} does not end in .html")
    real = Path(os.path.realpath(file))
    if real.is_dir():
        raise unwritable(file, "is a folder")
    if not real.parent.is_dir():
        raise unwritable(file, "its folder is not there")
    if not os.access(real.parent, os.W_OK | os.X_OK):
        raise unwritable(file, "its folder is not writable")
    template()


def unwritable(file: Path, why: str) -> FlextExceptions.OSError:
    """Build the one-line error for a report that cannot be written."""
    return FlextExceptions.OSError(f"--report: {relative(file)}: cannot be written: {why}", file=str(file), why=why)


def write_html(report: Report, file: Path) -> None:
    """Write the report to a file, which is complete at every moment, old or new.

    Raises:
        FlextExceptions.OSError: it cannot be written.
    """
    page = template().render(**contents(report)).encode()
    real = Path(os.path.realpath(file))
    spare = real.with_name(f".flext-report-{os.getpid()}.tmp")
    try:
        with spare.open("xb") as handle:
            handle.write(page)
            handle.flush()
            os.fsync(handle.fileno())
        spare.replace(real)
    except OSError as error:
        raise unwritable(file, error.strerror or str(error)) from error
    finally:
        with suppress(OSError):
            spare.unlink()


def template() -> Template:
    """Return the template, which escapes everything that is put into it.

    Raises:
        FlextExceptions.ConfigurationError: jinja2 is missing.
    """
    try:
        from jinja2 import Environment, StrictUndefined
    except ImportError as error:
        raise usage("jinja2 missing: pip install 'flext-exceptions[codemods]'") from error
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, finalize=printable, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(TEMPLATE.read_text("utf-8"))


def printable(value: object) -> object:
    """Return the text of a value on the page: everything printable except its tabs."""
    return "\t".join(map(on_one_line, value.split("\t"))) if isinstance(value, str) else value


def contents(report: Report) -> dict[str, object]:
    """Return the variables of the template."""
    migratable = report.migratable()
    return {
        "report": report,
        "now": datetime.now(UTC),
        "version": version("flext-exceptions"),
        "folder": Path.cwd().name or "/",
        "left": sum(report.left().values()),
        "share": 100 * report.raises() / migratable if migratable else None,
        "reasons": list(reasons(report)),
        "recipes": recipes(report),
        "swaps": swaps(report),
        "files": list(diffs(report.changed())),
        "failed": list(failed(report)),
        "observers": report.observers[:PLACES],
        "freed": freed_sites(report.results),
        "shown": [Row(f"{relative(place.path)}:{place.line}", what_shows(place)) for place in report.shown[:PLACES]],
        "hidden_places": max(0, len(report.shown) - PLACES),
        "sites_shown": SITES,
    }


def reasons(report: Report) -> Iterator[Reason]:
    """Yield the reasons for which sites and files are skipped, the most frequent first."""
    rows: dict[str, list[Row]] = {}
    for result in report.results:
        if result.reason:
            rows.setdefault(result.reason, []).append(Row(relative(result.path), result.detail))
        for finding in result.findings:
            if finding.left:
                place = f"{relative(result.path)}:{finding.line}:{finding.column}"
                rows.setdefault(finding.reason, []).append(Row(place, finding.detail, finding.recipe))
    for name, found in sorted(rows.items(), key=lambda one: (-len(one[1]), one[0])):
        yield Reason(name, REASONS[name].explanation, REASONS[name].counts, found)


def failed(report: Report) -> Iterator[Row]:
    """Yield the sites that are unchanged because the rewriting of their files failed."""
    for result, finding in report.findings():
        if status(result, finding) == "failed":
            yield Row(f"{relative(result.path)}:{finding.line}:{finding.column}", sentence(result, finding, False))


def recipes(report: Report) -> list[tuple[str, str, str, int]]:
    """Return the name, safety, summary and number of sites of each recipe that rewrites any."""
    count = Counter(finding.recipe for _, finding in report.migrated())
    return [(name, all_recipes()[name].safety, all_recipes()[name].summary, count[name]) for name in sorted(count)]


def swaps(report: Report) -> list[tuple[str, str, int]]:
    """Return how many sites of each builtin become which type, the most frequent first."""
    found = {
        (result.path, finding.start, was.removeprefix(f"{LIBRARY}."), becomes.removeprefix(f"{LIBRARY}."))
        for result, finding in report.migrated()
        for was, becomes in [change_of(finding)]
        if finding.builtin and finding.target
    }
    count = Counter((builtin, target) for _path, _start, builtin, target in found)
    return [
        (builtin, target, number)
        for (builtin, target), number in sorted(count.items(), key=lambda one: (-one[1], one[0]))
    ]


def diffs(results: Iterable[FileResult], room: int = DIFF_LINES) -> Iterator[FileDiff]:
    """Yield the changed files, with their diffs as long as there is room for more lines."""
    for result in results:
        lines = list(diff_lines(result))
        kinds = Counter(line.kind for line in lines)
        sites = sum(not finding.left for finding in result.findings)
        shown = lines[:room]
        room -= len(shown)
        path = relative(result.path)
        yield FileDiff(path, sites, kinds["added"], kinds["removed"], shown, len(lines) - len(shown))


def diff_lines(result: FileResult) -> Iterator[Line]:
    """Yield the lines of a file's diff, without the two that name it."""
    for line in diff_of(result).decode(detect_encoding(result.old), "backslashreplace").split("\n")[2:-1]:
        line = line.removesuffix("\r")
        yield Line(KINDS.get(line[:1], "same"), line if len(line) <= WIDTH else f"{line[:WIDTH]} ...")
