"""What a database's driver raises comes out typed: errors made by hand, and all that holds for every driver."""

from __future__ import annotations

import asyncio
import inspect
import pickle
import re
import sqlite3
import subprocess
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import exc

from flext_exceptions import FlextExceptions
from flext_exceptions.patterns.database import DatabaseExceptionTranslator
from tests.runtime.patterns import hostile

EXISTS = FlextExceptions.AlreadyExistsError
INVALID = FlextExceptions.ValidationError
LOST = FlextExceptions.ConnectionError
LATE = FlextExceptions.TimeoutError
MISSING = FlextExceptions.NotFoundError
OTHER = FlextExceptions.ProcessingError

SECRET = "hunter2"
FOREIGN = {"constraint_type": "foreign_key"}
translate = DatabaseExceptionTranslator("postgresql").translated


def call(function: Callable[..., Any], *args: object, **keywords: object) -> Any:
    """Call a function, sync or async, to its end."""
    result = function(*args, **keywords)
    return asyncio.run(_awaited(result)) if inspect.isawaitable(result) else result


async def _awaited(result: Awaitable[object]) -> object:
    return await result


def fail(error: BaseException) -> None:
    """Raise what is given."""
    raise error


async def fail_later(error: BaseException) -> None:
    """Raise what is given, after giving way."""
    await asyncio.sleep(0)
    raise error


@pytest.fixture(params=[fail, fail_later], ids=["sync", "async"])
def failing(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """A function that fails, translated."""
    return translate(request.param)


def translated(error: BaseException) -> Any:
    """What an error becomes."""
    with pytest.raises(FlextExceptions) as caught:
        translate(fail)(error)
    assert caught.value.__cause__ is error
    return caught.value


class DatabaseError(Exception):
    """As PEP 249 wants it."""


class OperationalError(DatabaseError):
    """As PEP 249 wants it."""


class InterfaceError(Exception):
    """As PEP 249 wants it."""


class IntegrityError(DatabaseError):
    """As PEP 249 wants it."""


TEXTS = {
    'connection to server at "x" failed: FATAL:  password authentication failed for user "timeout"': OTHER,
    "connection to server failed: fe_sendauth: no password supplied": OTHER,
    'FATAL:  no pg_hba.conf entry for host "x"': OTHER,
    'FATAL:  role "x" is not permitted to log in': OTHER,
    'connection failed: FATAL:  database "x" does not exist': OTHER,
    "connection timeout expired": LATE,
    "Query timed out": LATE,
    "database is locked": LATE,
    'FATAL:  too many connections for role "x"': LOST,
    "FATAL:  sorry, too many clients already": LOST,
    "Connection refused": LOST,
    "connection failed: broken": LOST,
    'connection to server on socket "x" failed: FATAL:  the database system is starting up': LOST,
    "connection already closed": LOST,
    "the connection is closed": LOST,
    "the connection is lost": LOST,
    "SSL connection has been closed unexpectedly": LOST,
    "server closed the connection unexpectedly": LOST,
    "Cannot operate on a closed database.": LOST,
    "could not connect to server": LOST,
    "could not receive data from server: Software caused connection abort": LOST,
    "could not send data to server: Broken pipe": LOST,
    'could not translate host name "x" to address: Name or service not known': LOST,
    "failed to resolve host 'x': [Errno -2] Name or service not known": LOST,
    "no connection to the server": LOST,
    "unable to open database file": LOST,
    "UNIQUE constraint failed: users.email": EXISTS,
    'duplicate key value violates unique constraint "x"': EXISTS,
    "Duplicate entry 'x' for key 'y'": EXISTS,
    "FOREIGN KEY constraint failed": INVALID,
    "CHECK constraint failed: adult": INVALID,
    "Cannot add a row: a foreign key has no match": INVALID,
    'null value in column "x" violates not-null constraint': INVALID,
}
UNTOLD = [
    "a value for parameter :timeout",
    "no such column: 'duplicate'",
    'no such column: "duplicate"',
    "reduplicated",
    "",
]


@pytest.mark.parametrize("text", TEXTS)
def test_an_error_without_a_code_is_told_by_its_text(text: str) -> None:
    """It has to be a database's: its class has the name of one of the two that PEP 249 gives a database's errors."""
    for kind in (OperationalError, DatabaseError, InterfaceError, IntegrityError, sqlite3.OperationalError):
        assert type(translated(kind(text))) is TEXTS[text]
    for other in (Exception, KeyError, RuntimeError):
        error = translated(other(text))
        assert type(error) is OTHER and str(error) == f"Database operation failed: {other(text)}"
        assert "database_error" not in error.context


@pytest.mark.parametrize("text", UNTOLD)
def test_a_text_may_tell_nothing(text: str) -> None:
    """Names in quotes and of parameters are not what happened; an IntegrityError is one all the same."""
    assert type(translated(OperationalError(text))) is OTHER
    assert type(translated(IntegrityError(text))) is INVALID


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (TimeoutError("m"), LATE),
        (ConnectionRefusedError("m"), LOST),
        (type("PoolTimeout", (OperationalError,), {})("m"), LATE),
        (type("PoolClosed", (OperationalError,), {})("m"), LOST),
        (type("TooManyRequests", (OperationalError,), {})("m"), LOST),
        (type("ConnectionTimeout", (OperationalError,), {})("m"), LATE),
        (type("UniqueViolation", (IntegrityError,), {})("m"), EXISTS),
        (KeyError(SECRET), OTHER),
        (ExceptionGroup(SECRET, [OperationalError("timeout")]), OTHER),
    ],
    ids=repr,
)
def test_an_error_without_a_code_is_told_by_its_class(error: Exception, kind: type[FlextExceptions.BaseError]) -> None:
    """Builtin ones too; what is no error of a database says what it is."""
    made = translated(error)
    assert type(made) is kind
    words = {LATE: "Database operation timed out", LOST: "Database connection failed"}
    words[EXISTS] = "Record with this key already exists"
    assert str(made) == words.get(kind, f"Database operation failed: {error}")
    assert made.context.get("database_error") == (None if kind is OTHER else type(error).__name__)


def test_a_connection_that_sqlalchemy_takes_for_lost_is_none() -> None:
    """Where neither code nor text tell more."""
    for text, kind in (("gone", LOST), ("statement timeout", LATE)):
        lost = exc.OperationalError("SELECT 1", (), sqlite3.OperationalError(text), connection_invalidated=True)
        assert type(translated(lost)) is kind
        kept = exc.OperationalError("SELECT 1", (), sqlite3.OperationalError(text))
        assert type(translated(kept)) is (OTHER if kind is LOST else kind)
    assert type(translated(exc.DisconnectionError("m"))) is LOST


# https://sqlite.org/rescode.html: the names of the primary codes; those of extended ones begin with them.
PRIMARY = """ERROR INTERNAL PERM ABORT BUSY LOCKED NOMEM READONLY INTERRUPT IOERR CORRUPT NOTFOUND FULL CANTOPEN
    PROTOCOL EMPTY SCHEMA TOOBIG CONSTRAINT MISMATCH MISUSE NOLFS AUTH FORMAT RANGE NOTADB NOTICE WARNING""".split()
BY_NAME = {
    "BUSY": LATE,
    "LOCKED": LATE,
    "PROTOCOL": LATE,
    "CANTOPEN": LOST,
    "CONSTRAINT_UNIQUE": EXISTS,
    "CONSTRAINT_PRIMARYKEY": EXISTS,
    "CONSTRAINT_ROWID": EXISTS,
    "CONSTRAINT": INVALID,
    "MISMATCH": INVALID,
}


@pytest.mark.parametrize("primary", PRIMARY)
def test_every_code_of_sqlite_has_its_type(primary: str) -> None:
    """With the extended ones; by their names, of which the table knows the numbers only."""
    names = [name.removeprefix("SQLITE_") for name in vars(sqlite3) if re.match(rf"SQLITE_{primary}(_|$)", name)]
    assert primary in names
    for name in names:
        error = sqlite3.OperationalError("m")
        error.sqlite_errorcode = getattr(sqlite3, f"SQLITE_{name}")
        assert type(translated(error)) is BY_NAME.get(name, BY_NAME.get(primary, OTHER)), name


def test_the_code_outranks_class_and_text() -> None:
    """Of PostgreSQL and of SQLite; what is no code counts for none."""
    for name, code, kind in [
        ("sqlstate", "23505", EXISTS),
        ("pgcode", "57014", LATE),
        ("sqlite_errorcode", 2067, EXISTS),
        ("sqlite_errorcode", 19 | 99 << 8, INVALID),
        ("sqlite_errorcode", 1, OTHER),
        ("sqlstate", "ABCDE", OTHER),
        ("sqlstate", "gkpj", LOST),
        ("sqlstate", "23505 ", LOST),
        ("sqlstate", 23505, LOST),
        ("sqlite_errorcode", "2067", LOST),
        ("sqlite_errorcode", True, LOST),
        ("pgcode", None, LOST),
    ]:
        error = OperationalError("connection refused")
        setattr(error, name, code)
        made = translated(error)
        assert type(made) is kind, (name, code)
        known = {"sqlstate": code, "pgcode": code, "sqlite_errorcode": code}[name]
        key = "sqlite_errorcode" if name == "sqlite_errorcode" else "sqlstate"
        assert made.context.get(key) == (None if kind is LOST else known)


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
    """What is translated is known by what it says of itself."""
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


class MySQLError(DatabaseError):
    """As drivers of MySQL have it: a number, and a text in the language of the server."""

    __module__ = "pymysql.err"


MYSQL = {
    1062: EXISTS, 1022: EXISTS, 1586: EXISTS, 1451: INVALID, 1452: INVALID, 1048: INVALID, 3819: INVALID, 4025: INVALID,
    1040: LOST, 2002: LOST, 2003: LOST, 2006: LOST, 2013: LOST, 1205: LATE, 1969: LATE, 3024: LATE, 3572: LATE,
    1213: OTHER, 1045: OTHER, 1049: OTHER, 1064: OTHER, 1146: OTHER, 9999: OTHER,
}  # fmt: skip


@pytest.mark.parametrize("number", MYSQL)
def test_a_number_of_mysql_decides_and_not_the_text(number: int) -> None:
    """Whichever driver it is: the number is the first argument, or is called errno."""
    connector = type("IntegrityError", (DatabaseError,), {"__module__": "mysql.connector.errors"})("m")
    connector.errno, connector.sqlstate = number, "23000"  # type: ignore[attr-defined]
    client = type("IntegrityError", (DatabaseError,), {"__module__": "MySQLdb"})(number, "x")
    for error in (MySQLError(number, f"Doppelter Eintrag '{SECRET}' timeout"), connector, client):
        made = translated(error)
        assert type(made) is MYSQL[number] and made.context["mysql_errno"] == number
        assert made.retryable is (number == 1213 or MYSQL[number] in (LOST, LATE))
        assert SECRET not in repr(made) + repr(made.context) + str(made.to_problem())
        foreign = number in (1451, 1452)
        assert getattr(made, "field", None) == ("foreign_key" if foreign else None)


MYSQL_TEXTS = [
    (1062, "Duplicate entry 'O''Brien' for key 'users.email'", {"table": "users", "constraint": "email"}, False),
    (1062, "Duplicate entry 'a' for key 'b' for key 'email'", {"constraint": "email"}, False),
    (1048, "Column 'email' cannot be null", {"column": "email"}, True),
    (1364, "Field 'email' doesn't have a default value", {"column": "email"}, True),
    (
        1452,
        "Cannot add or update a child row: a foreign key constraint fails (`shop`.`users`, CONSTRAINT `known_shop` "
        "FOREIGN KEY (`shop`) REFERENCES `shops` (`id`))",
        {"table": "users", "constraint": "known_shop", "column": "shop"},
        False,
    ),
    (3819, "Check constraint 'adult' is violated.", {"constraint": "adult"}, True),
    (4025, "CONSTRAINT `adult` failed for `shop`.`users`", {"constraint": "adult", "table": "users"}, True),
]


@pytest.mark.parametrize(("number", "text", "facts", "told"), MYSQL_TEXTS, ids=[text for _, text, _, _ in MYSQL_TEXTS])
def test_what_mysql_names_is_told_without_the_values_that_it_quotes(
    number: int, text: str, facts: dict[str, str], told: bool
) -> None:
    """Its whole text only where that quotes none."""
    made = translated(MySQLError(number, text))
    assert facts.items() <= made.context.items()
    assert (made.context["database_error"] == text) is told


def test_a_wait_of_mysql_that_ran_out_is_a_timeout() -> None:
    """Its number is that of a lost connection; what is behind it tells."""
    for name in ("__cause__", "__context__", "original_exception"):
        error = MySQLError(2013, "Lost connection to MySQL server during query (timed out)")
        setattr(error, name, TimeoutError("timed out"))
        assert type(judged(error)) is LATE


def judged(error: Exception) -> Any:
    """What an error becomes, with what is behind it."""
    with pytest.raises(FlextExceptions) as caught:
        translate(fail)(error)
    return caught.value
