"""Which typed errors were constructed, how often and where, and which a check accepted: counts that can be summed."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Any, NamedTuple

from flext_exceptions import FlextExceptions
from flext_pytest.assertions.failure_section import attribute
from flext_pytest.class_names import public_name

__all__ = ["ErrorCounts", "Place", "Row"]


class Place(NamedTuple):
    """Where errors are constructed: a test, by its node id, or something else, in words."""

    name: str
    is_test: bool = False


class Row(NamedTuple):
    """A type of errors; how many were constructed by code, by test and elsewhere, and where one was asserted on."""

    error: str
    codes: dict[str, int]
    tests: dict[str, int]
    elsewhere: dict[str, int]
    asserted: tuple[str, ...]

    @property
    def made(self) -> int:
        """How many errors of the type were constructed."""
        return sum(self.codes.values())


class ErrorCounts:
    """The counts of a run: errors by place, type and code; and the places in which a type was asserted on."""

    def __init__(self) -> None:
        self.place = Place("outside tests")
        self.fresh: deque[tuple[Place, str, str]] = deque()
        self.made: dict[Place, Counter[tuple[str, str]]] = {}
        self.asserted: set[tuple[str, str]] = set()

    def make(self, error: FlextExceptions.BaseError) -> None:
        """Record an error that is constructed; any thread may call it, hence one atomic step."""
        self.fresh.append((self.place, public_name(type(error)), encodable(attribute(error, "code"))))

    def accept(self, error: BaseException, _: TracebackType | None) -> None:
        """Record an error that a check accepted; for a group, its members."""
        for each in members(error):
            if isinstance(each, FlextExceptions.BaseError):
                self.asserted.add((public_name(type(each)), self.place.name))

    def count(self) -> None:
        """Count what was recorded."""
        while self.fresh:
            place, error, code = self.fresh.popleft()
            self.made.setdefault(place, Counter())[error, code] += 1

    def properties(self, place: Place) -> dict[str, str]:
        """Return the JUnit properties of a test: its errors by type and by code; nothing if it had none.

        >>> counts = ErrorCounts()
        >>> counts.make(FlextExceptions.ValidationError("no"))
        >>> counts.properties(counts.place)
        {'flext_errors': 'ValidationError=1', 'flext_codes': 'FLEXT_3001=1'}
        """
        self.count()
        made = self.made.get(place, {}).items()
        errors = summed((error, number) for (error, _), number in made)
        codes = summed((code, number) for (_, code), number in made)
        named = {"flext_errors": errors, "flext_codes": codes}
        return {
            name: " ".join(f"{each}={number}" for each, number in counts.items())
            for name, counts in named.items()
            if counts
        }

    def output(self) -> dict[str, Any]:
        """Return what a worker of xdist hands over: plain lists."""
        self.count()
        made = [[*place, *kind, number] for place, kinds in self.made.items() for kind, number in kinds.items()]
        return {"made": made, "asserted": [[*each] for each in self.asserted]}

    def add(self, output: dict[str, Any]) -> None:
        """Add what a worker handed over."""
        for name, is_test, error, code, number in output["made"]:
            self.made.setdefault(Place(name, is_test), Counter())[error, code] += number
        self.asserted.update((error, place) for error, place in output["asserted"])

    def rows(self) -> list[Row]:
        """Return what was counted: a row for each type that occurred, in alphabetical order."""
        self.count()
        found: dict[str, list[tuple[str, Place, int]]] = {}
        for place, kinds in self.made.items():
            for (error, code), number in kinds.items():
                found.setdefault(error, []).append((code, place, number))
        return [
            Row(
                error,
                summed((code, number) for code, _, number in made),
                summed((place.name, number) for _, place, number in made if place.is_test),
                summed((place.name, number) for _, place, number in made if not place.is_test),
                tuple(sorted(name for kind, name in self.asserted if kind == error)),
            )
            for error, made in sorted(found.items())
        ]


def encodable(text: str) -> str:
    """Return a text that can be sent and written: half a surrogate pair, which is legal in a str, is escaped."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def members(error: BaseException) -> Iterator[BaseException]:
    """Yield an error, or the members of a group at any depth, in their order.

    >>> list(members(ExceptionGroup("", [KeyError(1), ExceptionGroup("", [KeyError(2)]), KeyError(3)])))
    [KeyError(1), KeyError(2), KeyError(3)]
    """
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if isinstance(one, BaseExceptionGroup):
            waiting += reversed(one.exceptions)
        else:
            yield one


def summed(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return the sum of the counts for each name, in alphabetical order.

    >>> summed([("b", 1), ("a", 2), ("b", 3)])
    {'a': 2, 'b': 4}
    """
    total = Counter[str]()
    for name, number in counts:
        total[name] += number
    return dict(sorted(total.items()))
