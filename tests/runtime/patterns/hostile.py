"""Hostile values in an error, and failures while it is reported."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

from flext_exceptions import FlextExceptions


class Broken:
    """Fails at whatever is asked of it."""

    def _fail(self, *_: object) -> Any:
        raise LookupError("broken")

    __repr__ = __str__ = __eq__ = __len__ = __iter__ = __getitem__ = __bool__ = keys = items = __hash__ = _fail


class BrokenDict(dict[str, Any]):
    """A mapping that fails when it is read or written."""

    def _fail(self, *_: object) -> Any:
        raise LookupError("broken")

    __iter__ = items = keys = update = setdefault = __repr__ = _fail  # type: ignore[assignment]


def deep(depth: int = 100_000) -> dict[str, Any]:
    """A dict that is nested deeper than the stack."""
    outer: dict[str, Any] = {}
    for _ in range(depth):
        outer = {"in": outer}
    return outer


def cyclic() -> dict[str, Any]:
    """A dict that holds itself."""
    itself: dict[str, Any] = {"password": "hunter2"}
    itself["itself"] = itself
    return itself


def shared(levels: int = 40) -> list[Any]:
    """A list that is small, and shown to its end has 2 ** levels members."""
    inner: list[Any] = []
    for _ in range(levels):
        inner = [inner, inner]
    return inner


class BrokenProperties(FlextExceptions.ValidationError):
    """A project's type whose own attributes fail."""

    @property
    def message(self) -> str:  # type: ignore[override]
        """Fails."""
        raise LookupError("message")

    @property
    def field(self) -> str:  # type: ignore[override]
        """Fails."""
        raise LookupError("field")

    @property
    def http_status(self) -> int:  # type: ignore[override]
        """Fails."""
        raise LookupError("http_status")

    def __str__(self) -> str:
        raise LookupError("str")


def errors() -> list[FlextExceptions.BaseError]:
    """One error of each kind of trouble."""
    made: list[FlextExceptions.BaseError] = [
        FlextExceptions.ValidationError(Broken(), field=Broken(), value=Broken()),  # type: ignore[arg-type]
        FlextExceptions.ConnectionError("m", service=Broken(), retry_after=Broken()),  # type: ignore[arg-type]
        FlextExceptions.CriticalError("m", context={"deep": deep()}),
        FlextExceptions.ConfigurationError("m", cyclic=cyclic()),
        FlextExceptions.AuthenticationError("\ud800 half", half="\ud800", code=Broken()),  # type: ignore[arg-type]
        FlextExceptions.ProcessingError(b"\xff", number=float("nan"), bytes=b"\xff", set={1}),
        FlextExceptions.Error("m", context={f"key{number}": number for number in range(10_000)}),
        FlextExceptions.TimeoutError("m", http_status=Broken(), retryable=Broken()),  # type: ignore[arg-type]
        BrokenProperties("m"),
        FlextExceptions.Error.__new__(FlextExceptions.Error),
    ]
    replaced = FlextExceptions.Error("m")
    replaced.context = BrokenDict(a=1)
    no_dict = FlextExceptions.Error("m")
    no_dict.context = None  # type: ignore[assignment]
    cycle = FlextExceptions.Error("m")
    cycle.__cause__ = FlextExceptions.Error("cause")
    cycle.__cause__.__cause__ = cycle
    return [*made, replaced, no_dict, cycle]


def in_threads(work: Callable[[int], object], number: int = 8) -> None:
    """Run the work in threads at once that give way to one another after a microsecond; what it raises comes out."""
    failures: list[BaseException] = []

    def run(index: int) -> None:
        try:
            work(index)
        except BaseException as failure:
            failures.append(failure)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    if failures:
        raise failures[0]
