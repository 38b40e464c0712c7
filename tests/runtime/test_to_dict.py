"""An error survives the round trip through a document, whatever it contains."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flext_exceptions import FlextExceptions
from flext_exceptions.catalogue import ROWS, Row
from flext_pytest import assert_error_dict

from . import shop
from .documents import EACH, back, plain_errors, roomy, row
from .hostile import HOSTILE, Endless, anything


@row
@EACH
@given(data=st.data())
def test_an_error_of_plain_data_comes_back_as_the_same(row: Row, data: st.DataObject) -> None:
    """For every type of the catalogue, with everything that it can carry; and nothing is counted."""
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


@pytest.mark.parametrize("number", [number for number, value in enumerate(HOSTILE) if has_end(value)])
def test_a_hostile_value_may_be_the_context_itself(number: int) -> None:
    """Also if its class hides its name, which must not prevent an error from being created."""
    back(FlextExceptions.Error("m", context=HOSTILE[number]))


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
    """Also one without a message."""
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
    """A context that is not a mapping is wrapped in one; an invalid number is left out."""
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
    """While another thread changes its context, and a dict and a set within it."""
    error = FlextExceptions.Error("m", first=1, within={"first": 1}, members={0})
    within, members = error.context["within"], error.context["members"]
    done = threading.Event()
    failures: list[object] = []

    def change() -> None:
        while not done.wait(0.0001):  # without a pause the nine would queue for the lock of a coverage tool for minutes
            for number in range(50):
                error.context[f"key{number}"] = within[f"key{number}"] = [number]
                members.add(number)
            for number in range(50):
                del error.context[f"key{number}"], within[f"key{number}"]
                members.discard(number)

    def tell() -> None:
        try:
            for _ in range(200):
                document = error.to_dict()
                if document["context"]["first"] != 1 or document["correlation_id"] != error.correlation_id:
                    failures.append(document)
                if "<unprintable" in str(document) + repr(error):
                    failures.append(repr(error))
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
