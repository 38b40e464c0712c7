"""An invalid document is refused in one line that says what is wrong and where; nothing else can happen."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings

from flext_exceptions import FlextExceptions
from flext_pytest.strategies import error_dicts

from .hostile import HOSTILE
from .shop import Decoding

WHOLE = FlextExceptions.ConnectionError("m", 2, service="db", retry_after=3).to_dict() | {
    "notes": ["n"],
    "fields": {"own": 1},
    "stack_trace": [{"file": "f", "line": 1, "function": "g"}],
    "cause": {"type": "builtins.KeyError", "message": "'k'"},
    "exceptions": [{"type": "ValidationError"}],
}


class Lines:
    """Its repr has several."""

    def __repr__(self) -> str:
        return "one\ntwo"


class WithFile(FlextExceptions.OSError):
    """A named keyword of it is a field of the builtin's."""

    filename: str | None = None


def test_a_named_keyword_that_is_none_was_never_given() -> None:
    """It does not show, neither in the repr nor in what the builtin makes of its fields."""
    plain = FlextExceptions.ValidationError("m", value=1, context={"field": "of the context"})
    native = WithFile(2, "no such file", context={"filename": "of the context"})
    for error in (plain, native):
        document = error.to_dict()
        assert None in document["fields"].values()
        twin = FlextExceptions.from_dict(document)
        assert (repr(twin), str(twin), twin.to_dict()) == (repr(error), str(error), document)


@pytest.mark.parametrize("start", [0, 10**9])
def test_the_fields_of_a_unicode_error_are_not_believed(start: int) -> None:
    """They say where its text is to be read, which Python does without a look at its length."""
    args = ["utf-8", "not even bytes", start, start + 1, "bad"]
    fields = {"start": start, "end": start + 1, "encoding": "utf-8", "reason": "bad"}
    name = f"{Decoding.__module__}.{Decoding.__qualname__}"
    twin: Any = FlextExceptions.from_dict({"type": name, "message": "m", "args": args, "fields": fields})
    assert type(twin) is Decoding and twin.args == tuple(args) and twin.message == "m"
    assert str(twin) == "" and twin.reason is None


WRONG = [
    (None, "the document must be a mapping, as to_dict() gives it; it is None"),
    ([], "the document must be a mapping"),
    ("text", "the document must be a mapping"),
    ({}, "type must be the name of a class; it is None"),
    ({"type": 3}, "type must be a text; it is 3"),
    ({"type": Lines()}, "type must be a text; it is one two"),
    ({"type": {"password": 1}}, "type must be a text; it is {'password': '[redacted]'}"),
    (WHOLE | {"version": 2}, "version must be 1, the only one that this release reads; it is 2"),
    (WHOLE | {"version": "1"}, "version must be 1, the only one"),
    (WHOLE | {"version": True}, "version must be 1, the only one"),
    (WHOLE | {"message": 3}, "message must be a text; it is 3"),
    (WHOLE | {"code": []}, "code must be a text"),
    (WHOLE | {"http_status": "404"}, "http_status must be a whole number; it is '404'"),
    (WHOLE | {"http_status": True}, "http_status must be a whole number"),
    (WHOLE | {"retryable": 1}, "retryable must be true or false"),
    (WHOLE | {"retry_after": "soon"}, "retry_after must be a number of seconds"),
    (WHOLE | {"timestamp": float("nan")}, "timestamp must be a number of seconds since the epoch; it is nan"),
    (WHOLE | {"correlation_id": 3}, "correlation_id must be a text"),
    (WHOLE | {"context": []}, "context must be a mapping"),
    (WHOLE | {"args": "m"}, "args must be a list"),
    (WHOLE | {"fields": []}, "fields must be a mapping"),
    (WHOLE | {"notes": [1]}, "notes must be a list of texts"),
    (WHOLE | {"stack_trace": [{"file": "f"}]}, "stack_trace must be a list of"),
    (WHOLE | {"stack_trace": [{"file": "f", "line": "1", "function": "g"}]}, "stack_trace must be a list of"),
    (WHOLE | {"exceptions": [1]}, "exceptions must be a list of mappings"),
    (WHOLE | {"cause": "KeyError"}, "cause must be a mapping; it is 'KeyError'"),
    (WHOLE | {"cause": {"message": "m"}}, "cause.type must be the name of a class"),
    (WHOLE | {"while_handling": {"type": "E", "cause": {"type": 3}}}, "while_handling.cause.type must be a text"),
    (WHOLE | {"exceptions": [{"type": "E"}, {"type": 3}]}, "exceptions[1].type must be a text; it is 3"),
    (WHOLE | {"message": ["x" * 100]}, "message must be a text; it is ['xxxxxxx"),
]


@pytest.mark.parametrize(("document", "text"), WRONG, ids=[text[:60] for _, text in WRONG])
def test_what_is_wrong_is_said_in_one_line(document: Any, text: str) -> None:
    """With the place of it."""
    with pytest.raises(FlextExceptions.ValidationError) as caught:
        FlextExceptions.from_dict(document)
    message = str(caught.value)
    assert message.startswith(f"from_dict: {text}") and "\n" not in message and len(message) < 250


def test_documents_within_documents_have_an_end() -> None:
    """One that lies in itself has none: of all errors in it the first 32 are read."""
    document: dict[str, Any] = {"type": "Error"}
    document["cause"] = document["while_handling"] = document
    document["exceptions"] = [document] * 3
    found = FlextExceptions.from_dict(document).to_dict()
    assert json.dumps(found).count('"type": "Error"') == 32 and '"more errors are left out"' in json.dumps(found)
    loop: dict[str, Any] = {}
    loop["again"] = loop
    error = FlextExceptions.from_dict({"type": "Error", "context": loop})
    assert len(json.dumps(error.to_dict())) < 2000


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_hostile_document_is_read_or_refused(number: int) -> None:
    """As a whole, and as any member."""
    value = HOSTILE[number]
    members = [{"type": "NotFoundError", name: value} for name in (*WHOLE, "while_handling")]
    nested = [{"type": "NotFoundError", "args": [2, value], "fields": {"filename": value}, "context": {"a": value}}]
    for document in (value, *members, *nested):
        try:
            error = FlextExceptions.from_dict(document)
        except FlextExceptions.ValidationError as refused:
            assert str(refused).startswith("from_dict: ") and "\n" not in str(refused)  # noqa: FLX306
        else:
            json.dumps(error.to_dict(), allow_nan=False)


@settings(max_examples=200, deadline=None)
@given(error_dicts())
def test_a_document_that_says_less_is_read_as_well(document: dict[str, Any]) -> None:
    """What it says comes back; the rest is as on the class."""
    again = FlextExceptions.from_dict(document).to_dict()
    told = {name: again[name] for name in ("type", "code", "correlation_id", "http_status")}
    assert told == {name: document[name] for name in told}


def test_what_is_left_out_or_null_is_as_on_the_class() -> None:
    """And unknown members are ignored."""
    for document in (
        {"type": "NotFoundError"},
        {"type": "NotFoundError", "code": None, "cause": None, "new": object()},
    ):
        error = FlextExceptions.from_dict(document)
        assert type(error) is FlextExceptions.NotFoundError
        assert (error.code, error.http_status, error.args, error.message) == ("NOT_FOUND", 404, (), "")
        assert (error.context, error.timestamp, error.__cause__) == ({}, 0.0, None)
        assert error.correlation_id.startswith("flext_")


def test_the_document_and_the_error_share_nothing() -> None:
    """Changing one changes no other."""
    document: dict[str, Any] = {"type": "Error", "context": {"a": [1]}, "args": [[1]], "fields": {"own": [1]}}
    error: Any = FlextExceptions.from_dict(document)
    error.context["a"].append(2)
    error.args[0].append(2)
    error.own.append(2)
    assert document == {"type": "Error", "context": {"a": [1]}, "args": [[1]], "fields": {"own": [1]}}
    again = error.to_dict()
    again["context"]["a"].append(3)
    assert error.context == {"a": [1, 2]}


def test_a_document_cannot_take_anything_from_an_error() -> None:
    """Fields that are named like its methods, its facts or Python's own are not set."""
    names = [
        "to_dict",
        "with_context",
        "__class__",
        "__dict__",
        "_made",
        "args",
        "context",
        "code",
        "add_note",
        "title",
    ]
    fields = dict.fromkeys([*names, "own", "errno"], "taken") | {3: 4}
    error: Any = FlextExceptions.from_dict({"type": "NotFoundError", "message": "m", "fields": fields})
    assert (error.own, error.errno, error.code, error.title) == ("taken", "taken", "NOT_FOUND", "Not found")
    assert error.to_dict()["fields"] == {"own": "taken", "errno": "taken"}
    assert error.with_context(a=1).context == {"a": 1}


def test_a_name_that_is_no_text_of_utf_8_is_cleaned_and_a_long_one_cut() -> None:
    """It comes out again."""
    document = FlextExceptions.from_dict({"type": "\ud800" + "x" * 5000}).to_dict()
    assert document["type"].startswith("\\ud800x") and len(document["type"]) < 1000


def test_a_stack_trace_from_elsewhere_is_as_long_as_one_from_here() -> None:
    """The last 20 frames."""
    frames = [{"file": "f", "line": line, "function": "g"} for line in range(50)]
    error = FlextExceptions.from_dict({"type": "Error", "stack_trace": frames})
    assert error.to_dict()["stack_trace"] == frames[-20:]


def test_what_a_users_class_computes_is_not_set_either() -> None:
    """Its methods and properties stay."""

    class Own(FlextExceptions.Error):
        def describe(self) -> str:
            return "described"

        @property
        def size(self) -> int:
            return 3

    document = Own("m").to_dict() | {"fields": {"describe": "taken", "size": 4, "other": 5}}
    error: Any = FlextExceptions.from_dict(document)
    assert (error.describe(), error.size, error.other) == ("described", 3, 5)
    assert error.to_dict()["fields"] == {"other": 5}


def test_a_number_that_no_field_of_the_builtin_holds_is_not_set() -> None:
    """Python would refuse it with another error for each kind."""
    for number in (10**30, "many", 1.5):
        document = {"type": "BlockingIOError", "fields": {"characters_written": number}}
        assert not hasattr(FlextExceptions.from_dict(document), "characters_written")


def test_errors_that_came_from_elsewhere_are_errors_like_others() -> None:
    """They are raised, caught, logged, and sent on."""
    with pytest.raises(ConnectionError) as caught:
        raise FlextExceptions.from_dict(WHOLE | {"exceptions": None})
    assert caught.value.to_dict()["notes"] == ["n"]  # type: ignore[attr-defined]
    with pytest.raises(FlextExceptions.Error):
        raise FlextExceptions.from_dict(WHOLE)  # a group of this name is not here


class Denied(FlextExceptions.PermissionError):
    code = "SHOP-9"
    is_admin = False
    role: str | None = None

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.steps = [1]


def test_a_document_changes_nothing_that_a_class_says_of_itself() -> None:
    """Named keywords and attributes of the error come back; what is refused is in the next document all the same."""
    document = Denied("m", role="clerk").to_dict()
    document["fields"] |= {"is_admin": True, "to_dict": 1, "_made": 2, "with_context": 3}
    twin: Any = FlextExceptions.from_dict(document)
    assert (twin.role, twin.steps, twin.is_admin) == ("clerk", [1], False)
    assert twin.to_dict()["fields"]["is_admin"] is True
    assert FlextExceptions.from_dict(twin.to_dict()).to_dict() == twin.to_dict()


@pytest.mark.parametrize("text", ["a\r\nX-Admin: 1", "a\x00b", "\u202egnp.exe"])
def test_an_id_or_code_from_outside_is_one_line(text: str) -> None:
    """It goes into headers and log lines."""
    twin = FlextExceptions.from_dict(FlextExceptions.Error("m").to_dict() | {"correlation_id": text, "code": text})
    assert twin.correlation_id.isprintable() and twin.code.isprintable()
    error = FlextExceptions.from_problem({"status": 400, "correlation_id": text, "code": text})
    assert error.correlation_id.startswith("flext_") and error.code.isprintable()


def test_of_a_document_without_end_a_bounded_part_is_read() -> None:
    """Members of lists and mappings, errors, notes, frames."""
    many = {"type": "Error", "message": "m", "exceptions": [{"type": "X"}] * 5_000}
    assert len(FlextExceptions.from_dict(many).to_dict()["exceptions"]) == 32
    wide = {str(n): n for n in range(50_000)}
    for error in (
        FlextExceptions.from_dict({"type": "Error", "context": wide, "fields": wide, "notes": ["n"] * 50_000}),
        FlextExceptions.from_problem({"status": 400, "context": wide, **wide}),
    ):
        assert len(error.context) <= 20_000 and len(getattr(error, "__notes__", ())) <= 10_000
