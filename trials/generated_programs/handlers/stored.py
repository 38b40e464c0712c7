"""Errors that are stored, returned or put into a result before they are read."""

from __future__ import annotations

__all__ = ["HANDLERS"]

HANDLERS = {
    "stored in an attribute": """
class ${g}_App:
    def __init__(self):
        self.problem = None

    def run(self, n):
        try:
            return $f(n)
        except $caught as $r:
            self.problem = $r

    def report(self):
        $e = self.problem
        return $look if $e is not None else "fine"


def $g(n):
    app = ${g}_App()
    app.run(n)
    return app.report()
""",
    "stored in a list": """
def $g(n):
    problems = []
    for each in (n, 1):
        try:
            $f(each)
        except $caught as $r:
            problems.append($r)
    return [$look for $e in problems]
""",
    "stored in a dict": """
def $g(n):
    problems = {}
    try:
        return $f(n)
    except $caught as $r:
        problems["last"] = $r
    $e = problems["last"]
    return $look
""",
    "stored in a global": """
${g}_problems = []


def ${g}_run(n):
    try:
        return $f(n)
    except $caught as $r:
        ${g}_problems.append((n, $r))


def $g(n):
    ${g}_run(n)
    return [$look for _, $e in ${g}_problems]
""",
    "returned": """
def ${g}_attempt(n):
    try:
        $f(n)
    except $caught as $r:
        return $r
    return None


def $g(n):
    $e = ${g}_attempt(n)
    return $look if $e else "fine"
""",
    "returned in a pair": """
def ${g}_attempt(n):
    try:
        return $f(n), None
    except $caught as $r:
        return None, $r


def $g(n):
    value, $e = ${g}_attempt(n)
    return value if $e is None else $look
""",
    "yielded": """
def ${g}_attempts(n):
    try:
        $f(n)
    except $caught as $r:
        yield $r


def $g(n):
    return [$look for $e in ${g}_attempts(n)]
""",
    "in a result object": """
import dataclasses


@dataclasses.dataclass
class ${g}_Result:
    value: object = None
    $e: Exception | None = None


def ${g}_attempt(n):
    try:
        return ${g}_Result($f(n))
    except $caught as $r:
        return ${g}_Result($e=$r)


def $g(n):
    result = ${g}_attempt(n)
    $e = result.$e
    return result.value if $e is None else $look
""",
    "a future's exception": """
from concurrent.futures import ThreadPoolExecutor


def $g(n):
    with ThreadPoolExecutor(1) as pool:
        $e = pool.submit($f, n).exception()
    return $look if $e is not None else "fine"
""",
    "gathered": """
import asyncio


async def ${g}_one(n):
    return $f(n)


async def ${g}_all(n):
    return await asyncio.gather(${g}_one(n), ${g}_one(1), return_exceptions=True)


def $g(n):
    return [$look for $e in asyncio.run(${g}_all(n)) if isinstance($e, Exception)]
""",
    "a task's exception": """
import asyncio


async def ${g}_one(n):
    return $f(n)


async def ${g}_all(n):
    task = asyncio.ensure_future(${g}_one(n))
    await asyncio.wait([task])
    return task.exception()


def $g(n):
    $e = asyncio.run(${g}_all(n))
    return $look if $e is not None else "fine"
""",
    "queue": """
import queue


def $g(n):
    box = queue.Queue()
    try:
        $f(n)
    except $caught as $r:
        box.put($r)
    if box.empty():
        return "fine"
    $e = box.get()
    return $look
""",
}
