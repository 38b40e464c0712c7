"""Any value becomes JSON of limited size: whole if it fits, cut if it does not, and never with a secret."""

from __future__ import annotations

import datetime
import decimal
import enum
import json
import pathlib
import uuid
from collections import OrderedDict, UserDict, deque
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flext_exceptions import FlextExceptions
from flext_exceptions._internal.redaction import is_secret, judged, redacted, shown, tells_secret
from flext_exceptions._internal.safe_text import REDACTED
from flext_exceptions.documents.json_values import bounded

from . import shop
from .hostile import HOSTILE, Broken, Lying, anything
from .patterns.hostile import shared

PLAIN: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text().filter(lambda key: not is_secret(key)), inner),
    max_leaves=20,
)


def size(value: object) -> int:
    """What json.dumps makes of it, which must come back as the same."""
    text = json.dumps(value, allow_nan=False)
    assert json.loads(text) == value
    text.encode("utf-8")
    return len(text)


@settings(deadline=None)
@given(PLAIN)
def test_what_fits_is_whole_and_what_does_not_is_cut(value: Any) -> None:
    """To the character."""
    exact = size(value)
    assert bounded(value, exact) == value
    assert bounded(value, exact + 1) == value
    if exact > 5:
        less = bounded(value, exact - 1)
        assert size(less) < exact and less != value


@settings(deadline=None, max_examples=200, suppress_health_check=list(HealthCheck))
@given(anything(), st.integers(2, 300))
def test_anything_is_json_within_the_room_and_stays_the_same(value: Any, room: int) -> None:
    """The second time nothing is changed, which is what lets a document be read and written again."""
    first = bounded(value, room)
    assert size(first) <= room
    assert bounded(first, room) == first


@pytest.mark.parametrize("number", range(len(HOSTILE)))
@pytest.mark.parametrize("room", [2, 7, 30, 200, 5000])
def test_hostile_values_too(number: int, room: int) -> None:
    """Each alone, in a list, as a value of a dict, and beside others."""
    value = HOSTILE[number]
    for each in (value, [value], {"a": value}, {"a": [1, (value,)], "b": 2}, [value] * 9):
        first = bounded(each, room)
        assert size(first) <= room and bounded(first, room) == first


class Color(enum.Enum):
    """A plain enumeration."""

    RED = "red"


class Text(enum.StrEnum):
    """One of texts."""

    ONE = "one"


class Plain:
    """An object without a repr of its own."""


FORMS: list[tuple[Any, Any]] = [
    (float("nan"), "NaN"),
    (float("inf"), "Infinity"),
    (float("-inf"), "-Infinity"),
    (10**400, hex(10**400)),
    (2**1000, 2**1000),
    (b"a\xffb", "a\\xffb"),
    (bytearray("ä".encode()), "ä"),
    ("\ud800x", "\\ud800x"),
    (set("fbadce"), list("abcdef")),
    (frozenset("b"), ["b"]),
    ((1, (2,)), [1, [2]]),
    (OrderedDict(a=1), {"a": 1}),
    (UserDict(a=1), {"a": 1}),
    (MappingProxyType({1: {2: 3}}), {"1": {"2": 3}}),
    ({None: 1, 1.5: 2, b"k": 3, Text.ONE: 4, Color.RED: 5, True: 6}, dict(zip(
        ["None", "1.5", "k", "one", "Color.RED", "True"], range(1, 7), strict=True))),
    (shop.Named("u", 3), {"user": "u", "password": REDACTED}),
    (HTTPStatus.NOT_FOUND, 404),
    (Text.ONE, "one"),
    (Color.RED, "Color.RED"),
    (True, True),
    (int, "int"),
    (shop.Several, "tests.runtime.shop.Several"),
    (datetime.datetime(2026, 11, 25, 9, 30), "2026-11-25 09:30:00"),
    (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    (decimal.Decimal("1.50"), "1.50"),
    (pathlib.PurePosixPath("/run/secrets/db"), "/run/secrets/db"),
    (deque([1]), "deque([1])"),
    (ValueError("v"), "ValueError('v')"),
    (FlextExceptions.Error("m"), "Error('m')"),
    (iter(()), None),
]  # fmt: skip


@pytest.mark.parametrize(("value", "expected"), FORMS, ids=[type(value).__name__ for value, _ in FORMS])
def test_each_kind_of_value_has_its_form(value: Any, expected: Any) -> None:
    """As a value and within others."""
    if expected is None:
        assert bounded(value, 1000).startswith("<tuple_iterator object")
        return
    found = bounded(value, 1000)
    assert found == expected and type(found) is type(expected)
    assert bounded([{"a": value}], 1000) == [{"a": expected}]


def test_what_a_class_makes_of_a_builtins_methods_is_not_asked() -> None:
    """A dict is read as a dict, a text as a text, whatever they say."""
    assert bounded([Broken(a=1), Lying("text")], 100) == [{"a": 1}, "text"]
    assert is_secret(Lying("password"))


def test_at_the_end_of_the_stack_less_is_told() -> None:
    """And nothing raised."""
    nested: Any = 1
    for _ in range(40):
        nested = [nested]

    def down() -> Any:
        try:
            return down()
        except RecursionError:
            return bounded(nested, 1000)

    assert down() == "..." and bounded(nested, 1000) == nested


def test_a_generator_is_not_used_up() -> None:
    """The program may want it still."""
    numbers = iter([1, 2])
    bounded({"numbers": numbers}, 1000)
    assert list(numbers) == [1, 2]


def test_a_crowd_shares_the_room_and_what_is_left_out_is_counted() -> None:
    """No member takes it all."""
    assert bounded({"long": "x" * 500, "short": "y", "list": [1, 2]}, 100) == {
        "long": "x" * 17 + "...", "short": "y", "list": [1, 2],
    }  # fmt: skip
    many = bounded({str(number): number for number in range(10_000)}, 200)
    assert many["..."] == f"{10_000 - len(many) + 1} more" and many["0"] == 0 and len(many) > 15
    listed = bounded(list(range(10_000)), 200)
    assert listed[-1] == f"... and {10_000 - len(listed) + 1} more" and listed[:3] == [0, 1, 2]
    assert bounded("ä" * 100, 30) == "ä" * 4 + "..."
    assert bounded({"a": "x" * 9}, 10) == {} and bounded([1, 2, 3, 4, 5], 4) == [] and bounded("abc", 2) == ""


def test_a_long_key_is_left_out_and_never_cut() -> None:
    """Cut, it could become the name of a secret."""
    kept = bounded({"password" + "x" * 300: "v", "b": 1}, 100)
    assert kept == {"b": 1, "...": "1 more"}
    for room in range(2, 60):
        first = bounded({"password": "hunter2", "b": list(range(30))}, room)
        assert first.get("password", REDACTED) == REDACTED
        assert bounded(first, room) == first and size(first) <= room


def test_what_lies_too_deep_is_left_out() -> None:
    """At 50 levels, and where it comes back to itself."""
    value: Any = "bottom"
    for _ in range(49):
        value = [value]
    assert bounded(value, 1000) == value
    assert json.dumps(bounded([[value]], 1000)) == "[" * 50 + '"..."' + "]" * 50
    loop: dict[str, Any] = {"a": 1}
    loop["in"] = [loop]
    assert bounded(loop, 1000) == {"a": 1, "in": ["..."]}
    twice = {"a": (same := [1]), "b": same}
    assert bounded(twice, 1000) == {"a": [1], "b": [1]}


SECRET_KEYS = "password db_password DB-PASSWORD db.password accessToken HTTPToken X-Api-Key apikey my_apikey myAPIKey"
OPEN_KEYS = "token_count max_tokens passwords_file lesson Tokenizer secretary user authorize x"


def test_a_secret_key_is_known_in_every_spelling() -> None:
    """As bytes too; words that only begin like one are open."""
    for key in SECRET_KEYS.split():
        assert is_secret(key) and is_secret(key.encode()), key
        assert bounded({key: {"a": 1}}, 100) == {key: REDACTED}
        assert redacted({key: [1]}) == {key: REDACTED}
    for key in [*OPEN_KEYS.split(), 3, None, ("password",)]:
        assert not is_secret(key), key


def test_what_was_found_of_a_key_is_forgotten_with_the_settings() -> None:
    """The list may have become another."""
    assert is_secret("password") and not is_secret("ssn")
    FlextExceptions.configure_error_handling({"redact_keys": ["ssn"]}).unwrap()
    assert is_secret("ssn") and not is_secret("password")
    FlextExceptions.configure_error_handling({"redact_keys": [""]}).unwrap()
    assert not is_secret("") and not is_secret("a_") and not tells_secret("=")
    for number in range(3000):
        is_secret(str(number))
    assert len(judged()) <= 1001  # keys may come from strangers
    assert not is_secret("password")


@pytest.mark.parametrize(
    "value",
    [
        shop.Holding("hunter2"), shop.Login("u", "hunter2"), deque([{"password": "hunter2"}]),
        ValueError({"token": "hunter2"}),
        MappingProxyType({"api-key": "hunter2"}), {"password": "hunter2"}.items(), OrderedDict(secret="hunter2"),
        [shop.Holding("hunter2")], {"in": shop.Login("u", "hunter2")}, UserDict(authorization="hunter2"),
        FlextExceptions.Error("m", shop.Holding("hunter2")), {shop.Holding("hunter2")}, {shop.Holding("hunter2"): 1},
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_an_object_that_shows_a_secret_is_shown_by_its_class(value: Any) -> None:
    """In documents as in what repr and tracebacks show."""
    assert "hunter2" not in json.dumps(bounded(value, 1000)) and "hunter2" not in shown(value)
    assert "hunter2" not in repr(FlextExceptions.ValidationError(value, field="f", value=value))


def test_an_object_that_shows_none_is_shown() -> None:
    """Though it speaks of one."""
    assert bounded(ValueError("the password is wrong"), 100) == "ValueError('the password is wrong')"
    assert shown(pathlib.PurePosixPath("/etc/token")) == "PurePosixPath('/etc/token')"
    assert shown([1, (2, "x"), {"a": None}]) == "[1, (2, 'x'), {'a': None}]"


def test_what_holds_one_thing_many_times_over_is_shown_up_to_an_end() -> None:
    """Of its forty levels, each of which holds the one below it twice; so is a long list, and a long text."""
    assert 5_000 < shown(shared()).count("[") <= 10_000 and shown([1] * 9_000) == repr([1] * 9_000)
    assert len(shown([1] * 10_000_000)) < 40_000 and len(shown(["a" * 9_000] * 10_000)) < 120_000
    assert shown("a" * 20_000) == repr("a" * 10_000) + "..." and len(shown(b"a" * 20_000)) < 11_000
    assert len(json.dumps(bounded(shared(), 1000))) <= 1000
    assert len(repr(FlextExceptions.ValidationError("m", field="f", value=shared()))) < 100_000
