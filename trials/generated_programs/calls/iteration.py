"""Calls made while something is iterated over."""

from __future__ import annotations

__all__ = ["CALLS"]

CALLS = {
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
}
