"""Every constructor argument ends up in its place, and constructing an error never raises."""

from __future__ import annotations

import time
import types
import warnings
from collections import OrderedDict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flext_exceptions import FlextExceptions, FlextUsageWarning
from flext_exceptions.catalogue import ROWS, Row

RESERVED = set("message code error_code context correlation_id retryable http_status retry_after".split())
row = pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])


@row
def test_each_named_keyword_is_an_attribute_and_in_the_context(row: Row) -> None:
    """What a builtin keeps itself (name, obj, path) is its own field, and only that."""
    error = row.type("m", **{name: name.upper() for name in row.keywords})
    assert all(getattr(error, name) == name.upper() for name in row.keywords)
    builtins_own = {"name", "obj", "path"}
    assert error.context == {name: name.upper() for name in row.keywords if name not in builtins_own}
    assert error.args == ("m",)


@row
def test_what_is_not_given_is_none_and_not_in_the_context(row: Row) -> None:
    """Neither on the class nor in an instance's context."""
    error = row.type("m")
    assert [getattr(error, name) for name in row.keywords] == [None] * len(row.keywords)
    assert error.context == {}


@row
def test_the_callers_code_wins_on_every_type_under_both_names(row: Row) -> None:
    """code and error_code are one value."""
    for error in (row.type("m", code="X"), row.type("m", error_code="X")):
        assert (error.code, error.error_code, error.context) == ("X", "X", {})
    assert row.type("m").code == row.type("m").error_code == row.code
    assert row.type("m", code=None, error_code=None).code == row.code
    error = row.type("m")
    error.error_code = "Y"
    assert error.code == "Y"


def test_the_message_by_keyword_is_the_message() -> None:
    """Beside a positional message it is context."""
    error = FlextExceptions.ValidationError(message="m")
    assert (error.args, error.message, str(error), error.context) == (("m",), "m", "m", {})
    error = FlextExceptions.ValidationError("m", message="other")
    assert (error.args, error.message, error.context) == (("m",), "m", {"message": "other"})
    assert FlextExceptions.NotFoundError(message="m").args == ("m",)
    assert FlextExceptions("m", message="other").context == {"message": "other"}


@row
@given(
    args=st.lists(st.integers() | st.text(), max_size=6),
    kw=st.dictionaries(
        st.sampled_from(["self", "cls", "args", "message", "code", "context", "name", "obj", "path", "field", "_made"])
        | st.text(),
        st.none() | st.integers() | st.text() | st.dictionaries(st.text(), st.none()) | st.lists(st.integers()),
    ),
    level=st.sampled_from(["strict", "normal", "loose", "disabled"]),
)
def test_making_an_error_never_raises(row: Row, args: list[Any], kw: dict[str, Any], level: str) -> None:
    """Whatever the arguments, whatever the keywords, whatever the level, even where warnings are errors."""
    FlextExceptions.configure_error_handling({"validation_level": level}).unwrap()
    error = row.type(*args, **kw)
    selected = FlextExceptions(*args, **kw)
    for made in (error, selected):
        assert isinstance(made, FlextExceptions.BaseError)
        assert isinstance(repr(made) + made.message, str)
    assert set(kw) - RESERVED - {"name", "obj", "path"} <= set(error.context)


def test_an_evil_mapping_a_text_or_a_number_as_context_are_kept_as_they_are() -> None:
    """Nothing that was given is lost."""

    class Broken(dict[str, object]):
        def keys(self) -> Any:
            raise RuntimeError

        __iter__ = keys

    broken = Broken(a=1)
    FlextExceptions.configure_error_handling({"validation_level": "loose"}).unwrap()
    for value in (broken, "text", 3, [("a", 1)], object()):
        error = FlextExceptions.ValidationError("m", context=value, field="f")  # type: ignore[arg-type]
        assert error.context == {"context": value, "field": "f"}
        assert error.context["context"] is value


def test_the_context_is_a_dict_of_its_own() -> None:
    """The caller's mapping is not changed; any mapping will do."""
    mine: dict[str, object] = {"a": 1}
    for mapping in (mine, OrderedDict(mine), types.MappingProxyType(mine)):
        error = FlextExceptions.ValidationError("m", context=mapping, field="f", other=2)
        assert error.context == {"a": 1, "field": "f", "other": 2}
        error.context["b"] = 2
    assert mine == {"a": 1}
    error = FlextExceptions.Error("m", context=mine)
    mine["c"] = 3
    assert error.context == {"a": 1}


def test_a_named_keyword_outranks_the_context_of_the_same_name() -> None:
    """It was said more directly."""
    error = FlextExceptions.ValidationError("m", field="keyword", context={"field": "mapping"})
    assert (error.field, error.context) == ("keyword", {"field": "keyword"})


def test_an_instance_overrides_retryable_status_and_wait() -> None:
    """They are no context."""
    error = FlextExceptions.ConnectionError("m", retryable=False, http_status=429, retry_after=2.5)
    assert (error.retryable, error.http_status, error.retry_after, error.context) == (False, 429, 2.5, {})
    plain = FlextExceptions.ConnectionError("m", retryable=None)
    assert (plain.retryable, plain.http_status, plain.retry_after) == (True, 503, None)


def test_an_instance_whose_init_never_ran_can_be_read() -> None:
    """Every attribute has a default on the class."""
    for item in ROWS:
        error = item.type.__new__(item.type)
        assert (error.message, error.context, error.code, error.timestamp) == ("", {}, item.code, 0.0)
        assert error.correlation_id.startswith("flext_")
        assert repr(error) == f"{item.name}()"
        assert error.with_context(a=1).context == {"a": 1}


def test_a_subclass_that_forgets_its_parents_init_can_be_read() -> None:
    """Args are the builtin's business; the rest has defaults."""

    class Forgetful(FlextExceptions.NotFoundError):
        def __init__(self, sku: str) -> None:  # noqa: FLX305
            self.sku = sku

    error = Forgetful("A-1")
    assert (error.sku, error.code, error.context, error.resource_id) == ("A-1", "NOT_FOUND", {}, None)


def test_the_timestamp_is_taken_at_creation() -> None:
    """In seconds since the epoch."""
    before = time.time()
    error = FlextExceptions.Error("m")
    after = time.time()
    assert before <= error.timestamp <= after
    assert error.timestamp == error.timestamp


def test_the_name_of_a_builtin_type_is_the_type_in_the_context() -> None:
    """The attribute keeps what was given; other names stay names."""
    error = FlextExceptions.TypeError("m", expected_type="str", actual_type="Decimal")
    assert (error.expected_type, error.actual_type) == ("str", "Decimal")
    assert error.context == {"expected_type": str, "actual_type": "Decimal"}
    assert FlextExceptions.TypeError("m", expected_type=int, actual_type="len").context == {
        "expected_type": int,
        "actual_type": "len",
    }


def test_the_builtins_own_fields_are_set() -> None:
    """Programs test ``e.name`` and ``e.errno``."""
    error = FlextExceptions.ModuleNotFoundError("m", name="yaml", path="/tmp")
    assert (error.name, error.path, error.msg) == ("yaml", "/tmp", "m")
    holder = object()
    missing = FlextExceptions.AttributeError("m", name="x", obj=holder, attribute_name="x")
    assert (missing.name, missing.obj, missing.attribute_name) == ("x", holder, "x")
    assert missing.context == {"attribute_name": "x"}
    found = FlextExceptions.PermissionError(13, "denied", "file.txt", required_permission="read")
    assert (found.errno, found.strerror, found.filename, found.message) == (13, "denied", "file.txt", "denied")


SELECTING = [
    ("operation", "OperationError"),
    ("field", "ValidationError"),
    ("config_key", "ConfigurationError"),
    ("business_rule", "ProcessingError"),
    ("service", "ConnectionError"),
    ("endpoint", "ConnectionError"),
    ("timeout_seconds", "TimeoutError"),
    ("resource_id", "NotFoundError"),
    ("resource_type", "NotFoundError"),
    ("required_permission", "PermissionError"),
    ("auth_method", "AuthenticationError"),
    ("expected_type", "TypeError"),
    ("actual_type", "TypeError"),
    ("attribute_name", "AttributeError"),
]


@given(given=st.lists(st.sampled_from(SELECTING), unique=True), nothing=st.lists(st.sampled_from(SELECTING)))
def test_the_root_selects_by_the_keyword_of_the_highest_rank(
    given: list[tuple[str, str]], nothing: list[tuple[str, str]]
) -> None:
    """In whichever order they stand; one that is None selects nothing."""
    kw = {name: None for name, _ in nothing} | {name: "x" for name, _ in given}
    error = FlextExceptions("m", **kw)
    expected = min((SELECTING.index(item) for item in given), default=None)
    assert type(error).__name__ == ("Error" if expected is None else SELECTING[expected][1])
    assert error.args == ("m",)
    assert error.context == kw


def test_an_error_that_the_root_selects_is_counted_and_initialised_once() -> None:
    """Python calls the selected class's init, by itself."""
    with FlextExceptions.Metrics.isolated():
        FlextExceptions("m", field="f")
        assert FlextExceptions.get_metrics() == {"ValidationError": 1}


def test_same_as_compares_data_and_not_occurrence() -> None:
    """Class, args, code, context, overrides and fields; not id, time or notes."""
    make = FlextExceptions.NotFoundError
    one = make(2, "x", "file", resource_id="r", correlation_id="1")
    other = make(2, "x", "file", resource_id="r", correlation_id="2")
    other.add_note("n")
    assert one.same_as(other)
    different: list[object] = [
        make(2, "y", "file", resource_id="r"),
        make(2, "x", "other", resource_id="r"),
        make(2, "x", "file", resource_id="s"),
        make(2, "x", "file", resource_id="r", code="C"),
        make(2, "x", "file", resource_id="r", retryable=True),
        FlextExceptions.OSError("x"),
        FileNotFoundError(2, "x", "file"),
    ]
    assert not any(one.same_as(item) for item in different)

    class Incomparable:
        def __eq__(self, _: object) -> bool:
            raise ValueError

        __hash__ = None  # type: ignore[assignment]

    assert not FlextExceptions.Error(Incomparable()).same_as(FlextExceptions.Error(Incomparable()))


def test_the_repr_shows_what_was_set_without_secrets() -> None:
    """Code and fields where they were given; it is harmless whatever they hold."""
    value = {"a": [{"api-key": "s3cret", "b": 1}]}
    error = FlextExceptions.ValidationError("m", code="C", field="f", value=value)
    assert repr(error) == "ValidationError('m', code='C', field='f', value={'a': [{'api-key': '[redacted]', 'b': 1}]})"
    error.value = error
    assert repr(error) == "ValidationError('m', code='C', field='f', value=ValidationError(...))"

    class Login(FlextExceptions.AuthenticationError):
        password: str | None = None

    assert repr(Login("m", password="s3cret")) == "Login('m', password='[redacted]')"

    class Bad:
        def __repr__(self) -> str:
            raise ValueError

    assert repr(FlextExceptions.ValidationError(Bad(), value=Bad())) == (
        "ValidationError(<unprintable Bad>, value=<unprintable Bad>)"
    )
    loop: list[object] = []
    loop.append(loop)
    assert repr(FlextExceptions.ValidationError("m", value=loop)) == "ValidationError('m', value=['...'])"


@pytest.mark.parametrize(
    ("level", "unknown", "misuse"),
    [("strict", True, True), ("normal", False, True), ("loose", False, False), ("disabled", False, False)],
)
def test_the_validation_level_decides_what_is_warned_of(level: str, unknown: bool, misuse: bool) -> None:
    """Unknown keywords under strict, a context that is no mapping under normal too."""
    FlextExceptions.configure_error_handling({"validation_level": level}).unwrap()
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        FlextExceptions.ValidationError("m", field="f", feild="f")  # noqa: FLX301
    text = "ValidationError has no keyword feild; it goes into context"
    assert [str(item.message) for item in seen] == [text] * unknown
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        FlextExceptions.ValidationError("m", context="text")  # type: ignore[arg-type]
    assert [str(item.message) for item in seen] == ["context of ValidationError must be a mapping, not str"] * misuse
    assert all(item.category is FlextUsageWarning and item.filename == __file__ for item in seen)


def test_strict_says_nothing_of_keywords_that_are_known_reserved_or_none() -> None:
    """Nor of the builtin's own."""
    FlextExceptions.configure_error_handling({"validation_level": "strict"}).unwrap()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        error = FlextExceptions.ImportError("m", name="n", code="C", context={"a": 1}, retryable=True, nothing=None)
        assert not hasattr(error, "__notes__")
        assert not hasattr(FlextExceptions("m", field="f", service=None), "__notes__")


def test_a_warning_that_a_filter_makes_an_error_becomes_a_note() -> None:
    """The constructor does not raise, and what it had to say is not lost."""
    FlextExceptions.configure_error_handling({"validation_level": "strict"}).unwrap()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        error = FlextExceptions.ValidationError("m", feild="f")  # noqa: FLX301
    assert error.__notes__ == ["ValidationError has no keyword feild; it goes into context"]
    assert error.context == {"feild": "f"}
