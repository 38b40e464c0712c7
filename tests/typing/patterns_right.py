"""Code with the patterns that type checkers must accept. Read by mypy and pyright, and never run."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, assert_type

from flext_exceptions import FlextExceptions
from flext_exceptions.patterns.aggregation import ExceptionAggregator
from flext_exceptions.patterns.database import DatabaseExceptionTranslator
from flext_exceptions.patterns.enrichment import ExceptionEnricher
from flext_exceptions.patterns.handlers import ApplicationExceptionHandler, flext_exception_handler
from flext_exceptions.patterns.http import HTTPClientWithFlextExceptions
from flext_exceptions.patterns.monitoring import ExceptionMonitor
from flext_exceptions.patterns.recovery import ExceptionRecoveryManager
from flext_exceptions.patterns.services import ServiceExceptionWrapper
from flext_exceptions.patterns.tracking import MemoryEfficientExceptionTracker, OptimizedFlextException

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


@flext_exception_handler
def guarded_bare(number: int) -> str:
    """Without parentheses."""
    return str(number)


@flext_exception_handler
async def guarded_bare_later(number: int) -> str:
    """Without parentheses."""
    return str(number)


assert_type(guarded_bare(3), str | dict[str, Any])
bare_later = assert_type(guarded_bare_later(3), Coroutine[Any, Any, str | dict[str, Any]])

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


@service.wrap_operation
def place_bare(sku: str) -> int:
    """Without parentheses."""
    return len(sku)


assert_type(place_bare("A-1"), int)

# Recovery: everything stays.
recovery = ExceptionRecoveryManager(sleeping=False)
recovery.recovery_strategies[FlextExceptions.OSError] = lambda error, attempt, max_attempts: attempt < 2


@recovery.with_recovery()
def ask(sku: str, *, amount: int = 1) -> int:
    """A sync one."""
    return amount


@recovery.with_recovery
def ask_bare(sku: str) -> int:
    """Without parentheses."""
    return len(sku)


assert_type(ask_bare("A-1"), int)


@recovery.with_recovery(max_attempts=2, backoff_multiplier=3)
async def ask_later(sku: str) -> int:
    """An async one."""
    return len(sku)


class Orders:
    """Methods are wrapped too."""

    @service.wrap_operation("count")
    def count(self, sku: str) -> int:
        """A method."""
        return len(sku)


# Databases: everything stays.
translator = DatabaseExceptionTranslator("postgresql")


@translator.translated
def count_rows(table: str, *, most: int = 1) -> int:
    """Translated."""
    return most


@translator.translated
async def count_later(table: str, *tables: str) -> int:
    """An async one."""
    return len(tables)


async def use() -> None:
    """Call them."""
    assert_type(place("A-1", amount=2, correlation_id="req-1"), int)
    assert_type(await fetch("A-1"), int)
    assert_type(await guarded_later(3), str | int)
    assert_type(ask("A-1", amount=2), int)
    assert_type(await ask_later("A-1"), int)
    assert_type(Orders().count("A-1"), int)
    assert_type(count_rows("users", most=3), int)
    assert_type(await count_later("users", "shops"), int)
    assert_type(translator.translate_and_execute(len, "abc"), int)
    with FlextExceptions.correlation("req-1"):
        assert_type(await fetch(sku="A-1"), int)
    async with ExceptionEnricher("orders") as enricher:
        assert_type(enricher, ExceptionEnricher)
        enricher.add_context(step="payment", amount=3)
        assert_type(enricher.enrich_exception(FlextExceptions.KeyError("k")), FlextExceptions.KeyError)


# The parts that decorate nothing.
client = HTTPClientWithFlextExceptions("https://shop.example", timeout=(3, 30))
client.session.headers["X-Api"] = "1"
user: dict[str, Any] = client.post("/users", json={"name": "ada"}, correlation_id="req-1")
aggregator = ExceptionAggregator()
aggregator.add_exception("line 1", KeyError("k"))
assert_type(aggregator.create_aggregated_exception(), FlextExceptions.ProcessingError)
assert_type(aggregator.create_exception_group(), ExceptionGroup[Exception])
assert_type(ExceptionMonitor({"Error": 3, FlextExceptions.KeyError: 0}, alert=print).check().get("Error", 0), int)
MemoryEfficientExceptionTracker(max_exceptions=10, flush=print).track_exception(KeyError("k"))
optimizer = OptimizedFlextException()
assert_type(optimizer.create_cached_exception(FlextExceptions.TypeError, "m", "key"), FlextExceptions.TypeError)
assert_type(optimizer.lazy_context_exception(FlextExceptions.KeyError, "m", lambda: {"a": 1}), FlextExceptions.KeyError)
