"""What hostile values and documents cost, by size: linear up to the limit, then flat.

The limits are 1,000 characters of a document (``max_error_details``), 100,000 characters or 10,000 members of a repr,
and 10,000 members of each part of a document that is read; they lie between the second and the third column.

    python -m benchmarks.bounds [--json]

Each cell is the shortest CPU time of three runs, in milliseconds. For an object of a program its own ``repr`` is called
once, which cannot be bounded; the line "its own repr" shows what that takes alone. tests/runtime/test_bounds.py checks
the others by counting calls and bytes.
"""

from __future__ import annotations

import json
import platform
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from time import process_time
from typing import Any

from flext_exceptions import FlextExceptions

SIZES = {"1 kB": 1_000, "100 kB": 100_000, "1 MB": 1_000_000, "10 MB": 10_000_000}


@dataclass
class Upload:
    """A value whose repr is as long as its content."""

    data: bytes


def error(value: object) -> FlextExceptions.BaseError:
    return FlextExceptions.ValidationError("m", context={"value": value})


def nested(size: int) -> dict[str, Any]:
    """Return a document of nested errors, each with a context."""
    members = [{"type": "Error", "message": "m", "context": {"a": 1}}] * (size // 50)
    return {"type": "Error", "message": "m", "exceptions": members}


# What is made for a size, and what is timed.
VALUES: dict[str, Callable[[int], object]] = {
    "a text": lambda size: "a" * size,
    "bytes": lambda size: b"a" * size,
    "a text of secrets": lambda size: "password=x " * (size // 11),
    "a text of quotes": lambda size: '"' * size,
    "a list of numbers": lambda size: [1] * (size // 3),
    "a dict": lambda size: {str(number): number for number in range(size // 20)},
    "a set": lambda size: set(range(size // 8)),
    "a deque": lambda size: deque(range(size // 8)),
    "items": lambda size: {number: number for number in range(size // 16)}.items(),
    "a number": lambda size: 1 << 8 * size,
    "a long key": lambda size: {"k" * size: 1},
    "an error": lambda size: KeyError("a" * size),
    "an object": lambda size: Upload(b"a" * size),
}
DOCUMENTS: dict[str, Callable[[int], dict[str, Any]]] = {
    "a wide context": lambda size: {"type": "Error", "context": {str(n): n for n in range(size // 20)}},
    "a long list": lambda size: {"type": "Error", "args": [1] * (size // 3)},
    "lists in lists": lambda size: {"type": "Error", "context": {"a": [[1] * 1000] * (size // 3000)}},
    "many members": nested,
    "many extensions": lambda size: {"type": "Error", **{str(n): [n] * 10 for n in range(size // 50)}},
    "a long text": lambda size: {"type": "Error", "message": "a" * size, "correlation_id": "b" * size},
}


def milliseconds(call: Callable[[], object]) -> float:
    taken = []
    for _ in range(3):
        start = process_time()
        call()
        taken.append(process_time() - start)
    return round(min(taken) * 1000, 3)


def measure() -> dict[str, dict[str, float]]:
    """Return the time of each function for each value, by size."""
    found: dict[str, dict[str, float]] = {}
    for size, characters in SIZES.items():
        for what, make in VALUES.items():
            made = error(make(characters))
            for way in (made.to_dict, made.to_problem, made.__repr__):
                named = FlextExceptions.ValidationError("m", field="f", value=make(characters))
                call = named.__repr__ if way.__name__ == "__repr__" else way
                found.setdefault(f"{way.__name__.strip('_')} of {what}", {})[size] = milliseconds(call)
            if what == "an object":
                found.setdefault("its own repr", {})[size] = milliseconds(make(characters).__repr__)
        for what, make_document in DOCUMENTS.items():
            document = make_document(characters)
            for read in (FlextExceptions.from_dict, FlextExceptions.from_problem):
                found.setdefault(f"{read.__name__} of {what}", {})[size] = milliseconds(partial(read, document))
    return found


def main(argv: list[str]) -> int:
    """Print the table."""
    found = measure()
    if "--json" in argv:
        print(json.dumps({"python": platform.python_version(), "milliseconds": found}))
        return 0
    print(f"CPU milliseconds on Python {platform.python_version()}, by the size of the value.\n")
    print(f"| | {' | '.join(SIZES)} |\n|---|{'---:|' * len(SIZES)}")
    for what, times in found.items():
        print(f"| {what} | {' | '.join(f'{time:.3f}' for time in times.values())} |")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
