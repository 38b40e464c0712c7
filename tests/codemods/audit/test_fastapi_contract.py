"""The contract of the lending library over FastAPI, compared with the application's answers."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import validate
from starlette.testclient import TestClient

from flext_codemods.audit.contracts.openapi import add_to_openapi

from .applications.fastapi_app import main
from .auditing import contracts, statuses

schema = schemathesis.openapi.from_asgi("/openapi.json", main.app)
operations = [found.ok() for found in schema.get_all_operations()]


@pytest.fixture(autouse=True)
def _empty_shelf() -> None:
    main.shelf.lent.clear()


@pytest.mark.parametrize("operation", operations, ids=lambda one: one.label)
def test_no_answer_to_a_fuzzer_is_outside_the_contract(operation: Any) -> None:
    allowed = statuses(contracts("fastapi_app")[operation.label])

    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(case=operation.as_strategy())
    def fuzz(case: Any) -> None:
        status = case.call().status_code
        assert status < 400 or status in allowed

    fuzz()


def test_every_answer_of_the_contract_can_be_provoked() -> None:
    client = TestClient(main.app, raise_server_exceptions=False)
    ann, bob, mallory = ({"x-reader": name} for name in ("ann", "bob", "mallory"))
    seen: dict[str, set[int]] = {}

    def ask(label: str, path: str, headers: dict[str, str] | None = None) -> None:
        status = client.request(label.partition(" ")[0], path, headers=headers).status_code
        if status >= 400:
            seen.setdefault(label, set()).add(status)

    ask("GET /api/books/{number}", "/api/books/9")
    ask("GET /api/books/{number}", "/api/books/x")
    loan = "POST /api/books/{number}/loan"
    ask(loan, "/api/books/1/loan")
    ask(loan, "/api/books/x/loan", ann)
    ask(loan, "/api/books/9/loan", ann)
    ask(loan, "/api/books/1/loan", mallory)
    ask(loan, "/api/books/1/loan", ann)
    ask(loan, "/api/books/1/loan", bob)
    ask(loan, "/api/books/2/loan", ann)
    ask(loan, "/api/books/3/loan", ann)
    ask("DELETE /api/books/{number}/loan", "/api/books/3/loan")
    ask("DELETE /api/books/{number}/loan", "/api/books/x/loan")
    ask("GET /report", "/report?kind=long")
    ask("GET /report", "/report?kind=odd")
    # A text is any query, so the check of the request has nothing to say there.
    expected = {
        name: statuses(one) - ({422} if name == "GET /report" else set())
        for name, one in contracts("fastapi_app").items()
    }
    assert seen == {name: found for name, found in expected.items() if found}


def test_an_error_of_the_project_has_its_code_title_and_whether_trying_again_may_help() -> None:
    lent = next(
        one for one in contracts("fastapi_app")["POST /api/books/{number}/loan"].errors if one.code == "BOOK_LENT"
    )
    assert (lent.status, lent.title, lent.retryable) == (409, "The book is lent", True)
    assert [place.rpartition("/")[2] for place in lent.raised] == ["shelf.py:33"]


def test_what_nobody_handles_stands_first() -> None:
    first = contracts("fastapi_app")["GET /report"].errors[0]
    assert (first.path, first.handled, first.status) == ("builtins.RuntimeError", False, 500)


def test_the_document_of_the_application_is_valid_with_the_contract_added() -> None:
    document = main.app.openapi()
    found, missing = add_to_openapi(document, contracts("fastapi_app").values())
    validate(found)
    assert missing == []
    responses = found["paths"]["/api/books/{number}/loan"]["post"]["responses"]
    assert sorted(responses) == ["201", "401", "403", "404", "409", "422", "429"]
    assert responses["422"] == document["paths"]["/api/books/{number}/loan"]["post"]["responses"]["422"]
    conflict = responses["409"]["content"]["application/problem+json"]["schema"]
    assert conflict["allOf"][1]["properties"]["code"]["enum"] == ["BOOK_LENT"]


def test_problem_documents_of_the_application_fit_the_schema_that_the_contract_gives_them() -> None:
    import jsonschema

    found, _ = add_to_openapi(main.app.openapi(), contracts("fastapi_app").values())
    answer = TestClient(main.app).get("/api/books/9")
    schema = found["paths"]["/api/books/{number}"]["get"]["responses"]["404"]["content"]["application/problem+json"]
    jsonschema.validate(answer.json(), {**schema["schema"], "components": found["components"]})
    assert answer.json()["code"] == "BOOK_MISSING"
