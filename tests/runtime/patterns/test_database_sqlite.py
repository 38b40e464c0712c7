"""The errors of SQLite and SQLAlchemy become typed ones: provoked in real databases."""

from __future__ import annotations

import asyncio
import functools
import inspect
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import orm

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
translate = DatabaseExceptionTranslator("sqlite").translated


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


@pytest.fixture
def shop() -> Iterator[sqlite3.Connection]:
    """A connection to a database with tables, in memory."""
    with closing(sqlite3.connect(":memory:", check_same_thread=False)) as connection:
        connection.executescript(SCHEMA)
        connection.execute("PRAGMA foreign_keys = on")
        yield connection


RECORD = {"resource_type": "database_record"}
FOREIGN = {"field": "foreign_key", "validation_details": {"constraint_type": "foreign_key"}}
INTEGRITY = {"validation_details": {"constraint_type": "integrity"}}
WORDS = {
    "database_record": "Record with this key already exists",
    "foreign_key": "Referenced record does not exist",
    "integrity": "Data integrity constraint violation",
}
VIOLATIONS: dict[str, tuple[str, type[FlextExceptions.BaseError], str, str, dict[str, Any]]] = {
    "unique": (
        f"INSERT INTO users (email, town) VALUES ('{SECRET}', 'y'), ('{SECRET}', 'y')",
        EXISTS,
        "CONSTRAINT_UNIQUE",
        "UNIQUE constraint failed: users.email, users.town",
        {"table": "users", "column": "email, town", **RECORD},
    ),
    "unique index of an expression": (
        "INSERT INTO users (name) VALUES ('a'), ('A')",
        EXISTS,
        "CONSTRAINT_UNIQUE",
        "SQLITE_CONSTRAINT_UNIQUE (2067), constraint lower_names",
        {"constraint": "lower_names", **RECORD},
    ),
    "primary key": (
        "INSERT INTO words VALUES ('one')",
        EXISTS,
        "CONSTRAINT_PRIMARYKEY",
        "UNIQUE constraint failed: words.word",
        {"table": "words", "column": "word", **RECORD},
    ),
    "foreign key": (
        "INSERT INTO users (shop) VALUES (99)",
        INVALID,
        "CONSTRAINT_FOREIGNKEY",
        "FOREIGN KEY constraint failed",
        FOREIGN,
    ),
    "not null": (
        "INSERT INTO users (name) VALUES (NULL)",
        INVALID,
        "CONSTRAINT_NOTNULL",
        "NOT NULL constraint failed: users.name",
        {"table": "users", "column": "name", "field": "name", **INTEGRITY},
    ),
    "not null, of a name that cannot be told from the text": (
        "INSERT INTO guests VALUES (NULL)",
        INVALID,
        "CONSTRAINT_NOTNULL",
        "SQLITE_CONSTRAINT_NOTNULL (1299)",
        INTEGRITY,
    ),
    "check": (
        "INSERT INTO users (age) VALUES (3)",
        INVALID,
        "CONSTRAINT_CHECK",
        "CHECK constraint failed: adult",
        {"constraint": "adult", **INTEGRITY},
    ),
    "check without a name": (
        "INSERT INTO users (size) VALUES (-3)",
        INVALID,
        "CONSTRAINT_CHECK",
        "SQLITE_CONSTRAINT_CHECK (275)",
        INTEGRITY,
    ),
    "wrong type of a row number": (
        f"INSERT INTO shops VALUES ('{SECRET}')",
        INVALID,
        "MISMATCH",
        "SQLITE_MISMATCH (20)",
        INTEGRITY,
    ),
    "raised by a trigger": (
        "DELETE FROM users",
        INVALID,
        "CONSTRAINT_TRIGGER",
        "SQLITE_CONSTRAINT_TRIGGER (1811)",
        INTEGRITY,
    ),
}


@pytest.mark.parametrize("execute", [run, run_later, run_by_sqlalchemy], ids=["sync", "async", "sqlalchemy"])
@pytest.mark.parametrize(("statement", "kind", "name", "said", "facts"), VIOLATIONS.values(), ids=VIOLATIONS)
def test_a_violated_constraint_is_told_by_its_code(
    shop: sqlite3.Connection,
    execute: Callable[..., Any],
    statement: str,
    kind: type[FlextExceptions.BaseError],
    name: str,
    said: str,
    facts: dict[str, Any],
) -> None:
    """With SQLite's details, and with its error as the cause."""
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
        "database_error": said,
    }
    details = facts.get("validation_details", {}).get("constraint_type")
    assert str(error) == WORDS[details or "database_record"]
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
        with pytest.raises(LATE, match="Database operation timed out") as caught:
            run(other, "BEGIN IMMEDIATE")
        assert caught.value.context["database_error"] == "SQLITE_BUSY (5)"
        assert (caught.value.retryable, caught.value.context["sqlite_errorcode"]) == (True, 5)
        other.execute("BEGIN")
        other.execute("SELECT * FROM t").fetchall()
        one.execute("INSERT INTO t VALUES (2)")
        one.commit()
        with pytest.raises(LATE) as caught:
            run(other, "INSERT INTO t VALUES (3)")
        assert caught.value.context["database_error"] == "SQLITE_BUSY_SNAPSHOT (517)"
        other.rollback()
    shop.executescript("INSERT INTO words VALUES ('two'), ('three')")
    reading = shop.execute("SELECT * FROM words")
    reading.fetchone()
    with pytest.raises(LATE) as caught:
        run(shop, "DROP TABLE words")
    assert caught.value.context["database_error"] == "SQLITE_LOCKED (6)"
    reading.close()


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    """One that cannot be opened is no connection."""
    with pytest.raises(LOST, match="Database connection failed") as caught:
        connect(tmp_path / "no" / "such.db")
    assert (caught.value.service, caught.value.context["database_error"]) == ("database", "SQLITE_CANTOPEN (14)")
    garbage = tmp_path / "garbage.db"
    garbage.write_text(SECRET * 1000)
    with closing(connect(garbage)) as connection, pytest.raises(OTHER, match="Database error occurred") as other:
        run(connection, "SELECT * FROM t")
    assert other.value.context["database_error"] == "SQLITE_NOTADB (26)"
    fine = tmp_path / "fine.db"
    with closing(connect(fine)) as connection:
        connection.execute("CREATE TABLE t (a)")
    with closing(connect(f"file:{fine}?mode=ro", uri=True)) as reader, pytest.raises(OTHER) as other:
        run(reader, "INSERT INTO t VALUES (1)")
    assert (str(other.value), other.value.context["database_error"]) == (
        "Database operational error",
        "SQLITE_READONLY (8)",
    )


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
        assert caught.value.context["database_error"] == shown
        assert str(caught.value) in ("Database operational error", "Database error occurred")
        assert (caught.value.operation, caught.value.retryable) == ("database_operation", False)
    shop.set_progress_handler(lambda: 1, 1)
    with pytest.raises(OTHER) as caught:
        run(shop, "SELECT count(*) FROM users, words")
    assert caught.value.context["database_error"] == "SQLITE_INTERRUPT (9)"


def test_a_closed_connection_is_none(shop: sqlite3.Connection) -> None:
    """The module says so itself, without a code of SQLite."""
    shop.close()
    with pytest.raises(LOST) as caught:
        run(shop, "SELECT 1")
    assert caught.value.context["database_error"] == "ProgrammingError (closed database)"


def test_the_errors_of_sqlalchemy_itself() -> None:
    """A row that is not there, rows that are too many, a pool that is used up."""
    options: Any = {"poolclass": sqlalchemy.QueuePool, "pool_size": 1, "max_overflow": 0, "pool_timeout": 0.01}
    engine = sqlalchemy.create_engine("sqlite://", **options)

    @translate
    def fetch_one(connection: sqlalchemy.Connection, statement: str) -> object:
        return connection.execute(sqlalchemy.text(statement)).scalar_one()

    with engine.connect() as connection:
        assert fetch_one(connection, "SELECT 1") == 1
        with pytest.raises(MISSING, match="Record not found") as caught:
            fetch_one(connection, "SELECT 1 LIMIT 0")
        assert caught.value.context["original_exception"] == "NoResultFound"
        with pytest.raises(OTHER) as other:
            fetch_one(connection, "VALUES (1), (2)")
        assert other.value.context["database_error"] == "MultipleResultsFound"
        with pytest.raises(LATE) as late:
            translate(engine.connect)()
        assert late.value.context["database_error"] == "TimeoutError"
    with pytest.raises(OTHER) as other:
        fetch_one(connection, "SELECT 1")
    assert other.value.context["database_error"] == "ResourceClosedError"
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
