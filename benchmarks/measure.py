"""Run a command as a process of its own, and return its cost."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

WORK = Path(__file__).parent.parent / ".work"


class Cost(NamedTuple):
    """The CPU seconds and wall seconds of a process and its children, and the peak memory of the largest, in MB."""

    cpu: float
    wall: float
    memory: float


def run(*command: str | Path, allowed: Sequence[int] = (0,)) -> Cost:
    """Run a command to its end; if it fails, stop the benchmark with its output."""
    started = time.perf_counter()
    # Without byte code on disk, this would measure the compiler.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    parts = [str(part) for part in command]
    process = subprocess.Popen(parts, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment)
    assert process.stderr is not None
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if process.returncode not in allowed:
        sys.exit(f"{' '.join(map(str, command))[:200]}: exit {process.returncode}\n{errors.decode()[-2000:]}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


def middle(costs: Sequence[Cost], part: Callable[[Cost], float]) -> float:
    """Return the median of one part of several costs."""
    return median(part(cost) for cost in costs)
