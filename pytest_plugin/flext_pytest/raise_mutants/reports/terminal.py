"""The terminal's lines about raise mutants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flext_pytest.plurals import number
from flext_pytest.raise_mutants.model import KINDS, NOT_REPEATED, NOT_TRIED, SURVIVED, Result, Site
from flext_pytest.raise_mutants.results import Results

__all__ = ["summary"]

NAMED = 3  # tests or modules that a line names


def summary(results: Results, bound: str) -> Iterator[str]:
    """Yield the lines of the terminal.

    Args:
        results: the results of the mutants.
        bound: the option that limits the time, with its value; "" for none.
    """
    if results.all:
        yield from table(results)
    else:
        kind = "" if results.untyped else " of a typed error"
        yield f"{', '.join(results.packages)}: no raise site{kind} was reached by a test that passes"
    exempt = sum(results.exempt.values())
    if exempt:
        yield f"exempt by '# flext: no-mutant': {number(exempt, 'raise statement')}"
    if results.missed:
        yield f"not changed, since imported before pytest could compile them: {named(results.missed)}"
    if results.failed:
        yield f"left out, since they fail without a mutant: {named(results.failed)}"
    if results.unsound:
        yield f"left out, since they fail when they run alone: {named(results.unsound)}"
    outside = results.only_outside
    if outside:
        places = named(f"{results.shown(site.file)}:{site.line}" for site in outside)
        yield f"not changed, since only reached outside tests: {places}"
    again = results.with_status(NOT_REPEATED)
    if again:
        yield f"{number(len(again), 'mutant')} not counted: the tests did not reach the site again, or nothing changed"
    late = results.with_status(NOT_TRIED)
    if late:
        least = [kind for kind in KINDS if any(each.kind == kind for each in late)]
        why = f" within {bound}" if bound else ""
        yield f"{number(len(late), 'mutant')} not tried{why}: {', '.join(least)}"
    survivors = by_site(results.with_status(SURVIVED))
    if survivors:
        yield "survivors, the most revealing first:"
    for site, found in survivors.items():
        kinds = ", ".join(each.kind for each in found)
        raised = f"raise {site.error}".rstrip()
        place = f"{results.shown(site.file)}:{site.line}"
        within = f" in {site.function}" if site.function else ""
        yield f"  {place}: {kinds}: {raised}{within}; reached by {named(found[0].tests, 1)}"


def table(results: Results) -> Iterator[str]:
    """Yield a line for each file, one for all, and how long it took."""
    rows = results.rows()
    width = max(len(row.name) for row in rows)
    yield f"{'':{width}}  sites  mutants  killed  survived"
    for row in rows:
        yield f"{row.name:{width}}  {row.sites:5}  {row.mutants:7}  {row.killed:6}  {row.survived:8}"
    share = f"{results.percent}% killed" if results.percent is not None else "none tried"
    yield f"{', '.join(results.packages)}: {share}, {results.seconds:.1f} seconds"


def by_site(results: list[Result]) -> dict[Site, list[Result]]:
    """Return mutants by their site, sites in the order of their first."""
    found: dict[Site, list[Result]] = {}
    for each in results:
        found.setdefault(each.site, []).append(each)
    return found


def named(names: Iterable[str], most: int = NAMED) -> str:
    """Return the first of some names, and how many more there are.

    >>> named(["a", "b", "c", "d", "e"]), named(["a", "b"], 1)
    ('a, b, c and 2 more', 'a and 1 more')
    """
    listed = list(names)
    left = len(listed) - most
    return ", ".join(listed[:most]) + (f" and {left:,} more" if left > 0 else "")
