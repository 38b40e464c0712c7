"""Run each small program before and after ``migrate``: both runs must print the same and end the same.

python -m trials.small_programs [WORD]

WORD selects the programs whose name contains it. Exits 1 if a program prints something else, or if its raises are not
moved, or left, as it says.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from trials.small_programs import SmallProgram, small_programs

MIGRATE = [sys.executable, "-m", "flext_codemods", "migrate", "--allow-no-vcs", "--no-cache", "--format", "json", "."]


def printed(folder: Path) -> tuple[str, int]:
    """Return what a program prints, and its exit status."""
    ran = subprocess.run([sys.executable, "main.py"], cwd=folder, capture_output=True, text=True, check=False)
    return ran.stdout, ran.returncode


def problem(program: SmallProgram, folder: Path) -> str:
    """Return what is wrong after ``migrate``, "" if nothing is."""
    for name, text in program.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    before = printed(folder)
    ran = subprocess.run(MIGRATE, cwd=folder, capture_output=True, text=True, check=False)
    summary = json.loads(ran.stdout)["summary"]
    after = printed(folder)
    if after != before:
        return f"prints {after}, and printed {before}"
    wanted = summary["migratable"] if program.moved else 0
    return "" if summary["migrated"] == wanted else f"{summary['migrated']} of {summary['migratable']} moved"


def main() -> int:
    """Try all programs; print what is wrong."""
    parser = argparse.ArgumentParser(prog="python -m trials.small_programs", description="Tries small programs.")
    parser.add_argument("word", nargs="?", default="", help="only programs whose name contains it")
    options = parser.parse_args()
    chosen = [one for one in small_programs() if options.word in one.name]
    wrong = 0
    started = time.monotonic()
    for program in chosen:
        with tempfile.TemporaryDirectory(prefix="small-") as place:
            found = problem(program, Path(place).resolve())
        if found:
            wrong += 1
            print(f"{program.name}: {found}")
    print(f"{len(chosen)} programs, {wrong} wrong, {time.monotonic() - started:.0f} s on the clock")
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
