"""Lines a CPU second of ``migrate``, beside pyupgrade and a naive LibCST codemod, on the same installed sources.

python -m benchmarks.codemods [--runs N]
"""

from __future__ import annotations

import argparse
import platform
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import WORK, Cost, middle, run

PACKAGES = ("django==5.2.19", "sqlalchemy==2.1.9")
NAIVE_SHARE = 25  # the naive codemod gets every 25th file: all of them would take it minutes


def fetch() -> Path:
    """Return the folder with the packages' installed sources, fetched by pip the first time."""
    folder = WORK / "packages" / "-".join(PACKAGES)
    if not folder.is_dir():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--target", folder]
        subprocess.run([*map(str, command), *PACKAGES], check=True)
    return folder


def fresh(source: Path) -> Path:
    """Return a fresh copy of the sources."""
    copy = WORK / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(source, copy)
    return copy


def lines_of(files: list[Path]) -> int:
    """Return how many lines the files have together."""
    return sum(file.read_bytes().count(b"\n") for file in files)


def migrate(folder: Path, jobs: int) -> Cost:
    """Return what one run of migrate costs."""
    return run(sys.executable, "-m", "flext_codemods", "migrate", "--allow-dirty", "--jobs", str(jobs), folder)


def measure(runs: int) -> dict[str, tuple[int, list[Cost]]]:
    """Run each tool in turn, several times; return its lines and its costs."""
    source = fetch()
    names = (
        "migrate, first run",
        "migrate, nothing to do",
        "migrate, first run, two workers",
        "pyupgrade",
        "naive LibCST",
    )
    found: dict[str, tuple[int, list[Cost]]] = {}
    for _ in range(runs):
        copy = fresh(source)
        files = sorted(copy.rglob("*.py"))
        lines = lines_of(files)
        some = files[::NAIVE_SHARE]
        costs = [migrate(copy, 1), migrate(copy, 1)]
        costs.append(migrate(fresh(source), 2))
        fresh(source)
        costs.append(run(sys.executable, "-m", "pyupgrade", "--py311-plus", "--exit-zero-even-if-changed", *files))
        fresh(source)
        costs.append(run(sys.executable, "-m", "benchmarks.naive_libcst", *some))
        for name, cost in zip(names, costs, strict=True):
            count = lines_of(some) if name == "naive LibCST" else lines
            found.setdefault(name, (count, []))[1].append(cost)
    return found


def main(argv: list[str]) -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="interleaved runs of each tool")
    runs = parser.parse_args(argv).runs
    found = measure(runs)
    rate = {name: lines / middle(costs, lambda cost: cost.cpu) for name, (lines, costs) in found.items()}
    tools = ", ".join(f"{name} {version(name)}" for name in ("libcst", "pyupgrade"))
    print(f"migrate on {', '.join(PACKAGES)}; Python {platform.python_version()}, {tools}; median of {runs}\n")
    print("| tool | lines | lines a CPU second | wall seconds | largest process, MB |\n|---|---:|---:|---:|---:|")
    for name, (lines, costs) in found.items():
        wall, memory = middle(costs, lambda cost: cost.wall), middle(costs, lambda cost: cost.memory)
        print(f"| {name} | {lines:,} | {rate[name]:,.0f} | {wall:.1f} | {memory:.0f} |")
    first, two = (found[name][1] for name in ("migrate, first run", "migrate, first run, two workers"))
    print(
        f"\nfirst run against the naive codemod: {rate['migrate, first run'] / rate['naive LibCST']:.0f}x (target 60x)"
    )
    print(f"first run against pyupgrade: {rate['migrate, first run'] / rate['pyupgrade']:.1f}x (target 3x)")
    ratio = middle(first, lambda cost: cost.wall) / middle(two, lambda cost: cost.wall)
    print(f"two workers against one, wall: {ratio:.2f}x (target 1.7x)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
