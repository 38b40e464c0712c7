"""Explain a plain assert that compares errors, attribute by attribute."""

from __future__ import annotations

from collections.abc import Iterator

from flext_exceptions import FlextExceptions
from flext_exceptions._internal import builtin_layout
from flext_exceptions._internal.redaction import NAMED, beside_secret, is_secret
from flext_exceptions._internal.safe_text import repr_of
from flext_pytest.assertions.matching import ABSENT, difference, equal

__all__ = ["explanation"]

FACTS = ("code", "retryable", "http_status", "retry_after")


def explanation(op: str, left: object, right: object) -> list[str] | None:
    """Return the lines about two errors that are not equal, or None if neither is a typed one.

    >>> one, other = FlextExceptions.ValidationError("m", field="a"), FlextExceptions.ValidationError("m", field="b")
    >>> print("\\n".join(explanation("==", one, other)))
    ValidationError('m', field='a') == ValidationError('m', field='b')
    context.field: expected 'b', got 'a'
    """
    if op not in ("==", "is") or not any(isinstance(each, FlextExceptions.BaseError) for each in (left, right)):
        return None
    head = f"{repr_of(left)} {op} {repr_of(right)}"
    if not (isinstance(left, BaseException) and isinstance(right, BaseException)):
        return [head, f"type: expected {type(right).__name__}, got {type(left).__name__}"]
    found = list(apart(left, right))
    if not found:
        found = [f"all attributes are equal, but {op} compares identity: use same_as()"]
    return [head, *found]


def apart(left: BaseException, right: BaseException) -> Iterator[str]:
    """Yield a line for each attribute that differs, of those that same_as compares."""
    if type(left) is not type(right):
        yield f"type: expected {type(right).__name__}, got {type(left).__name__}"
    theirs, ours = parts(right), parts(left)
    beside = any(
        beside_secret((name.removeprefix("context."), value) for name, value in each.items()) for each in (ours, theirs)
    )
    for name in {**theirs, **ours}:
        expected, actual = theirs.get(name, ABSENT), ours.get(name, ABSENT)
        if not equal(expected, actual):
            # Neither side is a value that a test wrote down: both may be secrets of the program.
            key = name.removeprefix("context.")
            secret = is_secret(key) or (beside and key in NAMED)
            yield f"{name}: the two secrets differ" if secret else difference(name, expected, actual)


def parts(error: BaseException) -> dict[str, object]:
    """Return the attributes of an error by name; a builtin has only its arguments."""
    found: dict[str, object] = {"args": error.args}
    if isinstance(error, FlextExceptions.BaseError):
        found |= {name: getattr(error, name) for name in FACTS}
        found |= {f"context.{key}": value for key, value in error.context.items()}
        found |= dict(builtin_layout.fields(error))
    return found
