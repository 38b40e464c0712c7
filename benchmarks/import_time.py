"""What ``import flext_exceptions`` adds to the start of Python, in milliseconds.

    python -m benchmarks.import_time [--json]

Fresh interpreters with and without the import take turns; the difference of the medians is shown. The first of each is
thrown away, so that the byte code is there.
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
    """The time of the processor that a fresh interpreter takes for this code."""
    return run(sys.executable, "-c", code).cpu * 1000


def measure() -> float:
    """The median with the import less the median without."""
    pairs = [(milliseconds("pass"), milliseconds("import flext_exceptions")) for _ in range(ROUNDS)][1:]
    return median(with_it for _, with_it in pairs) - median(without for without, _ in pairs)


def main(argv: list[str]) -> int:
    """Print the time; 1 where it is above what it may be."""
    added = measure()
    if "--json" in argv:
        print(json.dumps({"python": platform.python_version(), "milliseconds": round(added, 2), "most": MOST}))
    else:
        print(f"Python {platform.python_version()}: the import adds {added:.1f} ms (at most {MOST:.0f} ms)")
    return int(added > MOST)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
