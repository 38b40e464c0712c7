"""Helpers for the tests of documents: strategies for errors of plain data, and a round trip."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from flext_exceptions import FlextExceptions
from flext_exceptions._internal.redaction import is_secret
from flext_exceptions.catalogue import ROWS

EACH = settings(max_examples=12, suppress_health_check=list(HealthCheck), deadline=None)  # of each type
row = pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])

KEYS = st.text(max_size=10).filter(lambda key: not is_secret(key))
SCALARS: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20)
)
PLAIN: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)
LINES = st.text(min_size=1, max_size=9).filter(str.isprintable)  # of others a document escapes what cannot be printed
TYPES = st.sampled_from(["int", "str", "Order", "len"])


def plain_errors(kind: type[FlextExceptions.BaseError]) -> st.SearchStrategy[FlextExceptions.BaseError]:
    """Errors of a type of which everything given is data that JSON has."""
    keywords = (*kind._keywords, *kind._native_keywords)
    named = {name: TYPES if name.endswith("_type") and "resource" not in name else PLAIN for name in keywords}
    given = st.fixed_dictionaries(
        {},
        optional=named
        | {
            "code": LINES,
            "context": st.dictionaries(KEYS | st.sampled_from([*keywords, "errno"]), PLAIN, max_size=4),
            "correlation_id": LINES,
            "http_status": st.integers(100, 599),
            "retryable": st.booleans(),
            "retry_after": st.floats(0, 1e6) | st.integers(0, 99),
            "extra": PLAIN,
        },
    )
    return st.builds(lambda args, kw: kind(*args, **kw), st.lists(PLAIN, max_size=6), given)


def roomy() -> None:
    """Let everything fit."""
    FlextExceptions.configure_error_handling({"max_error_details": 1_000_000}).unwrap()


def through_json(document: dict[str, Any]) -> dict[str, Any]:
    """The document on the other side, which is the same."""
    arrived: dict[str, Any] = json.loads(json.dumps(document, allow_nan=False))
    assert arrived == document
    return arrived


def back(error: FlextExceptions.BaseError) -> Any:
    """The error after a journey as a document, which is the same before and after."""
    document = error.to_dict()
    twin = FlextExceptions.from_dict(through_json(document))
    assert twin.to_dict() == document
    return twin


def raised(error: BaseException, cause: BaseException | None = None) -> Any:
    """The error after it was raised, from another."""
    try:
        raise error from cause
    except type(error) as caught:
        return caught
