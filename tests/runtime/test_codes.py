"""A code of a project names one class."""

from __future__ import annotations

import gc
import warnings
from dataclasses import dataclass

import pytest

from flext_exceptions import FlextExceptions, FlextUsageWarning


def test_two_classes_with_one_code_of_their_own_are_told_of() -> None:
    """By a warning that names both where the later is defined, and by the list of clashes."""

    class First(FlextExceptions.Error):
        code = "CLASH_0001"

    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")

        class Second(FlextExceptions.ValidationError):  # noqa: FLX307
            code = "CLASH_0001"

    assert [(item.category, item.filename) for item in seen] == [(FlextUsageWarning, __file__)]
    text = str(seen[0].message)
    assert First.__qualname__ in text and Second.__qualname__ in text and "CLASH_0001" in text
    assert ("CLASH_0001", (First, Second)) in FlextExceptions.check_codes()
    del First, Second
    gc.collect()
    assert "CLASH_0001" not in dict(FlextExceptions.check_codes())


def test_the_same_class_defined_again_replaces_the_earlier_silently() -> None:
    """A reload, a notebook cell, a class made in a function, a dataclass with slots."""

    def make() -> type[FlextExceptions.BaseError]:
        @dataclass(slots=True, eq=False)
        class Again(FlextExceptions.Error):
            code = "CLASH_0002"
            sku: str = ""

        return Again

    kept = [make() for _ in range(3)]
    assert len(kept) == 3
    assert "CLASH_0002" not in dict(FlextExceptions.check_codes())


def test_an_inherited_code_and_a_code_of_the_catalogue_are_no_clash() -> None:
    """Catalogue types may share a code; a subclass has its parent's."""

    class Parent(FlextExceptions.Error):
        code = "CLASH_0003"

    class Child(Parent):
        pass

    class Generic(FlextExceptions.Error):
        code = FlextExceptions.ErrorCodes.GENERIC_ERROR

    assert Child.code == Parent.code
    clashing = dict(FlextExceptions.check_codes())
    assert "CLASH_0003" not in clashing and Generic.code not in clashing


def test_a_class_that_is_gone_does_not_clash() -> None:
    """The registry holds classes weakly."""

    class Gone(FlextExceptions.Error):
        code = "CLASH_0004"

    del Gone
    gc.collect()

    class Newcomer(FlextExceptions.Error):  # noqa: FLX307
        code = "CLASH_0004"

    assert Newcomer.code not in dict(FlextExceptions.check_codes())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GENERIC_ERROR", "FLEXT_0001"),
        ("VALIDATION_ERROR", "FLEXT_3001"),
        ("CONFIGURATION_ERROR", "FLEXT_2003"),
        ("CONNECTION_ERROR", "FLEXT_2001"),
        ("AUTHENTICATION_ERROR", "AUTHENTICATION_ERROR"),
        ("PERMISSION_ERROR", "PERMISSION_ERROR"),
        ("NOT_FOUND", "NOT_FOUND"),
        ("ALREADY_EXISTS", "ALREADY_EXISTS"),
        ("TIMEOUT_ERROR", "FLEXT_2002"),
        ("PROCESSING_ERROR", "PROCESSING_ERROR"),
        ("CRITICAL_ERROR", "CRITICAL_ERROR"),
        ("OPERATION_ERROR", "OPERATION_ERROR"),
        ("TYPE_ERROR", "TYPE_ERROR"),
        ("UNWRAP_ERROR", "UNWRAP_ERROR"),
        ("BUSINESS_ERROR", "BUSINESS_RULE_ERROR"),
        ("INFRASTRUCTURE_ERROR", "FLEXT_2005"),
    ],
)
def test_the_codes_keep_their_values(name: str, value: str) -> None:
    """Old code and alert rules know them."""
    assert getattr(FlextExceptions.ErrorCodes, name) == value
