"""What a decorator of the patterns adds to a call that succeeds, and how long it takes to handle an error.

    python -m benchmarks.patterns [--json]

The plain decorator does what a program would do by hand: it passes the arguments on, and for a service it asks the
logger, whose level is above INFO. The cases take turns; the result is the median of the differences of all rounds, in
process time. The handling of an error is measured with its log entry (which is discarded) and without it.
"""

from __future__ import annotations

import json
import logging
import platform
import sys
from collections.abc import Callable
from functools import wraps
from statistics import median
from time import process_time
from timeit import Timer
from typing import Any

from flext_exceptions import FlextExceptions
from flext_exceptions.patterns.database import DatabaseExceptionTranslator
from flext_exceptions.patterns.handlers import ApplicationExceptionHandler, flext_exception_handler
from flext_exceptions.patterns.recovery import ExceptionRecoveryManager
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
    """Run a coroutine function that never waits, without an event loop, whose cost would hide what is measured."""

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
    "translated": (DatabaseExceptionTranslator("sqlite").translated(work), plain(work)),
    "with_recovery": (ExceptionRecoveryManager().with_recovery()(work), plain(work)),
    "flext_exception_handler": (flext_exception_handler()(work), plain(work)),
}


HANDLER = ApplicationExceptionHandler()
SECRET = "token"
ERROR = FlextExceptions.ValidationError("m", field="name", context={"request": "r-1", "login": {SECRET: "t"}})


def handling(level: int) -> float:
    """Return the microseconds that it takes to handle an error with this log level."""
    HANDLER.logger.setLevel(level)
    HANDLER.logger.propagate = False
    HANDLER.logger.handlers = [logging.NullHandler()]
    timer = Timer(lambda: HANDLER.handle_exception(ERROR), timer=process_time)
    return round(median(timer.timeit(LOOPS // 10) for _ in range(ROUNDS)) / (LOOPS // 10) * 1e6, 1)


def measure() -> dict[str, float]:
    """Return the microseconds that each case adds."""
    timers = {
        name: [Timer(lambda call=call: call(1), timer=process_time) for call in pair] for name, pair in CASES.items()
    }  # type: ignore[misc]
    added: dict[str, list[float]] = {name: [] for name in CASES}
    for _ in range(ROUNDS):
        for name, (ours, theirs) in timers.items():
            added[name].append((ours.timeit(LOOPS) - theirs.timeit(LOOPS)) / LOOPS * 1e6)
    return {name: round(median(values), 3) for name, values in added.items()}


def main(argv: list[str]) -> int:
    """Print what is added; return 1 if it exceeds its limit."""
    LOGGER.setLevel(logging.WARNING)
    added = measure()
    handled = {"logged": handling(logging.DEBUG), "not logged": handling(logging.CRITICAL)}
    if "--json" in argv:
        found = {"python": platform.python_version(), "microseconds": added, "handle_exception": handled, "most": MOST}
        print(json.dumps(found))
    else:
        print(f"CPU microseconds on Python {platform.python_version()} (target: at most {MOST}).\n")
        print("| decorator | added to a call that succeeds |\n|---|---:|")
        for name, value in added.items():
            print(f"| `{name}` | {value:.2f} |")
        print(f"\n`handle_exception` takes {handled['logged']}, or {handled['not logged']} if nothing is logged.")
    return int(any(value > MOST for value in added.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
