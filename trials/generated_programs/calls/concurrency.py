"""Calls in coroutines, tasks and threads."""

from __future__ import annotations

__all__ = ["CALLS"]

CALLS = {
    "pool": """
from concurrent.futures import ThreadPoolExecutor


def $g(n):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit($f, n).result()
""",
    "pool map": """
from concurrent.futures import ThreadPoolExecutor


def $g(n):
    with ThreadPoolExecutor(1) as pool:
        return list(pool.map($f, [n]))[0]
""",
    "async": """
import asyncio


async def ${g}_later(n):
    return $f(n)


def $g(n):
    return asyncio.run(${g}_later(n))
""",
    "gather": """
import asyncio


async def ${g}_one(n):
    return $f(n)


async def ${g}_both(n):
    return await asyncio.gather(${g}_one(n), ${g}_one(1))


def $g(n):
    return asyncio.run(${g}_both(n))[0]
""",
    "task": """
import asyncio


async def ${g}_one(n):
    return $f(n)


async def ${g}_start(n):
    task = asyncio.create_task(${g}_one(n))
    return await task


def $g(n):
    return asyncio.run(${g}_start(n))
""",
    "async with": """
import asyncio


class ${g}_Session:
    def __init__(self, n):
        self.n = n

    async def __aenter__(self):
        return $f(self.n)

    async def __aexit__(self, *what):
        return None


async def ${g}_use(n):
    async with ${g}_Session(n) as value:
        return value


def $g(n):
    return asyncio.run(${g}_use(n))
""",
    "async for": """
import asyncio


async def ${g}_rows(n):
    yield $f(n)


async def ${g}_read(n):
    return [each async for each in ${g}_rows(n)]


def $g(n):
    return asyncio.run(${g}_read(n))[0]
""",
    "in a thread": """
import asyncio


def $g(n):
    return asyncio.run(asyncio.to_thread($f, n))
""",
}
