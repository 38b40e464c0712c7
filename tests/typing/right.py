"""Code that type checkers must accept. Read by mypy and pyright, and never run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, assert_type

from flext_exceptions import FlextConnectionError, FlextExceptions, FlextResult, FlextUsageWarning, FlextValidationError
from flext_pytest import FlextMetrics, flext_raises

# The factory selects by keyword; a selector of a higher rank wins; one that is None selects nothing.
assert_type(FlextExceptions("m"), FlextExceptions.Error)
assert_type(FlextExceptions(), FlextExceptions.Error)
assert_type(FlextExceptions("m", field="x"), FlextExceptions.ValidationError)
assert_type(FlextExceptions("m", field="x", value=3, code="C"), FlextExceptions.ValidationError)
assert_type(FlextExceptions("m", operation="o", field="x"), FlextExceptions.OperationError)
assert_type(FlextExceptions("m", field="x", operation="o"), FlextExceptions.OperationError)
assert_type(FlextExceptions("m", config_key="k", service="s"), FlextExceptions.ConfigurationError)
assert_type(FlextExceptions("m", business_rule="r"), FlextExceptions.ProcessingError)
assert_type(FlextExceptions("m", service="s"), FlextExceptions.ConnectionError)
assert_type(FlextExceptions("m", endpoint="e"), FlextExceptions.ConnectionError)
assert_type(FlextExceptions("m", timeout_seconds=3), FlextExceptions.TimeoutError)
assert_type(FlextExceptions("m", resource_id=42), FlextExceptions.NotFoundError)
assert_type(FlextExceptions("m", resource_type="user"), FlextExceptions.NotFoundError)
assert_type(FlextExceptions("m", required_permission="read"), FlextExceptions.PermissionError)
assert_type(FlextExceptions("m", auth_method="basic"), FlextExceptions.AuthenticationError)
assert_type(FlextExceptions("m", expected_type=str), FlextExceptions.TypeError)
assert_type(FlextExceptions("m", actual_type="int"), FlextExceptions.TypeError)
assert_type(FlextExceptions("m", attribute_name="a"), FlextExceptions.AttributeError)
assert_type(FlextExceptions("m", operation=None, field="x", service=None), FlextExceptions.ValidationError)
assert_type(FlextExceptions("m", field=None, service=None), FlextExceptions.Error)

# A type makes itself, and takes what it says.
error = FlextExceptions.ValidationError("m")
assert_type(error, FlextExceptions.ValidationError)
assert_type(FlextValidationError("m"), FlextExceptions.ValidationError)
assert_type(FlextExceptions.FlextConnectionError("m"), FlextConnectionError)
assert_type(FlextExceptions.ValidationError(message="m", field="f", value=object(), sku="any"), FlextValidationError)
assert_type(FlextExceptions.OSError(2, "x", "file").errno, int | None)
assert_type(FlextExceptions.NotFoundError("m", resource_id="r", context={"a": 1}), FlextExceptions.NotFoundError)
assert_type(FlextExceptions.BrokenPipeError("m", service="s").service, str | None)
assert_type(FlextExceptions.AuthenticationError("m", auth_method="a", required_permission="p").auth_method, str | None)
assert_type(FlextExceptions.KeyError(("any", "object")), FlextExceptions.KeyError)
assert_type(error.field, str | None)
assert_type(error.with_context(a=1), FlextExceptions.ValidationError)
assert_type(error.same_as(3), bool)

# An error is data, and comes back from it.
assert_type(error.to_dict(), dict[str, Any])
assert_type(error.to_problem(), dict[str, Any])
assert_type(FlextExceptions.from_dict({"type": "Error"}), FlextExceptions.BaseError)
assert_type(FlextExceptions.from_problem({"status": 404}), FlextExceptions.BaseError)

# Every type is also its builtin.
plain: ValueError = FlextExceptions.ValidationError("m")
missing: FileNotFoundError = FlextExceptions.NotFoundError("m")
system: OSError = FlextExceptions.TimeoutError("m")
connection: FlextExceptions.ConnectionError = FlextExceptions.ConnectionResetError("m")


class OutOfStock(FlextExceptions.ValidationError):
    """The name works as a base class."""

    code = "SHOP_0001"
    http_status = 409
    sku: str | None = None


class Strict(FlextExceptions.NotFoundError):
    """An init of its own has the signature that it says."""

    def __init__(self, sku: str, *, shelf: int) -> None:
        super().__init__(f"no {sku} on {shelf}", resource_id=sku)


class ShopErrors(FlextExceptions):
    """A namespace."""

    class Empty(FlextExceptions.ProcessingError):
        """An error within."""


assert_type(OutOfStock("m", sku="A-1").sku, str | None)
assert_type(Strict("A-1", shelf=3), Strict)
assert_type(ShopErrors.Empty("m", business_rule="r").business_rule, str | None)
assert_type(ShopErrors("m", field="x"), FlextExceptions.ValidationError)


def handle(make: Callable[[], object], known: FlextExceptions.ValidationError | None = None) -> str:
    """The names work in except clauses, in isinstance and as annotations."""
    try:
        make()
    except FlextExceptions.ValidationError as caught:
        assert_type(caught.field, str | None)
        return caught.code
    except (FlextExceptions.ConnectionError, FlextExceptions.KeyError) as caught:
        return caught.message
    except FlextExceptions as caught:
        assert_type(caught.code, str)
        assert_type(caught.error_code, str)
        assert_type(caught.message, str)
        assert_type(caught.context, dict[str, Any])
        assert_type(caught.correlation_id, str)
        assert_type(caught.timestamp, float)
        assert_type(caught.retryable, bool)
        assert_type(caught.retry_after, float | None)
        assert_type(caught.http_status, int)
        assert_type(caught.to_dict(), dict[str, Any])
        caught.error_code = "C"
        raise caught.with_context(a=1) from None
    except Exception as caught:
        if isinstance(caught, FlextExceptions.TimeoutError):
            assert_type(caught.timeout_seconds, float | None)
        if isinstance(caught, FlextExceptions):
            return caught.code
    return "" if known is None else known.code


# Results.
assert_type(FlextResult.ok(3), FlextResult[int])
assert_type(FlextResult[str].ok("x").value, str)
assert_type(FlextResult.ok("x").unwrap(), str)
assert_type(FlextResult.ok(3).error, str | None)


def parse(text: str) -> FlextResult[int]:
    """A failure fits any result."""
    return FlextResult.ok(int(text)) if text.isdigit() else FlextResult.fail("no number")


# The services on the root.
assert_type(FlextExceptions.get_metrics()["ValidationError"], int)
assert_type(FlextExceptions.get_metrics().get("Error"), int | None)
assert_type(FlextExceptions.get_metrics().get("Error", 0), int)
assert_type(FlextExceptions.configure_error_handling({"environment": "test"}), FlextResult[dict[str, Any]])
assert_type(FlextExceptions.get_error_handling_config(), FlextResult[dict[str, Any]])
code: str = FlextExceptions.ErrorCodes.NOT_FOUND
assert_type(FlextExceptions.traceparent(), str)
with FlextExceptions.correlation("req-1") as name, FlextExceptions.Metrics.isolated():
    assert_type(name, str)
FlextExceptions.Metrics.record_exception("Foreign")
category: type[Warning] = FlextUsageWarning


def test_it(flext_metrics: FlextMetrics) -> None:
    """The metrics of a test are a mapping with more to it."""
    assert_type(flext_metrics["ValidationError"], int)
    assert_type(flext_metrics.get("ValidationError"), int | None)
    assert_type(flext_metrics.total, int)
    assert_type(flext_metrics.errors, list[FlextExceptions.BaseError])
    flext_metrics.assert_counts(ValidationError=3)
    flext_metrics.assert_none()


# A test that expects a type gets an error of this type.
with flext_raises(FlextExceptions.ValidationError, field="email", context={"a": 1}) as caught:
    raise FlextExceptions.ValidationError("m", field="email")
assert_type(caught.value, FlextExceptions.ValidationError)
