"""The contract of the order service, compared with what its two applications answer to a fuzzer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.serving import make_server
from werkzeug.test import Client

from examples.order_service import orders as service
from examples.order_service import store, warehouse, web
from flext_exceptions.patterns.http import HTTPClientWithFlextExceptions
from flext_exceptions.web.wsgi import ProblemMiddleware

from .auditing import Contract, audit_of, statuses

SERVICE = Path(__file__).parents[3] / "examples" / "order_service"
orders = st.fixed_dictionaries(
    {},
    optional={
        "number": st.sampled_from(["A-1", "A-2", 3, None]),
        "sku": st.sampled_from(["tea", "cup", 0, None]),
        "quantity": st.sampled_from([1, 100, 101, -1, "many", None]),
    },
)
bodies = orders | st.lists(orders, max_size=2) | st.none() | st.text(max_size=3) | st.integers()


@pytest.fixture(scope="module")
def contracts() -> dict[str, Contract]:
    """The contracts of the service's entry points."""
    return {one.name: one for one in audit_of(SERVICE).report.contracts}


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Client]]:
    """Clients of both applications: with a store of their own, and the warehouse that the one asks at a real port."""
    applications = {name: ProblemMiddleware(one.app.wsgi_app) for name, one in (("web", web), ("warehouse", warehouse))}
    server = make_server("127.0.0.1", 0, applications["warehouse"], threaded=True, request_handler=web.Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    patch = pytest.MonkeyPatch()
    patch.setattr(store, "URL", str(tmp_path_factory.mktemp("orders") / "orders.db"))
    patch.setattr(
        service, "warehouse", HTTPClientWithFlextExceptions(f"http://127.0.0.1:{server.server_port}", timeout=2)
    )
    store.create()
    yield {name: Client(one) for name, one in applications.items()}
    patch.undo()
    server.shutdown()
    thread.join()


@pytest.mark.parametrize(
    ("application", "label", "path"),
    [
        ("web", "POST /orders", "/orders"),
        ("web", "POST /batches", "/batches"),
        ("warehouse", "PUT /reservations/<number>", "/reservations/A-1"),
        ("warehouse", "GET /health", "/health"),
        ("web", "GET /metrics", "/metrics"),
    ],
)
def test_no_answer_to_a_fuzzer_is_outside_the_contract(
    clients: dict[str, Client], contracts: dict[str, Contract], application: str, label: str, path: str
) -> None:
    allowed = statuses(contracts[label])
    if passed_through(contracts[label]):  # what the warehouse answers is told to our own callers as it is
        allowed |= statuses(contracts["PUT /reservations/<number>"])

    @settings(max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(body=bodies)
    def fuzz(body: Any) -> None:
        verb = label.partition(" ")[0]
        status = clients[application].open(path, method=verb, json=None if verb == "GET" else body).status_code
        assert status < 400 or status in allowed

    fuzz()


def passed_through(contract: Contract) -> set[str]:
    """Return the places that raise errors with a status that cannot be told before the program runs."""
    return {place for one in contract.errors if one.status is None for place in one.raised}


def test_nothing_is_open_but_what_the_other_service_answers(contracts: dict[str, Contract]) -> None:
    found = {name: one for name, one in contracts.items() if one.kind == "route"}
    assert [name for name, one in found.items() if any(each.path == "*" for each in one.errors)] == []
    routes = {name: passed_through(one) for name, one in found.items()}
    assert {name for name, places in routes.items() if places} == {"POST /orders"}
    assert routes["POST /orders"] == {"flext_exceptions.web.upstream"}


def test_each_error_has_its_status_and_who_answers_it(contracts: dict[str, Contract]) -> None:
    rows = {(one.name, one.status, one.by) for one in contracts["PUT /reservations/<number>"].errors if one.path != "*"}
    page, check = "the framework's own page", "the framework's validation of the request"
    assert rows == {
        ("KeyError", 500, page),
        ("TypeError", 500, page),
        ("BadRequest", 400, check),
        ("UnsupportedMediaType", 415, check),
        ("NotFoundError", 404, "ProblemMiddleware"),
        ("ConnectionError", 503, "ProblemMiddleware"),
    }


def test_a_mistake_in_a_wrapped_operation_is_the_error_of_the_wrapper(contracts: dict[str, Contract]) -> None:
    """The subscripts of ``orders.place`` fail within the wrapper, that of the route outside of it."""
    place = {one.name: one for one in contracts["POST /orders"].errors if one.status == 500}
    assert "flext_exceptions.patterns.services" in place["ProcessingError"].raised
    assert {one.rpartition(":")[0].rpartition("/")[2] for one in place["KeyError"].raised} == {"web.py"}


def test_a_handler_around_a_route_leaves_nothing_to_answer(contracts: dict[str, Contract]) -> None:
    assert contracts["GET /health"].errors == ()
