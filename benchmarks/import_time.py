"""What ``import flext_exceptions`` adds to the start of Python, in milliseconds.

    python -m benchmarks.import_time [--json]

Fresh interpreters with and without the import take turns; the difference of the medians is shown. The first run of each
is discarded, since it may compile byte code.
"""

from __future__ import annotations

import json
import platform
import sys
from statistics import median

from benchmarks.measure import run

ROUNDS = 41
MOST = 6.0


def milliseconds(code: str) -> float:
    """Return the CPU time of a fresh interpreter for this code."""
    return run(sys.executable, "-c", code).cpu * 1000


def measure() -> float:
    """Return the median with the import minus the median without it."""
    pairs = [(milliseconds("pass"), milliseconds("import flext_exceptions")) for _ in range(ROUNDS)][1:]
    return median(with_it for _, with_it in pairs) - median(without for without, _ in pairs)


def main(argv: list[str]) -> int:
    """Print the time; return 1 if it exceeds its limit."""
    added = measure()
    if "--json" in argv:
        print(json.dumps({"python": platform.python_version(), "milliseconds": round(added, 2), "most": MOST}))
    else:
        print(f"Python {platform.python_version()}: the import adds {added:.1f} ms (at most {MOST:.0f} ms)")
    return int(added > MOST)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
