"""``assert_same_correlation``: check that errors belong to one incident."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flext_exceptions import FlextExceptions
from flext_pytest.assertions.matching import ABSENT

__all__ = ["assert_same_correlation"]


def assert_same_correlation(*errors: BaseException) -> str:
    """Check that errors belong to one incident, and return its correlation id.

    >>> with FlextExceptions.correlation("req-1"):
    ...     assert_same_correlation(FlextExceptions.Error("a"), FlextExceptions.KeyError("b"))
    'req-1'

    Raises:
        FlextExceptions.TypeError: fewer than two errors were given, so there is nothing to compare.
        AssertionError: the ids differ, or an error has none: a line for each error.
    """
    __tracebackhide__ = True
    if len(errors) < 2:
        raise FlextExceptions.TypeError(
            f"assert_same_correlation compares two errors or more, {len(errors)} given", given=errors
        )
    ids: Sequence[Any] = [getattr(error, "correlation_id", ABSENT) for error in errors]
    if ids[0] is ABSENT or not ids[0] or any(each != ids[0] for each in ids):
        lines: Sequence[str] = [f"  {each!r} of {error!r}" for each, error in zip(ids, errors, strict=True)]
        raise AssertionError("\n".join(["expected one correlation id, got:", *lines]))
    return str(ids[0])
