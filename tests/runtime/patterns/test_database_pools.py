"""The errors of connection pools become typed ones: on a real PostgreSQL server, with psycopg_pool and asyncpg."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import psycopg_pool
import pytest

from flext_exceptions import FlextExceptions
from flext_exceptions.patterns.database import DatabaseExceptionTranslator

translate = DatabaseExceptionTranslator("postgresql").translated


@translate
def connection_of(pool: Any, **options: Any) -> Any:
    """Take a connection out of a pool."""
    return pool.getconn(**options)


@translate
async def connection_later_of(pool: Any, **options: Any) -> Any:
    """Take a connection out of an async pool."""
    return await (pool.acquire if isinstance(pool, asyncpg.Pool) else pool.getconn)(**options)


def test_a_pool_that_is_used_up_is_a_timeout_and_a_closed_one_no_connection(postgres: str) -> None:
    """And so is one for which too many wait."""
    where = f"host={postgres} user=postgres dbname=postgres"
    with psycopg_pool.ConnectionPool(where, min_size=1, max_size=1, max_waiting=1, open=True) as pool:
        taken = connection_of(pool)
        with pytest.raises(FlextExceptions.TimeoutError) as late:
            connection_of(pool, timeout=0.05)
        assert late.value.context["database_error"] == "PoolTimeout" and late.value.retryable
        pool.putconn(taken)
    with pytest.raises(FlextExceptions.ConnectionError) as closed:
        connection_of(pool)
    assert closed.value.context["database_error"] == "PoolClosed"


def test_an_async_pool_of_psycopg(postgres: str) -> None:
    """The same, in tasks; the second that waits is one too many."""

    async def run() -> None:
        where = f"host={postgres} user=postgres dbname=postgres"
        async with psycopg_pool.AsyncConnectionPool(where, min_size=1, max_size=1, max_waiting=1, open=False) as pool:
            taken = await connection_later_of(pool)
            results = await asyncio.gather(
                *(connection_later_of(pool, timeout=0.1) for _ in range(2)), return_exceptions=True
            )
            assert {type(error) for error in results} == {FlextExceptions.TimeoutError, FlextExceptions.ConnectionError}
            await pool.putconn(taken)
        with pytest.raises(FlextExceptions.ConnectionError):
            await connection_later_of(pool)

    asyncio.run(run())


def test_a_pool_of_asyncpg(postgres: str) -> None:
    """The same; what fails on a connection of it is told by its code."""

    @translate
    async def divide(pool: Any) -> None:
        await pool.execute("SELECT 1 / 0")

    async def run() -> None:
        pool = await asyncpg.create_pool(host=postgres, user="postgres", database="postgres", min_size=1, max_size=1)
        with pytest.raises(FlextExceptions.ProcessingError) as caught:
            await divide(pool)
        assert caught.value.context["sqlstate"] == "22012"
        taken = await connection_later_of(pool)
        with pytest.raises(FlextExceptions.TimeoutError):
            await connection_later_of(pool, timeout=0.05)
        await pool.release(taken)
        await pool.close()
        with pytest.raises(FlextExceptions.ConnectionError):
            await connection_later_of(pool)

    asyncio.run(run())
