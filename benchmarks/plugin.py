"""The cost of the pytest plugin when it is installed and not used: python -m benchmarks.plugin [--pairs N].

Runs 10,000 trivial tests, and no tests, each with the plugin loaded and with ``-p no:flext``. The figures are CPU time
of the whole process; in wall time the pairs of an empty run spread from -80 to +150 ms. The two runs of a pair take
turns to be first, and the first pair is discarded. The result is the median of the pairs. If valgrind is installed, its
count of instructions is shown too, which other processes do not disturb: of an empty run, and of 500 of the tests.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median

from benchmarks.measure import WORK, Cost, run

TESTS = 10_000
FILES = 20
MOST = 1.0  # percent
MOST_START = 5.0  # milliseconds of CPU
# Other plugins would add the same to both sides, and more noise.
OTHERS = ("randomly", "asyncio", "anyio", "xdist", "hypothesispytest", "cacheprovider")


def trivial(folder: Path) -> Path:
    """Return a folder of trivial tests; created the first time."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pytest.ini").write_text("[pytest]\n")
    each = TESTS // FILES
    for number in range(FILES):
        tests = "\n\n".join(f"def test_{test}():\n    assert True" for test in range(each))
        (folder / f"test_{number}.py").write_text(f"{tests}\n")
    return folder


def empty(folder: Path) -> Path:
    """Return a folder without tests; created the first time."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pytest.ini").write_text("[pytest]\n")
    return folder


def command(folder: Path, *options: str) -> list[str | Path]:
    """Return the command that runs the tests of a folder, or of a file."""
    without = [option for name in OTHERS for option in ("-p", f"no:{name}")]
    root = folder if folder.is_dir() else folder.parent
    return [sys.executable, "-m", "pytest", "-q", "--rootdir", root, *without, *options, folder]


def cost(folder: Path, *options: str) -> Cost:
    """Return the cost of running the tests of a folder."""
    return run(*command(folder, *options), allowed=(0, 5))  # 5: there are no tests


def instructions(folder: Path, *options: str) -> int:
    """Return the number of instructions of a run, as valgrind counts them."""
    count = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
    same = os.environ | {"PYTHONHASHSEED": "0"}
    counted = [*count, *command(folder, *options)]
    printed = subprocess.run(counted, env=same, check=False, capture_output=True, text=True).stderr
    return int(re.findall(r"I +refs: +([\d,]+)", printed)[-1].replace(",", ""))


def in_instructions(folder: Path, seconds: float) -> str:
    """Return what the plugin adds to a run of this many seconds, in percent and in milliseconds."""
    without = instructions(folder, "-p", "no:flext")
    more = instructions(folder) / without - 1
    return f"{100 * more:+.2f} % of {without:,} ({1000 * more * seconds:+.1f} ms)"


def pairs(folder: Path, number: int) -> list[tuple[Cost, Cost]]:
    """Return the costs with and without the plugin, for this many pairs of runs."""
    found = []
    for turn in range(number + 1):
        if turn % 2:
            with_it, without = cost(folder), cost(folder, "-p", "no:flext")
        else:
            without, with_it = cost(folder, "-p", "no:flext"), cost(folder)
        found.append((with_it, without))
    return found[1:]


def spread(values: Sequence[float], unit: str) -> str:
    """Return the median of some values, with the least and the greatest."""
    return f"{median(values):+.2f} {unit} (from {min(values):+.2f} to {max(values):+.2f}, {len(values)} pairs)"


def main(argv: list[str]) -> int:
    """Measure and print both figures; return 1 if a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=5, help="pairs of runs of the tests; of empty runs three times it")
    number = parser.parse_args(argv).pairs
    started = pairs(empty(WORK / "plugin" / "empty"), 3 * number)
    ran = pairs(trivial(WORK / "plugin" / "trivial"), number)
    start = [(with_it.cpu - without.cpu) * 1000 for with_it, without in started]
    tests = [(with_it.cpu / without.cpu - 1) * 100 for with_it, without in ran]
    seconds = median(without.cpu for _, without in ran)
    print(f"pytest plugin, loaded and not used: Python {platform.python_version()}, pytest {version('pytest')}")
    print(f"  start of an empty run: {spread(start, 'ms')} of CPU; at most {MOST_START:.0f} ms")
    print(f"  {TESTS:,} trivial tests, {seconds:.1f} CPU s: {spread(tests, '%')}; at most {MOST:.0f} %")
    if shutil.which("valgrind"):
        empty_run = in_instructions(WORK / "plugin" / "empty", median(without.cpu for _, without in started))
        print(f"  start of an empty run, in instructions: {empty_run}")
        half = in_instructions(WORK / "plugin" / "trivial" / "test_0.py", seconds / FILES)
        print(f"  {TESTS // FILES} trivial tests with the start, in instructions: {half}")
    return int(median(start) > MOST_START or median(tests) > MOST)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
