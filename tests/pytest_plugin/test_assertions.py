"""Assertions on an error pass if it is the expected one, and otherwise name the part that differs."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from flext_exceptions import FlextExceptions
from flext_pytest import assert_error, assert_error_dict, assert_same_correlation, flext_no_raises
from flext_pytest.assertions.assertrepr import explanation
from tests.pytest_plugin.plugins import alone

pytest_plugins = ["pytester"]

TO_DICT = {"type": "NotFoundError", "message": "no such user", "code": "NOT_FOUND", "context": {"id": "42"}}
PROBLEM = {"title": "Not found", "status": 404, "detail": "no such user", "code": "NOT_FOUND", "context": {"id": "42"}}


def error(**keywords: Any) -> FlextExceptions.ValidationError:
    """Make an error."""
    return FlextExceptions.ValidationError("must not be empty", field="email", **keywords)


class Incomparable:
    """As an array is that has several elements."""

    def __eq__(self, other: object) -> bool:
        raise ValueError("ambiguous")

    __hash__ = None  # type: ignore[assignment]


def test_an_error_in_hand_is_given_back() -> None:
    """Where all is as expected, with a class, several, or none."""
    made = error()
    assert assert_error(made, code="FLEXT_3001", field="email") is made
    assert assert_error(made, FlextExceptions.ValidationError, match="empty", retryable=False) is made
    assert assert_error(made, (KeyError, ValueError), context={"field": "email"}) is made


@pytest.mark.parametrize(
    ("given", "kind", "parts", "said"),
    [
        (error(), FlextExceptions.ValidationError, {"field": "name"}, "field: expected 'name', got 'email'"),
        (error(), ValueError, {"code": "X"}, "code: expected 'X', got 'FLEXT_3001'"),
        (KeyError("x"), ValueError, {}, r"^expected ValueError, got KeyError\('x'\)$"),
        (KeyError("x"), (ValueError, OSError), {}, "^expected ValueError or OSError, got"),
        (None, BaseException, {}, "^expected an error, got None$"),
    ],
)
def test_an_error_that_differs_fails(given: Any, kind: Any, parts: dict[str, Any], said: str) -> None:
    """And the message says what differs."""
    with pytest.raises(AssertionError, match=said):
        assert_error(given, kind, **parts)


@pytest.mark.parametrize("document", [TO_DICT, PROBLEM], ids=["to_dict", "problem"])
def test_a_document_as_expected_is_given_back(document: dict[str, Any]) -> None:
    """The members have the same names for both kinds."""
    again = assert_error_dict(
        document, code="NOT_FOUND", message="no such user", match="user$", exact_context={"id": str.isdigit}
    )
    assert again is document


DIFFERENT: dict[str, tuple[Any, dict[str, Any], str]] = {
    "the code": (PROBLEM, {"code": "X"}, "code: expected 'X', got 'NOT_FOUND'"),
    "the status": (PROBLEM, {"status": 400}, "status: expected 400, got 404"),
    "the message": (PROBLEM, {"match": "order"}, "message: expected a match of 'order', got 'no such user'"),
    "no message": ({"code": "X"}, {"match": "a"}, r"message: expected a match of 'a', got \(absent\)"),
    "a member that is not there": (TO_DICT, {"status": 404}, r"status: expected 404, got \(absent\)"),
    "the context": (PROBLEM, {"context": {"id": "43"}}, "context.id: expected '43', got '42'"),
    "a key that nobody expects": (PROBLEM, {"exact_context": {}}, r"context.id: expected \(absent\), got '42'"),
    "no context": ({"code": "X"}, {"context": {"a": 1}}, r"context: expected {'a': 1}, got \(absent\)"),
    "an empty document": ({}, {}, "not the document of an error"),
    "a list": ([1], {}, "a mapping, got list"),
}


@pytest.mark.parametrize(("document", "parts", "said"), DIFFERENT.values(), ids=DIFFERENT)
def test_a_document_that_differs_fails(document: Any, parts: dict[str, Any], said: str) -> None:
    """A line for each member."""
    with pytest.raises(AssertionError, match=said):
        assert_error_dict(document, **parts)


def test_a_secret_at_any_depth_of_a_document_is_not_shown() -> None:
    """Only that it differs; nor is a value without end."""
    document = {"code": "X", "context": {"user": {"password": "hunter2"}, "big": "x" * 100_000}}
    with pytest.raises(AssertionError) as caught:
        assert_error_dict(document, context={"user": 3, "big": 3})
    said = str(caught.value)
    assert "context.user: expected 3, got {'password': '[redacted]'}" in said and len(said) < 3000


def test_both_contexts_are_a_wrong_use() -> None:
    """As with flext_raises."""
    with pytest.raises(FlextExceptions.TypeError, match="pass one"):
        assert_error_dict(PROBLEM, context={}, exact_context={})


@pytest.mark.parametrize(
    "make",
    [
        lambda: error(correlation_id="req-1"),
        lambda: ExceptionGroup("two", [KeyError("x"), error(correlation_id="req-1")]),
    ],
    ids=["alone", "in a group"],
)
def test_a_typed_error_may_not_come_out(make: Any) -> None:
    """The message lists its parts, with both forms of ``with``."""
    said = "^expected no typed error, got:\n  ValidationError: must.*\n.*code: FLEXT_3001\n.*correlation id: req-1"
    with pytest.raises(AssertionError, match=said), flext_no_raises():
        raise make()

    async def run() -> None:
        async with flext_no_raises():
            raise make()

    with pytest.raises(AssertionError, match=said):
        asyncio.run(run())


def test_no_error_and_any_other_go_on() -> None:
    """As if flext_no_raises were not there."""
    with flext_no_raises():
        pass
    with pytest.raises(KeyError), flext_no_raises():
        raise KeyError("x")


def test_errors_of_one_incident_have_one_id() -> None:
    """Which is given back."""
    with FlextExceptions.correlation("req-1"):
        assert assert_same_correlation(error(), FlextExceptions.Error("b"), error()) == "req-1"
    for other in (error(correlation_id="req-2"), KeyError("x")):
        with pytest.raises(AssertionError, match=r"(?s)one correlation id, got:.*'req-1' of .*(req-2|absent)"):
            assert_same_correlation(error(correlation_id="req-1"), other)
    with pytest.raises(AssertionError, match="absent"):
        assert_same_correlation(KeyError("x"), KeyError("y"))
    with pytest.raises(FlextExceptions.TypeError, match="two errors or more, 1 given"):
        assert_same_correlation(error())


COMPARED: dict[str, tuple[Any, Any, list[str]]] = {
    "the context": (error(a=1), error(a=2), ["context.a: expected 2, got 1"]),
    "a key on one side": (error(a=1), error(), ["context.a: expected (absent), got 1"]),
    "a function in the context": (error(a=len), error(a=max), ["context.a: expected a value that max accepts, got"]),
    "the code": (error(code="X"), error(), ["code: expected 'FLEXT_3001', got 'X'"]),
    "nothing": (error(), error(), ["all attributes are equal, but == compares identity"]),
    "a builtin": (error(), KeyError("x"), ["type: expected KeyError, got ValidationError", "args: expected ('x',)"]),
    "a secret": (error(password="a1"), error(password="b2"), ["context.password: the two secrets differ"]),
    "a field of the builtin": (
        FlextExceptions.OSError(2, "gone", "a.txt"),
        FlextExceptions.OSError(2, "gone", "b.txt"),
        ["filename: expected 'b.txt', got 'a.txt'"],
    ),
    "a value that does not compare": (error(a=Incomparable()), error(a=3), ["context.a: expected 3, got"]),
    "no error": (error(), 3, ["type: expected int, got ValidationError"]),
}


@pytest.mark.parametrize(("left", "right", "said"), COMPARED.values(), ids=COMPARED)
def test_a_comparison_is_explained_part_by_part(left: Any, right: Any, said: list[str]) -> None:
    """The first line shows both."""
    lines = explanation("==", left, right)
    assert lines is not None and lines[0] == f"{left!r} == {right!r}"
    assert [line.startswith(part) for line, part in zip(lines[1:], said, strict=False)] == [True] * len(said)
    shown = re.sub(r"0x[0-9a-f]+", "", "".join(lines))  # an address may hold any digits
    assert "a1" not in shown and "b2" not in shown


def test_is_is_explained_too() -> None:
    """It asks for the very same error."""
    assert explanation("is", error(a=1), error(a=2))[1:] == ["context.a: expected 2, got 1"]  # type: ignore[index]


def test_the_status_of_a_document_has_two_names() -> None:
    """One in what to_dict gives, one in a problem document."""
    assert_error_dict(PROBLEM, status=404)
    assert_error_dict(TO_DICT | {"http_status": 404}, status=404)
    assert_error_dict({"status": 404, "detail": "no"}, http_status=404, message="no")
    with pytest.raises(AssertionError, match=r"status: expected 404, got \(absent\)"):
        assert_error_dict(TO_DICT, status=404)


def test_errors_without_an_id_are_of_no_incident() -> None:
    """Where ids are switched off both are empty."""
    with pytest.raises(AssertionError, match="one correlation id, got"):
        assert_same_correlation(error(correlation_id=""), error(correlation_id=""))


def test_other_comparisons_are_left_to_pytest() -> None:
    """Of other values, and by other operators."""
    assert explanation("==", 1, 2) is None
    assert explanation("==", KeyError("x"), KeyError("x")) is None
    assert explanation("!=", error(), error()) is None


@pytest.mark.parametrize("option", ["--assert=rewrite", "--assert=plain"])
def test_a_plain_assert_is_explained(pytester: pytest.Pytester, option: str) -> None:
    """Where asserts are rewritten; elsewhere it fails as ever."""
    pytester.makepyfile(
        """
        from flext_exceptions import FlextExceptions

        def test_order():
            assert FlextExceptions.Error("m", sku="A-1") == FlextExceptions.Error("m", sku="A-2")
        """
    )
    result = pytester.runpytest_subprocess(*alone(option))
    result.assert_outcomes(failed=1)
    said = "context.sku: expected 'A-2', got 'A-1'" in result.stdout.str()
    assert said == (option == "--assert=rewrite")
    assert "INTERNALERROR" not in result.stdout.str()


def test_a_keyword_of_a_document_is_found_in_its_context() -> None:
    """A document of to_dict tells it there; another value differs."""
    document = FlextExceptions.ValidationError("m", field="sku").to_dict()
    assert_error_dict(document, field="sku")
    with pytest.raises(AssertionError, match="field"):
        assert_error_dict(document, field="name")
