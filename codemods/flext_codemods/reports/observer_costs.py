"""The cost of each observer: how many sites it blocks, and what can be done about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from flext_codemods.model.file_result import FileResult
from flext_codemods.model.finding import Finding
from flext_codemods.project.text import count
from flext_codemods.raises.skip_reasons import OBSERVED
from flext_codemods.repository.observations import Observation, Observations

__all__ = ["ObserverCost", "freed_sites", "observer_costs"]

ACCEPT = "accept it: # flext: accept on the line, or accept in [tool.flext]"
FIXES: Mapping[str, str] = {  # by the kind of the observer; see flext_analysis.observers.observed
    "class": "compare with isinstance()",
    "table": "look the error up by isinstance()",
    "name": "return a text of your own instead of the class name",
    "repr": "show str() of the error instead of its repr",
    "attribute": "check isinstance() before you read the attribute",
    "typed": "put a handler of the builtin before it, or narrow it",
    "stored": "do not store the error where its class is stored by name",
}


class ObserverCost(NamedTuple):
    """An observer, how many sites it blocks, and how many of them the recipe ``observers`` would free."""

    observer: Observation
    sites: int
    freed: int

    def __str__(self) -> str:
        left = f"{count(self.sites, 'site')} {'is' if self.sites == 1 else 'are'} left because of it"
        return f"{self.observer.location} {self.observer.what}: {left}"

    @property
    def fix(self) -> str:
        """What can be done about it, in a sentence."""
        ways = [f"--select +observers, which frees {count(self.freed, 'site')}"] if self.freed else []
        ways += [FIXES[self.observer.kind]] if self.observer.kind in FIXES else []
        return "; or ".join([*ways, ACCEPT])


def observer_costs(results: Iterable[FileResult], observed: Iterable[Observations]) -> tuple[ObserverCost, ...]:
    """Return the cost of each observer, the most costly first. A site with several is counted for each."""
    known = list(observed)
    groups: dict[int, tuple[Observation, ...]] = {}  # counted by group first, since many sites share hundreds
    left: Counter[tuple[int, bool]] = Counter()
    for result in results:
        for finding in result.findings:
            if finding.reason in OBSERVED and finding.migratable:
                group = observers_of(result.path, finding, known)
                groups[id(group)] = group
                left[id(group), bool(finding.skip and finding.skip.freed_by)] += 1
    sites: Counter[Observation] = Counter()
    freed: Counter[Observation] = Counter()
    for (group_id, is_freed), number in left.items():
        # Two identical reads in a line are one observer to people.
        for one in dict.fromkeys(each._replace(column=0) for each in groups[group_id]):
            sites[one] += number
            freed[one] += number * is_freed
    found = (ObserverCost(one, number, freed[one]) for one, number in sites.items())
    return tuple(sorted(found, key=lambda cost: (-cost.sites, cost.observer.location, cost.observer.what)))


def observers_of(path: str, finding: Finding, known: Iterable[Observations]) -> tuple[Observation, ...]:
    """Return the observers of a site: all of a raise that is followed, otherwise the one that its reason names."""
    assert finding.skip is not None
    for each in known:
        found = each.at(path, finding.line, finding.column - 1)
        if found:
            return found
    if finding.skip.location is None:
        return ()
    kind = {"type-table": "table", "typed-handler": "typed"}.get(finding.reason, "")
    return (Observation(kind, finding.skip.location, finding.skip.text.removeprefix("an observer ")),)


def freed_sites(results: Iterable[FileResult]) -> int:
    """Return how many sites the recipe ``observers`` would free, which is off by default."""
    return sum(bool(one.skip and one.skip.freed_by) for each in results for one in each.findings)
