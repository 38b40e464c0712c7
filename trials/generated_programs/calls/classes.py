"""Calls through classes: properties, methods, constructors, and what the language calls for an operator."""

from __future__ import annotations

__all__ = ["CALLS"]

CALLS = {
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
}
