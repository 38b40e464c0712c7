"""What an error costs, as a multiple of raising and catching a plain ``class E(Exception)`` in the same run.

    python benchmarks/runtime.py [--json]

The cases take turns, so that a machine that slows down slows all of them; the result of a process is the median ratio
of its rounds. Shown is the median of several fresh processes, since the seed of the string hash moves the ratios by up
to a tenth. The time is CPU time: other processes make it longer, but for all cases alike. Everything that is on by
default is on.
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from statistics import median
from time import process_time
from timeit import Timer

from flext_exceptions import FlextExceptions

ValidationError = FlextExceptions.ValidationError
PROCESSES = 9
ROUNDS = 101
LOOPS = 500


class Plain(Exception):  # noqa: FLX304
    """The error that all others are compared with."""


def plain() -> None:
    try:
        raise Plain("m")  # noqa: FLX107
    except Plain:
        pass


def message_only() -> None:
    """`ValidationError("m")`."""
    try:
        raise ValidationError("m")
    except ValidationError:
        pass


def full_call() -> None:
    """`ValidationError("m", field=..., value=..., context=...)`."""
    try:
        raise ValidationError("m", field="name", value=3, context={"request": "r-1"})
    except ValidationError:
        pass


def selected() -> None:
    """`FlextExceptions("m", field=..., value=..., context=...)`, which selects the type by its keywords."""
    try:
        raise FlextExceptions("m", field="name", value=3, context={"request": "r-1"})
    except ValidationError:
        pass


def connection() -> None:
    """`ConnectionError("m", service=..., context=...)`."""
    try:
        raise FlextExceptions.ConnectionError("m", service="db", context={"request": "r-1"})
    except FlextExceptions.ConnectionError:
        pass


def further_keywords() -> None:
    """`ValidationError` with `field`, `value` and two keywords that only its context holds."""
    try:
        raise ValidationError("m", field="name", value=3, user="ada", attempt=2)
    except ValidationError:
        pass


def own_code() -> None:
    """`ValidationError` with `field`, `value` and a `code`."""
    try:
        raise ValidationError("m", field="name", value=3, code="SHOP_0007")
    except ValidationError:
        pass


def raised() -> ValidationError:
    """Return an error that was raised and caught."""
    try:
        raise ValidationError("m", field="name", value=3, context={"request": "r-1"})
    except ValidationError as error:
        return error


CAUGHT = raised()


def to_dict() -> None:
    """`to_dict()` alone, of an error that was raised before."""
    CAUGHT.to_dict()


def raised_and_to_dict() -> None:
    """an error raised, caught and made a dict."""
    raised().to_dict()


# Each case with its limit; None if there is none.
CASES = {
    message_only: 2.8,
    full_call: 5.2,
    selected: 7.5,
    connection: 5.2,
    further_keywords: 6.2,
    own_code: 6.2,
    to_dict: 16.0,
    raised_and_to_dict: None,
}


def measure() -> dict[str, float]:
    """Return the median ratio of each case."""
    timers = {case: Timer(case, timer=process_time) for case in (plain, *CASES)}
    ratios: dict[str, list[float]] = {case.__name__: [] for case in CASES}
    for _ in range(ROUNDS):
        seconds = {case: timer.timeit(LOOPS) for case, timer in timers.items()}
        for case in CASES:
            ratios[case.__name__].append(seconds[case] / seconds[plain])
    return {name: round(median(values), 2) for name, values in ratios.items()}


def measure_in_fresh_processes() -> dict[str, list[float]]:
    """Return the ratios of each case in each process."""
    found: dict[str, list[float]] = {}
    for _ in range(PROCESSES):
        done = subprocess.run([sys.executable, __file__, "--once"], check=True, capture_output=True, text=True)
        for name, ratio in json.loads(done.stdout).items():
            found.setdefault(name, []).append(ratio)
    return found


def main(argv: list[str]) -> int:
    """Print the ratios; return 1 if one exceeds its limit."""
    if "--once" in argv:
        print(json.dumps(measure()))
        return 0
    found = measure_in_fresh_processes()
    ratios = {name: round(median(values), 2) for name, values in found.items()}
    most = {case.__name__: limit for case, limit in CASES.items()}
    if "--json" in argv:
        print(json.dumps({"python": platform.python_version(), "ratios": ratios, "runs": found, "most": most}))
    else:
        print(f"A plain exception is 1; {PROCESSES} processes of Python {platform.python_version()}.\n")
        print("| raised and caught | median | lowest to highest | target, at most |\n|---|---:|---:|---:|")
        for case, limit in CASES.items():
            values = found[case.__name__]
            what = (case.__doc__ or "").removesuffix(".")
            print(f"| {what} | {median(values):.2f} | {min(values):.2f} to {max(values):.2f} | {limit or ''} |")
    return int(any(limit is not None and ratios[name] > limit for name, limit in most.items()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
