"""The errors of MySQL drivers become typed ones: on a real MariaDB server, with PyMySQL, aiomysql and SQLAlchemy."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Callable, Iterator
from typing import Any

import aiomysql
import pymysql
import pytest
import sqlalchemy

from flext_exceptions import FlextExceptions
from flext_exceptions.patterns.database import DatabaseExceptionTranslator
from tests.runtime.patterns.mariadb import server

EXISTS = FlextExceptions.AlreadyExistsError
INVALID = FlextExceptions.ValidationError
LOST = FlextExceptions.ConnectionError
LATE = FlextExceptions.TimeoutError
OTHER = FlextExceptions.ProcessingError

SECRET = "hunter2"
SCHEMA = """
    CREATE DATABASE shop;
    CREATE TABLE shop.shops (id INT PRIMARY KEY);
    CREATE TABLE shop.users (
        id INT PRIMARY KEY,
        email VARCHAR(99) UNIQUE,
        name VARCHAR(99) NOT NULL DEFAULT 'x',
        age INT, CONSTRAINT adult CHECK (age >= 18),
        shop INT, CONSTRAINT known_shop FOREIGN KEY (shop) REFERENCES shops (id)
    );
    INSERT INTO shop.shops VALUES (1), (2);
    INSERT INTO shop.users (id, email, shop) VALUES (1, 'hunter2', 1)
"""
translate = DatabaseExceptionTranslator("mysql").translated


@translate
def connect(**where: Any) -> Any:
    """Connect by PyMySQL."""
    return pymysql.connect(**where)


@translate
def run(connection: Any, statement: str, *values: object) -> None:
    """Do a statement."""
    connection.cursor().execute(statement, values or None)


@pytest.fixture(scope="module")
def where() -> Iterator[dict[str, Any]]:
    """How to connect to the server, with its tables."""
    with server() as place:
        options = {"unix_socket": place, "user": "root", "database": "shop"}
        connection = pymysql.connect(unix_socket=place, user="root", autocommit=True)
        for statement in SCHEMA.split(";"):
            connection.cursor().execute(statement)
        connection.close()
        yield options


@pytest.fixture
def opened(where: dict[str, Any]) -> Iterator[Callable[..., Any]]:
    """Open connections, which are closed at the end."""
    connections: list[Any] = []

    def open_one(**more: Any) -> Any:
        connections.append(connect(**where | more))
        return connections[-1]

    yield open_one
    for connection in connections:
        if connection.open:
            connection.close()


def by_pymysql(where: dict[str, Any], statement: str) -> None:
    """Do a statement by PyMySQL."""
    connection = pymysql.connect(**where)
    try:
        run(connection, statement)
    finally:
        connection.close()


def by_aiomysql(where: dict[str, Any], statement: str) -> None:
    """Do a statement by aiomysql, in a coroutine."""

    @translate
    async def run_later(connection: Any) -> None:
        async with connection.cursor() as cursor:
            await cursor.execute(statement)

    async def work() -> None:
        connection = await aiomysql.connect(unix_socket=where["unix_socket"], user="root", db=where["database"])
        try:
            await run_later(connection)
        finally:
            connection.close()

    asyncio.run(work())


def by_sqlalchemy(where: dict[str, Any], statement: str) -> None:
    """Do a statement by SQLAlchemy on PyMySQL."""
    engine = sqlalchemy.create_engine("mysql+pymysql://", connect_args=where, poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        translate(connection.exec_driver_sql)(statement)


FOREIGN = {"field": "foreign_key", "validation_details": {"constraint_type": "foreign_key"}}
INTEGRITY = {"validation_details": {"constraint_type": "integrity"}}
RECORD = {"resource_type": "database_record"}
OPERATION = {"operation": "database_operation"}
FAILURES: dict[str, tuple[str, type[FlextExceptions.BaseError], int, dict[str, Any]]] = {
    "unique": (
        f"INSERT INTO users (id, email) VALUES (2, '{SECRET}')",
        EXISTS,
        1062,
        {"constraint": "email", **RECORD},
    ),
    "primary key": ("INSERT INTO shops VALUES (1)", EXISTS, 1062, {"constraint": "PRIMARY", **RECORD}),
    "foreign key": (
        "INSERT INTO users (id, shop) VALUES (2, 99)",
        INVALID,
        1452,
        {"table": "users", "constraint": "known_shop", "column": "shop", **FOREIGN},
    ),
    "still referenced": (
        "DELETE FROM shops WHERE id = 1",
        INVALID,
        1451,
        {"table": "users", "constraint": "known_shop", "column": "shop", **FOREIGN},
    ),
    "not null": (
        "INSERT INTO users (id, name) VALUES (2, NULL)",
        INVALID,
        1048,
        {"column": "name", "field": "name", **INTEGRITY},
    ),
    "check": (
        "INSERT INTO users (id, age) VALUES (2, 3)",
        INVALID,
        4025,
        {"constraint": "adult", "table": "users", **INTEGRITY},
    ),
    "statement timeout": ("SET STATEMENT max_statement_time = 0.02 FOR SELECT SLEEP(60)", LATE, 1969, {}),
    "syntax": (f"SELEKT '{SECRET}'", OTHER, 1064, OPERATION),
    "no such table": (f"SELECT '{SECRET}' FROM nothing", OTHER, 1146, OPERATION),
    "no number": (f"INSERT INTO users (id) VALUES ('{SECRET}')", OTHER, 1366, OPERATION),
    "no privilege": ("SET GLOBAL nothing = 1", OTHER, 1193, OPERATION),
}


@pytest.mark.parametrize("execute", [by_pymysql, by_aiomysql, by_sqlalchemy])
@pytest.mark.parametrize(("statement", "kind", "number", "facts"), FAILURES.values(), ids=FAILURES)
def test_what_fails_in_the_server_is_told_by_its_number(
    where: dict[str, Any],
    execute: Callable[..., None],
    statement: str,
    kind: type[FlextExceptions.BaseError],
    number: int,
    facts: dict[str, Any],
) -> None:
    """With the server's details, but without the values that it quotes."""
    with pytest.raises(FlextExceptions) as caught:
        execute(where, statement)
    error = caught.value
    assert type(error) is kind and error.context["mysql_errno"] == number
    known = {name: error.context[name] for name in error.context if name in {*facts, "table", "column", "constraint"}}
    assert known == facts
    assert SECRET not in repr(error) + repr(error.context) + str(error.to_problem())


def test_a_server_that_speaks_german_is_understood(opened: Callable[..., Any]) -> None:
    """The number is the same."""
    connection = opened()
    run(connection, "SET lc_messages = 'de_DE'")
    with pytest.raises(EXISTS) as caught:
        run(connection, "INSERT INTO shops VALUES (1)")
    assert "Doppelter Eintrag" in str(caught.value.__cause__)


def test_a_lock_that_is_not_had_in_time(opened: Callable[..., Any]) -> None:
    """It may be tried again."""
    one, other = opened(), opened()
    run(one, "SELECT * FROM shops WHERE id = 1 FOR UPDATE")
    run(other, "SET innodb_lock_wait_timeout = 1")
    for statement in ("SELECT * FROM shops WHERE id = 1 FOR UPDATE NOWAIT",):
        with pytest.raises(LATE) as caught:
            run(other, statement)
        assert caught.value.context["mysql_errno"] == 1205 and caught.value.retryable


def test_a_deadlock_can_be_tried_again(opened: Callable[..., Any]) -> None:
    """Of two transactions that wait for each other one fails and the other goes on."""
    sessions = opened(), opened()
    failed: list[FlextExceptions] = []
    for row, session in enumerate(sessions, 1):
        run(session, f"SELECT * FROM shops WHERE id = {row} FOR UPDATE")

    def lock(session: Any, row: int) -> None:
        try:
            run(session, f"SELECT * FROM shops WHERE id = {row} FOR UPDATE")
        except FlextExceptions as error:
            failed.append(error)

    waiting = threading.Thread(target=lock, args=(sessions[0], 2))
    waiting.start()
    lock(sessions[1], 1)
    waiting.join()
    (error,) = failed
    assert (type(error), error.context["mysql_errno"], error.retryable) == (OTHER, 1213, True)


def test_a_connection_that_the_server_ended(opened: Callable[..., Any]) -> None:
    """At the next statement and the ones after it, and one that the program closed itself."""
    session, other = opened(), opened()
    run(other, f"KILL {session.thread_id()}")
    with pytest.raises(LOST) as caught:
        run(session, "SELECT 1")
    assert caught.value.context["mysql_errno"] in (1927, 2006, 2013) and caught.value.retryable
    other.close()
    with pytest.raises(LOST):
        run(other, "SELECT 1")


def test_an_answer_that_does_not_come_in_time(opened: Callable[..., Any]) -> None:
    """The driver says that the connection is lost; what is behind it says why."""
    session = opened(read_timeout=1)
    with pytest.raises(LATE):
        run(session, "SELECT SLEEP(60)")


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_a_connection_that_does_not_come_about(where: dict[str, Any]) -> None:
    """No server, no socket; a wrong password and an unknown database are the program's own fault."""
    with pytest.raises(LOST) as caught:
        connect(host="127.0.0.1", port=1, user="root")
    assert (caught.value.service, caught.value.context["mysql_errno"]) == ("database", 2003)
    with pytest.raises(LOST):
        connect(unix_socket="/nowhere", user="root")
    for wrong, number in (({"password": SECRET}, 1045), ({"database": "nothing"}, 1049)):
        with pytest.raises(OTHER) as other:
            connect(**where | wrong)
        assert other.value.context["mysql_errno"] == number
        assert SECRET not in repr(other.value) + repr(other.value.context)
        del other
        gc.collect()  # PyMySQL leaves the socket of a connection that was refused to the collector
