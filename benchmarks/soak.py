"""A million errors through handler, aggregator and tracker: no count is lost, and memory stays flat.

    python -m benchmarks.soak [--errors N] [--json]

Eight threads share a handler and a tracker; each has an aggregator of its own, which it clears after every hundred
errors. The first tenth is a warm-up; after it the peak memory of the process may grow by 5 MB.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
import resource
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from flext_exceptions import FlextExceptions
from flext_exceptions.patterns.aggregation import ExceptionAggregator
from flext_exceptions.patterns.handlers import ApplicationExceptionHandler
from flext_exceptions.patterns.tracking import MemoryEfficientExceptionTracker

THREADS = 8
BATCH = 100
MOST = 5.0  # MB
UNIT = 1024 if sys.platform == "darwin" else 1  # of ru_maxrss, in bytes there and in KB elsewhere
# One in eight is critical and is logged with its traceback; the log level is above the others.
KINDS = [FlextExceptions.ValidationError] * 4 + [FlextExceptions.ConnectionError] * 3 + [FlextExceptions.CriticalError]


class Soak:
    """The shared parts, and what they counted."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self.lock = threading.Lock()
        self.handler = ApplicationExceptionHandler(alert=lambda error: self.count(alerts=1))
        self.tracker = MemoryEfficientExceptionTracker(flush=lambda counts: self.count(tracked=sum(counts.values())))

    def count(self, **numbers: int) -> None:
        """Add to a count."""
        with self.lock:
            self.seen.update(numbers)

    def work(self, errors: int) -> None:
        """Create errors, and pass each to all three."""
        aggregator = ExceptionAggregator()
        for number in range(errors):
            try:
                raise KINDS[number % len(KINDS)]("no", step=number, context={"request": {"path": "/", "token": "t"}})
            except FlextExceptions.BaseError as error:
                answer = self.handler.handle_exception(error)
                self.tracker.track_exception(error)
                aggregator.add_exception(str(number), error)
                self.count(answered=bool(answer["message"]))
            if number % BATCH == BATCH - 1:
                self.empty(aggregator)
        self.empty(aggregator)

    def empty(self, aggregator: ExceptionAggregator) -> None:
        """Summarise the errors of an aggregator."""
        if aggregator.has_exceptions():
            self.count(aggregated=aggregator.create_aggregated_exception().context["total_errors"], batches=1)
            aggregator.clear()

    def run(self, errors: int) -> None:
        """Do this in all threads at once."""
        threads = [threading.Thread(target=self.work, args=(errors // THREADS,)) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def peak() -> float:
    """Return the peak memory of the process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / UNIT / 1024


def measure(errors: int) -> dict[str, Any]:
    """Return for this many errors what was lost, how the memory grew, and how long it took."""
    soak = Soak()
    FlextExceptions.clear_metrics()
    begin = time.perf_counter()
    soak.run(errors // 10)
    warm = peak()
    soak.run(errors - errors // 10)
    grown = peak() - warm
    seconds = time.perf_counter() - begin
    soak.tracker.cleanup()
    made = sum((share // THREADS) * THREADS for share in (errors // 10, errors - errors // 10))
    counts = FlextExceptions.get_metrics()
    expected = {"answered": made, "tracked": made, "aggregated": made, "alerts": counts["CriticalError"]}
    lost = {name: number - soak.seen[name] for name, number in expected.items()}
    lost["metrics"] = made + soak.seen["batches"] - sum(counts.values())
    return {"errors": made, "lost": lost, "grown": round(grown, 2), "peak": round(peak(), 1), "seconds": round(seconds)}


def main(argv: list[str]) -> int:
    """Print the result; return 1 if a count was lost or the memory grew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", type=int, default=1_000_000, help="how many errors")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    logger = logging.getLogger("flext_exceptions")
    logger.setLevel(logging.CRITICAL)
    logger.propagate = False
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        logger.addHandler(logging.StreamHandler(nowhere))
        found = measure(options.errors)
    if options.json:
        print(json.dumps({"python": platform.python_version(), **found, "most": MOST}))
    else:
        lost = ", ".join(f"{name} {number}" for name, number in found["lost"].items())
        print(f"Python {platform.python_version()}: {found['errors']:,} errors in {found['seconds']} s; lost: {lost}")
        print(f"memory grew by {found['grown']} MB (at most {MOST}) to {found['peak']} MB")
    return int(any(found["lost"].values()) or found["grown"] > MOST)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
