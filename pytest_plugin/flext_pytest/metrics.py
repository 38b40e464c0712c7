"""The value of ``flext_metrics``: how many errors of each name the test constructed, and the errors themselves."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from flext_exceptions import FlextExceptions
from flext_exceptions.observers import watched
from flext_pytest.isolation import isolate

__all__ = ["FlextMetrics", "record_metrics"]

MOST = 1_000  # errors that are kept; each holds its traceback, and with that the variables of every frame in it


class FlextMetrics(Mapping[str, int]):
    """Public class name to the number of errors constructed in this test; a leading underscore is ignored.

    A name without errors is not a key: then ``metrics["ValidationError"]`` raises a KeyError, and
    ``metrics.get("ValidationError", 0)`` is 0. It is always up to date.

    >>> metrics = FlextMetrics()
    >>> with FlextExceptions.Metrics.isolated():
    ...     _ = FlextExceptions.ValidationError("no", field="sku")
    ...     metrics["ValidationError"], metrics.total
    (1, 1)
    """

    def __init__(self) -> None:
        self.made: deque[FlextExceptions.BaseError] = deque(maxlen=MOST)

    def __getitem__(self, name: str) -> int:
        __tracebackhide__ = True
        made = FlextExceptions.get_metrics()
        if name not in made:
            raise KeyError(f"no {name.lstrip('_')} was created in this test; created were {dict(made)}")
        return made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(FlextExceptions.get_metrics())

    def __len__(self) -> int:
        return len(FlextExceptions.get_metrics())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({dict(FlextExceptions.get_metrics())!r})"

    @property
    def total(self) -> int:
        """How many errors were constructed, over all names."""
        return sum(FlextExceptions.get_metrics().values())

    @property
    def errors(self) -> list[FlextExceptions.BaseError]:
        """The errors of this test, in their order: the newest 1,000, from any thread; none after the test."""
        return list(self.made.copy())  # the copy is made in one step, even if other threads construct errors meanwhile

    def assert_counts(self, /, **expected: int) -> None:
        """Fail unless exactly these errors were constructed: each name as often as given, and no other name.

        >>> with FlextExceptions.Metrics.isolated():
        ...     _ = FlextExceptions.ValidationError("no"), FlextExceptions.TimeoutError("late")
        ...     FlextMetrics().assert_counts(ValidationError=1, TimeoutError=1)

        Raises:
            AssertionError: a line for each name that differs.
        """
        __tracebackhide__ = True
        compare({name.lstrip("_"): number for name, number in expected.items()})

    def assert_none(self) -> None:
        """Fail if an error was constructed.

        Raises:
            AssertionError: a line for each name that has one.
        """
        __tracebackhide__ = True
        compare({})


def compare(expected: Mapping[str, int]) -> None:
    """Raise an AssertionError with a line for each name whose count is not the expected one, 0 by default."""
    __tracebackhide__ = True
    made = FlextExceptions.get_metrics()
    names = sorted(name for name in {*expected, *made} if expected.get(name, 0) != made.get(name, 0))
    lines = [f"{name}: expected {expected.get(name, 0)!r}, got {made.get(name, 0)!r}" for name in names]
    if lines and not FlextExceptions.get_error_handling_config().unwrap()["enable_metrics"]:
        lines.append("hint: counting was switched off in the test: enable_metrics is False")
    if lines:
        raise AssertionError("\n".join(["the errors created differ from those expected:", *(f"  {x}" for x in lines)]))


@contextmanager
def record_metrics(item: pytest.Item) -> Iterator[FlextMetrics]:
    """Isolate a test with counting switched on, and yield its metrics.

    Args:
        item: the test.
    """
    metrics = FlextMetrics()
    with isolate(item):
        FlextExceptions.configure_error_handling({"enable_metrics": True}).unwrap()
        try:
            with watched(metrics.made.append):
                yield metrics
        finally:
            metrics.made.clear()
