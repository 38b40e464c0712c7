"""Where errors begin: each defines ``$g``, a function of a number that raises ``$B`` if that is negative.

``$m`` is the text of the message, ``$g`` is also the prefix of the other names that are defined.
"""

from __future__ import annotations

__all__ = ["SITES"]

SITES = {
    "function": """
def $g(n):
    if n < 0:
        raise $B("$m")
    return n
""",
    "computed message": """
def $g(n):
    if n < 0:
        raise $B(f"$m {n}")
    return n
""",
    "class alone": """
def $g(n):
    if n < 0:
        raise $B
    return n
""",
    "no message": """
def $g(n):
    if n < 0:
        raise $B()
    return n
""",
    "object as message": """
def $g(n):
    if n < 0:
        raise $B(n)
    return n
""",
    "from None": """
def $g(n):
    if n < 0:
        raise $B("$m") from None
    return n
""",
    "from another": """
def $g(n):
    try:
        return [1, 2][n if n >= 0 else 9]
    except IndexError as err:
        raise $B("$m") from err
""",
    "in a handler": """
def $g(n):
    try:
        return {1: 1}[n]
    except KeyError:
        raise $B("$m")
""",
    "method": """
class ${g}_Desk:
    def take(self, n):
        if n < 0:
            raise $B("$m")
        return n


$g = ${g}_Desk().take
""",
    "static method": """
class ${g}_Desk:
    @staticmethod
    def take(n):
        if n < 0:
            raise $B("$m")
        return n


$g = ${g}_Desk.take
""",
    "class method": """
class ${g}_Desk:
    @classmethod
    def take(cls, n):
        if n < 0:
            raise $B("$m")
        return n


def $g(n):
    return ${g}_Desk.take(n)
""",
    "constructor": """
class ${g}_Parcel:
    def __init__(self, n):
        if n < 0:
            raise $B("$m")
        self.n = n


def $g(n):
    return ${g}_Parcel(n).n
""",
    "dataclass": """
import dataclasses


@dataclasses.dataclass
class ${g}_Parcel:
    n: int

    def __post_init__(self):
        if self.n < 0:
            raise $B("$m")


def $g(n):
    return ${g}_Parcel(n).n
""",
    "property": """
class ${g}_Parcel:
    def __init__(self, n):
        self.n = n

    @property
    def weight(self):
        if self.n < 0:
            raise $B("$m")
        return self.n


def $g(n):
    return ${g}_Parcel(n).weight
""",
    "setter": """
class ${g}_Parcel:
    weight = 0

    @property
    def grams(self):
        return self.weight

    @grams.setter
    def grams(self, n):
        if n < 0:
            raise $B("$m")
        self.weight = n


def $g(n):
    parcel = ${g}_Parcel()
    parcel.grams = n
    return parcel.grams
""",
    "descriptor": """
class ${g}_Positive:
    def __get__(self, owner, cls=None):
        return owner.__dict__["n"]

    def __set__(self, owner, n):
        if n < 0:
            raise $B("$m")
        owner.__dict__["n"] = n


class ${g}_Parcel:
    n = ${g}_Positive()


def $g(n):
    parcel = ${g}_Parcel()
    parcel.n = n
    return parcel.n
""",
    "operator": """
class ${g}_Money:
    def __init__(self, n):
        self.n = n

    def __add__(self, other):
        if self.n < 0:
            raise $B("$m")
        return self.n + other


def $g(n):
    return ${g}_Money(n) + 1
""",
    "call of an object": """
class ${g}_Check:
    def __call__(self, n):
        if n < 0:
            raise $B("$m")
        return n


$g = ${g}_Check()
""",
    "generator": """
def ${g}_all(n):
    yield 0
    if n < 0:
        raise $B("$m")
    yield n


def $g(n):
    return list(${g}_all(n))[-1]
""",
    "iterator": """
class ${g}_Days:
    def __init__(self, n):
        self.left = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.left < 0:
            raise $B("$m")
        if not self.left:
            raise StopIteration
        self.left -= 1
        return self.left


def $g(n):
    for day in ${g}_Days(n):
        n = day
    return n
""",
    "coroutine": """
import asyncio


async def ${g}_later(n):
    await asyncio.sleep(0)
    if n < 0:
        raise $B("$m")
    return n


def $g(n):
    return asyncio.run(${g}_later(n))
""",
    "entering": """
class ${g}_Door:
    def __init__(self, n):
        self.n = n

    def __enter__(self):
        if self.n < 0:
            raise $B("$m")
        return self.n

    def __exit__(self, *what):
        return None


def $g(n):
    with ${g}_Door(n) as inside:
        return inside
""",
    "leaving": """
class ${g}_Door:
    def __init__(self, n):
        self.n = n

    def __enter__(self):
        return self.n

    def __exit__(self, *what):
        if self.n < 0:
            raise $B("$m")


def $g(n):
    with ${g}_Door(n) as inside:
        pass
    return inside
""",
    "nested function": """
def $g(n):
    def check():
        if n < 0:
            raise $B("$m")
        return n

    return check()
""",
    "helper that only raises": """
def ${g}_fail(text):
    raise $B(text)


def $g(n):
    return n if n >= 0 else ${g}_fail("$m")
""",
    "bound to a name first": """
def $g(n):
    if n < 0:
        error = $B("$m")
        raise error
    return n
""",
    "thrown into a generator": """
def ${g}_waits():
    while True:
        n = yield
        if n is not None:
            break


def $g(n):
    waiting = ${g}_waits()
    next(waiting)
    if n < 0:
        waiting.throw($B("$m"))
    return n
""",
    "set on a future": """
from concurrent.futures import Future


def $g(n):
    future = Future()
    if n < 0:
        future.set_exception($B("$m"))
    else:
        future.set_result(n)
    return future.result()
""",
    "subscript": """
class ${g}_Shelf:
    def __getitem__(self, n):
        if n < 0:
            raise $B("$m")
        return n


def $g(n):
    return ${g}_Shelf()[n]
""",
    "membership": """
class ${g}_Shelf:
    def __contains__(self, n):
        if n < 0:
            raise $B("$m")
        return True


def $g(n):
    return n in ${g}_Shelf()
""",
    "conversion": """
class ${g}_Size:
    def __init__(self, n):
        self.n = n

    def __str__(self):
        if self.n < 0:
            raise $B("$m")
        return "size"


def $g(n):
    return f"{${g}_Size(n)}"
""",
    "missing key": """
class ${g}_Prices(dict):
    def __missing__(self, n):
        if n < 0:
            raise $B("$m")
        return n


def $g(n):
    return ${g}_Prices()[n]
""",
    "several ways": """
def $g(n):
    match n:
        case -1:
            raise $B("$m")
        case 0:
            raise $B("$m, at all")
    return n
""",
}
