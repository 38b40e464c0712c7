"""The result of a trial, kept as JSON below .work/trials so that the page can be written again."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from trials.packages import PACKAGES, RUNS

__all__ = ["WORK", "Change", "Result", "load", "save"]

WORK = Path(__file__).parent.parent / ".work" / "trials"


class Change(NamedTuple):
    """A test whose outcome changed, and its message now."""

    test: str
    before: str
    after: str
    message: str


class Result(NamedTuple):
    """One run of ``migrate`` on one package; ``report`` is what it printed as JSON."""

    name: str
    version: str
    run: str
    date: str
    python: str
    installed: dict[str, str]
    tests: int
    before: dict[str, int]
    after: dict[str, int]
    unsteady: list[str]
    changes: list[Change]
    report: dict[str, Any]

    def sites(self) -> list[dict[str, str]]:
        """Return the sites of the recipes that the run is about."""
        return [site for site in self.report["sites"] if site["recipe"] in RUNS[self.run].recipes]

    def lines(self) -> int:
        """Return how many lines of Python there are, including tests."""
        return int(self.report["summary"]["lines"])

    def passed(self) -> int:
        """Return how many tests passed before."""
        return self.before.get("passed", 0)

    def migratable(self) -> int:
        """Return how many raises count in the migrated share."""
        return int(self.report["summary"]["migratable"])

    def migrated(self) -> int:
        """Return how many of the sites are rewritten."""
        return sum(site["status"] == "migrated" for site in self.sites())

    def failed(self) -> int:
        """Return how many sites are in files whose rewrite failed its verification."""
        return sum(site["status"] == "failed" for site in self.report["sites"])

    def left(self) -> Counter[str]:
        """Return how many of the sites are left for each reason."""
        return Counter(site["reason"] for site in self.sites() if site["status"] == "left")


def save(result: Result) -> None:
    """Store a result; one of the same package and run is replaced."""
    WORK.mkdir(parents=True, exist_ok=True)
    body = result._asdict() | {"changes": [change._asdict() for change in result.changes]}
    (WORK / f"{result.name}-{result.run}.json").write_text(json.dumps(body, indent=1), encoding="utf-8")


def load() -> list[Result]:
    """Return the stored results of the current versions, in the order of the tables."""
    found = []
    for run in RUNS:
        for name, package in PACKAGES.items():
            file = WORK / f"{name}-{run}.json"
            if file.exists():
                body = json.loads(file.read_text(encoding="utf-8"))
                body["changes"] = [Change(**change) for change in body["changes"]]
                if body["version"] == package.version:
                    found.append(Result(**body))
    return found
