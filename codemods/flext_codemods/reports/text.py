"""The report for people: what is left and why, the figures, what may break."""

from __future__ import annotations

from collections.abc import Iterator

from flext_codemods.project.paths import relative
from flext_codemods.project.text import count
from flext_codemods.raises.skip_reasons import REASONS
from flext_codemods.reports.observer_costs import freed_sites
from flext_codemods.reports.report import Report
from flext_codemods.repository.shown_texts import ShownText

__all__ = ["as_text", "may_break_lines", "on_one_line", "summary_lines", "what_shows"]

PLACES = 20  # places that may break which the text names
SHOWN = 80  # characters of the text that such a place shows
OBSERVERS = 10  # observers because of which sites are left
EXAMPLES = 3  # skipped sites that the text names for each reason; JSON names all


def on_one_line(text: str) -> str:
    """Return a text with control characters escaped: file names may contain anything.

    >>> on_one_line("a\\nb")
    'a\\\\nb'
    """
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def what_shows(place: ShownText) -> str:
    """Return the text of a place that may break, not more than the beginning of a long line."""
    text = place.text if len(place.text) <= SHOWN else f"{place.text[:SHOWN]}..."
    return text if place.kind == "identity" else f"shows {place.builtin}: {text}"


def may_break_lines(report: Report) -> Iterator[str]:
    """Yield the messages before anything is written."""
    for place in report.shown[:PLACES]:
        yield on_one_line(f"{relative(place.path)}:{place.line}: may break: {what_shows(place)}")
    if len(report.shown) > PLACES:
        yield f"... and {len(report.shown) - PLACES} more places that may break (--format json names all)"


def as_text(report: Report) -> str:
    """Return the skipped sites, the files that change, then the summary."""
    lines = [*left_lines(report), *observer_lines(report), *changed_lines(report)]
    return "\n".join([*map(on_one_line, lines), *summary_lines(report)])


def observer_lines(report: Report) -> Iterator[str]:
    """Yield the observers because of which most sites are left, each with what can be done about it."""
    for cost in report.observers[:OBSERVERS]:
        yield str(cost)
        yield f"  fix: {cost.fix}"
    if len(report.observers) > OBSERVERS:
        yield f"... and {count(len(report.observers) - OBSERVERS, 'more observer')} (--format json names all)"


def changed_lines(report: Report) -> Iterator[str]:
    """Yield the files that change, with the number of their sites."""
    verb = "rewrote" if report.written else "would rewrite"
    for result in report.changed():
        sites = sum(not finding.left for finding in result.findings)
        yield f"{verb} {relative(result.path)}" + (f": {count(sites, 'site')}" if sites else "")


def summary_lines(report: Report) -> Iterator[str]:
    """Yield the figures of a run, and what to do next."""
    verb = "rewrote" if report.written else "would rewrite"
    modules = sum(result.path.endswith(".py") for result in report.changed())  # not a manifest
    yield (
        f"{verb} {count(len(report.migrated()), 'site')} in {modules} of {count(report.files, 'file')}"
        f" ({count(report.lines, 'line')}, {report.seconds:.1f} s)"
    )
    raises, migratable = report.raises(), report.migratable()
    if migratable:
        yield f"migratable {migratable}, migrated {raises} ({100 * raises / migratable:.1f} %)"
    left = report.left()
    if left:
        yield "left: " + ", ".join(f"{reason} {number}" for reason, number in left.most_common())
    freed = freed_sites(report.results)
    if freed:
        yield f"--select +observers would free {count(freed, 'site')}"
    for line in report.advice:
        yield on_one_line(f"next: {line}")


def left_lines(report: Report) -> Iterator[str]:
    """Yield a few places for each reason why sites are skipped."""
    places: dict[str, list[str]] = {}
    for result, finding in report.findings():
        if finding.left:
            place = f"{relative(result.path)}:{finding.line}:{finding.column}: {finding.detail}"
            places.setdefault(finding.reason, []).append(place)
    for result in report.results:
        if result.reason:
            places.setdefault(result.reason, []).append(f"{relative(result.path)}: {result.detail}")
    for reason, found in sorted(places.items()):
        yield f"left ({reason}): {REASONS[reason].explanation}"
        yield from (f"  {place}" for place in sorted(found)[:EXAMPLES])
        if len(found) > EXAMPLES:
            yield f"  ... and {len(found) - EXAMPLES} more (--format json names all)"
