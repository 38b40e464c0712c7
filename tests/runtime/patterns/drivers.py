"""Connections to PostgreSQL by each of its drivers, whose errors are translated."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import asyncpg
import psycopg
import psycopg2
import sqlalchemy
from sqlalchemy.ext.asyncio import create_async_engine

from flext_exceptions.patterns.database import DatabaseExceptionTranslator

translate = DatabaseExceptionTranslator("postgresql").translated


class Psycopg:
    """psycopg 3; a transaction is open from the first statement on."""

    connection: Any = None

    @translate
    def connect(self, **where: Any) -> None:
        """Connect to what is given as the driver wants it."""
        self.connection = psycopg.connect(**where)

    @translate
    def run(self, statement: str, *values: object) -> Any:
        """Do a statement and return its rows."""
        cursor = self.connection.cursor()
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else None

    @translate
    def commit(self) -> None:
        """End the transaction."""
        self.connection.commit()

    def hang_up(self) -> None:
        """Close the connection, if there is one."""
        if self.connection is not None:
            self.connection.close()

    def close(self) -> None:
        """Leave nothing open."""
        self.hang_up()


class Psycopg2(Psycopg):
    """psycopg2, which is used alike."""

    @translate
    def connect(self, **where: Any) -> None:
        self.connection = psycopg2.connect(**where)


class AsyncPsycopg(Psycopg):
    """psycopg 3 in an event loop of its own, with async functions that are translated."""

    def __init__(self) -> None:
        self.runner = asyncio.Runner()

    def connect(self, **where: Any) -> None:
        self.runner.run(self._connect(**where))

    def run(self, statement: str, *values: object) -> Any:
        return self.runner.run(self.run_later(statement, *values))

    def commit(self) -> None:
        self.runner.run(self.connection.commit())

    def hang_up(self) -> None:
        if self.connection is not None:
            self.runner.run(self.connection.close())

    def close(self) -> None:
        self.hang_up()
        self.runner.close()

    @translate
    async def _connect(self, **where: Any) -> None:
        self.connection = await psycopg.AsyncConnection.connect(**where)

    @translate
    async def run_later(self, statement: str, *values: object) -> Any:
        """Do a statement and return its rows."""
        cursor = self.connection.cursor()
        await cursor.execute(statement, values or None)
        return await cursor.fetchall() if cursor.description else None


class SQLAlchemy(Psycopg):
    """SQLAlchemy on psycopg 3."""

    dialect = "postgresql+psycopg"

    @translate
    def connect(self, **where: Any) -> None:
        engine = sqlalchemy.create_engine(f"{self.dialect}://", connect_args=where, poolclass=sqlalchemy.NullPool)
        self.connection = engine.connect()

    @translate
    def run(self, statement: str, *values: object) -> Any:
        result = self.connection.exec_driver_sql(statement, values or None)
        return result.fetchall() if result.returns_rows else None


class SQLAlchemy2(SQLAlchemy):
    """SQLAlchemy on psycopg2."""

    dialect = "postgresql+psycopg2"


class Asyncpg(AsyncPsycopg):
    """asyncpg, in a transaction of its own, which takes other names and marks for parameters."""

    transaction: Any = None

    def commit(self) -> None:
        self.runner.run(self.transaction.commit())
        self.runner.run(self._begin())

    @translate
    async def _connect(self, **where: Any) -> None:
        names = {"dbname": "database", "connect_timeout": "timeout"}
        options = {names.get(name, name): value for name, value in where.items()}
        self.connection = await asyncpg.connect(ssl=False, **options)
        await self._begin()

    async def _begin(self) -> None:
        self.transaction = self.connection.transaction()
        await self.transaction.start()

    @translate
    async def run_later(self, statement: str, *values: object) -> Any:
        marks = iter(range(1, 99))
        numbered = re.sub("%s", lambda _: f"${next(marks)}", statement) if values else statement
        return [tuple(row) for row in await self.connection.fetch(numbered, *values)]


class AsyncSQLAlchemy(AsyncPsycopg):
    """SQLAlchemy's async engine on asyncpg."""

    dialect = "postgresql+asyncpg"

    @translate
    async def _connect(self, **where: Any) -> None:
        names = {"dbname": "database", "connect_timeout": "timeout"} if "asyncpg" in self.dialect else {}
        options = {names.get(name, name): value for name, value in where.items()}
        engine = create_async_engine(f"{self.dialect}://", connect_args=options, poolclass=sqlalchemy.NullPool)
        self.connection = await engine.connect()

    @translate
    async def run_later(self, statement: str, *values: object) -> Any:
        marks = iter(range(1, 99))
        if "asyncpg" in self.dialect and values:
            statement = re.sub("%s", lambda _: f"${next(marks)}", statement)
        result = await self.connection.exec_driver_sql(statement, values or None)
        return result.fetchall() if result.returns_rows else None


class AsyncSQLAlchemyPsycopg(AsyncSQLAlchemy):
    """The same on psycopg 3."""

    dialect = "postgresql+psycopg"


DRIVERS: dict[str, type[Psycopg]] = {
    "psycopg": Psycopg,
    "psycopg-async": AsyncPsycopg,
    "psycopg2": Psycopg2,
    "sqlalchemy-psycopg": SQLAlchemy,
    "sqlalchemy-psycopg2": SQLAlchemy2,
    "asyncpg": Asyncpg,
    "sqlalchemy-asyncpg": AsyncSQLAlchemy,
    "sqlalchemy-psycopg-async": AsyncSQLAlchemyPsycopg,
}
