"""The results of a run: of its files, the figures, and what happened to each site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from flext_codemods.model.file_result import FileResult
from flext_codemods.model.finding import Finding
from flext_codemods.model.recipe import REVERT
from flext_codemods.raises.skip_reasons import REASONS
from flext_codemods.recipes import all_recipes
from flext_codemods.reports.observer_costs import ObserverCost
from flext_codemods.repository.shown_texts import ShownText

__all__ = ["Report", "change_of", "may_break", "sentence", "status"]


class Report(NamedTuple):
    """A whole run: the result of each file, what may break, what to do next, and how long it took.

    ``warnings`` are the messages before anything is written; ``observers`` what sites are left because of.
    """

    results: tuple[FileResult, ...]
    shown: tuple[ShownText, ...] = ()
    advice: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    files: int = 0
    lines: int = 0
    seconds: float = 0.0
    written: bool = False
    observers: tuple[ObserverCost, ...] = ()

    def findings(self) -> Iterator[tuple[FileResult, Finding]]:
        """Yield each finding with its file."""
        return ((result, finding) for result in self.results for finding in result.findings)

    def changed(self) -> list[FileResult]:
        """Return the files that change."""
        return [result for result in self.results if result.new is not None]

    def migrated(self) -> list[tuple[FileResult, Finding]]:
        """Return the sites that are rewritten."""
        return [(result, one) for result, one in self.findings() if not one.left and result.new is not None]

    def raises(self) -> int:
        """Return how many of the rewritten sites count in the migrated share."""
        return sum(finding.migratable for _, finding in self.migrated())

    def left(self) -> Counter[str]:
        """Return how many sites, and whole files, are skipped for each reason."""
        count = Counter(finding.reason for _, finding in self.findings() if finding.left)
        count.update(result.reason for result in self.results if result.reason)
        return count

    def migratable(self) -> int:
        """Return how many sites count in the migrated share (codemods specification, section 6)."""
        return sum(finding.migratable for _, finding in self.findings())


def status(result: FileResult, finding: Finding) -> str:
    """Return the outcome of a site: "left", "migrated", or "failed" if its file is unchanged."""
    if finding.left:
        return "left"
    return "failed" if result.new is None else "migrated"


def sentence(result: FileResult, finding: Finding, written: bool) -> str:
    """Return a sentence about what happened, or would happen, to a site."""
    if finding.left:
        return f"left ({finding.reason}): {finding.detail or REASONS[finding.reason].explanation}"
    if result.new is None:
        return f"not changed: {result.failure}"
    summary = all_recipes()[finding.recipe].summary
    was, becomes = change_of(finding)
    return f"{was} {'became' if written else 'can become'} {becomes}: {summary}" if was and becomes else summary


def change_of(finding: Finding) -> tuple[str, str]:
    """Return which class becomes which at a site, "" if it is not about a class."""
    if finding.recipe == REVERT:
        return finding.target, finding.builtin
    return finding.builtin, finding.names[0] if finding.names and finding.builtin else finding.target


def may_break(results: Iterable[FileResult], shown: Iterable[ShownText]) -> tuple[ShownText, ...]:
    """Return the places in tests and documents that show the name of a builtin which is rewritten."""
    gone = {
        finding.builtin
        for result in results
        if result.new is not None
        for finding in result.findings
        if not finding.left
    }
    return tuple(place for place in shown if place.builtin in gone and place.kind != "doctest")
