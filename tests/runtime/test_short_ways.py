"""The fast paths for usual errors give the same results as the general paths."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flext_exceptions import FlextExceptions
from flext_exceptions._internal.beginnings import Texts
from flext_exceptions._internal.state import is_remote, state_of
from flext_exceptions.catalogue import ROWS, Row
from flext_exceptions.documents import json_values, usual
from flext_exceptions.documents.plain_values import plain, written
from flext_exceptions.documents.problem_details import to_problem
from flext_exceptions.documents.to_dict import MOST_ERRORS, Walk, _document, to_dict
from flext_exceptions.web import upstream
from flext_exceptions.web.responses import problem_response

from .documents import PLAIN, raised, row
from .hostile import anything
from .redaction_table import OPEN_KEYS, OPEN_TEXTS, SECRET_KEYS, SECRET_TEXTS

NAMES = st.sampled_from([*OPEN_KEYS, *SECRET_KEYS[::9], "name", "field", "value", "input", "config_key", "loc"])
TEXTS = st.sampled_from([*OPEN_TEXTS, *SECRET_TEXTS]) | st.text(max_size=20) | NAMES
VALUES = TEXTS | st.integers() | st.floats() | st.booleans() | st.none()
REFUSED = st.fixed_dictionaries({"field": st.sampled_from(["password", "sku", "user.token"]), "value": VALUES})
CONTEXTS = st.dictionaries(NAMES | st.text(max_size=8), VALUES, max_size=6) | REFUSED
MESSAGES = TEXTS | st.just("no such user")


@given(held=CONTEXTS | st.dictionaries(NAMES, anything(), max_size=4), room=st.integers(0, 400))
@settings(deadline=None, max_examples=200)
def test_a_plain_context_is_json_as_any_other(held: dict[str, Any], room: int) -> None:
    """Where it is plain, and fits; and its text is what ``json.dumps`` writes."""
    given_before = dict(held)
    short = plain(held, room)
    assert held.keys() == given_before.keys() and all(held[key] is given_before[key] for key in held)
    if short is not None:
        whole, size = json_values._whole(held, room, (), Texts(room))
        assert json.dumps(short) == json.dumps(whole) and size <= max(room, 2)
        assert written(short) == json.dumps(short)


def test_a_plain_context_is_found_to_be_plain() -> None:
    """Or nothing would be gained."""
    assert plain({"request": "r-1", "attempt": 2, "at": None, "last": True, "text": "no such user: ada"}, 1000)
    assert plain({"password": "hunter2", "field": "pin", "value": 3}, 1000)


@given(row=st.sampled_from(ROWS), data=st.data())
@settings(deadline=None, max_examples=150)
def test_a_usual_document_is_what_the_long_way_makes(row: Row, data: st.DataObject) -> None:
    """Of every type, with named keywords, codes, statuses, a traceback and what was being handled."""
    keywords: dict[str, Any] = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(row.keywords, VALUES)))
    optional: dict[str, st.SearchStrategy[Any]] = {
        "context": CONTEXTS,
        "code": st.sampled_from(["SHOP_1", "a\nb", "é"]),
        "http_status": st.sampled_from([404, 418, 500, -1, 10**30]),
        "correlation_id": st.sampled_from(["req-1", "a b", "é", ""]),
        "retryable": st.booleans(),
    }
    further: dict[str, Any] = data.draw(st.fixed_dictionaries({}, optional=optional))
    error = row.type(data.draw(MESSAGES), **keywords, **further)
    if data.draw(st.booleans()):
        error = raised(error, data.draw(st.sampled_from([None, KeyError("k"), FlextExceptions.Error("behind")])))
    limit = data.draw(st.sampled_from([30, 200, 1000]))
    FlextExceptions.configure_error_handling({"max_error_details": limit}).unwrap()
    long_way = _document(error, Walk(MOST_ERRORS), (), {"version": usual.VERSION})
    assert json.dumps(to_dict(error)) == json.dumps(long_way)


@row
def test_most_errors_are_usual(row: Row) -> None:
    """With a short message, their keywords and a context, whatever their code and status."""
    given_keywords: dict[str, Any] = {name: "str" for name in row.keywords if name not in ("name", "path", "obj")}
    error = row.type("no such user", **given_keywords, context={"request": 7}, http_status=418, code="SHOP_1")
    if row.builtin not in (ImportError, ModuleNotFoundError) and not issubclass(row.type, FlextExceptions.TypeError):
        assert usual.usual_document(error) is not None


class Late(FlextExceptions.ValidationError):
    """Has a timestamp of its own, a keyword with a default, and a slot."""

    __slots__ = ("shelf",)
    timestamp = 12.5
    sku: str = "A-1"
    shelf: int


def test_what_a_class_says_in_its_own_way_is_told() -> None:
    """A default of a keyword, a timestamp, a slot, and facts that are changed afterwards."""
    error = Late("no")
    error.shelf = 4
    document = error.to_dict()
    assert (document["timestamp"], document["fields"]) == (12.5, {"sku": "A-1", "shelf": 4})

    class Moved(FlextExceptions.NotFoundError):
        """Is found elsewhere later."""

    assert Moved("no").to_dict()["http_status"] == 404
    Moved.http_status, Moved.code, Moved.category = 410, "GONE", "moved"
    document = Moved("no").to_dict()
    assert (document["http_status"], document["code"], document["category"]) == (410, "GONE", "moved")
    partly = Moved("no")
    partly.characters_written = 5  # type: ignore[attr-defined]  # pyright: ignore
    assert partly.to_dict()["fields"] == {"characters_written": 5}


@given(row=st.sampled_from(ROWS), data=st.data())
@settings(deadline=None, max_examples=150)
def test_an_answer_is_the_problem_document(row: Row, data: st.DataObject) -> None:
    """Character by character, without stack trace, and from 500 on without the context."""
    error = row.type(
        data.draw(MESSAGES),
        context=data.draw(CONTEXTS | st.dictionaries(st.text(max_size=5), PLAIN, max_size=3)),
        http_status=data.draw(st.sampled_from([None, 400, 404, 499, 503])),
        correlation_id=data.draw(st.sampled_from([None, "req-1", "a b/c", "é"])),
        retry_after=data.draw(st.sampled_from([None, 2, 1.5])),
    )
    error.context.pop("status_code", None)  # by which the error of another service is known
    problem = to_problem(error, trace=False)
    if error.http_status >= 500:
        problem.pop("context")
    assert problem_response(error)[0].decode() == json.dumps(problem)


GIVEN: dict[str, st.SearchStrategy[Any]] = {
    "title": st.sampled_from(["Not found", "Moved"]),
    "code": st.sampled_from(["NOT_FOUND", "SHOP_1", 5]),
    "instance": st.sampled_from(["urn:flext-exceptions:incident:x", "https://x.example"]),
    "correlation_id": st.sampled_from(["req-1", "a\nb", "", 7]),
    "context": st.dictionaries(
        st.sampled_from(["resource_id", "field", "value", "url", "password", "more"]), VALUES | PLAIN, max_size=4
    ),
    "retry_after": st.sampled_from([3, -1, "soon"]),
    "more": VALUES,
    "stack_trace": st.just([{"file": "a.py", "line": 1, "function": "f"}]),
    "type": st.sampled_from(["urn:flext-exceptions:type:Nothing", "about:blank", 3]),
}
CHANGES: st.SearchStrategy[dict[str, Any]] = st.just({}) | st.sampled_from(sorted(GIVEN)).flatmap(
    lambda name: st.fixed_dictionaries({name: GIVEN[name]})
)


@given(
    row=st.sampled_from(ROWS),
    detail=MESSAGES,
    context=CONTEXTS,
    changes=CHANGES,
    status=st.sampled_from([400, 404, 500, 503]),
    passthrough=st.booleans(),
    known_id=st.booleans(),
)
@settings(deadline=None, max_examples=150)
def test_an_error_read_from_an_answer_is_what_the_long_way_reads(
    row: Row, detail: str, context: dict[str, Any], changes: dict[str, Any], status: int, passthrough: bool,
    known_id: bool,
) -> None:  # fmt: skip
    """Its class, message, code, status, keywords and context; it is from elsewhere, and counted once."""
    body = json.dumps(row.type(detail, context=context).to_problem() | changes).encode()
    response = upstream.Response(status, {"Content-Type": "application/problem+json"}, body)
    request = upstream.Request("GET", "http://ada:pw@stock/A-1?token=x", "req-1" if known_id else None)

    def read() -> dict[str, Any]:
        with FlextExceptions.Metrics.isolated(), FlextExceptions.correlation("bound"):  # no id is a random one
            error = upstream.error_for_response(request, response, passthrough)
            counts = dict(FlextExceptions.get_metrics())
        told = error.to_dict() | {"timestamp": 0}
        return told | {
            "vars": dict(vars(error)),
            "held": error.context,
            "counts": counts,
            "title": error.title,
            "remote": is_remote(error),
        }

    with pytest.MonkeyPatch.context() as patch:
        short = read()
        patch.setattr(upstream, "described_error", lambda *_: None)
        long_way = read()
    assert list(short["held"]) == list(long_way["held"])
    assert repr(short) == repr(long_way)


def test_an_answer_as_services_of_ours_give_it_takes_the_short_way() -> None:
    """And its context is created when it is first read."""
    ours = FlextExceptions.NotFoundError("no such user", resource_type="user", resource_id="42")
    body = problem_response(ours)[0]
    response = upstream.Response(404, {"Content-Type": "application/problem+json"}, body)
    error = upstream.error_for_response(upstream.Request("GET", "http://users/42", "req-1"), response)
    assert "_later" in state_of(error)
    assert list(vars(error)) == ["http_status"]
    assert error.context["resource_id"] == "42" and error.context["response_body"]["detail"] == "no such user"
    assert "_later" not in state_of(error)
