"""The errors of database drivers become typed ones: errors created by hand, and rules for every driver."""

from __future__ import annotations

import re
import sqlite3

import pytest
from sqlalchemy import exc

from flext_exceptions import FlextExceptions
from tests.runtime.patterns.database_calls import (
    EXISTS,
    INVALID,
    LATE,
    LOST,
    OTHER,
    SECRET,
    DatabaseError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    translated,
)

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
