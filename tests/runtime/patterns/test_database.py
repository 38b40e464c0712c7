"""What a database's driver raises comes out typed: SQLite's errors, SQLAlchemy's, and those that nobody can provoke."""

from __future__ import annotations

import asyncio
import functools
import inspect
import pickle
import re
import sqlite3
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import exc, orm

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
SCHEMA = """
    CREATE TABLE shops (id INTEGER PRIMARY KEY);
    CREATE TABLE users (
        id INTEGER PRIMARY KEY,
        email TEXT,
        town TEXT,
        name TEXT NOT NULL DEFAULT 'x',
        age INTEGER CONSTRAINT adult CHECK (age >= 18),
        size INTEGER CHECK (size > 0),
        shop INTEGER REFERENCES shops,
        UNIQUE (email, town)
    );
    CREATE TABLE guests ("full name" NOT NULL);
    CREATE TABLE words (word TEXT PRIMARY KEY);
    CREATE UNIQUE INDEX lower_names ON users (lower(name)) WHERE name <> 'x';
    CREATE TRIGGER guard BEFORE DELETE ON users BEGIN SELECT RAISE(ABORT, 'hunter2 stays'); END;
    INSERT INTO shops VALUES (1);
    INSERT INTO users (id) VALUES (1);
    INSERT INTO words VALUES ('one');
"""
translate = DatabaseExceptionTranslator("sqlite").translate_and_execute


@translate
def connect(path: object, **options: Any) -> sqlite3.Connection:
    """Open a file; what is wrong with it may show later."""
    return sqlite3.connect(str(path), **options)


@translate
def run(connection: sqlite3.Connection, statement: str, *values: object) -> None:
    """Do a statement."""
    connection.execute(statement, values)


@translate
async def run_later(connection: sqlite3.Connection, statement: str, *values: object) -> None:
    """Do a statement, after giving way."""
    await asyncio.sleep(0)
    connection.execute(statement, values)


@translate
def run_by_sqlalchemy(connection: sqlite3.Connection, statement: str, *values: object) -> None:
    """Do a statement through SQLAlchemy."""
    options: Any = {"creator": lambda: connection, "poolclass": sqlalchemy.StaticPool}
    with sqlalchemy.create_engine("sqlite://", **options).connect() as wrapped:
        wrapped.exec_driver_sql(statement, values or None)


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


@pytest.fixture
def shop() -> Iterator[sqlite3.Connection]:
    """A connection to a database with tables, in memory."""
    with closing(sqlite3.connect(":memory:", check_same_thread=False)) as connection:
        connection.executescript(SCHEMA)
        connection.execute("PRAGMA foreign_keys = on")
        yield connection


@pytest.fixture(params=[fail, fail_later], ids=["sync", "async"])
def failing(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """A function that fails, translated."""
    return DatabaseExceptionTranslator("postgresql").translate_and_execute(request.param)


def translated(error: BaseException) -> Any:
    """What an error becomes."""
    with pytest.raises(FlextExceptions) as caught:
        translate(fail)(error)
    assert caught.value.__cause__ is error
    return caught.value


VIOLATIONS: dict[str, tuple[str, type[FlextExceptions.BaseError], str, dict[str, str]]] = {
    "unique": (
        f"INSERT INTO users (email, town) VALUES ('{SECRET}', 'y'), ('{SECRET}', 'y')",
        EXISTS,
        "CONSTRAINT_UNIQUE",
        {"table": "users", "column": "email, town", "resource_type": "users"},
    ),
    "unique index of an expression": (
        "INSERT INTO users (name) VALUES ('a'), ('A')",
        EXISTS,
        "CONSTRAINT_UNIQUE",
        {"constraint": "lower_names"},
    ),
    "primary key": (
        "INSERT INTO words VALUES ('one')",
        EXISTS,
        "CONSTRAINT_PRIMARYKEY",
        {"table": "words", "column": "word", "resource_type": "words"},
    ),
    "foreign key": ("INSERT INTO users (shop) VALUES (99)", INVALID, "CONSTRAINT_FOREIGNKEY", {}),
    "not null": (
        "INSERT INTO users (name) VALUES (NULL)",
        INVALID,
        "CONSTRAINT_NOTNULL",
        {"table": "users", "column": "name", "field": "name"},
    ),
    "not null, of a name that cannot be told from the text": (
        "INSERT INTO guests VALUES (NULL)",
        INVALID,
        "CONSTRAINT_NOTNULL",
        {},
    ),
    "check": ("INSERT INTO users (age) VALUES (3)", INVALID, "CONSTRAINT_CHECK", {"constraint": "adult"}),
    "check without a name": ("INSERT INTO users (size) VALUES (-3)", INVALID, "CONSTRAINT_CHECK", {}),
    "wrong type of a row number": (f"INSERT INTO shops VALUES ('{SECRET}')", INVALID, "MISMATCH", {}),
    "raised by a trigger": ("DELETE FROM users", INVALID, "CONSTRAINT_TRIGGER", {}),
}


@pytest.mark.parametrize("execute", [run, run_later, run_by_sqlalchemy], ids=["sync", "async", "sqlalchemy"])
@pytest.mark.parametrize(("statement", "kind", "name", "facts"), VIOLATIONS.values(), ids=VIOLATIONS)
def test_a_violated_constraint_is_told_by_its_code(
    shop: sqlite3.Connection,
    execute: Callable[..., Any],
    statement: str,
    kind: type[FlextExceptions.BaseError],
    name: str,
    facts: dict[str, str],
) -> None:
    """With what SQLite says of it, and with its error as the cause."""
    with pytest.raises(FlextExceptions) as caught:
        call(execute, shop, statement)
    error = caught.value
    cause: Any = error.__cause__
    driver = getattr(cause, "orig", cause)
    assert type(error) is kind and type(driver) is sqlite3.IntegrityError
    assert driver.sqlite_errorname == f"SQLITE_{name}"
    assert error.context == facts | {
        "database_type": "sqlite",
        "function": execute.__name__,
        "original_exception": "IntegrityError",
        "sqlite_errorcode": driver.sqlite_errorcode,
    }
    named = "".join(f", {key} {facts[key]}" for key in ("table", "column", "constraint") if key in facts)
    code = f"{driver.sqlite_errorname} ({driver.sqlite_errorcode})"
    assert str(error) == f"Database operation failed: {code}{named}"
    assert SECRET not in repr(error) + repr(error.context)


def test_values_that_were_bound_stay_in_the_cause(shop: sqlite3.Connection) -> None:
    """SQLAlchemy shows them, and the statement."""
    with pytest.raises(INVALID) as caught:
        run_by_sqlalchemy(shop, "INSERT INTO users (email, shop) VALUES (?, 99)", SECRET)
    told = caught.value.to_dict()
    assert SECRET in str(caught.value.__cause__)
    assert SECRET not in str(told["message"]) + str(told["context"]) + repr(caught.value)


def test_a_function_without_a_name_is_not_shown_with_what_it_was_given(shop: sqlite3.Connection) -> None:
    """As the repr of a partial would be; an object says its class."""

    class Insert:
        async def __call__(self) -> None:
            shop.execute("INSERT INTO words VALUES ('one')")

    partial = functools.partial(run, shop, "INSERT INTO words VALUES (?)", "one")
    for function, name in ((functools.partial(shop.execute, "nothing", (SECRET,)), "partial"), (Insert(), "Insert")):
        with pytest.raises(FlextExceptions) as caught:
            call(translate(function))
        assert caught.value.context["function"] == name
        assert SECRET not in repr(caught.value.context)
    with pytest.raises(EXISTS):
        partial()


def test_locks_that_are_not_had_in_time(tmp_path: Path, shop: sqlite3.Connection) -> None:
    """BUSY is a lock of another connection, LOCKED one of the same; a snapshot that is too old is told alike."""
    path = tmp_path / "shop.db"
    with closing(connect(path)) as one, closing(connect(path, timeout=0.01)) as other:
        one.executescript("PRAGMA journal_mode = wal; CREATE TABLE t (a); INSERT INTO t VALUES (1)")
        one.execute("BEGIN IMMEDIATE")
        with pytest.raises(LATE, match=r"SQLITE_BUSY \(5\)$") as caught:
            run(other, "BEGIN IMMEDIATE")
        assert (caught.value.retryable, caught.value.context["sqlite_errorcode"]) == (True, 5)
        other.execute("BEGIN")
        other.execute("SELECT * FROM t").fetchall()
        one.execute("INSERT INTO t VALUES (2)")
        one.commit()
        with pytest.raises(LATE, match=r"SQLITE_BUSY_SNAPSHOT \(517\)"):
            run(other, "INSERT INTO t VALUES (3)")
        other.rollback()
    shop.executescript("INSERT INTO words VALUES ('two'), ('three')")
    reading = shop.execute("SELECT * FROM words")
    reading.fetchone()
    with pytest.raises(LATE, match=r"SQLITE_LOCKED \(6\)"):
        run(shop, "DROP TABLE words")
    reading.close()


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    """One that cannot be opened is no connection."""
    with pytest.raises(LOST, match=r"SQLITE_CANTOPEN \(14\)") as caught:
        connect(tmp_path / "no" / "such.db")
    assert caught.value.service == "sqlite"
    garbage = tmp_path / "garbage.db"
    garbage.write_text(SECRET * 1000)
    with closing(connect(garbage)) as connection, pytest.raises(OTHER, match=r"SQLITE_NOTADB \(26\)"):
        run(connection, "SELECT * FROM t")
    fine = tmp_path / "fine.db"
    with closing(connect(fine)) as connection:
        connection.execute("CREATE TABLE t (a)")
    with closing(connect(f"file:{fine}?mode=ro", uri=True)) as reader, pytest.raises(OTHER, match="SQLITE_READONLY "):
        run(reader, "INSERT INTO t VALUES (1)")


def test_anything_else_is_a_processing_error(shop: sqlite3.Connection) -> None:
    """Statements that are wrong, statements that were stopped, and wrong uses that have no code."""
    wrong = {
        f"SELECT * FROM {SECRET}": "SQLITE_ERROR (1)",
        f"SELEKT '{SECRET}'": "SQLITE_ERROR (1)",
        "SELECT ?": "ProgrammingError",
        "SELECT :timeout": "ProgrammingError",
    }
    for statement, shown in wrong.items():
        with pytest.raises(OTHER) as caught:
            run(shop, statement)
        assert str(caught.value) == f"Database operation failed: {shown}"
        assert (caught.value.operation, caught.value.retryable) == ("run", False)
    shop.set_progress_handler(lambda: 1, 1)
    with pytest.raises(OTHER, match="SQLITE_INTERRUPT"):
        run(shop, "SELECT count(*) FROM users, words")


def test_a_closed_connection_is_none(shop: sqlite3.Connection) -> None:
    """The module says so itself, without a code of SQLite."""
    shop.close()
    with pytest.raises(LOST, match=r"ProgrammingError \(closed database\)"):
        run(shop, "SELECT 1")


def test_the_errors_of_sqlalchemy_itself() -> None:
    """A row that is not there, rows that are too many, a pool that is used up."""
    options: Any = {"poolclass": sqlalchemy.QueuePool, "pool_size": 1, "max_overflow": 0, "pool_timeout": 0.01}
    engine = sqlalchemy.create_engine("sqlite://", **options)

    @translate
    def fetch_one(connection: sqlalchemy.Connection, statement: str) -> object:
        return connection.execute(sqlalchemy.text(statement)).scalar_one()

    with engine.connect() as connection:
        assert fetch_one(connection, "SELECT 1") == 1
        with pytest.raises(MISSING, match=": NoResultFound") as caught:
            fetch_one(connection, "SELECT 1 LIMIT 0")
        assert caught.value.context["original_exception"] == "NoResultFound"
        with pytest.raises(OTHER, match=": MultipleResultsFound"):
            fetch_one(connection, "VALUES (1), (2)")
        with pytest.raises(LATE, match=": TimeoutError"):
            translate(engine.connect)()
    with pytest.raises(OTHER, match=": ResourceClosedError"):
        fetch_one(connection, "SELECT 1")
    engine.dispose()


def test_a_flush_of_sqlalchemys_session_is_told_by_its_code() -> None:
    """The ORM raises what the engine does."""

    class Base(orm.DeclarativeBase):
        pass

    class Word(Base):
        __tablename__ = "words"
        text: orm.Mapped[str] = orm.mapped_column(primary_key=True)

    engine = sqlalchemy.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with orm.Session(engine) as session:
        session.add_all([Word(text=SECRET)])
        session.flush()
        session.expunge_all()
        session.add(Word(text=SECRET))
        with pytest.raises(EXISTS) as caught:
            translate(session.flush)()
    engine.dispose()
    assert caught.value.context["table"] == "words" and SECRET not in repr(caught.value.context)


def test_a_connection_that_sqlalchemy_takes_for_lost_is_none() -> None:
    """Where neither code nor text tell more."""
    for text, kind in (("gone", LOST), ("statement timeout", LATE)):
        lost = exc.OperationalError("SELECT 1", (), sqlite3.OperationalError(text), connection_invalidated=True)
        assert type(translated(lost)) is kind
        kept = exc.OperationalError("SELECT 1", (), sqlite3.OperationalError(text))
        assert type(translated(kept)) is (OTHER if kind is LOST else kind)
    assert type(translated(exc.DisconnectionError("m"))) is LOST


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
        assert type(error) is OTHER and str(error) == f"Database operation failed: {other.__name__}"


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
    """Builtin ones too; what is no error of a database is not repeated."""
    made = translated(error)
    assert type(made) is kind
    assert str(made) == f"Database operation failed: {type(error).__name__}"


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
    outer = DatabaseExceptionTranslator("outer").translate_and_execute(failing)
    with pytest.raises(EXISTS) as caught:
        call(outer, IntegrityError("duplicate"))
    assert caught.value.context["database_type"] == "postgresql"
    assert FlextExceptions.get_metrics() == {"AlreadyExistsError": 1}


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
    assert caught.value.correlation_id == "req-1"
    assert pickle.loads(pickle.dumps(caught.value)).same_as(caught.value)


class Broken(OperationalError):
    """Whatever it is asked for fails."""

    def __getattribute__(self, name: str) -> Any:
        raise LookupError(name)

    def __str__(self) -> str:
        raise LookupError("str")


@given(st.text(), st.sampled_from([OperationalError, IntegrityError, sqlite3.IntegrityError, KeyError]))
def test_no_text_of_a_driver_is_repeated(text: str, kind: type[Exception]) -> None:
    """Whatever it says, with and without a code."""
    for code in (None, 19, 1299):
        error: Any = kind(f"\xa7{text}\xa7 duplicate \xa7")
        if code is not None:
            error.sqlite_errorcode = code
        made = translated(error)
        assert "\xa7" not in str(made) + repr(made) + repr(made.context)


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
        assert made.to_dict()["message"] == f"Database operation failed: {type(hurt).__name__}"
        assert made.context.keys() == {"database_type", "function", "original_exception", "operation"}


def test_eight_threads_share_a_translator() -> None:
    """Each has the error of its own statement, and none is lost."""

    def work(index: int) -> None:
        table = f"t{index}"
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.execute(f"CREATE TABLE {table} (a UNIQUE, b NOT NULL)")
            connection.execute(f"INSERT INTO {table} VALUES (1, 1)")
            for number in range(100):
                kind, values = (INVALID, (2, None)) if number % 2 else (EXISTS, (1, 1))
                with pytest.raises(kind) as caught:
                    run(connection, f"INSERT INTO {table} VALUES (?, ?)", *values)
                assert caught.value.context["table"] == table

    hostile.in_threads(work)
    assert FlextExceptions.get_metrics() == {"AlreadyExistsError": 400, "ValidationError": 400}


def test_no_driver_is_imported() -> None:
    """What is translated is known by what it says of itself."""
    code = "import sys; import flext_exceptions.patterns.database; print(*sys.modules)"
    code = f"import sys; sys.path[:0] = {sys.path!r}; {code}"
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True)
    assert not {"sqlite3", "psycopg", "psycopg2", "sqlalchemy"} & set(done.stdout.split())
