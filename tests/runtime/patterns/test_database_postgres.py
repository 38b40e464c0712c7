"""The errors of PostgreSQL drivers become typed ones: provoked on a real server, with each driver."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any, NamedTuple

import psycopg
import pytest

from flext_exceptions import FlextExceptions
from tests.runtime.patterns import hostile
from tests.runtime.patterns.drivers import DRIVERS, Asyncpg, AsyncPsycopg, AsyncSQLAlchemy, Psycopg, SQLAlchemy

Open = Callable[..., Psycopg]
SECRET = "hunter2"
SCHEMA = """
    CREATE TABLE shops (id int PRIMARY KEY);
    CREATE TABLE users (
        id int PRIMARY KEY,
        email text UNIQUE,
        name text NOT NULL DEFAULT 'x',
        age int CONSTRAINT adult CHECK (age >= 18),
        shop int CONSTRAINT known_shop REFERENCES shops,
        staying int4range,
        CONSTRAINT no_overlap EXCLUDE USING gist (staying WITH &&)
    );
    CREATE VIEW adults AS SELECT * FROM users WHERE age >= 18 WITH CHECK OPTION;
    INSERT INTO shops VALUES (1), (2);
    CREATE FUNCTION fail(code text) RETURNS void LANGUAGE plpgsql
        AS 'BEGIN RAISE EXCEPTION ''hunter2'' USING ERRCODE = code, DETAIL = ''hunter2''; END';
    CREATE ROLE guarded LOGIN PASSWORD 'right';
    CREATE ROLE crowded LOGIN CONNECTION LIMIT 0;
    CREATE ROLE modest LOGIN;
"""


@pytest.fixture(scope="session")
def where(postgres: str) -> dict[str, Any]:
    """How to connect to the server, with its tables."""
    place = {"host": postgres, "user": "postgres", "dbname": "postgres"}
    with psycopg.connect(**place) as connection:
        connection.execute(SCHEMA)
    return place


@pytest.fixture(params=DRIVERS)
def connect(request: pytest.FixtureRequest, where: dict[str, Any]) -> Iterator[Open]:
    """Opens a connection by one of the drivers; at the end all are closed, and what they did is undone."""
    opened: list[Psycopg] = []

    def connected(**other: Any) -> Psycopg:
        session = DRIVERS[request.param]()
        opened.append(session)
        session.connect(**where | other)
        return session

    yield connected
    for session in opened:
        session.close()


class Case(NamedTuple):
    """A statement that fails, what goes before it, and what is to be known of the failure."""

    statement: str
    kind: type[FlextExceptions.BaseError]
    code: str
    before: str = "SELECT 1"
    facts: dict[str, str] | None = None


EXISTS = FlextExceptions.AlreadyExistsError
INVALID = FlextExceptions.ValidationError
LOST = FlextExceptions.ConnectionError
LATE = FlextExceptions.TimeoutError
MISSING = FlextExceptions.NotFoundError
OTHER = FlextExceptions.ProcessingError

CASES = {
    "unique": Case(
        f"INSERT INTO users (id, email) VALUES (1, '{SECRET}'), (2, '{SECRET}')",
        EXISTS,
        "23505",
        facts={"table": "users", "constraint": "users_email_key", "resource_type": "database_record"},
    ),
    "primary key": Case(
        "INSERT INTO shops VALUES (1)",
        EXISTS,
        "23505",
        facts={"table": "shops", "constraint": "shops_pkey", "resource_type": "database_record"},
    ),
    "foreign key": Case(
        "INSERT INTO users (id, shop) VALUES (1, 99)",
        INVALID,
        "23503",
        facts={"table": "users", "constraint": "known_shop"},
    ),
    "still referenced": Case(
        "DELETE FROM shops",
        INVALID,
        "23503",
        before="INSERT INTO users (id, shop) VALUES (1, 2)",
        facts={"table": "users", "constraint": "known_shop"},
    ),
    "not null": Case(
        f"INSERT INTO users (id, name, email) VALUES (1, NULL, '{SECRET}')",
        INVALID,
        "23502",
        facts={"table": "users", "column": "name", "field": "name"},
    ),
    "check": Case(
        f"INSERT INTO users (id, age, email) VALUES (1, 3, '{SECRET}')",
        INVALID,
        "23514",
        facts={"table": "users", "constraint": "adult"},
    ),
    "exclusion": Case(
        "INSERT INTO users (id, staying) VALUES (1, '[1,5)'), (2, '[4,8)')",
        INVALID,
        "23P01",
        facts={"table": "users", "constraint": "no_overlap"},
    ),
    "check of a view": Case(f"INSERT INTO adults (id, name) VALUES (1, '{SECRET}')", INVALID, "44000"),
    "statement timeout": Case("SELECT pg_sleep(60)", LATE, "57014", before="SET LOCAL statement_timeout = 20"),
    "no row": Case("DO 'DECLARE n int; BEGIN SELECT id INTO STRICT n FROM users; END'", MISSING, "P0002"),
    "syntax": Case(f"SELEKT '{SECRET}'", OTHER, "42601"),
    "no such table": Case(f"SELECT {SECRET} FROM nothing", OTHER, "42P01"),
    "no such column": Case(f"SELECT {SECRET} FROM users", OTHER, "42703"),
    "table exists": Case("CREATE TABLE users (id int)", OTHER, "42P07"),
    "division by zero": Case("SELECT 1 / 0", OTHER, "22012"),
    "no number": Case(f"SELECT '{SECRET}'::int", OTHER, "22P02"),
    "read only": Case("DELETE FROM users", OTHER, "25006", before="SET LOCAL transaction_read_only = on"),
    "no privilege": Case("SELECT * FROM users", OTHER, "42501", before="SET LOCAL ROLE modest"),
    "raised by a function": Case("SELECT fail('P0001')", OTHER, "P0001"),
}


def facts_of(case: Case) -> dict[str, Any]:
    """What is known of a failure beyond its facts, by its type."""
    facts: dict[str, Any] = dict(case.facts or {})
    if case.kind is OTHER:
        return facts | {"operation": "database_operation"}
    if case.kind is MISSING:
        return facts | {"resource_type": "database_record"}
    if case.kind is INVALID:
        foreign = case.code == "23503"
        facts["validation_details"] = {"constraint_type": "foreign_key" if foreign else "integrity"}
        return facts | ({"field": "foreign_key"} if foreign else {})
    return facts


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_fails_in_the_server_is_told_by_its_code(connect: Open, case: Case) -> None:
    """With the driver's details, and with its error as the cause."""
    session = connect()
    session.run(case.before)
    with pytest.raises(FlextExceptions) as caught:
        session.run(case.statement)
    error = caught.value
    assert type(error) is case.kind
    cause: Any = error.__cause__
    driver = getattr(cause, "orig", cause)
    known = dict(error.context)
    said = known.pop("database_error")
    assert known == facts_of(case) | {
        "database_type": "postgresql",
        "function": "run_later" if isinstance(session, AsyncPsycopg) else "run",
        "original_exception": type(driver).__name__,
        "sqlstate": case.code,
    }
    described = f"{type(driver).__name__} ({case.code})"
    assert said.startswith(described) or ("violates" in said and case.code.startswith("23"))
    assert SECRET not in repr(error) + repr(error.context)
    if SECRET in case.statement and not isinstance(session, Asyncpg):  # which repeats no statement
        assert SECRET in str(cause)  # so that it could have come out


def test_values_that_were_bound_stay_in_the_cause(connect: Open) -> None:
    """The drivers show them in the detail, SQLAlchemy the statement too."""
    session = connect()
    session.run("INSERT INTO users (id, email) VALUES (1, %s)", SECRET)
    with pytest.raises(EXISTS) as caught:
        session.run("INSERT INTO users (id, email) VALUES (2, %s)", SECRET)
    told = caught.value.to_dict()
    assert SECRET in str(caught.value.__cause__)
    assert SECRET not in str(told["message"]) + str(told["context"]) + repr(caught.value)


# Appendix A, https://www.postgresql.org/docs/18/errcodes-appendix.html: its classes (72 is of older versions), and the
# codes that say something else than their class.
CLASSES = {
    "00": OTHER, "01": OTHER, "02": OTHER, "03": OTHER, "08": LOST, "09": OTHER, "0A": OTHER, "0B": OTHER, "0F": OTHER,
    "0L": OTHER, "0P": OTHER, "0Z": OTHER, "10": OTHER, "20": OTHER, "21": OTHER, "22": OTHER, "23": INVALID,
    "24": OTHER, "25": OTHER, "26": OTHER, "27": OTHER, "28": OTHER, "2B": OTHER, "2D": OTHER, "2F": OTHER,
    "34": OTHER, "38": OTHER, "39": OTHER, "3B": OTHER, "3D": OTHER, "3F": OTHER, "40": OTHER, "42": OTHER,
    "44": INVALID, "53": OTHER, "54": OTHER, "55": OTHER, "57": OTHER, "58": OTHER, "F0": OTHER, "HV": OTHER,
    "72": OTHER, "P0": OTHER, "XX": OTHER,
}  # fmt: skip
CODES = {
    "23505": EXISTS, "25P03": LATE, "25P04": LATE, "40002": INVALID, "53300": LOST, "55P03": LATE, "57014": LATE,
    "57P01": LOST, "57P02": LOST, "57P03": LOST, "57P04": LOST, "57P05": LATE, "HV00N": LOST, "P0002": MISSING,
}  # fmt: skip
KNOWN = {code for cls in vars(psycopg.errors).values() if isinstance(code := getattr(cls, "sqlstate", None), str)}


@pytest.mark.parametrize("connect", ["psycopg", "psycopg2", "asyncpg", "sqlalchemy-asyncpg"], indirect=True)
def test_every_code_of_every_class_has_its_type(connect: Open) -> None:
    """Raised in the server: all that psycopg knows, and one unknown code of each class."""
    session = connect()
    codes = {*KNOWN, *(f"{name}ZZZ" for name in CLASSES)}
    assert {code[:2] for code in codes} == set(CLASSES) and len(codes) > 280
    for code in sorted(codes - {"00000"}):  # which plpgsql takes for none
        session.run("SAVEPOINT start")
        with pytest.raises(FlextExceptions) as caught:
            session.run(f"SELECT fail('{code}')")
        session.run("ROLLBACK TO start")
        error = caught.value
        assert error.context["sqlstate"] == code
        assert type(error) is CODES.get(code, CLASSES[code[:2]]), code
        again = code in ("40001", "40P01") or type(error) in (LOST, LATE)
        assert error.retryable is again, code
        assert SECRET not in repr(error) + repr(error.context)


def test_a_lock_that_is_not_had_in_time(connect: Open) -> None:
    """Waiting for it, and not waiting at all."""
    holder, other = connect(), connect()
    holder.run("LOCK shops")
    other.run("SET lock_timeout = 20")
    other.commit()
    for statement in ("SELECT * FROM shops", "LOCK TABLE shops IN ACCESS SHARE MODE NOWAIT"):
        session = other if statement.startswith("SELECT") else connect()
        with pytest.raises(LATE) as caught:
            session.run(statement)
        assert caught.value.context["sqlstate"] == "55P03" and caught.value.retryable


def test_a_serialization_failure_can_be_tried_again(connect: Open) -> None:
    """Two transactions change one row."""
    one, other = connect(), connect()
    for session in (one, other):
        session.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        session.run("SELECT * FROM shops")
    one.run("UPDATE shops SET id = id WHERE id = 1")
    one.commit()
    with pytest.raises(OTHER) as caught:
        other.run("UPDATE shops SET id = id WHERE id = 1")
    assert (caught.value.context["sqlstate"], caught.value.retryable) == ("40001", True)


def test_a_deadlock_can_be_tried_again(connect: Open) -> None:
    """Of two transactions that wait for each other one fails and the other goes on."""
    sessions = connect(), connect()
    failed: list[FlextExceptions] = []
    for row, session in enumerate(sessions, 1):
        session.run(f"SELECT * FROM shops WHERE id = {row} FOR UPDATE")

    def lock(session: Psycopg, row: int) -> None:
        try:
            session.run(f"SELECT * FROM shops WHERE id = {row} FOR UPDATE")
        except FlextExceptions as error:
            failed.append(error)

    waiting = threading.Thread(target=lock, args=(sessions[0], 2))
    waiting.start()
    lock(sessions[1], 1)
    waiting.join()
    (error,) = failed
    assert (type(error), error.context["sqlstate"], error.retryable) == (OTHER, "40P01", True)


def test_a_connection_that_the_server_ended(connect: Open) -> None:
    """At the next statement, with a code or without, and at the ones after it."""
    session, other = connect(), connect()
    (pid,) = session.run("SELECT pg_backend_pid()")[0]
    other.run(f"SELECT pg_terminate_backend({pid}, 5000)")
    with pytest.raises(LOST) as caught:
        session.run("SELECT 1")
    error = caught.value
    assert (error.service, error.retryable) == ("database", True)
    assert error.context.get("sqlstate", "57P01") in ("57P01", "08003")


def test_a_connection_that_is_closed(connect: Open) -> None:
    """By the program itself: the drivers say so in words; SQLAlchemy takes it for a wrong use."""
    session = connect()
    session.hang_up()
    with pytest.raises(OTHER if isinstance(session, SQLAlchemy | AsyncSQLAlchemy) else LOST):
        session.run("SELECT 1")


REFUSED = {
    "wrong password": ({"user": "guarded", "password": SECRET}, OTHER, "authentication failed"),
    "no password": ({"user": "guarded"}, OTHER, "no password supplied"),
    "no such database": ({"dbname": "nothing"}, OTHER, "does not exist"),
    "no such user": ({"user": "nobody"}, OTHER, "does not exist"),
    "too many connections": ({"user": "crowded"}, LOST, "too many connections"),
    "no server at the port": ({"host": "127.0.0.1", "port": 1}, LOST, "connection refused"),
    "no socket": ({"host": "/nowhere"}, LOST, "connection to server"),
}


@pytest.mark.parametrize(("other", "kind", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_connection_that_does_not_come_about(
    connect: Open, other: dict[str, Any], kind: type[FlextExceptions.BaseError], reason: str
) -> None:
    """Most drivers have no code then, but words; asyncpg has both, or an error of the system."""
    with pytest.raises(FlextExceptions) as caught:
        connect(**other)
    error = caught.value
    assert type(error) is kind
    assert error.retryable is (kind is LOST)
    if error.context["original_exception"] == "OperationalError":
        assert "sqlstate" not in error.context
        assert error.context["database_error"] == f"OperationalError ({reason})"
    assert str(error) in ("Database connection failed", "Database operational error", "Database error occurred")
    assert SECRET not in repr(error) + repr(error.context)


def test_a_server_that_does_not_answer() -> None:
    """The drivers, here all at once, give up after the time that they were given: two seconds at the least."""
    drivers = list(DRIVERS.values())
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        port = silent.getsockname()[1]

        def work(index: int) -> None:
            session = drivers[index]()
            with pytest.raises(LATE) as caught:
                session.connect(host="127.0.0.1", port=port, user="x", dbname="x", connect_timeout=2)
            assert str(caught.value) == "Database operation timed out"
            session.close()

        hostile.in_threads(work, len(drivers))


def test_a_task_that_is_cancelled_is_no_failure(where: dict[str, Any]) -> None:
    """The statement is given up, and the connection goes on."""
    session = AsyncPsycopg()
    session.connect(**where)

    async def cancel() -> None:
        task = asyncio.ensure_future(session.run_later("SELECT pg_sleep(60)"))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with closing(session):
        session.runner.run(cancel())
        session.runner.run(session.connection.rollback())
        assert session.run("SELECT 1") == [(1,)]
    assert FlextExceptions.get_metrics() == {}


def test_eight_threads_share_a_translator(where: dict[str, Any]) -> None:
    """Each has the error of its own statement, and none is lost."""

    def work(index: int) -> None:
        session = list(DRIVERS.values())[index % len(DRIVERS)]()
        session.connect(**where)
        try:
            for number in range(20):
                code = f"Z{index}{number:03}"
                session.run("SAVEPOINT start")
                with pytest.raises(FlextExceptions) as caught:
                    session.run(f"SELECT fail('{code}')")
                session.run("ROLLBACK TO start")
                assert caught.value.context["sqlstate"] == code
        finally:
            session.close()

    hostile.in_threads(work)
    assert FlextExceptions.get_metrics() == {"ProcessingError": 160}
