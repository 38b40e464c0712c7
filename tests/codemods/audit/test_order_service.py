"""The contract of the order service, against what its two applications answer to a fuzzer."""

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

from .auditing import Contract, audit_of, named, statuses

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
    contract = contracts[label]
    # The client of the warehouse and the translator of the database are not of the repository that is audited: what
    # they raise is not known, so any status of a typed error may be answered there, and nowhere else.
    anything = any(one.path == "*" and one.status is None for one in contract.errors)
    assert anything is (label in ("POST /orders", "POST /batches"))
    allowed = statuses(contract)

    @settings(max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(body=bodies)
    def fuzz(body: Any) -> None:
        verb = label.partition(" ")[0]
        status = clients[application].open(path, method=verb, json=None if verb == "GET" else body).status_code
        assert status < 400 or anything or status in allowed

    fuzz()


def test_what_the_service_itself_raises_is_in_the_contract_with_its_code(contracts: dict[str, Contract]) -> None:
    place = {one.name: one for one in contracts["POST /orders"].errors}
    assert (place["ValidationError"].status, place["ValidationError"].by) == (400, "ProblemMiddleware")
    assert {404, 503} <= named(contracts["PUT /reservations/<number>"])


def test_what_is_not_known_is_said_to_be_open(contracts: dict[str, Contract]) -> None:
    assert any(one.path == "*" for one in contracts["POST /orders"].errors)
