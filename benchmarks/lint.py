"""CPU seconds that the linter adds to flake8, beside flake8-bugbear and tryceratops, on the same installed sources.

python -m benchmarks.lint [--runs N]
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from statistics import median

from benchmarks.codemods import SMALLER, fetch, fresh, lines_of, migrate
from benchmarks.measure import WORK, Cost, run

OTHERS = {"flake8-bugbear": "B", "tryceratops": "TRY"}
OURS = "flext_lint, every rule"
PREFIXES = {OURS: "FLX", **OTHERS}
SCRIPT = Path(__file__).with_name("time_plugin.py")


def environment(tool: str) -> Path:
    """Return the interpreter of an environment with flake8 and one plugin; created the first time."""
    folder = WORK / "environments" / tool
    python = folder / "bin" / "python"
    if not (folder / "installed").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        wanted = [f"flake8=={version('flake8')}", *([tool] if tool in OTHERS else [])]
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *wanted], check=True)
        (folder / "installed").touch()
    return python


def version_in(python: Path, distribution: str) -> str:
    """Return the version of a distribution in an environment."""
    code = f"import importlib.metadata as m; print(m.version({distribution!r}))"
    return subprocess.run([str(python), "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def inside(python: Path, prefix: str, folder: Path) -> tuple[float, int]:
    """Return the CPU seconds of a plugin's own work on a folder, and the number of its findings."""
    command = [str(python), str(SCRIPT), prefix, str(folder)]
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    # In a separate folder, since the settings of this project would apply to the other sources.
    here = WORK / "elsewhere"
    here.mkdir(exist_ok=True)
    (here / "requirements.txt").touch()
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=here, env=kept)
    seconds, found = done.stdout.split()
    return float(seconds), int(found)


def whole(python: Path, prefix: str, folder: Path) -> Cost:
    """Return the cost of a whole run of flake8 in one process."""
    command = (python, "-m", "flake8", "-j1", "--isolated", f"--select=E9,F,{prefix}", folder)
    return run(*command, allowed=(0, 1))


def command_costs(folder: Path) -> dict[str, Cost]:
    """Return the cost of the command in one process, cold and warm, and that of ruff."""
    check = (sys.executable, "-m", "flext_lint", "check", "--select=FLX", "--jobs=1", folder)
    ruff = (sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--select=TRY,B,BLE,E722", folder)
    cold = run(*check, "--no-cache", allowed=(0, 1))
    run(*check, allowed=(0, 1))
    return {
        "flext-lint check, cold": cold,
        "flext-lint check, warm": run(*check, allowed=(0, 1)),
        "ruff check --select TRY,B,BLE,E722": run(*ruff, allowed=(0, 1)),
    }


def main(argv: list[str]) -> int:
    """Measure and print the tables; return 1 if a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="interleaved runs of each tool")
    runs = parser.parse_args(argv).runs
    pythons = {OURS: Path(sys.executable), **{tool: environment(tool) for tool in OTHERS}}
    alone = environment("flake8")
    legacy = fetch(SMALLER)
    migrated = fresh(legacy)
    migrate(migrated, 1, "--unsafe")
    lines = lines_of(sorted(legacy.rglob("*.py")))
    spent: dict[tuple[str, str], list[float]] = {}
    found: dict[tuple[str, str], int] = {}
    for _ in range(runs):
        for name, prefix in PREFIXES.items():
            for kind, folder in (("legacy", legacy), ("migrated", migrated)):
                seconds, count = inside(pythons[name], prefix, folder)
                spent.setdefault((name, kind), []).append(seconds * 100_000 / lines)
                found[name, kind] = count
    others = ", ".join(f"{tool} {version_in(pythons[tool], tool)}" for tool in OTHERS)
    print(f"lint on {', '.join(SMALLER)}, {lines:,} lines, and on the same after migrate --unsafe; "
          f"Python {platform.python_version()}, flake8 {version('flake8')}, {others}; median of {runs}\n")  # fmt: skip
    print("| CPU seconds of the plugin's own work for 100,000 lines | legacy | migrated | findings |")
    print("|---|---:|---:|---:|")
    for name in PREFIXES:
        cells = [f"{median(spent[name, kind]):.3f}" for kind in ("legacy", "migrated")]
        print(f"| {name} | {' | '.join(cells)} | {found[name, 'legacy']:,} and {found[name, 'migrated']:,} |")
    flake8: dict[str, Cost] = {}
    print("\n| whole runs of flake8 (pyflakes and the plugin), one process | CPU seconds | MB |\n|---|---:|---:|")
    for name, python, prefix in [("flake8 alone", alone, "E9")] + [(n, pythons[n], p) for n, p in PREFIXES.items()]:
        cost = flake8[name] = whole(python, prefix, legacy)
        print(f"| {name} | {cost.cpu:.1f} | {cost.memory:.0f} |", flush=True)
    costs = command_costs(legacy)
    for name, cost in costs.items():
        print(f"| {name} | {cost.cpu:.1f} | {cost.memory:.0f} |", flush=True)
    ratio = flake8[OURS].cpu / costs["flext-lint check, cold"].cpu
    print(f"\nflake8 with the plugin takes {ratio:.0f}x the CPU of flext-lint check, cold (target 15x)")
    missed = ratio < 15
    print()
    for kind in ("legacy", "migrated"):
        ours, bugbear = (median(spent[name, kind]) for name in (OURS, "flake8-bugbear"))
        missed |= ours > 0.12 or bugbear < 20 * ours
        print(f"{kind}: {ours:.3f} (target 0.12), {bugbear / ours:.0f}x less than bugbear (target 20x)")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
