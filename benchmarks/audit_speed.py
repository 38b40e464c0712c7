"""What an audit costs, by the size of the program: cold, again, and with one file changed.

    python -m benchmarks.audit_speed PACKAGE [--copies 1 2 4]

PACKAGE is the folder of a package. For each number of copies (named ``copy1.django`` and so on), three runs of ``audit
--format json`` are measured, each in its own process: without a cache, with nothing changed, with one file changed.
Columns: lines, run, CPU seconds, wall seconds, peak memory in MB, and lines per CPU second.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def audited(folder: Path) -> tuple[float, float, float]:
    """Audit a folder; return the CPU seconds, the wall seconds, and the memory in MB."""
    command = [sys.executable, "-P", "-m", "flext_codemods", "audit", "--format", "json", "."]
    begun = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"the audit of {folder} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime, time.monotonic() - begun, used.ru_maxrss / 1024


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path)
    parser.add_argument("--copies", type=int, nargs="+", default=[1, 2, 4])
    chosen = parser.parse_args()
    print("| copies | lines | run | CPU s | wall s | MB | lines a CPU s |\n|---|---|---|---|---|---|---|")
    for copies in chosen.copies:
        with tempfile.TemporaryDirectory() as name:
            root = Path(name)
            for number in range(1, copies + 1):
                folder = root / f"copy{number}" / chosen.package.name
                shutil.copytree(chosen.package, folder, ignore=shutil.ignore_patterns(".git", "__pycache__"))
                (folder.parent / "__init__.py").touch()
            subprocess.run(["git", "init", "-q", root], check=True)
            files = sorted(root.rglob("*.py"))
            lines = sum(len(file.read_bytes().splitlines()) for file in files)
            for run in ("cold", "again", "one file changed"):
                if run == "one file changed":
                    changed = max(files, key=lambda file: file.stat().st_size)
                    changed.write_bytes(changed.read_bytes() + b"\n\ndef added():\n    raise ValueError('x')\n")
                cpu, wall, memory = audited(root)
                row = f"{copies} | {lines:,} | {run} | {cpu:.1f} | {wall:.1f} | {memory:.0f} | {lines / cpu:,.0f}"
                print(f"| {row} |", flush=True)


if __name__ == "__main__":
    main()
