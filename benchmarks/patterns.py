"""What a decorator of the patterns adds to a call that succeeds, in microseconds over a plain one.

    python -m benchmarks.patterns [--json]

The plain decorator does what a program would do by hand: it passes the arguments on, and for a service it asks the
logger, whose level is above INFO. The cases take turns; of each round the difference is taken, and the median of them.
"""

from __future__ import annotations

import json
import logging
import platform
import sys
from collections.abc import Callable
from functools import wraps
from statistics import median
from timeit import Timer
from typing import Any

from flext_exceptions.patterns.handlers import flext_exception_handler
from flext_exceptions.patterns.services import ServiceExceptionWrapper

ROUNDS = 101
LOOPS = 2000
MOST = 1.0  # microseconds
LOGGER = logging.getLogger("flext_exceptions.services.benchmark")


def work(number: int) -> int:
    return number


async def work_later(number: int) -> int:
    return number


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def wrapped(*args: Any, **keywords: Any) -> Any:
        return function(*args, **keywords)

    return wrapped


def plain_logging(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def wrapped(*args: Any, **keywords: Any) -> Any:
        result = function(*args, **keywords)
        if LOGGER.isEnabledFor(logging.INFO):
            LOGGER.info("%s succeeded", function.__name__)
        return result

    return wrapped


def plain_logging_later(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    async def wrapped(*args: Any, **keywords: Any) -> Any:
        result = await function(*args, **keywords)
        if LOGGER.isEnabledFor(logging.INFO):
            LOGGER.info("%s succeeded", function.__name__)
        return result

    return wrapped


def run_later(function: Callable[..., Any]) -> Callable[[int], Any]:
    """Run a coroutine function that never waits to its end, without a loop whose cost would cover what is measured."""

    def run(number: int) -> Any:
        try:
            function(number).send(None)
        except StopIteration as end:
            return end.value

    return run


_service = ServiceExceptionWrapper("benchmark").wrap_operation("work")

# Each case: the decorated function, and the plain one.
CASES: dict[str, tuple[Callable[[int], Any], Callable[[int], Any]]] = {
    "wrap_operation": (_service(work), plain_logging(work)),
    "wrap_operation, async": (run_later(_service(work_later)), run_later(plain_logging_later(work_later))),
    "flext_exception_handler": (flext_exception_handler()(work), plain(work)),
}


def measure() -> dict[str, float]:
    """The microseconds that each case adds."""
    timers = {name: [Timer(lambda call=call: call(1)) for call in pair] for name, pair in CASES.items()}  # type: ignore[misc]
    added: dict[str, list[float]] = {name: [] for name in CASES}
    for _ in range(ROUNDS):
        for name, (ours, theirs) in timers.items():
            added[name].append((ours.timeit(LOOPS) - theirs.timeit(LOOPS)) / LOOPS * 1e6)
    return {name: round(median(values), 3) for name, values in added.items()}


def main(argv: list[str]) -> int:
    """Print what is added; 1 where it is more than it may be."""
    LOGGER.setLevel(logging.WARNING)
    added = measure()
    if "--json" in argv:
        print(json.dumps({"python": platform.python_version(), "microseconds": added, "most": MOST}))
    else:
        print(f"Python {platform.python_version()}, added to a call that succeeds (at most {MOST} microseconds)")
        for name, value in added.items():
            print(f"{name:26}{value:6.2f} microseconds")
    return int(any(value > MOST for value in added.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
