"""What ``import flext_exceptions`` adds to the start of Python, in milliseconds.

    python benchmarks/import_time.py [--json]

Fresh interpreters with and without the import take turns; the difference of the medians is shown. The first of each is
thrown away, so that the byte code is there.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from statistics import median
from time import perf_counter

ROUNDS = 41
MOST = 6.0


def milliseconds(code: str) -> float:
    """The time that a fresh interpreter takes for this code."""
    # Whoever forbids byte code to be written would measure the compiler.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    begin = perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
    return (perf_counter() - begin) * 1000


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
