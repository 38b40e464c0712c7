"""A typed error can replace its builtin anywhere."""

from __future__ import annotations

import builtins
import copy
import pickle
import traceback
import weakref
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flext_exceptions import FlextExceptions
from flext_exceptions.catalogue import ROWS, TARGETS, Row

BUILTINS = [cls for cls in vars(builtins).values() if isinstance(cls, type) and issubclass(cls, BaseException)]
row = pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])


class Unprintable:
    """Neither str nor repr works."""

    def __str__(self) -> str:
        raise ValueError("no text")

    __repr__ = __str__


OBJECTS = (
    st.text()
    | st.none()
    | st.integers()
    | st.floats()
    | st.binary()
    | st.tuples(st.text(), st.integers())
    | st.dictionaries(st.text(), st.integers())
    | st.builds(ValueError, st.text())
    | st.builds(KeyError, st.text())
    | st.sampled_from([object, Unprintable, [], Ellipsis, NotImplemented])
)


def text(error: BaseException) -> object:
    """Its str, or the type of what str raises."""
    try:
        return str(error)
    except Exception as failure:
        return type(failure)


def own_fields(error: BaseException) -> dict[str, Any]:
    """The fields that the builtin keeps."""
    names = "errno strerror filename filename2 characters_written name path msg obj".split()
    return {name: getattr(error, name) for name in names if hasattr(error, name)}


def same(typed: BaseException, plain: BaseException) -> None:
    """The law for one pair."""
    assert [isinstance(typed, kind) for kind in BUILTINS] == [isinstance(plain, kind) for kind in BUILTINS]
    assert text(typed) == text(plain)
    assert len(typed.args) == len(plain.args)
    assert all(ours is theirs or ours == theirs for ours, theirs in zip(typed.args, plain.args, strict=True))
    ours, theirs = own_fields(typed), own_fields(plain)
    assert ours.keys() >= theirs.keys()
    assert all(ours[name] is value or ours[name] == value for name, value in theirs.items())


@row
@given(args=st.lists(OBJECTS, max_size=6))
def test_any_arguments_are_taken_as_the_builtin_takes_them(row: Row, args: list[object]) -> None:
    """isinstance, str, args and the builtin's own fields agree, for any number of any objects."""
    try:
        plain = row.builtin(*args)
    except Exception:
        # The one place where they differ: the builtin refuses, the typed error keeps what it was given.
        assert row.type(*args).args == tuple(args)
        return
    typed = row.type(*args)
    same(typed, plain)
    assert [id(arg) for arg in typed.args] == [id(arg) for arg in plain.args]


@row
def test_nothing_at_all_is_no_message(row: Row) -> None:
    """T() has no args, and so has ``raise T``."""
    same(row.type(), row.builtin())
    with pytest.raises(row.builtin) as caught:
        raise row.type
    assert caught.value.args == ()
    assert type(caught.value) is row.type


ERRNOS = sorted({*range(1, 134)})


@given(
    errno=st.just(11) | st.sampled_from(ERRNOS) | st.integers() | st.text(),
    rest=st.lists(st.text() | st.integers() | st.none(), min_size=1, max_size=4),
)
def test_an_errno_makes_the_type_that_the_builtin_makes_of_it(errno: object, rest: list[Any]) -> None:
    """OSError(2, "x") is a FileNotFoundError, so the typed one is a NotFoundError, whole and counted as one."""
    try:
        plain = OSError(errno, *rest)
    except Exception:
        assert isinstance(FlextExceptions.OSError(errno, *rest), OSError)
        return
    with FlextExceptions.Metrics.isolated():
        typed = FlextExceptions.OSError(errno, *rest)
        assert FlextExceptions.get_metrics() == {type(typed).__name__: 1}
    same(typed, plain)
    assert type(typed) is TARGETS[type(plain).__name__].type


def test_a_subclass_of_oserror_stays_what_it_is_whatever_the_errno() -> None:
    """As a subclass of the builtin does."""

    class Own(FlextExceptions.OSError):
        pass

    assert type(Own(2, "x")) is Own
    assert type(FlextExceptions.TimeoutError(2, "x")) is FlextExceptions.TimeoutError


@pytest.mark.parametrize("name", TARGETS)
def test_the_target_mirrors_where_its_builtin_stands(name: str) -> None:
    """Of two builtins with a type, the types are related exactly as the builtins are."""
    for other, target in TARGETS.items():
        related = issubclass(vars(builtins)[name], vars(builtins)[other])
        assert issubclass(TARGETS[name].type, target.type) == related, other


def test_types_that_share_a_builtin_are_strangers_except_where_one_is_said_to_be_the_other() -> None:
    """ValidationError and ConfigurationError, TypeError and UserError, Error and its siblings stay unrelated."""
    pairs = {
        (one.name, other.name)
        for one in ROWS
        for other in ROWS
        if one is not other and one.builtin is other.builtin and issubclass(one.type, other.type)
    }
    assert pairs == {("AuthenticationError", "PermissionError")}


@row
def test_causes_notes_groups_tracebacks_and_weak_references_work(row: Row) -> None:
    """All that the language does with an exception it does with a typed one."""
    cause = ValueError("cause")
    try:
        try:
            raise row.type("m") from cause
        except FlextExceptions as caught:
            error = caught
    finally:
        pass
    assert error.__cause__ is cause and error.__suppress_context__
    error.add_note("note")
    assert error.__notes__ == ["note"]
    shown = traceback.format_exception(error)
    assert "note\n" in shown
    assert f"{row.type.__module__}.{row.type.__qualname__}: {error}\n" in shown
    assert error.with_traceback(None) is error and error.__traceback__ is None
    assert weakref.ref(error)() is error
    with pytest.raises(ExceptionGroup) as group:
        try:
            raise ExceptionGroup("g", [row.type("m"), OSError()])
        except* row.builtin as part:
            assert type(part.exceptions[0]) is row.type
            raise part from None
    assert isinstance(group.value, ExceptionGroup)


@row
def test_a_traceback_differs_in_the_class_name_only(row: Row) -> None:
    """Python shows the same lines but for the name."""
    ours = traceback.format_exception_only(row.type("text"))
    theirs = traceback.format_exception_only(row.builtin("text"))
    name = f"flext_exceptions.FlextExceptions.{row.name}"
    assert ours == [line.replace(row.builtin.__name__, name, 1) for line in theirs]


@row
def test_it_is_caught_by_its_builtin_the_root_the_base_and_itself(row: Row) -> None:
    """And its name is its public one, without underscore, wherever Python shows it."""
    for kind in (row.builtin, FlextExceptions, FlextExceptions.BaseError, row.type, Exception):
        with pytest.raises(kind):
            raise row.type("m")
    assert row.type.__name__ == row.name
    assert row.type.__qualname__ == f"FlextExceptions.{row.name}"
    assert row.type.__module__ == "flext_exceptions"


@row
@given(message=st.text() | st.integers() | st.none())
def test_pickles_and_copies_are_as_the_builtins(row: Row, message: object) -> None:
    """Class, args and text survive pickle (every protocol), copy and deepcopy."""
    error = row.type(message)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        same(pickle.loads(pickle.dumps(error, protocol)), row.builtin(message))
    same(copy.copy(error), row.builtin(message))
    same(copy.deepcopy(error), row.builtin(message))


def test_an_object_as_message_is_kept_as_it_is_and_read_as_text() -> None:
    """``raise KeyError(key)`` and ``ValueError(err)`` are everyday code."""
    key = ("a", 1)
    error = FlextExceptions.KeyError(key)
    assert error.args[0] is key
    assert error.message == "('a', 1)"
    assert str(FlextExceptions.KeyError("k")) == "'k'" and FlextExceptions.KeyError("k").message == "k"
    assert FlextExceptions.Error(Unprintable()).message == "<unprintable Unprintable>"


def test_equality_is_identity() -> None:
    """Trackers hold errors in weak sets."""
    one, other = FlextExceptions.Error("m"), FlextExceptions.Error("m")
    assert one == one and one != other
    assert len({one, other}) == 2
