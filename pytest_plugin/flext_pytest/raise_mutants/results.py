"""The results of all mutants: one collection, to which workers of xdist add theirs."""

from __future__ import annotations

from collections.abc import Iterable
from math import floor
from pathlib import Path
from typing import Any, NamedTuple

from flext_pytest.raise_mutants.model import KILLED, KINDS, NOT_REPEATED, NOT_TRIED, SURVIVED, Outcome, Result, Site

__all__ = ["Results", "Row"]

# If several workers tried a mutant, each with its own tests, the first of these results that occurred counts.
STRONGEST = (KILLED, NOT_TRIED, SURVIVED, NOT_REPEATED)


class Row(NamedTuple):
    """The figures of a file, or of all."""

    name: str
    sites: int
    mutants: int
    killed: int
    survived: int


class Results:
    """The mutants of a run, and the sites and tests without any.

    Args:
        root: pytest's root.
        packages: the names of the packages.
        untyped: whether untyped raises are changed too.

    ``untested`` are sites that are only reached outside tests, such as during imports; ``failed`` tests that fail
    without any mutant, ``unsound`` those that fail when they run alone; ``missed`` modules that were imported before
    they could be compiled; ``exempt`` the number of statements that a comment exempts, by file.
    """

    def __init__(self, root: Path, packages: Iterable[str], untyped: bool) -> None:
        self.root = root
        self.packages = tuple(packages)
        self.untyped = untyped
        self.all: dict[tuple[Site, str], Result] = {}
        self.untested: dict[tuple[str, int, int], Site] = {}
        self.failed: dict[str, None] = {}
        self.unsound: dict[str, None] = {}
        self.missed: dict[str, None] = {}
        self.exempt: dict[str, int] = {}
        self.seconds = 0.0

    def add(self, result: Result) -> None:
        """Add a mutant, or the result that another worker got with its own tests."""
        before = self.all.get((result.site, result.kind))
        if before is not None:
            outcome = min(before.outcome, result.outcome, key=lambda each: STRONGEST.index(each.status))
            tests = tuple(dict.fromkeys((*before.tests, *result.tests)))
            result = result._replace(outcome=outcome, tests=tests)
        self.all[result.site, result.kind] = result

    def output(self) -> dict[str, Any]:
        """Return what a worker of xdist hands over: plain lists."""
        return {
            "results": [[[*each.site], each.kind, [*each.tests], [*each.outcome]] for each in self.all.values()],
            "untested": [[*site] for site in self.untested.values()],
            "failed": [*self.failed],
            "unsound": [*self.unsound],
            "missed": [*self.missed],
            "exempt": self.exempt,
            "seconds": self.seconds,
        }

    def merge(self, output: dict[str, Any]) -> None:
        """Add what a worker handed over."""
        for site, kind, tests, outcome in output["results"]:
            self.add(Result(Site(*site), kind, tuple(tests), Outcome(*outcome)))
        sites = [Site(*site) for site in output["untested"]]
        self.untested.update((site.key, site) for site in sites)
        for name in ("failed", "unsound", "missed"):
            getattr(self, name).update(dict.fromkeys(output[name]))
        self.exempt.update(output["exempt"])
        self.seconds = max(self.seconds, output["seconds"])

    @property
    def sorted(self) -> list[Result]:
        """The mutants by file, line and kind."""
        return sorted(self.all.values(), key=lambda each: (each.site, KINDS.index(each.kind)))

    def with_status(self, status: str) -> list[Result]:
        """Return the mutants with a given result, the most revealing first.

        A raise that could be left out says more than a text; one that many tests reach says more than one that few do.
        """
        found = [each for each in self.sorted if each.outcome.status == status]
        return sorted(found, key=lambda each: (KINDS.index(each.kind), -len(each.tests)))

    @property
    def percent(self) -> float | None:
        """The percentage of the tried mutants that were killed, with one decimal, never rounded up; None for none."""
        killed, survived = len(self.with_status(KILLED)), len(self.with_status(SURVIVED))
        return floor(1000 * killed / (killed + survived)) / 10 if killed + survived else None

    @property
    def only_outside(self) -> list[Site]:
        """The sites that are only reached outside tests, in every worker."""
        reached = {each.site for each in self.all.values()}
        return sorted(site for site in self.untested.values() if site not in reached)

    def rows(self) -> list[Row]:
        """Return the figures of each file, and the totals."""
        by_file: dict[str, list[Result]] = {}
        for each in self.sorted:
            by_file.setdefault(each.site.file, []).append(each)
        rows = [row(self.shown(file), results) for file, results in by_file.items()]
        return [*rows, row("all", self.all.values())]

    def shown(self, file: str) -> str:
        """Return a file relative to the root, with slashes; unchanged if it is elsewhere."""
        path = Path(file)
        return (path.relative_to(self.root) if path.is_relative_to(self.root) else path).as_posix()


def row(name: str, results: Iterable[Result]) -> Row:
    """Return the figures of some mutants."""
    results = list(results)
    statuses = [each.outcome.status for each in results]
    sites = len({each.site for each in results})
    return Row(name, sites, len(results), statuses.count(KILLED), statuses.count(SURVIVED))
