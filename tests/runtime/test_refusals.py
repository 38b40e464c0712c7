"""Every part of the errors that the library raises is right; raise mutants found these tests missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest

from flext_exceptions import FlextExceptions
from flext_exceptions.patterns.aggregation import ExceptionAggregator
from flext_exceptions.patterns.httpx import translated
from flext_exceptions.patterns.monitoring import ExceptionMonitor
from flext_exceptions.patterns.recovery import ExceptionRecoveryManager
from flext_pytest import flext_raises

DEEP: dict[str, Any] = {"type": "Error"}
for _ in range(1000):
    DEEP = {"type": "Error", "cause": DEEP}


def namespace() -> object:
    """Define a namespace that looks like an error."""

    class Shop(FlextExceptions):
        code = "SHOP"

    return Shop


INVALID, SETTING = FlextExceptions.ValidationError, FlextExceptions.ConfigurationError
REFUSED: dict[str, tuple[Callable[[], object], type[FlextExceptions.BaseError], Mapping[str, object]]] = {
    "a document that is no mapping": (lambda: FlextExceptions.from_dict(3), INVALID, {"field": None}),  # type: ignore[arg-type]
    "a version of later": (
        lambda: FlextExceptions.from_dict({"type": "Error", "version": 9}),
        INVALID,
        {"field": "version"},
    ),
    "a document without a type": (lambda: FlextExceptions.from_dict({}), INVALID, {"field": "type"}),
    "a type that is no text": (lambda: FlextExceptions.from_dict({"type": 3}), INVALID, {"field": "type"}),
    "a problem document that is no mapping": (lambda: FlextExceptions.from_problem(3), INVALID, {}),  # type: ignore[arg-type]
    "a namespace with a code": (namespace, FlextExceptions.TypeError, {}),
    "no attempt": (lambda: ExceptionRecoveryManager().with_recovery(0), SETTING, {"config_key": "max_attempts"}),
    "no multiplier": (
        lambda: ExceptionRecoveryManager().with_recovery(1, 0),
        SETTING,
        {"config_key": "backoff_multiplier"},
    ),
    "a threshold below nought": (
        lambda: ExceptionMonitor({"ValidationError": -1}, print),
        SETTING,
        {"config_key": "ValidationError"},
    ),
}


@pytest.mark.parametrize(("refused", "kind", "fields"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_has_the_code_of_its_type_and_names_what_is_wrong(
    refused: Callable[[], object], kind: type[FlextExceptions.BaseError], fields: Mapping[str, object]
) -> None:
    """In its fields as well as in its text."""
    with flext_raises(kind, code=kind.code, **fields):  # type: ignore[arg-type]
        refused()


def test_an_environment_that_there_is_not_is_a_failure() -> None:
    """It is named."""
    result = FlextExceptions.create_environment_specific_config("moon")
    assert result.is_failure and "moon" in str(result.error)


def test_a_namespace_that_is_refused_is_named_in_the_context() -> None:
    """By its dotted name."""
    with flext_raises(FlextExceptions.TypeError, context={"namespace": "namespace.<locals>.Shop"}):
        namespace()


def test_of_documents_within_too_many_documents_the_first_are_read() -> None:
    """The outer one and 32 more; the others are left out."""
    error: BaseException | None = FlextExceptions.from_dict(DEEP)
    depth = 0
    while error is not None:
        error, depth = error.__cause__, depth + 1
    assert depth == 33


def test_a_mapping_that_does_not_work_is_the_cause() -> None:
    """Of the one error that comes out."""

    class Broken(dict[str, Any]):
        def __contains__(self, key: object) -> bool:
            raise OSError("gone")

    with flext_raises(INVALID, code=INVALID.code, cause=OSError, match="cannot be read"):
        FlextExceptions.from_dict(Broken(type="Error"))


def test_nothing_to_aggregate_is_refused_with_its_code() -> None:
    """It is a ValidationError."""
    with flext_raises(INVALID, code=INVALID.code):
        ExceptionAggregator().create_exception_group()


def test_the_status_of_an_answer_is_in_the_context() -> None:
    """The text is the guide's."""
    answer = httpx.Response(404, request=httpx.Request("GET", "http://shop.example/orders/7"))
    expected = flext_raises(
        FlextExceptions.NotFoundError,
        match="Resource not found",
        code=FlextExceptions.NotFoundError.code,
        context={"status_code": 404},
        cause=httpx.HTTPStatusError,
    )
    with expected, translated():
        answer.raise_for_status()
