"""Write docs/real-repositories.md from the results of the trials."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from trials.packages import NOTES, PACKAGES, RUNS
from trials.result import Result

__all__ = ["PAGE", "write"]

PAGE = Path(__file__).parent.parent / "docs" / "real-repositories.md"
NAMED = 12  # tests that the page names for a package; the results name all

SAFE_HEAD = """\
| package | lines | tests | before | after | changed | raises | migratable | migrated | left, by reason |
|---|---:|---:|---|---|---:|---:|---:|---:|---|"""
UNSAFE_HEAD = """\
| package | classes | rebased | left, by reason | before | after | changed | why |
|---|---:|---:|---|---|---|---:|---|"""
CONDITIONS_HEAD = """\
| package | needs | arguments of pytest | left out | unsteady |
|---|---|---|---|---:|"""


def counted(counts: dict[str, int]) -> str:
    """Return counts as text, the largest first."""
    return ", ".join(f"{count:,} {name}" for name, count in Counter(counts).most_common())


def row(*cells: object) -> str:
    """Return a row of a table; numbers with thousands separators."""
    return f"| {' | '.join(f'{cell:,}' if isinstance(cell, int) else str(cell) for cell in cells)} |"


def safe_row(title: str, results: list[Result]) -> str:
    """Return what a safe run did to one package, or to all of them together."""
    migratable, migrated = sum(one.migratable() for one in results), sum(one.migrated() for one in results)
    return row(
        title,
        sum(one.lines() for one in results),
        sum(one.tests for one in results),
        counted(sum((Counter(one.before) for one in results), Counter())),
        counted(sum((Counter(one.after) for one in results), Counter())),
        sum(len(one.changes) for one in results),
        sum(len(one.sites()) for one in results),
        migratable,
        f"{migrated:,} ({migrated / migratable:.1%})" if migratable else migrated,
        counted(sum((one.left() for one in results), Counter())),
    )


def unsafe_row(title: str, one: Result) -> str:
    """Return what an unsafe run did to a package, and why tests changed."""
    why = NOTES.get((one.run, one.name), "not looked at yet") if one.changes else ""
    numbers = (len(one.sites()), one.migrated(), counted(one.left()))
    return row(title, *numbers, counted(one.before), counted(one.after), len(one.changes), why)


def named(title: str, tests: Iterable[str]) -> list[str]:
    """Return a line with the names of tests; none if there are none."""
    names = [f"`{test}`" for test in tests]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return [f"- {title}: {', '.join(names[:NAMED])}{more}"] if names else []


def run_section(name: str, results: list[Result]) -> list[str]:
    """Return the table of one run, and the tests that changed."""
    chosen = [one for one in results if one.run == name]
    if not chosen:
        return []
    command = " ".join(["python -m flext_codemods migrate --allow-no-vcs", *RUNS[name].arguments])
    lines = ["", f"## `{command}`", "", SAFE_HEAD if RUNS[name].safe else UNSAFE_HEAD]
    for one in chosen:
        title = f"{one.name} {one.version}"
        lines.append(safe_row(title, [one]) if RUNS[name].safe else unsafe_row(title, one))
    if RUNS[name].safe:
        lines.append(safe_row("together", chosen))
    changed = [line for one in chosen for line in named(f"changed in {one.name}", [each.test for each in one.changes])]
    return [*lines, *([""] if changed else []), *changed]


def conditions(results: list[Result]) -> list[str]:
    """Return how the suites were run, and which tests are unsteady."""
    lines, unsteady = ["", "## How each suite is run", "", CONDITIONS_HEAD], []
    for name, package in PACKAGES.items():
        mine = [one for one in results if one.name == name]
        if mine:
            tests = sorted({test for one in mine for test in one.unsteady})
            unsteady += named(f"unsteady in {name}", tests)
            arguments = f"`{shlex.join(package.arguments)}`" if package.arguments else ""
            lines.append(row(name, ", ".join(package.needs), arguments, package.without, len(tests)))
    return [*lines, *([""] if unsteady else []), *unsteady]


def text(results: list[Result]) -> str:
    """Return the page."""
    dates = sorted({one.date for one in results})
    pythons = sorted({one.python for one in results})
    versions = [
        f"{name} {', '.join(sorted({one.installed[name] for one in results}))}"
        for name in ("flext-exceptions", "pytest")
    ]
    lines = [
        "# Real repositories",
        "",
        "Released packages that no one here wrote: fetched as source, migrated, and their own suites run before and",
        "after, compared test by test. Made by `make trials` (`python -m trials.real_repositories`); `--page` makes it",
        "again from the results in `.work/trials`, which name every site and every changed test.",
        "",
        f"Run on {', '.join(dates)} with Python {', '.join(pythons)}, {' and '.join(versions)}.",
        "",
        "*Lines* are those of all Python files in the release, its tests among them; *raises* are the raises of",
        "builtins in them. What is *migratable*, and what each reason means, says [migrate.md](migrate.md). A test",
        "that does not come out the same twice from the same sources is unsteady: it is not compared, and named below.",
        "[Who sees the errors that are left](left-sites.md) says what holds back the others, as far as it was read.",
    ]
    for name in RUNS:
        lines += run_section(name, results)
    return "\n".join([*lines, *conditions(results)]) + "\n"


def write(results: list[Result]) -> None:
    """Write the page; nothing if there are no results."""
    if results:
        PAGE.write_text(text(results), encoding="utf-8")
