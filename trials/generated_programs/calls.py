"""Ways to call: each defines ``$g``, which calls ``$f`` with its argument, a number."""

from __future__ import annotations

__all__ = ["CALLS"]

CALLS = {
    "call": """
def $g(n):
    return $f(n)
""",
    "alias": """
$g = $f
""",
    "local alias": """
def $g(n):
    check = $f
    return check(n)
""",
    "partial": """
import functools

$g = functools.partial($f)
""",
    "lambda": """
$g = lambda n: $f(n)
""",
    "decorator": """
import functools


def ${g}_traced(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        return function(*args, **kwargs)

    return inner


@${g}_traced
def $g(n):
    return $f(n)
""",
    "decorator with arguments": """
def ${g}_times(times):
    def decorate(function):
        def inner(n):
            for _ in range(times):
                result = function(n)
            return result

        return inner

    return decorate


@${g}_times(2)
def $g(n):
    return $f(n)
""",
    "decorator that is a class": """
class ${g}_Counted:
    def __init__(self, function):
        self.function = function
        self.count = 0

    def __call__(self, *args):
        self.count += 1
        return self.function(*args)


@${g}_Counted
def $g(n):
    return $f(n)
""",
    "cache": """
import functools


@functools.lru_cache(maxsize=None)
def $g(n):
    return $f(n)
""",
    "single dispatch": """
import functools


@functools.singledispatch
def $g(n):
    return None


@$g.register
def ${g}_int(n: int):
    return $f(n)
""",
    "property": """
class ${g}_Row:
    def __init__(self, n):
        self.n = n

    @property
    def value(self):
        return $f(self.n)


def $g(n):
    return ${g}_Row(n).value
""",
    "cached property": """
import functools


class ${g}_Row:
    def __init__(self, n):
        self.n = n

    @functools.cached_property
    def value(self):
        return $f(self.n)


def $g(n):
    return ${g}_Row(n).value
""",
    "attribute of any name": """
class ${g}_Row:
    def __init__(self, n):
        self.n = n

    def __getattr__(self, name):
        return $f(self.n)


def $g(n):
    return ${g}_Row(n).anything
""",
    "operator": """
class ${g}_Row:
    def __init__(self, n):
        self.n = n

    def __mul__(self, times):
        return $f(self.n) * times


def $g(n):
    return ${g}_Row(n) * 2
""",
    "comparison": """
class ${g}_Row:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        return $f(self.n) < other.n


def $g(n):
    return ${g}_Row(n) < ${g}_Row(5)
""",
    "truth": """
class ${g}_Row:
    def __init__(self, n):
        self.n = n

    def __bool__(self):
        return bool($f(self.n))


def $g(n):
    return "yes" if ${g}_Row(n) else "no"
""",
    "with": """
class ${g}_Lock:
    def __init__(self, n):
        self.n = n

    def __enter__(self):
        return $f(self.n)

    def __exit__(self, kind, error, trace):
        return False


def $g(n):
    with ${g}_Lock(n) as held:
        return held
""",
    "body of a with": """
class ${g}_Lock:
    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        return kind is None


def $g(n):
    with ${g}_Lock():
        return $f(n)
""",
    "context manager": """
import contextlib


@contextlib.contextmanager
def ${g}_opened(n):
    yield $f(n)


def $g(n):
    with ${g}_opened(n) as value:
        return value
""",
    "body of a context manager": """
import contextlib


@contextlib.contextmanager
def ${g}_opened():
    try:
        yield
    finally:
        pass


def $g(n):
    with ${g}_opened():
        return $f(n)
""",
    "exit stack": """
import contextlib


def $g(n):
    with contextlib.ExitStack() as stack:
        stack.callback($f, n)
    return n
""",
    "generator": """
def ${g}_each(n):
    yield $f(n)


def $g(n):
    return next(${g}_each(n))
""",
    "generator expression": """
def $g(n):
    return sum($f(each) for each in [n])
""",
    "yield from": """
def ${g}_inner(n):
    yield $f(n)


def ${g}_outer(n):
    yield from ${g}_inner(n)


def $g(n):
    for value in ${g}_outer(n):
        return value
""",
    "comprehension": """
def $g(n):
    return [$f(each) for each in (n,)][0]
""",
    "map": """
def $g(n):
    return list(map($f, [n]))[0]
""",
    "filter": """
def $g(n):
    return len(list(filter($f, [n])))
""",
    "sorting": """
def $g(n):
    return sorted([n, 0], key=lambda each: $f(each))[0]
""",
    "sorting by name": """
def $g(n):
    return max([n], key=$f)
""",
    "reduce": """
import functools


def $g(n):
    return functools.reduce(lambda total, each: total + $f(each), [n], 0)
""",
    "iteration": """
class ${g}_Rows:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        yield $f(self.n)


def $g(n):
    first, = ${g}_Rows(n)
    return first
""",
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
    "table": """
${g}_TABLE = {"go": $f}


def $g(n):
    return ${g}_TABLE["go"](n)
""",
    "registered": """
${g}_JOBS = []


def ${g}_job(function):
    ${g}_JOBS.append(function)
    return function


@${g}_job
def ${g}_work(n):
    return $f(n)


def $g(n):
    return [job(n) for job in ${g}_JOBS][0]
""",
    "registered by name": """
${g}_COMMANDS = {}


def ${g}_command(name):
    def decorate(function):
        ${g}_COMMANDS[name] = function
        return function

    return decorate


@${g}_command("go")
def ${g}_go(n):
    return $f(n)


def $g(n):
    return ${g}_COMMANDS.get("go")(n)
""",
    "callback in an object": """
class ${g}_Button:
    def __init__(self):
        self.clicked = None

    def click(self, n):
        return self.clicked(n)


def $g(n):
    button = ${g}_Button()
    button.clicked = $f
    return button.click(n)
""",
    "method by name": """
class ${g}_Shell:
    def do_go(self, n):
        return $f(n)

    def run(self, name, n):
        return getattr(self, "do_" + name)(n)


def $g(n):
    return ${g}_Shell().run("go", n)
""",
    "hook of a subclass": """
class ${g}_Base:
    def run(self, n):
        return self.hook(n)

    def hook(self, n):
        return n


class ${g}_Child(${g}_Base):
    def hook(self, n):
        return $f(n)


def $g(n):
    return ${g}_Child().run(n)
""",
    "super": """
class ${g}_Base:
    def run(self, n):
        return $f(n)


class ${g}_Child(${g}_Base):
    def run(self, n):
        return super().run(n)


def $g(n):
    return ${g}_Child().run(n)
""",
    "method handed over": """
class ${g}_Desk:
    def take(self, n):
        return $f(n)


def ${g}_apply(function, *args):
    return function(*args)


def $g(n):
    return ${g}_apply(${g}_Desk().take, n)
""",
    "closure": """
def ${g}_maker(extra):
    def inner(n):
        return $f(n) + extra

    return inner


$g = ${g}_maker(0)
""",
    "default": """
def $g(n, check=$f):
    return check(n)
""",
    "class attribute": """
class ${g}_Config:
    check = staticmethod($f)


def $g(n):
    return ${g}_Config.check(n)
""",
    "class decorator": """
def ${g}_checked(cls):
    before = cls.run

    def run(self, n):
        return before(self, n)

    cls.run = run
    return cls


@${g}_checked
class ${g}_Job:
    def run(self, n):
        return $f(n)


def $g(n):
    return ${g}_Job().run(n)
""",
    "constructor": """
class ${g}_Order:
    def __init__(self, n):
        self.n = $f(n)


def $g(n):
    return ${g}_Order(n).n
""",
    "metaclass": """
class ${g}_Meta(type):
    def __call__(cls, n):
        return $f(n)


class ${g}_Order(metaclass=${g}_Meta):
    pass


def $g(n):
    return ${g}_Order(n)
""",
    "enum": """
import enum


class ${g}_Level(enum.Enum):
    LOW = 1

    def rate(self, n):
        return $f(n)


def $g(n):
    return ${g}_Level.LOW.rate(n)
""",
    "named tuple": """
from typing import NamedTuple


class ${g}_Point(NamedTuple):
    x: int

    def rate(self):
        return $f(self.x)


def $g(n):
    return ${g}_Point(n).rate()
""",
    "finally": """
def $g(n):
    try:
        return $f(n)
    finally:
        n = 0
""",
    "another handler": """
def $g(n):
    try:
        return $f(n)
    except ZeroDivisionError:
        return 0
""",
    "raised again": """
def $g(n):
    try:
        return $f(n)
    except Exception:
        raise
""",
    "raised again by name": """
def $g(n):
    try:
        return $f(n)
    except Exception as err:
        raise err
""",
    "raised again later": """
def $g(n):
    kept = None
    try:
        n = $f(n)
    except Exception as err:
        kept = err
    if kept is not None:
        raise kept
    return n
""",
    "else": """
def $g(n):
    try:
        n = n + 0
    except Exception:
        return 0
    else:
        return $f(n)
""",
    "recursion": """
def $g(n, depth=2):
    return $g(n, depth - 1) if depth else $f(n)
""",
    "loop over functions": """
def $g(n):
    for check in (abs, $f):
        value = check(n)
    return value
""",
    "named argument": """
def ${g}_retry(times=1, job=None):
    for _ in range(times):
        return job()


def $g(n):
    return ${g}_retry(job=lambda: $f(n))
""",
    "operator module": """
import operator


class ${g}_Desk:
    def take(self, n):
        return $f(n)


def $g(n):
    return operator.methodcaller("take", n)(${g}_Desk())
""",
    "abstract": """
import abc


class ${g}_Store(abc.ABC):
    @abc.abstractmethod
    def load(self, n): ...

    def get(self, n):
        return self.load(n)


class ${g}_Memory(${g}_Store):
    def load(self, n):
        return $f(n)


def ${g}_ask(store: ${g}_Store, n):
    return store.get(n)


def $g(n):
    return ${g}_ask(${g}_Memory(), n)
""",
    "sent to a generator": """
def ${g}_worker():
    result = None
    while True:
        n = yield result
        result = $f(n)


def $g(n):
    worker = ${g}_worker()
    next(worker)
    return worker.send(n)
""",
    "walrus": """
def $g(n):
    if (value := $f(n)) is not None:
        return value
""",
}
