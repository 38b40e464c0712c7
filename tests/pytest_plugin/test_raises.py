"""``flext_raises`` passes for the expected error, and otherwise names the part that differs."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any

import pytest

from flext_exceptions import FlextExceptions
from flext_pytest import flext_raises
from tests.pytest_plugin.plugins import alone

pytest_plugins = ["pytester"]


def error() -> FlextExceptions.ValidationError:
    """Make an error with something in every part."""
    made = FlextExceptions.ValidationError(
        "must not be empty", field="email", value="", context={"form": "sign-up"}, correlation_id="req-1"
    )
    made.__cause__ = KeyError("email")
    made.add_note("seen at noon")
    return made


def failure(expected: flext_raises[Any], make: Callable[[], BaseException] = error) -> str:
    """Return the message if this is raised and that is expected."""
    with pytest.raises(AssertionError) as caught, expected:
        raise make()
    return str(caught.value)


GOOD: dict[str, dict[str, Any]] = {
    "nothing but the class": {},
    "the code": {"code": "FLEXT_3001"},
    "a part of the context": {"context": {"form": "sign-up"}},
    "a predicate in the context": {"context": {"form": lambda form: form.startswith("sign")}},
    "all of the context": {"exact_context": {"form": "sign-up", "field": "email", "value": ""}},
    "the correlation id": {"correlation_id": "req-1"},
    "a text in the message": {"match": "not be"},
    "a compiled pattern": {"match": re.compile("NOT", re.IGNORECASE)},
    "a text in a note": {"match": "at noon"},
    "a field": {"field": "email"},
    "a predicate for a field": {"field": str.islower},
    "the class of the cause": {"cause": KeyError},
    "one of several classes of the cause": {"cause": (ValueError, LookupError)},
    "all notes": {"notes": ["seen at noon"]},
    "retryable": {"retryable": False},
    "a check": {"check": lambda error: error.value == ""},
    "everything at once": {"code": "FLEXT_3001", "field": "email", "match": "^must", "cause": KeyError},
}


@pytest.mark.parametrize("expected", GOOD.values(), ids=GOOD)
def test_an_error_as_expected_passes(expected: dict[str, Any]) -> None:
    """And what it was is there afterwards."""
    with flext_raises(FlextExceptions.ValidationError, **expected) as caught:
        raise error()
    assert caught.value.field == "email"
    with flext_raises((KeyError, ValueError), **expected):
        raise error()


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "the code": (
        {"code": "NOT_FOUND"},
        "code: expected 'NOT_FOUND', got 'FLEXT_3001'\n"
        "  hint: the type is right; ValidationError was raised with another code",
    ),
    "a value in the context": (
        {"context": {"form": "log-in"}},
        "context.form: expected 'log-in', got 'sign-up'",
    ),
    "a key that is not in the context": ({"context": {"page": 1}}, "context.page: expected 1, got (absent)"),
    "a key that nobody expects": (
        {"exact_context": {"form": "sign-up", "value": ""}},
        "context.field: expected (absent), got 'email'",
    ),
    "a predicate": (
        {"field": str.isupper},
        "field: expected a value that isupper accepts, got 'email'",
    ),
    "an attribute that is not there": ({"colour": "red"}, "colour: expected 'red', got (absent)"),
    "the message": (
        {"match": "^not"},
        "message: expected a match of '^not', got 'must not be empty\\nseen at noon'",
    ),
    "the class of the cause": ({"cause": OSError}, "cause: expected OSError, got KeyError('email')"),
    "no cause": ({"cause": None}, "cause: expected None, got KeyError('email')"),
    "the notes": ({"notes": ["at one"]}, "notes: expected ['at one'], got ['seen at noon']"),
    "too few notes": ({"notes": []}, "notes: expected [], got ['seen at noon']"),
    "the correlation id": ({"correlation_id": "req-2"}, "correlation_id: expected 'req-2', got 'req-1'"),
    "retryable": ({"retryable": True}, "retryable: expected True, got False"),
    "two parts": (
        {"field": "name", "value": None},
        "field: expected 'name', got 'email'\n  value: expected None, got ''",
    ),
}


@pytest.mark.parametrize(("expected", "said"), BAD.values(), ids=BAD)
def test_each_part_that_differs_has_a_line(expected: dict[str, Any], said: str) -> None:
    """With what was expected and what there was."""
    assert failure(flext_raises(FlextExceptions.ValidationError, **expected)) == (
        f"ValidationError was raised, but differs:\n  {said}"
    )


def test_a_secret_is_not_shown() -> None:
    """In the context or as an attribute."""
    said = failure(
        flext_raises(FlextExceptions.Error, context={"password": "a"}),
        lambda: FlextExceptions.Error("no", password="hunter2"),
    )
    assert "hunter2" not in said and "context.password: expected 'a', got" in said


def test_the_same_text_with_special_letters_has_a_hint() -> None:
    """A pattern is expected."""
    said = failure(flext_raises(ValueError, match="a (b)"), lambda: ValueError("a (b)"))
    assert "it is the same text: wrap it in re.escape()" in said


def test_a_builtin_may_be_expected_and_has_no_code() -> None:
    """Its message, cause and notes can be."""
    with flext_raises(ValueError, match="no", cause=None):
        raise ValueError("no")
    said = failure(flext_raises(ValueError, code="X"), lambda: ValueError("no"))
    assert "code: expected 'X', got (absent)" in said and "ValueError is not a typed error: it has no code" in said


def test_another_class_goes_on_and_no_error_fails() -> None:
    """As with pytest.raises."""
    with pytest.raises(KeyError), flext_raises(FlextExceptions.ValidationError):
        raise KeyError("x")
    nothing = pytest.raises(pytest.fail.Exception, match=r"DID NOT RAISE.*ValidationError")
    with nothing, flext_raises(FlextExceptions.ValidationError):
        pass


def test_it_works_in_a_group() -> None:
    """Which says what differs in its member."""
    group = ExceptionGroup("two", [error(), KeyError("x")])
    with pytest.RaisesGroup(flext_raises(FlextExceptions.ValidationError, field="email"), KeyError):
        raise group
    told = pytest.raises(pytest.fail.Exception, match="field: expected 'name', got 'email'")
    with told, pytest.RaisesGroup(flext_raises(FlextExceptions.ValidationError, field="name"), KeyError):
        raise group


def test_it_works_with_async_with() -> None:
    """The same both ways."""

    async def run() -> str:
        async with flext_raises(FlextExceptions.ValidationError, field="email") as caught:
            await asyncio.sleep(0)
            raise error()
        return str(caught.value)

    assert asyncio.run(run()) == "must not be empty"

    async def fail() -> None:
        async with flext_raises(FlextExceptions.ValidationError, field="name"):
            raise error()

    with pytest.raises(AssertionError, match="field: expected 'name'"):
        asyncio.run(fail())


@pytest.mark.parametrize(
    ("arguments", "keywords", "said"),
    [
        ((3,), {}, "3 is not an exception class"),
        ((int,), {}, "is not an exception class"),
        (((ValueError, 3),), {}, "3 is not an exception class"),
        ((ValueError,), {"context": [1]}, r"context must be a mapping; it is \[1\]"),
        ((ValueError,), {"context": {}, "exact_context": {}}, "exclude each other; pass one"),
    ],
)
def test_a_wrong_use_is_an_error_of_ours(arguments: Any, keywords: dict[str, Any], said: str) -> None:
    """Before anything is run."""
    with pytest.raises(FlextExceptions.TypeError, match=said):
        flext_raises(*arguments, **keywords)


@pytest.mark.parametrize("option", ["--assert=rewrite", "--assert=plain"])
def test_a_failing_test_shows_the_parts(pytester: pytest.Pytester, option: str) -> None:
    """In its report, and with no frame of ours."""
    pytester.makepyfile(
        """
        from flext_exceptions import FlextExceptions
        from flext_pytest import flext_raises

        def test_order():
            with flext_raises(FlextExceptions.ValidationError, code="SHOP_7", context={"sku": "A-1"}):
                raise FlextExceptions.ValidationError("sold out", sku="A-2")
        """
    )
    result = pytester.runpytest_subprocess(*alone(option))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*AssertionError: ValidationError was raised, but differs:",
            "*code: expected 'SHOP_7', got 'FLEXT_3001'",
            "*context.sku: expected 'A-1', got 'A-2'",
            "*hint: the type is right; ValidationError was raised with another code",
        ]
    )
