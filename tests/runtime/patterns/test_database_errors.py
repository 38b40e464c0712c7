"""The database boundary as programs use it: decorators, nesting, subclasses, hostile errors."""

from __future__ import annotations

import asyncio
import inspect
import pickle
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flext_exceptions import FlextExceptions
from flext_exceptions.patterns.database import DatabaseExceptionTranslator
from tests.runtime.patterns import hostile
from tests.runtime.patterns.database_calls import (
    EXISTS,
    FOREIGN,
    INVALID,
    LATE,
    LOST,
    OTHER,
    DatabaseError,
    IntegrityError,
    OperationalError,
    call,
    fail,
    translate,
    translated,
)


def test_a_typed_error_is_the_same_one(failing: Callable[..., Any]) -> None:
    """Nothing about it changes."""
    error = FlextExceptions.NotFoundError("m", resource_id="3", correlation_id="mine")
    error.__cause__ = KeyError("k")
    with pytest.raises(FlextExceptions.NotFoundError) as caught:
        call(failing, error)
    assert caught.value is error and isinstance(error.__cause__, KeyError)
    assert (error.context, error.correlation_id) == ({"resource_id": "3"}, "mine")
    assert FlextExceptions.get_metrics() == {"NotFoundError": 1}


def test_of_translators_within_one_another_the_inner_one_tells(failing: Callable[..., Any]) -> None:
    """The outer one sees a typed error."""
    outer = DatabaseExceptionTranslator("outer").translated(failing)
    with pytest.raises(EXISTS) as caught:
        call(outer, IntegrityError("duplicate"))
    assert caught.value.context["database_type"] == "postgresql"
    assert FlextExceptions.get_metrics() == {"AlreadyExistsError": 1}


def test_what_is_executed_at_once_is_translated_alike() -> None:
    """With its arguments, and whether it is async, makes a coroutine, or neither."""
    translator = DatabaseExceptionTranslator()

    def find(key: int, *, fails: bool = False) -> int:
        if fails:
            raise IntegrityError("duplicate")
        return key

    async def find_later(key: int, *, fails: bool = False) -> int:
        return find(key, fails=fails)

    async def both() -> None:
        assert await translator.translate_and_execute(find_later, 3) == 3
        assert await translator.translate_and_execute(lambda: find_later(3)) == 3
        for func, name in [(find_later, "find_later"), (lambda *args, **kw: find_later(*args, **kw), "<lambda>")]:
            with pytest.raises(EXISTS) as later:
                await translator.translate_and_execute(func, 3, fails=True)
            assert (later.value.context["function"], later.value.context["database_type"]) == (name, "postgresql")

    assert translator.translate_and_execute(find, 3) == 3
    with pytest.raises(EXISTS) as caught:
        translator.translate_and_execute(find, 3, fails=True)
    assert caught.value.context["function"] == "find" and isinstance(caught.value.__cause__, IntegrityError)
    asyncio.run(both())


def test_a_success_is_returned() -> None:
    """And the function looks like itself."""

    @translate
    def add(one: int, other: int = 2) -> int:
        """Adds."""
        return one + other

    @translate
    async def add_later(one: int, other: int = 2) -> int:
        """Adds."""
        return one + other

    for function in (add, add_later):
        assert call(function, 1) == 3 and call(function, 1, other=4) == 5
        assert (function.__doc__, str(inspect.signature(function))[:10]) == ("Adds.", "(one: 'int")
    assert inspect.iscoroutinefunction(add_later) and not inspect.iscoroutinefunction(add)
    assert FlextExceptions.get_metrics() == {}


def test_what_is_no_exception_goes_through(failing: Callable[..., Any]) -> None:
    """Ctrl-C, and a task that is cancelled."""
    for error in (KeyboardInterrupt(), asyncio.CancelledError(), SystemExit(3)):
        with pytest.raises(type(error)) as caught:
            call(failing, error)
        assert caught.value is error
    assert FlextExceptions.get_metrics() == {}


def test_the_bound_id_is_kept_and_the_error_travels(failing: Callable[..., Any]) -> None:
    """One incident, one id; to another process, too, which may not have the driver."""
    with FlextExceptions.correlation("req-1"), pytest.raises(EXISTS) as caught:
        call(failing, IntegrityError("duplicate"))
    assert (caught.value.correlation_id, caught.value.code) == ("req-1", "ALREADY_EXISTS")
    assert pickle.loads(pickle.dumps(caught.value)).same_as(caught.value)


class Broken(OperationalError):
    """Whatever it is asked for fails."""

    def __getattribute__(self, name: str) -> Any:
        raise LookupError(name)

    def __str__(self) -> str:
        raise LookupError("str")


@given(st.text(), st.sampled_from([OperationalError, IntegrityError, sqlite3.IntegrityError]))
def test_no_text_of_a_driver_is_repeated(text: str, kind: type[Exception]) -> None:
    """Whatever it says, with and without a code."""
    for code in (None, 19, 1299):
        error: Any = kind(f"\xa7{text}\xa7 duplicate \xa7")
        if code is not None:
            error.sqlite_errorcode = code
        made = translated(error)
        assert "\xa7" not in str(made) + repr(made) + repr(made.context)
        assert made.context["database_error"].startswith(kind.__name__)


HOSTILE = [hostile.Broken(), hostile.BrokenDict(a=1), hostile.cyclic(), "\ud800", b"\xff"]


@pytest.mark.parametrize("value", HOSTILE, ids=["fails", "fails as a dict", "cyclic", "half a character", "bytes"])
def test_nothing_that_an_error_holds_hides_it(value: Any) -> None:
    """Each fact that cannot be had is left out."""
    error = OperationalError(value)
    for name in ("orig", "sqlstate", "pgcode", "sqlite_errorcode", "diag", "connection_invalidated"):
        setattr(error, name, value)
    for hurt in (error, Broken()):
        made = translated(hurt)
        assert type(made) is OTHER
        assert made.to_dict()["message"] == "Database operational error"
        assert made.context["database_error"] == type(hurt).__name__
        facts = {"database_type", "function", "original_exception", "operation", "database_error"}
        assert made.context.keys() == facts


def test_no_driver_is_imported() -> None:
    """The errors to translate are recognised by their own attributes."""
    code = "import sys; import flext_exceptions.patterns.database; print(*sys.modules)"
    code = f"import sys; sys.path[:0] = {sys.path!r}; {code}"
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True)
    assert not {"sqlite3", "psycopg", "psycopg2", "sqlalchemy"} & set(done.stdout.split())


def test_the_decorator_takes_parentheses_too() -> None:
    """As others do."""

    @DatabaseExceptionTranslator("sqlite").translated()
    def add() -> None:
        raise IntegrityError("duplicate")

    with pytest.raises(EXISTS) as caught:
        add()
    assert caught.value.context["function"] == "add"


@pytest.mark.parametrize(
    ("method", "text", "kind", "more"),
    [
        ("integrity", "UNIQUE constraint failed: users.email", EXISTS, {"resource_type": "database_record"}),
        ("integrity", "FOREIGN KEY failed", INVALID, {"field": "foreign_key", "validation_details": FOREIGN}),
        ("integrity", "CHECK constraint failed", INVALID, {"validation_details": {"constraint_type": "integrity"}}),
        ("operational", "Connection refused", LOST, {"service": "database"}),
        ("operational", "statement timeout", LATE, {}),
        ("operational", "disk full", OTHER, {"operation": "database_operation"}),
        ("database", "what", OTHER, {"operation": "database_operation"}),
    ],
)
def test_what_a_program_hands_over_itself_is_told_by_its_text(
    method: str, text: str, kind: type[FlextExceptions.BaseError], more: dict[str, Any]
) -> None:
    """It has no code, and is the program's own word."""
    error = getattr(DatabaseExceptionTranslator(), f"_handle_{method}_error")(text)
    assert type(error) is kind and error.context == more | {"database_error": text}


def test_what_an_error_becomes_can_be_overridden() -> None:
    """For each of the three kinds; what is known of it is added all the same."""

    class Own(DatabaseExceptionTranslator):
        def _handle_integrity_error(self, error_msg: str) -> FlextExceptions.BaseError:
            if "users.email" in error_msg:
                return FlextExceptions.ValidationError("taken", field="email")
            return super()._handle_integrity_error(error_msg)

        def _handle_operational_error(self, error_msg: str) -> FlextExceptions.BaseError:
            return FlextExceptions.CriticalError(error_msg)

        def _handle_database_error(self, error_msg: str) -> FlextExceptions.BaseError:
            raise FlextExceptions.Error("raised")

    def made(error: Exception) -> Any:
        with pytest.raises(FlextExceptions) as caught:
            Own("sqlite").translate_and_execute(fail, error)
        return caught.value

    unique = sqlite3.IntegrityError("UNIQUE constraint failed: users.email")
    unique.sqlite_errorcode = 2067
    error = made(unique)
    assert (type(error), error.field, error.context["sqlite_errorcode"]) == (INVALID, "email", 2067)
    assert type(made(IntegrityError("duplicate"))) is EXISTS
    assert type(made(OperationalError("what"))) is FlextExceptions.CriticalError
    assert type(made(DatabaseError("what"))) is FlextExceptions.Error
