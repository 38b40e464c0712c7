"""The results of raise coverage: the lines of the terminal, and the JSON document."""

from __future__ import annotations

from collections.abc import Iterator
from math import floor
from pathlib import Path
from typing import Any, NamedTuple

from flext_analysis.semantics.inventory import Inventory, TypedSite
from flext_pytest.plurals import number
from flext_pytest.raise_coverage.raise_events import CONSTRUCTORS

__all__ = ["CoverageResult", "document", "summary"]


class CoverageResult(NamedTuple):
    """The raise sites of the packages below a root, those that were reached, and the way in which that was observed.

    ``unseen`` is the number of sites that cannot be observed in this way, and are not counted.
    """

    root: Path
    packages: tuple[str, ...]
    way: str
    found: Inventory
    reached: frozenset[TypedSite]
    unseen: int = 0

    @property
    def missed(self) -> list[TypedSite]:
        """The sites that were not reached."""
        return [site for site in self.found.sites if site not in self.reached]

    @property
    def percent(self) -> float | None:
        """The percentage that was reached, with one decimal, never rounded up; None if there is no site."""
        total = len(self.found.sites)
        return floor(1000 * len(self.reached) / total) / 10 if total else None

    def shown(self, file: Path) -> str:
        """Return a file relative to the root, with slashes; unchanged if it is elsewhere."""
        return (file.relative_to(self.root) if file.is_relative_to(self.root) else file).as_posix()


def document(result: CoverageResult) -> dict[str, Any]:
    """Return the content of the JSON file.

    ``version`` is 1; ``packages`` are names; ``way`` is ``"sys.monitoring"`` or ``"the constructors"``; ``sites``,
    ``reached``, ``exempt`` (by ``# pragma: no cover``) and ``unseen`` (in this way) are numbers; ``percent`` is from 0
    to 100 with one decimal, null if there is no site; ``raises`` holds each site in the order of file and line;
    ``unreadable`` the files that could not be read.
    """
    found = result.found
    return {
        "version": 1,
        "packages": list(result.packages),
        "way": result.way,
        "sites": len(found.sites),
        "reached": len(result.reached),
        "exempt": found.exempt,
        "unseen": result.unseen,
        "percent": result.percent,
        "raises": [
            {
                "file": result.shown(site.file),
                "line": site.line,
                "end_line": site.end_line,
                "error": site.error,
                "function": site.function,
                "reached": site in result.reached,
            }
            for site in found.sites
        ],
        "unreadable": [{"file": result.shown(file), "why": why} for file, why in found.unreadable.items()],
    }


def summary(result: CoverageResult) -> Iterator[str]:
    """Yield the lines of the terminal."""
    found, missed = result.found, result.missed
    names = ", ".join(result.packages)
    if not names:
        yield f"no package in {result.root} or its src; name yours in pytest's settings: flext_packages = shop"
    elif not found.sites:
        yield f"{names}: no raise site of a typed error"
    else:
        share = f"{len(result.reached)} of {len(found.sites)} raise sites reached ({result.percent}%)"
        yield f"{names}: {share}, seen by {result.way}"
    if found.exempt:
        yield f"exempt by '# pragma: no cover': {found.exempt}"
    for file, why in found.unreadable.items():
        yield f"not read: {result.shown(file)} {why}"
    if result.unseen:
        sites = number(result.unseen, "raise site")
        yield f"not counted: {sites} of an error that was caught or passed on; seen from Python 3.12 on"
    if result.way == CONSTRUCTORS and any(site.declared for site in missed):
        yield "classes that [tool.flext] declares, and that are not below BaseError, are seen from Python 3.12 on"
    if missed:
        yield "missed:"
    for site in missed:
        place = f" in {site.function}" if site.function else ""
        yield f"  {result.shown(site.file)}:{site.line}: raise {site.error}{place}"
