"""Does ``flext-lint check`` find the same as flake8 with the plugin, on all installed code, and at what cost?

python -m benchmarks.lint_equality [PATH ...] [--lines N]

Without PATH: the standard library and all that is installed beside this project, up to a million lines. The files are
copied into one project, so that their own settings do not matter. Prints the first differences, and the CPU time of
both and of ruff's nearest rules; the exit status is 1 if the findings differ.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import WORK, Cost, run

PLACE = re.compile(r"(?:\./)?(.+?:\d+:\d+: FLX\d+ .*)")
RUFF = "--select=TRY,B,BLE,E722"
SHOWN = 20


def sources(paths: Iterable[Path]) -> Iterator[tuple[Path, Path]]:
    """Yield the Python files below some folders, each with its path relative to the parent folder."""
    for path in paths:
        for file in sorted(path.rglob("*.py")):
            relative = file.relative_to(path.parent)
            if not any(part.startswith(".") or part == "__pycache__" for part in relative.parts):
                yield file, relative


def gather(paths: Iterable[Path], most: int) -> tuple[Path, int, int]:
    """Copy the sources into one project; return its folder, and its numbers of files and lines."""
    project = WORK / "equality"
    shutil.rmtree(project, ignore_errors=True)
    project.mkdir(parents=True)
    (project / "pyproject.toml").write_text("[tool.flext]\n")
    (project / ".git").mkdir()
    files = lines = 0
    for file, relative in sources(paths):
        copy = project / relative
        if lines >= most or copy.exists():
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
        files += 1
        lines += copy.read_bytes().count(b"\n")
    return project, files, lines


def findings(output: Path) -> set[str]:
    """Return the findings in the output of a run, except those of files that do not parse."""
    lines = output.read_text(encoding="utf-8", errors="replace").splitlines()
    return {match[1] for line in lines if (match := PLACE.fullmatch(line)) is not None and " FLX000 " not in line}


def both(project: Path) -> tuple[set[str], set[str], dict[str, Cost]]:
    """Return the findings of flake8 and of the command, and the cost of each run."""
    flake8 = (sys.executable, "-m", "flake8", "-j1", "--isolated", "--select=FLX", "--output-file=../flake8.txt", ".")
    check = (sys.executable, "-m", "flext_lint", "check", "--select=FLX", "--jobs=1", "--format=text")
    ruff = (sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", RUFF, "--quiet", ".")
    output = project.parent / "check.txt"
    here = Path.cwd()
    os.chdir(project)
    try:
        (project.parent / "flake8.txt").unlink(missing_ok=True)
        costs = {
            f"flake8 {version('flake8')} with the plugin": run(*flake8, allowed=(0, 1)),
            "flext-lint check, cold": run(*check, "--no-cache", allowed=(0, 1)),
            f"ruff {version('ruff')} check {RUFF}": run(*ruff, allowed=(0, 1)),
        }
        run(*check, allowed=(0, 1))  # fills the cache
        costs["flext-lint check, warm"] = run(*check, allowed=(0, 1))
        with output.open("w") as stream:
            subprocess.run([*check], check=False, stdout=stream)
    finally:
        os.chdir(here)
    return findings(project.parent / "flake8.txt"), findings(output), costs


def main(argv: list[str]) -> int:
    """Compare, and print the table; return 1 if the findings differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, help="folders")
    parser.add_argument("--lines", type=int, default=1_000_000, help="stop at so many lines")
    given = parser.parse_args(argv)
    folders = [Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib")]
    project, files, lines = gather(given.paths or folders, given.lines)
    flake8, ours, costs = both(project)
    print(f"{files:,} files, {lines:,} lines; Python {platform.python_version()}\n")
    print("| one process | CPU seconds | wall | MB |\n|---|---:|---:|---:|")
    for name, cost in costs.items():
        print(f"| {name} | {cost.cpu:.2f} | {cost.wall:.2f} | {cost.memory:.0f} |")
    whole, cold = (cost.cpu for cost in list(costs.values())[:2])
    print(f"\nflake8 with the plugin takes {whole / cold:.1f} times the CPU of flext-lint check, cold")
    print(f"{len(flake8):,} findings of flake8, {len(ours):,} of the command, {len(flake8 ^ ours)} differ")
    for line in sorted(flake8 ^ ours)[:SHOWN]:
        print(f"{'flake8 alone' if line in flake8 else 'the command alone'}: {line}")
    return int(flake8 != ours)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
