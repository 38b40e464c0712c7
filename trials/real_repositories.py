"""Migrate released packages and compare their own suites before and after, test by test.

python -m trials.real_repositories [--run RUN] [--page] [NAME ...]

Each package is fetched as source, installed into a new environment and tested twice unchanged: a test whose outcome or
name differs between the two is left out and named. Then each run of ``migrate`` starts from the original sources.
Results go to .work/trials; docs/real-repositories.md is made from all that exist. Exits 1 if a safe run changed an
outcome, fewer tests passed before than are known to, or too little was migrated.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from trials import page
from trials.packages import PACKAGES, RUNS
from trials.result import Change, Result, load, save
from trials.suites import Place, Suite, differing, prepare, run, suite

ROOT = Path(__file__).parent.parent
ENOUGH_SITES = 10  # packages with fewer need not reach the share by themselves
EACH, POOLED = 0.6, {"safe": 0.8, "observers": 0.9}


def migrated(place: Place, name: str, run_name: str, before: Suite, unsteady: set[str]) -> Result:
    """Run ``migrate`` on the original sources, and the suite on the result."""
    package = PACKAGES[name]
    place.restore()
    arguments = ("migrate", "--allow-no-vcs", *RUNS[run_name].arguments, "--format", "json", ".")
    report = json.loads(run(place.python, "-m", "flext_codemods", *arguments, cwd=place.source, allowed=(0, 2)))
    after = suite(place, package)
    changed = differing(before, after) - unsteady
    if changed:  # what the same sources do not do twice is not migrate's doing
        again = differing(after, suite(place, package))
        changed, unsteady = changed - again, unsteady | again
    return Result(
        name=name,
        version=package.version,
        run=run_name,
        date=date.today().isoformat(),
        python=platform.python_version(),
        installed=installed(place.python),
        tests=len(before.outcomes),
        before=dict(Counter(before.outcomes.values())),
        after=dict(Counter(after.outcomes.values())),
        unsteady=sorted(unsteady),
        changes=[change(test, before, after) for test in sorted(changed)],
        report=report,
    )


def change(test: str, before: Suite, after: Suite) -> Change:
    """Return the outcome of a test."""
    was, became = (one.outcomes.get(test, "absent") for one in (before, after))
    return Change(test, was, became, after.messages.get(test, ""))


def installed(python: Path) -> dict[str, str]:
    """Return the versions of what is installed in an environment."""
    listed = json.loads(run(python, *"-m pip list --format json --disable-pip-version-check".split()))
    return {one["name"]: one["version"] for one in listed}


def try_package(name: str, runs: Iterable[str], project: Path, folder: Path) -> list[Result]:
    """Try one package in each way; return the result, saved."""
    package, started = PACKAGES[name], time.monotonic()
    place = prepare(name, package, project, folder)
    before = suite(place, package)
    place.restore()
    unsteady = differing(before, suite(place, package))
    results = []
    for run_name in runs:
        result = migrated(place, name, run_name, before, unsteady)
        save(result)
        results.append(result)
        print(f"{name} {run_name}: {len(result.changes)} of {result.tests} tests changed", flush=True)
        for one in result.changes:
            print(f"  {one.test}: {one.before} before, {one.after} after", flush=True)
    print(f"{name}: {(time.monotonic() - started) / 60:.1f} minutes", flush=True)
    return results


def complaints(results: list[Result]) -> list[str]:
    """Return what is not as it has to be, one line each."""
    found = []
    for one in results:
        if one.passed() < PACKAGES[one.name].known:
            found.append(f"{one.name}: only {one.passed()} of {PACKAGES[one.name].known} known tests passed before")
        if one.failed() or one.report["errors"]:
            found.append(f"{one.name} {one.run}: {one.failed()} sites failed; {one.report['errors']}")
    safe = [one for one in results if RUNS[one.run].safe]
    for one in safe:
        found += [f"{one.name}: {change.test} changed" for change in one.changes]
        if one.migratable() >= ENOUGH_SITES and one.migrated() < EACH * one.migratable():
            found.append(f"{one.name}: only {one.migrated()} of {one.migratable()} migrated")
    for name, share in POOLED.items():
        pooled = [one for one in safe if one.run == name]
        everything, moved = sum(one.migratable() for one in pooled), sum(one.migrated() for one in pooled)
        if moved < share * everything:
            found.append(f"{name}, pooled: {moved} of {everything} migrated, less than {share:.0%}")
    return found


def main(argv: list[str]) -> int:
    """Try the named packages, or all of them, and write the page; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", metavar="NAME", nargs="*", help=f"one of {', '.join(PACKAGES)}; without, all of them")
    parser.add_argument("--run", action="append", choices=RUNS, help="only this run; may be given several times")
    parser.add_argument("--page", action="store_true", help="only make the page again, from the results that are there")
    parser.add_argument("--project", type=Path, default=ROOT, help="where flext-exceptions is installed from")
    parser.add_argument("--keep", type=Path, help="a new folder for sources and environments, which are kept")
    options = parser.parse_args(argv)
    unknown = set(options.names) - PACKAGES.keys()
    if unknown:
        parser.error(f"no such package: {', '.join(sorted(unknown))}")
    results = load() if options.page else []
    for name in () if options.page else options.names or PACKAGES:
        with tempfile.TemporaryDirectory() as temporary:
            folder = options.keep / name if options.keep else Path(temporary)
            folder.mkdir(parents=True, exist_ok=True)
            results += try_package(name, options.run or RUNS, options.project, folder)
    page.write(load())
    wrong = complaints(results)
    print(*wrong, f"wrote {page.PAGE.relative_to(ROOT)}", sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
