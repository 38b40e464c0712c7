"""Every figure of the README, measured anew: ``make bench``."""

from __future__ import annotations

import sys

from benchmarks import codemods, import_time, runtime


def main() -> int:
    """Run each benchmark in turn."""
    for benchmark in (import_time, runtime, codemods):
        status = benchmark.main([])
        if status:
            return status
        print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
