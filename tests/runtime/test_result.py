"""A result is a value, or the reason why it is missing."""

from __future__ import annotations

import copy
import pickle

import pytest

from flext_exceptions import FlextExceptions, FlextResult


def test_a_success_has_a_value_and_no_error() -> None:
    """None is a value too."""
    for value in ("x", None, 0):
        result = FlextResult.ok(value)
        assert result.success and result.is_success and not result.failure and not result.is_failure
        assert result.value is value and result.data is value and result.unwrap() is value
        assert result.error is None and result.error_code is None


def test_the_value_of_a_failure_raises() -> None:
    """By each of its three names, with the code UNWRAP_ERROR."""
    result = FlextResult[str].fail("no such user", "NOT_FOUND")
    assert result.failure and result.is_failure and not result.success and not result.is_success
    assert (result.error, result.error_code) == ("no such user", "NOT_FOUND")
    for read in (lambda: result.value, lambda: result.data, result.unwrap):
        with pytest.raises(FlextExceptions.OperationError, match=r"^no such user$") as caught:
            read()
        assert caught.value.code == FlextExceptions.ErrorCodes.UNWRAP_ERROR
        assert caught.value.__cause__ is None


def test_a_failure_of_a_flext_error_takes_its_text_and_code() -> None:
    """And is raised from it; another code may be given."""
    error = FlextExceptions.KeyError("k", correlation_id="req-1")
    result = FlextResult[int].fail(error)
    assert (result.error, result.error_code) == ("k", "KEY_ERROR")
    with pytest.raises(FlextExceptions.OperationError) as caught:
        result.unwrap()
    assert caught.value.__cause__ is error
    assert caught.value.correlation_id == "req-1"
    assert FlextResult[int].fail(error, "MINE").error_code == "MINE"


def test_a_failure_of_a_foreign_error_has_its_text_alone() -> None:
    """Its attributes mean something else: SystemExit has a code, too."""
    result = FlextResult[int].fail(SystemExit(3))
    assert (result.error, result.error_code) == ("3", None)


def test_an_empty_text_is_a_failure_too() -> None:
    """What makes it one is that it failed."""
    assert FlextResult[int].fail("").is_failure
    assert FlextResult[int].fail(FlextExceptions.Error()).is_failure


def test_it_is_generic_and_readable() -> None:
    """FlextResult[str].ok("x") works at run time."""
    assert FlextResult[str].ok("x").value == "x"
    assert repr(FlextResult.ok("x")) == "FlextResult.ok('x')"
    assert repr(FlextResult[str].fail("no", "C")) == "FlextResult.fail('no', 'C')"


def test_it_pickles_and_copies() -> None:
    """Results cross processes as errors do."""
    failed = FlextResult[int].fail(FlextExceptions.KeyError("k"))
    for twin in (pickle.loads(pickle.dumps(failed)), copy.copy(failed), copy.deepcopy(failed)):
        assert (twin.error, twin.error_code) == ("k", "KEY_ERROR")
