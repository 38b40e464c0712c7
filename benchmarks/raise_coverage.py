"""What ``--flext-raise-coverage`` costs a suite: python -m benchmarks.raise_coverage [--pairs N].

Runs the suites of the migrated example and of a migrated package with the option and without it, in CPU seconds of the
whole process. The two runs of a pair take turns to be first, and the first pair is discarded. The result is the median
of the pairs.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from contextlib import chdir
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.measure import run
from benchmarks.plugin import spread
from trials.packages import PACKAGES
from trials.suites import prepare

PROJECT = Path(__file__).parents[1]
PACKAGE = "dnspython"
MOST = 5.0  # percent
OPTION = "--flext-raise-coverage"


class Suite(NamedTuple):
    """A migrated project with its tests: name, folder, the interpreter that can import it, and pytest's arguments."""

    name: str
    folder: Path
    python: Path
    arguments: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()


def migrated(python: Path, folder: Path) -> None:
    """Migrate a project."""
    with chdir(folder):
        run(python, "-m", "flext_codemods", "migrate", "--allow-no-vcs", ".")


def suites(folder: Path) -> Iterator[Suite]:
    """Create the suites in a folder, one after the other."""
    shop, python = folder / "shop" / "legacy_shop", Path(sys.executable)
    shutil.copytree(PROJECT / "examples" / "legacy_shop", shop, ignore=shutil.ignore_patterns("__pycache__"))
    migrated(python, shop)
    yield Suite("legacy shop", shop, python, ())
    package = PACKAGES[PACKAGE]
    (folder / PACKAGE).mkdir()
    place = prepare(PACKAGE, package, PROJECT, folder / PACKAGE)
    migrated(place.python, place.source)
    name = f"{PACKAGE} {package.version}"
    yield Suite(name, place.source, place.python, package.arguments, package.environment)


def seconds(suite: Suite, *options: str) -> float:
    """Return the CPU seconds of a run of a suite with our plugin only."""
    os.environ |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **dict(suite.environment)}
    ours = ("-p", "flext_pytest.plugin", "-p", "no:cacheprovider")
    with chdir(suite.folder):
        return run(suite.python, "-m", "pytest", "-q", *ours, *suite.arguments, *options).cpu


def extra(suite: Suite, pairs: int) -> tuple[list[float], float]:
    """Return what the option adds in percent, for this many pairs of runs, and the seconds of a run without it."""
    found = []
    for turn in range(pairs + 1):
        if turn % 2:
            measured, plain = seconds(suite, OPTION), seconds(suite)
        else:
            plain, measured = seconds(suite), seconds(suite, OPTION)
        found.append((measured, plain))
    return [(measured / plain - 1) * 100 for measured, plain in found[1:]], median(plain for _, plain in found[1:])


def main(argv: list[str]) -> int:
    """Measure and print; return 1 if a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=5, help="pairs of runs of each suite")
    number = parser.parse_args(argv).pairs
    missed = 0
    print(f"{OPTION}: Python {platform.python_version()}, pytest {version('pytest')}")
    with TemporaryDirectory() as folder:  # outside this project, whose settings pytest would find
        for suite in suites(Path(folder)):
            file = Path(folder) / "found.json"
            seconds(suite, f"{OPTION}=json:{file}")
            found = json.loads(file.read_text())
            values, plain = extra(suite, number)
            reached = f"{found['reached']} of {found['sites']} sites reached ({found['percent']}%, by {found['way']})"
            cost = f"{plain:.1f} CPU s: {spread(values, '%')}; at most {MOST:.0f} %"
            print(f"  {suite.name}: {reached}; {cost}", flush=True)
            missed |= median(values) > MOST
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
