"""Lines a CPU second of ``migrate``, beside ruff, pyupgrade and a naive LibCST codemod, on the same installed sources.

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

PACKAGES = ("django==5.2.19", "sqlalchemy==2.1.9")
NAIVE_SHARE = 25  # the naive codemod gets every 25th file: all of them would take it minutes
FIRST, AGAIN, TWO = "migrate, first run", "migrate, nothing to do", "migrate, first run, two workers"
UPGRADE, RUFF, NAIVE = "pyupgrade", "ruff check --fix (UP, F, E)", "naive LibCST"
SIZES = (2, 4)  # copies side by side
MEMORY = 150  # MB, the largest process of a migration, whatever it works on


class Measured(NamedTuple):
    """What a tool was given, and what it cost each time."""

    lines: int
    costs: list[Cost]

    @property
    def rate(self) -> float:
        """Lines a CPU second."""
        return self.lines / middle(self.costs, lambda cost: cost.cpu)

    @property
    def wall(self) -> float:
        """Seconds until it was done."""
        return middle(self.costs, lambda cost: cost.wall)

    @property
    def memory(self) -> float:
        """The largest process, in MB."""
        return middle(self.costs, lambda cost: cost.memory)


def fetch() -> Path:
    """Return the folder with the packages' installed sources, fetched by pip the first time."""
    folder = WORK / "packages" / "-".join(PACKAGES)
    if not folder.is_dir():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--target", folder]
        subprocess.run([*map(str, command), *PACKAGES], check=True)
    return folder


def fresh(source: Path, copies: int = 1) -> Path:
    """Return a fresh copy of the sources, or a folder with several side by side."""
    folder = WORK / "copy"
    shutil.rmtree(folder, ignore_errors=True)
    for number in range(copies):
        shutil.copytree(source, folder if copies == 1 else folder / f"copy{number}")
    return folder


def lines_of(files: list[Path]) -> int:
    """Return how many lines the files have together."""
    return sum(file.read_bytes().count(b"\n") for file in files)


def migrate(folder: Path, jobs: int) -> Cost:
    """Return what one run of migrate costs."""
    return run(sys.executable, "-m", "flext_codemods", "migrate", "--allow-dirty", "--jobs", str(jobs), folder)


def larger(copies: int) -> str:
    """Return the name of a first run over several copies."""
    return f"{FIRST}, {copies}x the lines"


def costs_once(source: Path) -> Iterator[tuple[str, Cost]]:
    """Run each tool once, each on files that nobody has touched: but the second migration."""
    copy = fresh(source)
    yield FIRST, migrate(copy, 1)
    yield AGAIN, migrate(copy, 1)
    yield TWO, migrate(fresh(source), 2)
    files = sorted(fresh(source).rglob("*.py"))
    yield UPGRADE, run(sys.executable, "-m", "pyupgrade", "--py311-plus", "--exit-zero-even-if-changed", *files)
    fix = ("check", "--select", "UP,F,E", "--fix", "--exit-zero", "--isolated", "--no-cache", "--quiet")
    yield RUFF, run(sys.executable, "-m", "ruff", *fix, "--no-respect-gitignore", fresh(source))
    fresh(source)
    yield NAIVE, run(sys.executable, "-m", "benchmarks.naive_libcst", *files[::NAIVE_SHARE])
    for copies in SIZES:
        yield larger(copies), migrate(fresh(source, copies), 1)


def measure(runs: int) -> dict[str, Measured]:
    """Run each tool in turn, several times."""
    source = fetch()
    files = sorted(source.rglob("*.py"))
    lines = lines_of(files)
    given = {NAIVE: lines_of(files[::NAIVE_SHARE])} | {larger(copies): copies * lines for copies in SIZES}
    found: dict[str, Measured] = {}
    for _ in range(runs):
        for name, cost in costs_once(source):
            found.setdefault(name, Measured(given.get(name, lines), [])).costs.append(cost)
    return found


def targets(found: dict[str, Measured]) -> Iterator[tuple[str, float, float]]:
    """Yield what is promised: in words, what was found, and what it is to be at least."""
    yield f"{AGAIN}, lines a CPU second", found[AGAIN].rate, 500_000
    yield f"{FIRST}, lines a CPU second", found[FIRST].rate, 80_000
    yield f"{FIRST} against the naive codemod", found[FIRST].rate / found[NAIVE].rate, 60
    yield f"{FIRST} against pyupgrade", found[FIRST].rate / found[UPGRADE].rate, 3
    yield "two workers against one, wall seconds", found[FIRST].wall / found[TWO].wall, 1.7


def main(argv: list[str]) -> int:
    """Measure and print the tables; 1 when a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="interleaved runs of each tool")
    runs = parser.parse_args(argv).runs
    found = measure(runs)
    tools = ", ".join(f"{name} {version(name)}" for name in ("libcst", "pyupgrade", "ruff"))
    print(f"migrate on {', '.join(PACKAGES)}; Python {platform.python_version()}, {tools}; median of {runs}\n")
    print("| tool | lines | lines a CPU second | wall seconds | largest process, MB |\n|---|---:|---:|---:|---:|")
    for name, one in found.items():
        print(f"| {name} | {one.lines:,} | {one.rate:,.0f} | {one.wall:.1f} | {one.memory:.0f} |")
    print("\n| target | found | at least |\n|---|---:|---:|")
    missed = False
    for what, value, least in targets(found):
        missed |= value < least
        print(f"| {what} | {value:,.{0 if least > 10 else 2}f} | {least:,} |")
    largest = max(one.memory for name, one in found.items() if name.startswith("migrate"))
    print(f"\nlargest process of a migration: {largest:.0f} MB (target: at most {MEMORY})")
    return int(missed or largest > MEMORY)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
