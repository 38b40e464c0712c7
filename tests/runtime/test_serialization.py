"""An error becomes a document and comes back from it, and nothing that it holds can prevent that."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flext_exceptions import FlextExceptions
from flext_exceptions.catalogue import ROWS, Row
from flext_exceptions.details import REDACTED, is_secret
from flext_pytest import assert_error_dict

from . import shop
from .hostile import HOSTILE, Endless, anything

EACH = settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)  # of each type
row = pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])

KEYS = st.text(max_size=10).filter(lambda key: not is_secret(key))
SCALARS: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20)
)
PLAIN: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)
TYPES = st.sampled_from(["int", "str", "Order", "len"])


def plain_errors(kind: type[FlextExceptions.BaseError]) -> st.SearchStrategy[FlextExceptions.BaseError]:
    """Errors of a type of which everything given is data that JSON has."""
    keywords = (*kind._keywords, *kind._native_keywords)
    named = {name: TYPES if name.endswith("_type") and "resource" not in name else PLAIN for name in keywords}
    given = st.fixed_dictionaries(
        {},
        optional=named
        | {
            "code": st.text(min_size=1, max_size=9),
            "context": st.dictionaries(KEYS | st.sampled_from([*keywords, "errno"]), PLAIN, max_size=4),
            "correlation_id": st.text(min_size=1, max_size=9),
            "http_status": st.integers(100, 599),
            "retryable": st.booleans(),
            "retry_after": st.floats(0, 1e6) | st.integers(0, 99),
            "extra": PLAIN,
        },
    )
    return st.builds(lambda args, kw: kind(*args, **kw), st.lists(PLAIN, max_size=6), given)


def roomy() -> None:
    """Let everything fit."""
    FlextExceptions.configure_error_handling({"max_error_details": 1_000_000}).unwrap()


def through_json(document: dict[str, Any]) -> dict[str, Any]:
    """The document on the other side, which is the same."""
    arrived: dict[str, Any] = json.loads(json.dumps(document, allow_nan=False))
    assert arrived == document
    return arrived


def back(error: FlextExceptions.BaseError) -> Any:
    """The error after a journey as a document, which is the same before and after."""
    document = error.to_dict()
    twin = FlextExceptions.from_dict(through_json(document))
    assert twin.to_dict() == document
    return twin


@row
@EACH
@given(data=st.data())
def test_an_error_of_plain_data_comes_back_as_the_same(row: Row, data: st.DataObject) -> None:
    """Of every type of the catalogue, with everything that can be said of it; and nothing is counted."""
    roomy()
    error = data.draw(plain_errors(row.type))
    with FlextExceptions.Metrics.isolated():
        twin = back(error)
        assert FlextExceptions.get_metrics() == {}
    assert twin.same_as(error) and type(twin) is type(error)
    facts = "message correlation_id timestamp category severity".split()
    assert [getattr(twin, name) for name in facts] == [getattr(error, name) for name in facts]
    for name in row.keywords:
        assert getattr(twin, name) == getattr(error, name), name


def has_end(value: object) -> bool:
    """Say whether a value is anything but a mapping without an end."""
    return type(value) is not Endless


@row
@EACH
@given(data=st.data())
def test_whatever_an_error_holds_its_document_is_json_and_bounded_and_comes_back(row: Row, data: st.DataObject) -> None:
    """Hostile objects, cycles, NaN, lone surrogates, bytes and crowds included, in every part of the error.

    Only the context itself is no mapping without an end: it is copied, and no copy of one would end.
    """
    limit = data.draw(st.integers(2, 400))
    FlextExceptions.configure_error_handling({"max_error_details": limit}).unwrap()
    args, context = data.draw(st.lists(anything(), max_size=4)), data.draw(st.dictionaries(st.text(), anything()))
    error = row.type(*args, context=data.draw(st.just(context) | anything().filter(has_end)))
    for name in (*row.keywords, "own"):
        if data.draw(st.booleans()):
            setattr(error, name, data.draw(anything()))
    error.__notes__ = data.draw(st.lists(anything(), max_size=3))
    document = error.to_dict()
    back(error)
    for part in ("context", "args", "fields", "notes"):
        assert len(json.dumps(document.get(part, {}))) <= limit
    assert len(json.dumps(document["message"])) <= 1000


@pytest.mark.parametrize("number", range(len(HOSTILE)))
@pytest.mark.parametrize("name", ["Error", "NotFoundError", "TypeError", "AttributeError"])
def test_a_hostile_value_harms_no_other(name: str, number: int) -> None:
    """In the context, in an argument, as the code, and as any other attribute."""
    value = HOSTILE[number]
    row = next(row for row in ROWS if row.name == name)
    error = row.type(value, context={"bad": value, "good": 1})
    names = "code category severity http_status retryable retry_after correlation_id own message".split()
    for name in names:
        if name not in row.keywords:
            setattr(error, name, value)
    document = error.to_dict()
    assert document["context"]["good"] == 1
    assert (document["http_status"], document["retryable"], "retry_after" in document) == (500, False, False)
    back(error)


def test_a_document_tells_what_there_is_and_no_more() -> None:
    """One that holds nothing special is short."""
    error = FlextExceptions.ValidationError(
        "must not be empty", field="sku", correlation_id="req-1", context={"request": 7}
    )
    assert error.to_dict() == {
        "version": 1,
        "type": "ValidationError",
        "code": "FLEXT_3001",
        "message": "must not be empty",
        "category": "validation",
        "severity": "warning",
        "http_status": 400,
        "retryable": False,
        "correlation_id": "req-1",
        "timestamp": error.timestamp,
        "context": {"request": 7, "field": "sku"},
    }
    assert_error_dict(error.to_dict(), code="FLEXT_3001", status=400, match="empty", context={"field": "sku"})


def test_the_builtins_own_fields_and_other_attributes_are_told() -> None:
    """And are there again."""
    error = FlextExceptions.OSError(2, "No such file", "a.txt")
    error.place = "shelf"  # type: ignore[attr-defined]  # pyright: ignore
    error._private = 1  # type: ignore[attr-defined]  # pyright: ignore
    assert error.to_dict()["args"] == [2, "No such file"]
    assert error.to_dict()["fields"] == {
        "errno": 2, "strerror": "No such file", "filename": "a.txt", "place": "shelf",
    }  # fmt: skip
    twin = back(error)
    assert (type(twin), twin.errno, twin.filename, twin.place) == (FlextExceptions.NotFoundError, 2, "a.txt", "shelf")
    assert str(twin) == str(error)
    missing = back(FlextExceptions.ModuleNotFoundError("m", name="yaml", path="p"))
    assert (missing.name, missing.path, missing.msg) == ("yaml", "p", "m")


def test_a_named_keyword_that_says_something_else_than_the_context_is_a_field() -> None:
    """Also one that says nothing."""
    error = FlextExceptions.ValidationError("m", value=1, context={"field": "from the context"})
    error.value = 2
    assert error.to_dict()["fields"] == {"field": None, "value": 2}
    twin = back(error)
    assert (twin.field, twin.value, twin.context) == (None, 2, {"field": "from the context", "value": 1})


def test_a_named_keyword_for_which_the_context_has_no_room_is_a_field() -> None:
    """So that it is there again."""
    crowd = {f"key{number}": "x" * 50 for number in range(99)}
    error = FlextExceptions.ValidationError("m", context=crowd, field="sku")
    document = error.to_dict()
    assert "field" not in document["context"] and document["fields"] == {"field": "sku"}
    assert back(error).field == "sku"


def test_a_type_by_name_is_a_type_again() -> None:
    """In the context of a TypeError, as when it was made."""
    error = FlextExceptions.TypeError("m", expected_type="str", actual_type="Order")
    assert error.to_dict()["context"] == {"expected_type": "str", "actual_type": "Order"}
    twin = back(error)
    assert twin.context == {"expected_type": str, "actual_type": "Order"} and twin.expected_type == "str"
    only = back(FlextExceptions.TypeError("m", context={"expected_type": "str"}))
    assert (only.context, only.expected_type) == ({"expected_type": "str"}, None)
    assert back(FlextExceptions.TypeError("m", expected_type=int)).context == {"expected_type": int}


@pytest.mark.parametrize("error", shop.USERS, ids=lambda error: type(error).__name__)
def test_users_classes_come_back_whatever_their_init_wants(error: Any) -> None:
    """It is not called."""
    twin = back(error)
    assert type(twin) is type(error) and twin.message == error.message
    if not isinstance(error, UnicodeError):
        assert twin.same_as(error) and str(twin) == str(error)


def test_a_class_is_found_by_its_name_the_latest_first() -> None:
    """A reload defines it again."""

    def define() -> type[FlextExceptions.BaseError]:
        class Again(FlextExceptions.Error):
            pass

        return Again

    first, second = define(), define()
    assert type(back(first("m"))) is second


def test_an_unknown_class_becomes_error_and_keeps_its_name_and_all_its_facts() -> None:
    """Its document stays the same, a code that is Error's own included; nothing is imported."""
    document = shop.TwoRequired("A-1", 4).to_dict() | {"type": "antigravity.Lost", "code": "FLEXT_0001"}
    twin = FlextExceptions.from_dict(document)
    assert type(twin) is FlextExceptions.Error and twin.to_dict() == document
    assert (twin.http_status, twin.category, twin.code) == (404, "business", "FLEXT_0001")
    assert twin.same_as(FlextExceptions.from_dict(document))
    assert not twin.same_as(FlextExceptions.from_dict(document | {"type": "antigravity.Other"}))
    import sys

    assert "antigravity" not in sys.modules


def raised(error: BaseException, cause: BaseException | None = None) -> Any:
    """The error after it was raised, from another."""
    try:
        raise error from cause
    except type(error) as caught:
        return caught


def test_the_chain_is_what_a_traceback_shows() -> None:
    """A cause, else what was being handled unless that is suppressed; foreign errors with what is known of them."""
    inner = FlextExceptions.ConnectionError("down", service="db", correlation_id="one")
    inner.__context__ = OSError(111, "refused")
    middle = FlextExceptions.ProcessingError("stopped", correlation_id="one")
    middle.__cause__, middle.__context__ = inner, KeyError("hidden")
    document = middle.to_dict()
    assert document["cause"]["type"] == "ConnectionError" and "while_handling" not in document
    assert document["cause"]["while_handling"] == {
        "type": "builtins.ConnectionRefusedError",
        "message": "[Errno 111] refused",
        "fields": {"errno": 111, "strerror": "refused"},
    }
    twin = back(middle)
    assert twin.__cause__.service == "db" and twin.__suppress_context__
    foreign = twin.__cause__.__context__
    assert (type(foreign), foreign.errno, str(foreign)) == (FlextExceptions.Error, 111, "[Errno 111] refused")
    alone = FlextExceptions.Error("m")
    alone.__context__, alone.__suppress_context__ = KeyError(), True
    assert not {"cause", "while_handling"} & alone.to_dict().keys()


def test_a_chain_that_comes_back_to_itself_ends() -> None:
    """Of any length."""
    errors = [FlextExceptions.Error(str(number)) for number in range(3)]
    for error, other in zip(errors, [*errors[1:], errors[0]], strict=True):
        error.__context__ = other
    document = errors[0].to_dict()
    assert document["while_handling"]["while_handling"]["message"] == "2"
    assert "while_handling" not in document["while_handling"]["while_handling"]
    back(errors[0])


@pytest.mark.parametrize("count", [31, 32, 200])
def test_a_long_chain_is_cut_and_says_so(count: int) -> None:
    """At 32 errors."""
    error: Any = FlextExceptions.Error("0")
    for number in range(1, count):
        error = raised(FlextExceptions.Error(str(number)), error)
    twin, seen = back(error), []
    while twin is not None:
        seen.append(twin.message)
        twin = twin.__cause__
    expected = [str(number) for number in range(count - 1, -1, -1)]
    assert seen == (expected if count <= 32 else [*expected[:32], "more errors are left out"])


def test_a_group_comes_back_with_its_members() -> None:
    """As a group where its class is here, else as Error that keeps them; a large one is cut."""
    members: list[Exception] = [ValueError("a"), FlextExceptions.ValidationError("b", field="f")]
    group = shop.Several("g", members)
    twin = back(group)
    assert type(twin) is shop.Several and twin.message == "g"
    assert [each.message for each in twin.exceptions] == ["a", "b"] and twin.exceptions[1].field == "f"
    error = raised(FlextExceptions.Error("m"), ExceptionGroup("foreign", [shop.Several("g", members)]))
    foreign = error.to_dict()["cause"]
    assert (foreign["type"], foreign["message"]) == ("builtins.ExceptionGroup", "foreign")
    assert foreign["exceptions"][0]["exceptions"][1]["context"] == {"field": "f"}
    back(error)
    large = shop.Several("g", [shop.Several(str(n), [ValueError(str(i)) for i in range(9)]) for n in range(9)])
    back(large)
    assert json.dumps(large.to_dict()).count('"message"') < 40


def test_members_that_share_a_cause_all_tell_it() -> None:
    """It is no cycle."""
    cause = FlextExceptions.Error("cause")
    group = shop.Several("g", [raised(FlextExceptions.Error(name), cause) for name in "ab"])
    assert [each["cause"]["message"] for each in group.to_dict()["exceptions"]] == ["cause", "cause"]
    back(group)


def test_notes_travel() -> None:
    """But for the one that shows what the document tells anyway."""
    FlextExceptions.configure_error_handling({"traceback_details": True}).unwrap()
    error = FlextExceptions.Error("m")
    assert "notes" not in error.to_dict()
    error.add_note("first")
    assert error.to_dict()["notes"] == ["first"]
    assert back(error).__notes__ == ["first"]


def test_the_stack_trace_is_told_where_the_settings_say_so() -> None:
    """The last 20 frames, the raise last; also after the journey, when the error is raised again."""

    def deep(levels: int) -> None:
        if levels:
            deep(levels - 1)
        raise FlextExceptions.Error("m")

    with pytest.raises(FlextExceptions.Error) as caught:
        deep(30)
    error = caught.value
    trace = error.to_dict()["stack_trace"]
    assert len(trace) == 20
    assert trace[-1] == {"file": __file__, "line": deep.__code__.co_firstlineno + 3, "function": deep.__qualname__}
    assert raised(back(error)).to_dict()["stack_trace"] == trace
    assert "stack_trace" not in FlextExceptions.Error("m").to_dict()
    twin = back(error)
    FlextExceptions.configure_error_handling({"enable_stack_traces": False}).unwrap()
    assert "stack_trace" not in error.to_dict() and "stack_trace" not in twin.to_dict()


SECRET = "hunter2"
NAMES = st.sampled_from(
    ["password", "db_password", "accessToken", "API-KEY", "Set-Cookie", "authorization", "x.secret"]
)
HIDING = st.recursive(
    st.builds(lambda name: {name: SECRET}, NAMES)
    | st.builds(lambda name: {name: [{"deep": SECRET}]}, NAMES)
    | st.builds(lambda name: {name.encode(): SECRET}, NAMES),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.tuples(inner)
        | st.dictionaries(st.text(max_size=4), inner, min_size=1, max_size=3)
        | st.builds(shop.Holding, inner)
        | st.builds(shop.Named, st.just("x"), inner)
        | st.builds(shop.Login, st.just("x"), st.just(SECRET))
    ),
    max_leaves=6,
)


@row
@EACH
@given(data=st.data())
def test_no_secret_comes_out(row: Row, data: st.DataObject) -> None:
    """At any depth, from any part, along the chain; not in the dict, the problem, the repr, or a traceback's note."""
    FlextExceptions.configure_error_handling({"max_error_details": data.draw(st.integers(0, 3000))}).unwrap()
    FlextExceptions.configure_error_handling({"traceback_details": True}).unwrap()
    keywords = {name: data.draw(HIDING) for name in row.keywords if name not in ("name", "path", "obj")}
    error = row.type("m", data.draw(HIDING), context={"in": data.draw(HIDING), "password": SECRET}, **keywords)
    error.own = data.draw(HIDING)  # type: ignore[attr-defined]  # pyright: ignore
    first = FlextExceptions.Error(data.draw(HIDING))
    first.__cause__ = ValueError("m", data.draw(HIDING))
    error.__context__ = shop.Several("g", [first, ValueError(data.draw(HIDING))])
    document = error.to_dict()
    notes = [str(note) for each in (error, first) for note in each.__notes__]
    for text in (repr(document), repr(error.to_problem()), repr(error), repr(first), *notes):
        assert SECRET not in text
    back(error)


def test_what_stands_under_a_listed_key_is_gone_and_the_rest_is_not() -> None:
    """A dict under such a key goes as a whole."""
    secrets: Any = {"token": SECRET, "a": 1}, {"cookie": {"a": SECRET}, "b": [2]}
    error = FlextExceptions.ValidationError(secrets[0], value=secrets[1], token_count=3)
    document = error.to_dict()
    assert document["message"] == f"{{'token': '{REDACTED}', 'a': 1}}"
    assert document["args"] == [{"token": REDACTED, "a": 1}]
    assert document["context"] == {"value": {"cookie": REDACTED, "b": [2]}, "token_count": 3}
    assert back(error).message == document["message"]


def test_redact_keys_decide_for_documents_too() -> None:
    """The list that is set, and no other."""
    FlextExceptions.configure_error_handling({"redact_keys": ["ssn"]}).unwrap()
    assert FlextExceptions.Error("m", SSN=1, password=2).to_dict()["context"] == {"SSN": REDACTED, "password": 2}


def test_max_error_details_decides_how_much_is_told() -> None:
    """Of the context as of the rest; a message is told to 1000 characters at least."""
    for limit in (0, 40, 100, 5000):
        FlextExceptions.configure_error_handling({"max_error_details": limit}).unwrap()
        error = FlextExceptions.Error("m" * 9000, 1, a="a" * 9000, b=list(range(9000)))
        error.add_note("n" * 9000)
        error.__cause__ = ValueError("c" * 9000)
        document = error.to_dict()
        sizes = [len(json.dumps(document.get(part, []))) for part in ("context", "args", "notes")]
        assert all(max(limit, 2) >= size >= limit // 3 for size in sizes), sizes
        for told in (document, document["cause"]):
            assert len(json.dumps(told["message"])) == max(limit, 1000)


class Contrary(FlextExceptions.Error):
    """Raises on everything."""

    def __getattribute__(self, name: str) -> Any:
        if name in ("to_dict", "to_problem", "_plan", "__dict__"):
            return super().__getattribute__(name)
        raise LookupError(name)


class Half(FlextExceptions.Error):
    """Raises on some."""

    @property
    def context(self) -> Any:  # type: ignore[override]
        """No context."""
        raise LookupError

    correlation_id = timestamp = retry_after = code = context  # type: ignore[assignment]


def test_what_was_set_to_something_else_is_told_as_what_it_should_be() -> None:
    """A context that is no mapping is in one; a number that is none is not there."""
    error: Any = FlextExceptions.Error("m")
    for wrong in (True, "404", float("nan"), 10**30, None):
        error.http_status = error.retry_after = error.timestamp = wrong
        document = error.to_dict()
        assert (document["http_status"], document["timestamp"], "retry_after" in document) == (500, 0.0, False)
    error.code, error.context = 404, [1]
    assert (error.to_dict()["code"], error.to_dict()["context"]) == ("404", {"context": [1]})
    assert back(error).context == {"context": [1]}


def test_a_class_that_raises_on_reading_has_a_document_too() -> None:
    """With as much as can be read."""
    assert Contrary("m").to_dict() == {"version": 1, "type": "Contrary", "message": "<unprintable Contrary>"}
    assert Contrary("m").to_problem()["status"] == 500
    document = Half("m").to_dict()
    assert (document["message"], document["code"], document["context"]) == ("m", "FLEXT_0001", {})
    error = FlextExceptions.Error("m")
    error.__cause__ = Contrary("inner")
    assert error.to_dict()["cause"]["type"] == "Contrary"


def test_an_instance_whose_init_never_ran_has_a_document() -> None:
    """Of every type."""
    for item in ROWS:
        document = item.type.__new__(item.type).to_dict()
        assert (document["type"], document["code"], document["timestamp"]) == (item.name, item.code, 0.0)


def test_a_document_near_the_end_of_the_stack_does_not_raise() -> None:
    """It tells less."""

    def down(error: FlextExceptions.BaseError) -> dict[str, Any]:
        try:
            return down(error)
        except RecursionError:
            return error.to_dict()

    nested: Any = 1
    for _ in range(40):
        nested = [nested]
    assert down(FlextExceptions.Error("m", nested=nested))["type"] == "Error"


def test_documents_of_one_error_from_eight_threads_are_one_document() -> None:
    """While its context is being changed by another."""
    error = FlextExceptions.Error("m", first=1)
    done = threading.Event()
    failures: list[object] = []

    def change() -> None:
        while not done.wait(0.0001):  # without a pause the nine would queue for the lock of a coverage tool for minutes
            for number in range(50):
                error.context[f"key{number}"] = [number]
            for number in range(50):
                del error.context[f"key{number}"]

    def tell() -> None:
        try:
            for _ in range(200):
                document = error.to_dict()
                if document["context"]["first"] != 1 or document["correlation_id"] != error.correlation_id:
                    failures.append(document)
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=tell) for _ in range(8)]
    changer = threading.Thread(target=change)
    for thread in (changer, *threads):
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    changer.join()
    assert failures == []
