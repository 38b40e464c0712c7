"""Compare an error with what is expected: each attribute that differs gives a line with both."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from flext_exceptions import FlextExceptions, settings
from flext_exceptions._internal import redaction
from flext_exceptions._internal.redaction import is_secret
from flext_exceptions._internal.safe_text import REDACTED

__all__ = ["Expected", "differences"]


class Absent:
    """Stands for an attribute that does not exist, or is not checked."""

    def __repr__(self) -> str:
        return "(absent)"


ABSENT = Absent()


class Expected(NamedTuple):
    """What is expected of an error, apart from its class. ABSENT: nothing is.

    ``facts`` are attributes, including the code; ``context`` a subset, or with ``exact`` all of it; ``cause`` a class,
    or the very error that is the cause, or None for no cause; ``notes`` all notes in their order.
    """

    match: str | re.Pattern[str] | None = None
    facts: Mapping[str, object] = {}
    context: Mapping[str, object] | None = None
    exact: bool = False
    cause: object = ABSENT
    notes: Sequence[object] | None = None


def fits(expected: object, actual: object) -> bool:
    """Return whether a value is as expected: equal, or accepted by a predicate.

    >>> fits(3, 3), fits(lambda value: value > 2, 3), fits("a", 3)
    (True, True, False)
    """
    if callable(expected) and not isinstance(expected, type):
        return bool(expected(actual))
    return equal(expected, actual)


def equal(one: object, other: object) -> bool:
    """Return whether two values are equal; those that cannot be compared, such as arrays, are not."""
    try:
        return bool(one == other)
    except Exception:  # noqa: FLX202 (values that do not compare)
        return False


def shown(value: object) -> str:
    """Return how a value is shown: a predicate by its name, anything else by its repr, bounded and without secrets."""
    if callable(value) and not isinstance(value, type):
        return f"a value that {getattr(value, '__name__', value)!s} accepts"
    text, limit = redaction.shown(value), settings.current.max_error_details
    return text if len(text) <= limit else f"{text[:limit]}..."


def difference(part: str, expected: object, actual: object, beside: bool = False) -> str:
    """Return the line for a difference; a secret is not shown, nor the neighbour of a secret's name (``beside``)."""
    name = part.rpartition(".")[2]
    secret = is_secret(name) or (beside and name in redaction.NAMED)
    held = repr(REDACTED) if secret and actual is not ABSENT else shown(actual)
    return f"{part}: expected {shown(expected)}, got {held}"


def differences(error: BaseException, expected: Expected) -> Iterator[str]:
    """Yield a line for each attribute of an error that is not as expected.

    >>> error = FlextExceptions.ValidationError("no", field="sku")
    >>> list(differences(error, Expected(facts={"field": "name", "code": "FLEXT_3001"})))
    ["field: expected 'name', got 'sku'"]
    """
    yield from in_message(error, expected.match)
    beside = redaction.beside_secret((name, getattr(error, name, None)) for name in redaction.NAMING)
    for name, value in expected.facts.items():
        actual = getattr(error, name, ABSENT)
        if actual is ABSENT or not fits(value, actual):
            yield difference(name, value, actual, beside)
    if "code" in expected.facts and not isinstance(error, FlextExceptions.BaseError):
        yield f"{type(error).__name__} is not a typed error: it has no code"
    if expected.context is not None:
        yield from in_context(getattr(error, "context", ABSENT), expected.context, expected.exact)
    if expected.cause is not ABSENT:
        yield from in_cause(error.__cause__, expected.cause)
    if expected.notes is not None:
        notes = list(getattr(error, "__notes__", ()))
        same = len(notes) == len(expected.notes) and all(map(fits, expected.notes, notes))
        if not same:
            yield f"notes: expected {list(expected.notes)!r}, got {notes!r}"


def in_message(error: BaseException, match: str | re.Pattern[str] | None) -> Iterator[str]:
    """Yield the line for a message, including its notes as in pytest, that does not match a pattern."""
    text = "\n".join([str(error), *getattr(error, "__notes__", ())])
    if match is not None and re.search(match, text) is None:
        pattern = match if isinstance(match, str) else match.pattern
        hint = " (it is the same text: wrap it in re.escape())" if pattern == text else ""
        yield f"message: expected a match of {pattern!r}, got {text!r}{hint}"


def in_context(actual: object, expected: Mapping[str, object], exact: bool) -> Iterator[str]:
    """Yield a line for each key whose value differs, and with ``exact`` for each unexpected key."""
    if not isinstance(actual, Mapping):
        yield f"context: expected {shown(expected)}, got {actual!r}"
        return
    for key, value in expected.items():
        held = actual.get(key, ABSENT)
        if held is ABSENT or not fits(value, held):
            yield difference(f"context.{key}", value, held)
    for key in actual if exact else ():
        if key not in expected:
            yield difference(f"context.{key}", ABSENT, actual[key])


def in_cause(actual: BaseException | None, expected: object) -> Iterator[str]:
    """Yield the line for a cause that is not the expected error, or of none of the expected classes."""
    wanted = expected if isinstance(expected, tuple) else (expected,)
    if all(isinstance(each, type) for each in wanted):
        if not isinstance(actual, tuple(each for each in wanted if isinstance(each, type))):
            names = " or ".join(str(getattr(each, "__name__", each)) for each in wanted)
            yield f"cause: expected {names}, got {actual!r}"
    elif actual is not expected:
        yield f"cause: expected {expected!r}, got {actual!r}"
