"""No secret of the table is shown, and everything else stays readable."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flext_exceptions import FlextExceptions
from flext_exceptions._internal.redaction import hidden, is_secret, redacted, shown
from flext_exceptions._internal.safe_text import REDACTED
from flext_exceptions.logs.records import ErrorFilter, JsonFormatter
from flext_exceptions.logs.structlog import add_error
from flext_exceptions.web.responses import problem_response

from .redaction_table import OPEN_KEYS, OPEN_TEXTS, SECRET_KEYS, SECRET_TEXTS, main

SECRET = "hunter2"


@pytest.mark.parametrize("text", [*SECRET_TEXTS, *OPEN_TEXTS])
def test_a_text_that_a_program_logs_is_shown_without_its_secrets(text: str) -> None:
    """As the message, as an argument of it, as the traceback of a pickled record, and as an event of structlog."""
    for message, args in ((text.replace("%", "%%"), ("x",)), ("%s", (text,))):
        record = logging.LogRecord("shop", logging.ERROR, "shop.py", 1, message, args if "%s" in message else (), None)
        record.exc_text = text
        said = json.loads(JsonFormatter().format(record))
        assert SECRET not in said["traceback"] and SECRET not in said["message"]
        assert text in SECRET_TEXTS or said["traceback"] == text
    event = add_error(None, "info", {"event": text})
    assert SECRET not in event["event"] and (text in SECRET_TEXTS or event["event"] == text)


def ways(error: FlextExceptions.BaseError) -> dict[str, str]:
    """Every way in which the library shows an error."""
    record = logging.LogRecord("shop", logging.ERROR, "shop.py", 1, "refused", (), (type(error), error, None))
    ErrorFilter().filter(record)
    return {
        "repr": repr(error),
        "to_dict": json.dumps(error.to_dict()),
        "to_problem": json.dumps(error.to_problem()),
        "answer": problem_response(error)[0].decode(),
        "log": JsonFormatter().format(record),
        "read": repr(FlextExceptions.from_dict(error.to_dict()).context),
    }


def test_the_table_is_large_and_even() -> None:
    """At least 200 names and 100 texts, of which about half must stay readable; all are judged right."""
    assert len(SECRET_KEYS) + len(OPEN_KEYS) >= 200 and len(SECRET_TEXTS) + len(OPEN_TEXTS) >= 100
    for one, other in ((SECRET_KEYS, OPEN_KEYS), (SECRET_TEXTS, OPEN_TEXTS)):
        assert 0.4 < len(one) / (len(one) + len(other)) < 0.6
    assert main() == 0


@pytest.mark.parametrize("at", range(0, len(SECRET_KEYS), 12))
def test_no_way_shows_what_stands_under_a_secret_name(at: int) -> None:
    """At any depth, as text, and as the name of the field that was refused."""
    keys = SECRET_KEYS[at : at + 12]
    FlextExceptions.configure_error_handling({"max_error_details": 10_000}).unwrap()
    context: dict[str, Any] = dict.fromkeys(keys, SECRET)
    context["deep"] = [{key: SECRET} for key in keys]
    context["headers"] = [(key, SECRET) for key in keys] + [(key.encode(), SECRET.encode()) for key in keys]
    context["errors"] = [{"loc": ["body", key], "input": SECRET} for key in keys]
    context["named"] = [{"name": key, "value": SECRET} for key in keys]
    context["command"] = [part for key in keys for part in (f"--{key}", SECRET)]
    error = FlextExceptions.ValidationError("refused", field=keys[0], value=SECRET, context=context)
    for way, text in ways(error).items():
        assert SECRET not in text, way
    assert error.value == SECRET and error.context[keys[0]] == SECRET


@pytest.mark.parametrize("text", SECRET_TEXTS)
def test_no_way_shows_a_secret_within_a_text(text: str) -> None:
    """In the context, in a list, as bytes, as the message, and as a named keyword."""
    error = FlextExceptions.ConnectionError(
        text, service="db", endpoint=text, context={"a": text, "b": [text], "c": text.encode(), text: 1}
    )
    for way, said in ways(error).items():
        assert SECRET not in said, way
    assert str(error) == text


def test_what_is_no_secret_is_shown_as_it_is() -> None:
    """Under each open name, and each open text."""
    FlextExceptions.configure_error_handling({"max_error_details": 100_000}).unwrap()
    held = dict.fromkeys(OPEN_KEYS, "visible") | {f"text{n}": text for n, text in enumerate(OPEN_TEXTS)}
    error = FlextExceptions.Error("m", context=held)
    assert error.to_dict()["context"] == held
    assert redacted(held) == held and redacted(OPEN_TEXTS) == OPEN_TEXTS


def test_a_refused_value_is_hidden_beside_the_name_of_a_secret_only() -> None:
    """In whatever order the two stand."""
    assert FlextExceptions.ValidationError("m", field="email", value="x@").to_dict()["context"]["value"] == "x@"
    back = FlextExceptions.Error("m", context={"value": SECRET, "field": "user.password"}).to_dict()["context"]
    assert back == {"value": REDACTED, "field": "user.password"}
    assert shown({"input": SECRET, "loc": ("body", "api_key")}) == "{'input': '[redacted]', 'loc': ('body', 'api_key')}"


def test_a_value_that_is_the_message_is_hidden_beside_the_name_of_a_secret() -> None:
    """The text of a dict does not say so; the dict does."""
    refused = {"name": "password", "value": SECRET}
    for error in (FlextExceptions.Error(refused), FlextExceptions.Error([refused]), FlextExceptions.KeyError(refused)):
        for way, text in ways(error).items():
            assert SECRET not in text, way
    told = FlextExceptions.Error({"name": "sku", "value": "A-1"}).to_dict()
    assert told["message"] == "{'name': 'sku', 'value': 'A-1'}"


def test_what_pydantic_says_of_a_refused_secret_is_hidden() -> None:
    """In its text, as the cause or in the context, and in what ``errors()`` gives."""
    pydantic = pytest.importorskip("pydantic")
    model = pydantic.create_model("Login", password=(int, ...), user=(int, ...))
    with pytest.raises(pydantic.ValidationError) as caught:
        model(password=SECRET, user="visible")
    error = FlextExceptions.ValidationError("no", errors=caught.value.errors(), said=str(caught.value))
    error.__cause__ = caught.value
    for way, text in ways(error).items():
        assert SECRET not in text, way
    assert "visible" in error.to_dict()["cause"]["message"]


def test_names_in_a_list_are_no_pair() -> None:
    """The fields that are missing are not secrets of one another."""
    error = FlextExceptions.Error("m", context={"missing": ["password", "email"]})
    assert error.to_dict()["context"] == {"missing": ["password", "email"]}


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=60), st.sampled_from(SECRET_TEXTS), st.text(max_size=60))
def test_hiding_twice_changes_nothing(before: str, secret: str, after: str) -> None:
    """Which lets a document be read and written again."""
    once = hidden(f"{before}\n{secret}\n{after}")
    assert hidden(once) == once


def test_a_secret_that_is_cut_is_hidden_too() -> None:
    """The end of a login in a URL lies behind the cut."""
    for room in range(20, 80):
        FlextExceptions.configure_error_handling({"max_error_details": room}).unwrap()
        for text in ("x" * 30 + " postgresql://shop:hunter2@db/orders", "y" * 20 + ' {"password": "hunter2hunter2"}'):
            shown_text = json.dumps(FlextExceptions.Error("m", context={"t": text + "z" * 500}).to_dict()["context"])
            assert "hun" not in shown_text


def test_a_name_is_judged_in_bounded_time_and_memory() -> None:
    """Names may come from strangers."""
    assert is_secret("a" * 1_000_000 + "_password") and not is_secret("ab_" * 1_000_000)
