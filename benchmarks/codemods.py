"""Lines per CPU second of ``migrate``, beside ruff, pyupgrade and a naive LibCST codemod, on the same sources.

Each tool runs once, unless --runs says otherwise: a first migration of the large packages takes minutes, and its CPU
time differs by a few percent from run to run, far less than the figures differ from their targets. For the same reason
tools that read one file at a time get a share of the files, and how the cost grows with the lines, and what a second
worker saves, is measured on copies of a smaller package.

python -m benchmarks.codemods [--runs N]
"""

from __future__ import annotations

import argparse
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from benchmarks.measure import WORK, Cost, middle, run

PACKAGES = ("django==5.2.19",)
SMALLER = ("celery==5.7.0",)
UPGRADE_SHARE, NAIVE_SHARE = 5, 50  # these tools get every 5th and every 50th file
FIRST, AFTER, AGAIN = "migrate, first run", "migrate, after a run that rewrote files", "migrate, nothing changed since"
UPGRADE, RUFF, NAIVE = "pyupgrade", "ruff check --fix (UP, F, E)", "naive LibCST"
SIZES = (1, 2, 4)  # copies side by side
GROWING = {copies: f"{FIRST}, {SMALLER[0]}, {copies}x" for copies in SIZES}
TWO = f"{GROWING[4]}, two workers"
MEMORY = 400  # MB, the largest process of a migration; the target is set for 1,000,000 lines


class Measured(NamedTuple):
    """The number of lines that a tool processed, and its cost in each run."""

    lines: int
    costs: list[Cost]

    @property
    def rate(self) -> float:
        """Lines per CPU second."""
        return self.lines / middle(self.costs, lambda cost: cost.cpu)

    @property
    def wall(self) -> float:
        """Wall seconds of a run."""
        return middle(self.costs, lambda cost: cost.wall)

    @property
    def memory(self) -> float:
        """The largest process, in MB."""
        return middle(self.costs, lambda cost: cost.memory)


def fetch(packages: tuple[str, ...] = PACKAGES) -> Path:
    """Return the folder with the installed sources of the packages; pip fetches them the first time."""
    folder = WORK / "packages" / "-".join(packages)
    if not folder.is_dir():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--target", folder]
        subprocess.run([*map(str, command), *packages], check=True)
    return folder


def fresh(source: Path, copies: int = 1) -> Path:
    """Return a fresh copy of the sources, or a folder with several side by side.

    It is a repository of its own: the settings of this one do not apply to it, and no cache of an earlier run does.
    """
    folder = WORK / "copy"
    shutil.rmtree(folder, ignore_errors=True)
    for number in range(copies):
        shutil.copytree(source, folder if copies == 1 else folder / f"copy{number}")
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    return folder


def lines_of(files: list[Path]) -> int:
    """Return the total number of lines of the files."""
    return sum(file.read_bytes().count(b"\n") for file in files)


def migrate(folder: Path, jobs: int, *options: str) -> Cost:
    """Return the cost of one run of migrate."""
    command = (sys.executable, "-m", "flext_codemods", "migrate", "--allow-dirty", "--jobs", str(jobs))
    return run(*command, *options, folder)


def costs_once(source: Path, smaller: Path) -> Iterator[tuple[str, Cost]]:
    """Run each tool once, on untouched files except for the second and third migration.

    The second reads the files that the first rewrote, so only the third finds everything in the cache.
    """
    copy = fresh(source)
    yield FIRST, migrate(copy, 1)
    yield AFTER, migrate(copy, 1)
    yield AGAIN, migrate(copy, 1)
    files = sorted(fresh(source).rglob("*.py"))
    upgrade = ("pyupgrade", "--py311-plus", "--exit-zero-even-if-changed")
    yield UPGRADE, run(sys.executable, "-m", *upgrade, *files[::UPGRADE_SHARE])
    fix = ("check", "--select", "UP,F,E", "--fix", "--exit-zero", "--isolated", "--no-cache", "--quiet")
    yield RUFF, run(sys.executable, "-m", "ruff", *fix, "--no-respect-gitignore", fresh(source))
    fresh(source)
    yield NAIVE, run(sys.executable, "-m", "benchmarks.naive_libcst", *files[::NAIVE_SHARE])
    for copies, name in GROWING.items():
        yield name, migrate(fresh(smaller, copies), 1)
    yield TWO, migrate(fresh(smaller, SIZES[-1]), 2)


def measure(runs: int) -> dict[str, Measured]:
    """Run each tool in turn, several times."""
    source, smaller = fetch(), fetch(SMALLER)
    files = sorted(source.rglob("*.py"))
    lines, small = lines_of(files), lines_of(sorted(smaller.rglob("*.py")))
    given = {name: copies * small for copies, name in GROWING.items()} | {TWO: SIZES[-1] * small}
    given |= {UPGRADE: lines_of(files[::UPGRADE_SHARE]), NAIVE: lines_of(files[::NAIVE_SHARE])}
    found: dict[str, Measured] = {}
    for _ in range(runs):
        for name, cost in costs_once(source, smaller):
            found.setdefault(name, Measured(given.get(name, lines), [])).costs.append(cost)
    return found


def targets(found: dict[str, Measured]) -> Iterator[tuple[str, float, float]]:
    """Yield each target: its description, the measured value, and the minimum."""
    yield f"{AGAIN}, lines per CPU second", found[AGAIN].rate, 500_000
    yield f"{FIRST}, lines per CPU second", found[FIRST].rate, 35_000
    yield f"{FIRST}, rate divided by that of pyupgrade", found[FIRST].rate / found[UPGRADE].rate, 1
    yield "wall seconds of one worker divided by those of two", found[GROWING[4]].wall / found[TWO].wall, 1.6


def main(argv: list[str]) -> int:
    """Measure and print the tables; return 1 if a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1, help="interleaved runs of each tool")
    runs = parser.parse_args(argv).runs
    found = measure(runs)
    tools = ", ".join(f"{name} {version(name)}" for name in ("libcst", "pyupgrade", "ruff"))
    times = "one run" if runs == 1 else f"median of {runs} runs"
    print(f"migrate on {', '.join(PACKAGES)}; Python {platform.python_version()}, {tools}; {times} of each\n")
    print("| tool | lines | lines per CPU second | wall seconds | largest process, MB |\n|---|---:|---:|---:|---:|")
    for name, one in found.items():
        print(f"| {name} | {one.lines:,} | {one.rate:,.0f} | {one.wall:.1f} | {one.memory:.0f} |")
    print("\n| target | measured | at least |\n|---|---:|---:|")
    missed = False
    for what, value, least in targets(found):
        missed |= value < least
        print(f"| {what} | {value:,.{0 if least > 10 else 2}f} | {least:,} |")
    largest = max(one.memory for name, one in found.items() if name.startswith("migrate"))
    print(f"\nThe largest process of a migration took {largest:.0f} MB (target: at most {MEMORY} for 1,000,000 lines).")
    return int(missed or largest > MEMORY)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
