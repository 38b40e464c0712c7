"""Strategies for hypothesis: typed errors, their contexts, and their documents.

Hypothesis registers them when it is imported (``flext_pytest.hypothesis_entry``), so
``st.from_type(FlextExceptions.ValidationError)`` works by itself.
"""

from __future__ import annotations

from typing import Any, TypeVar

from hypothesis import strategies as st

from flext_exceptions import FlextExceptions
from flext_exceptions.catalogue import ROWS

__all__ = ["contexts", "error_dicts", "errors"]

E = TypeVar("E", bound=FlextExceptions.BaseError)

WORDS = st.text(max_size=20)
# JSON has no NaN and no infinity; a NaN is not equal to its own copy either.
VALUES: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WORDS
)
# Keywords whose values are not texts.
KEYWORDS: dict[str, st.SearchStrategy[Any]] = {
    "value": VALUES,
    "validation_details": VALUES,
    "attribute_context": VALUES,
    "obj": VALUES,
    "timeout_seconds": st.floats(min_value=0, max_value=1e6),
    "resource_id": WORDS | st.integers() | st.uuids(),
    "expected_type": st.sampled_from([int, str, dict, "int", "Order"]),
    "actual_type": st.sampled_from([int, str, dict, "int", "Order"]),
}
NESTED: st.SearchStrategy[Any] = st.recursive(
    VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3), max_leaves=5
)
CONCRETE = [row.type for row in ROWS if row.type is not FlextExceptions.BaseError]


def contexts() -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for contexts: JSON values, nested, under keys that are texts."""
    return st.dictionaries(WORDS, NESTED, max_size=5)


def errors(kind: type[E] = FlextExceptions.BaseError, /) -> st.SearchStrategy[E]:  # type: ignore[assignment]
    """Return a strategy for errors of exactly this type, or without one for errors of every type of the catalogue.

    Raises:
        FlextExceptions.TypeError: it is not one of our error types.
    """
    if not (isinstance(kind, type) and issubclass(kind, FlextExceptions.BaseError)):
        raise FlextExceptions.TypeError(
            f"errors() takes a type such as FlextExceptions.ValidationError, not {kind!r}", given=kind
        )
    if kind is FlextExceptions.BaseError:
        return st.sampled_from(CONCRETE).flatmap(errors)  # type: ignore[arg-type]
    return built(kind)


def built(kind: type[E]) -> st.SearchStrategy[E]:
    """Return a strategy for errors of a type: a message, and any of its keywords, a code, an id, a context."""
    own = {name: KEYWORDS.get(name, WORDS) for name in (*kind._keywords, *kind._native_keywords)}
    common = {"code": st.text(min_size=1, max_size=10), "correlation_id": st.uuids().map(str), "context": contexts()}
    keywords = st.fixed_dictionaries({}, optional=own | common)
    return st.builds(lambda message, given: kind(message, **given), WORDS, keywords)


def error_dicts() -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for errors as documents that are JSON: type, message, code, correlation id, context, status."""
    return st.sampled_from(CONCRETE).flatmap(
        lambda kind: st.fixed_dictionaries(
            {
                "type": st.just(kind.__name__),
                "message": WORDS,
                "code": st.just(kind.code),
                "correlation_id": st.uuids().map(str),
                "context": contexts(),
                "http_status": st.just(kind.http_status),
            }
        )
    )
