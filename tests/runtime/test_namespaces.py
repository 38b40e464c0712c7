"""A direct subclass of the root is a namespace; an error's class has one of the types as its base."""

from __future__ import annotations

from typing import ClassVar, TypeAlias

import pytest

from flext_exceptions import FlextExceptions


class ShopErrors(FlextExceptions):
    """The errors of a shop."""

    LIMIT: ClassVar[int] = 3
    Alias: TypeAlias = FlextExceptions.ValidationError

    class OutOfStock(FlextExceptions.ValidationError):
        """Sold out."""

        code = "NS_0001"


class Nested(ShopErrors):
    """A namespace of a namespace."""


@pytest.mark.parametrize("namespace", [FlextExceptions, ShopErrors, Nested])
def test_its_call_builds_and_initialises_the_selected_type(namespace: type[FlextExceptions]) -> None:
    """Once, with everything that was given."""
    with FlextExceptions.Metrics.isolated():
        error = namespace("m", field="f", value=3, code="C")
        assert FlextExceptions.get_metrics() == {"ValidationError": 1}
    assert type(error) is FlextExceptions.ValidationError
    assert (error.args, error.field, error.context, error.code) == (("m",), "f", {"field": "f", "value": 3}, "C")
    assert type(namespace("m")) is FlextExceptions.Error
    assert type(namespace()) is FlextExceptions.Error and namespace().args == ()
    assert type(namespace("m", operation="o", field="f")) is FlextExceptions.OperationError
    assert namespace(2, "x", resource_id="r").errno == 2  # type: ignore[attr-defined]  # pyright: ignore


def test_its_types_are_errors_like_all_others() -> None:
    """And are reached through it, as the library's are."""
    error = ShopErrors.OutOfStock("m", field="f")
    assert (error.code, error.field) == ("NS_0001", "f")
    assert ShopErrors.NotFoundError is FlextExceptions.NotFoundError
    with pytest.raises(FlextExceptions):  # noqa: FLX401
        raise error


def test_it_may_be_mixed_into_an_error() -> None:
    """Then the class is an error."""

    class Mixed(ShopErrors, FlextExceptions.ConnectionError):
        code = "NS_MIXED"

    error = Mixed("m", service="s")
    assert (type(error), error.code, error.service) == (Mixed, "NS_MIXED", "s")
    with pytest.raises(ShopErrors):
        raise error


def test_one_that_looks_like_an_error_is_refused_when_it_is_defined() -> None:
    """The message names the base to take."""
    words = "is a namespace and cannot have {}: an error type derives from FlextExceptions.BaseError"
    with pytest.raises(TypeError, match=words.format("code")):

        class Code(FlextExceptions):
            code = "NS_0002"

    with pytest.raises(TypeError, match=words.format("http_status")):

        class Fact(ShopErrors):
            http_status = 404

    with pytest.raises(TypeError, match=words.format("__init__")):

        class Init(FlextExceptions):
            def __init__(self) -> None:
                pass

    with pytest.raises(TypeError, match=words.format("sku, amount")):

        class Fields(FlextExceptions):
            sku: str
            amount: int = 0

    with pytest.raises(TypeError, match=words.format("ValueError")):

        class Builtin(FlextExceptions, ValueError):
            pass
