"""The programs of ``examples/order_service`` are started and answer requests, on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.runtime.patterns.postgres import server

ROOT = Path(__file__).parents[2]
NO_DATABASE = "postgresql://postgres@127.0.0.1:1/postgres"


class Step(NamedTuple):
    """A request, the status and the text of its answer, and what both services log meanwhile."""

    title: str
    request: str
    status: str
    body: str
    log: list[dict[str, Any]]


def demo(**environment: str) -> subprocess.CompletedProcess[str]:
    """Run the demonstration."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "ENVIRONMENT")}
    command = [sys.executable, "-m", "examples.order_service.demo"]
    return subprocess.run(command, cwd=ROOT, env=kept | environment, capture_output=True, text=True, timeout=60)


def steps(text: str) -> dict[str, Step]:
    """Read what it prints, by the id of the request."""
    found = {}
    for part in text.split("\n== ")[1:]:
        title, request, status, *lines = part.strip().splitlines()
        log = [json.loads(line) for line in lines if line.startswith('{"time"')]
        body = "\n".join(line for line in lines if not line.startswith('{"time"'))
        found[request.rpartition(" ")[2]] = Step(title, request, status, body, log)
    return found


@pytest.fixture(scope="module")
def sqlite() -> str:
    """What it prints with SQLite."""
    ran = demo()
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    """What it prints with a real server."""
    with server() as host:
        ran = demo(DATABASE_URL=f"postgresql://postgres@/postgres?host={host}")
        assert (ran.returncode, ran.stderr) == (0, "")
        yield ran.stdout


@pytest.fixture(params=["sqlite", "postgresql"])
def said(request: pytest.FixtureRequest) -> dict[str, Step]:
    """What it prints with either, by request."""
    return steps(request.getfixturevalue(request.param))


def test_every_answer_has_its_status_and_the_id_of_its_request(said: dict[str, Step]) -> None:
    """Errors too."""
    statuses = [201, 409, 404, 201, 207, 500, 200, 200]
    ids = [f"req-{number}" for number in range(1, 9)]
    assert [(step.status[:3], step.status.rpartition(" ")[2]) for step in said.values()] == [
        (str(status), name) for status, name in zip(statuses, ids, strict=True)
    ]


def test_one_id_goes_from_the_request_to_the_error_of_the_database(said: dict[str, Step]) -> None:
    """Through the other service, which is another process."""
    log = said["req-2"].log
    assert {line["correlation_id"] for line in log} == {"req-2"}
    assert [line["app"] for line in log] == ["orders", "warehouse", "orders"]
    context = log[-1]["context"]
    assert (context["table"], context.get("sqlstate", context.get("sqlite_errorcode"))) in [
        ("demo_orders", "23505"),
        ("demo_orders", 1555),
    ]
    assert (context["service"], context["operation"], context["context_stack"]) == (
        "orders",
        "place",
        [{"order": "A-1"}],
    )
    for name, step in said.items():
        assert {line["correlation_id"] for line in step.log} == {name}


def test_the_error_of_the_other_service_comes_through_as_what_it_was(said: dict[str, Step]) -> None:
    """Both log it, under one id."""
    document = json.loads(said["req-3"].body)
    assert (document["code"], document["detail"]) == ("NOT_FOUND", "no such article")
    assert [line["app"] for line in said["req-3"].log if line.get("error_code") == "NOT_FOUND"] == [
        "warehouse",
        "orders",
    ]


def test_a_busy_service_is_asked_again(said: dict[str, Step]) -> None:
    """No sooner than it asks for."""
    attempts = [line for line in said["req-4"].log if line["logger"] == "flext_exceptions.recovery"]
    assert [line["attempt"] for line in attempts] == [1] and attempts[0]["wait_seconds"] >= 1
    assert said["req-4"].log[-1]["message"] == "Operation place completed successfully"


def test_of_a_batch_each_failure_is_told(said: dict[str, Step]) -> None:
    """And the rest is placed."""
    answer = json.loads(said["req-5"].body)
    failed = {name: [one["identifier"] for one in kind] for name, kind in answer["failed"].items()}
    assert failed == {"AlreadyExistsError": ["A-1"], "ValidationError": ["A-5"]}


def test_of_a_mistake_of_the_program_the_answer_tells_no_more_than_the_id(said: dict[str, Step]) -> None:
    """The log tells what it was."""
    assert "quantity" not in said["req-6"].body and '"correlation_id": "req-6"' in said["req-6"].body
    assert said["req-6"].log[-1]["context"]["original_exception"] == "KeyError"


def test_prometheus_reads_what_happened_and_too_much_of_it_is_an_alert(said: dict[str, Step]) -> None:
    """Types and codes."""
    assert sorted(said["req-7"].body.splitlines()) == [
        'flext_exceptions_total{code="ALREADY_EXISTS",type="AlreadyExistsError"} 2.0',
        'flext_exceptions_total{code="FLEXT_2001",type="ConnectionError"} 1.0',
        'flext_exceptions_total{code="FLEXT_3001",type="ValidationError"} 1.0',
        'flext_exceptions_total{code="NOT_FOUND",type="NotFoundError"} 1.0',
        'flext_exceptions_total{code="PROCESSING_ERROR",type="ProcessingError"} 2.0',
    ]
    alert = said["req-7"].log[0]
    assert (alert["level"], alert["message"]) == ("WARNING", "AlreadyExistsError: 2 since the last check, more than 1")


def test_where_the_other_service_is_down_the_handler_answers(said: dict[str, Step]) -> None:
    """With what a caller can do."""
    answer = json.loads(said["req-8"].body)
    assert (answer["error_type"], answer["recoverable"], answer["retry_after"]) == ("connection_error", True, 30)


def test_the_lines_on_its_page_are_what_it_prints(sqlite: str) -> None:
    """But for times and ports."""
    page = (ROOT / "docs" / "service.md").read_text(encoding="utf-8")
    block = page.partition("$ make service\n")[2].partition("```")[0]

    def masked(text: str) -> list[str]:
        return re.sub(r'"time": "[^"]*"|127\.0\.0\.1:\d+|in [\d.]+ s:|"wait_seconds": [\d.]+', "*", text).splitlines()

    shown = [line for line in masked(block) if line not in ("", "...")]
    assert len(shown) > 8
    assert [line for line in shown if line not in masked(sqlite)] == []


def test_without_a_database_it_says_so_and_ends() -> None:
    """The demonstration itself fails, in words."""
    ran = demo(DATABASE_URL=NO_DATABASE)
    assert ran.returncode == 1 and ran.stderr.startswith("web did not start:")
    assert "FlextExceptions.ConnectionError" in ran.stderr or "ConnectionError: Database" in ran.stderr
