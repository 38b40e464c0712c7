"""What the service does. Only a batch catches errors here: each error says itself what went wrong and where."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from examples.order_service import store
from flext_exceptions import FlextExceptions
from flext_exceptions.patterns.aggregation import ExceptionAggregator
from flext_exceptions.patterns.enrichment import ExceptionEnricher
from flext_exceptions.patterns.http import HTTPClientWithFlextExceptions
from flext_exceptions.patterns.recovery import ExceptionRecoveryManager
from flext_exceptions.patterns.services import ServiceExceptionWrapper

Order = Mapping[str, Any]

service = ServiceExceptionWrapper("orders")
recovery = ExceptionRecoveryManager()
WAREHOUSE = os.environ.get("WAREHOUSE_URL", "http://127.0.0.1:8001")
warehouse = HTTPClientWithFlextExceptions(WAREHOUSE, timeout=2, passthrough=True)  # its answers are for our callers


@service.wrap_operation("place")
def place(order: Order) -> None:
    """Reserve the ordered articles and store the order."""
    with ExceptionEnricher("orders") as known:
        known.add_context(order=order["number"])
        if order["quantity"] > 100:
            raise FlextExceptions.ValidationError("more than a box holds", field="quantity", value=order["quantity"])
        reserve(order)
        store.insert(order["number"], order["sku"], order["quantity"])


@recovery.with_recovery(max_attempts=3)
def reserve(order: Order) -> None:
    """Ask the warehouse, again if it is busy; it knows the numbers of orders, so a repeated request does no harm."""
    warehouse.put(f"/reservations/{order['number']}", json={"sku": order["sku"]})


def place_all(batch: Sequence[Order]) -> ExceptionAggregator:
    """Place every order that can be placed; return the errors of those that cannot."""
    failures = ExceptionAggregator()
    for order in batch:
        try:
            place(order)
        except FlextExceptions as error:
            failures.add_exception(order["number"], error)
    return failures
