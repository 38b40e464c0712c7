"""What type checkers must understand of the patterns. It is read by mypy and pyright, and never run."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, assert_type

from flext_exceptions import FlextExceptions
from flext_exceptions.patterns.handlers import ApplicationExceptionHandler, flext_exception_handler
from flext_exceptions.patterns.services import ServiceExceptionWrapper

# Handlers: the signature stays, and the answer or the default joins what is returned.
handler = ApplicationExceptionHandler(alert=lambda error: print(error.code))
assert_type(handler.handle_exception(KeyError("k")), dict[str, Any])


@flext_exception_handler()
def guarded(number: int, *, unit: str = "") -> str:
    """Answered with a dict."""
    return unit * number


@flext_exception_handler(default_response=0, handler=handler)
async def guarded_later(number: int) -> str:
    """Answered with a number."""
    return str(number)


assert_type(guarded(3, unit="m"), str | dict[str, Any])
later = assert_type(guarded_later(3), Coroutine[Any, Any, str | int])

# Services: everything stays.
service = ServiceExceptionWrapper("orders")


@service.wrap_operation("place")
def place(sku: str, *, amount: int = 1, correlation_id: str | None = None) -> int:
    """Names the id, so that type checkers let it through."""
    return amount


@service.wrap_operation("fetch")
async def fetch(sku: str) -> int:
    """An async one."""
    return len(sku)


class Orders:
    """Methods are wrapped too."""

    @service.wrap_operation("count")
    def count(self, sku: str) -> int:
        """A method."""
        return len(sku)


async def use() -> None:
    """Call them."""
    assert_type(place("A-1", amount=2, correlation_id="req-1"), int)
    assert_type(await fetch("A-1"), int)
    assert_type(await guarded_later(3), str | int)
    assert_type(Orders().count("A-1"), int)
    with FlextExceptions.correlation("req-1"):
        assert_type(await fetch(sku="A-1"), int)
