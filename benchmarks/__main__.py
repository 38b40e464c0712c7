"""Every figure of the README, measured anew: ``make bench``."""

from __future__ import annotations

import sys

from benchmarks import (
    bounds,
    codemods,
    import_time,
    lint,
    lint_server,
    patterns,
    peers,
    plugin,
    raise_coverage,
    runtime,
    soak,
)


def main() -> int:
    """Run each benchmark in turn; 1 when a figure missed its target, after all were measured."""
    missed = 0
    for benchmark in (
        import_time,
        runtime,
        bounds,
        patterns,
        peers,
        soak,
        plugin,
        raise_coverage,
        codemods,
        lint,
        lint_server,
    ):
        missed |= benchmark.main([])
        print(flush=True)
    return missed


if __name__ == "__main__":
    sys.exit(main())
