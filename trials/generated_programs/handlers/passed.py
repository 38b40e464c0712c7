"""Handlers that pass the error to a function, which reads it."""

from __future__ import annotations

__all__ = ["HANDLERS"]

HANDLERS = {
    "helper": """
def ${g}_answer($e):
    return $look


def $g(n):
    try:
        return $f(n)
    except $caught as $r:
        return ${g}_answer($r)
""",
    "helper of a helper": """
def ${g}_inner($e):
    return $look


def ${g}_outer(status, $e=None):
    return status, ${g}_inner($e)


def $g(n):
    try:
        return $f(n)
    except $caught as $r:
        return ${g}_outer(1, $e=$r)
""",
    "method of self": """
class ${g}_App:
    def run(self, n):
        try:
            return $f(n)
        except $caught as $r:
            return self.fail($r)

    def fail(self, $e):
        return $look


def $g(n):
    return ${g}_App().run(n)
""",
    "callback for errors": """
def ${g}_attempt(job, on_error):
    try:
        return job()
    except $caught as $r:
        return on_error($r)


def $g(n):
    return ${g}_attempt(lambda: $f(n), lambda $e: $look)
""",
    "listeners": """
${g}_LISTENERS = []


def ${g}_listen(function):
    ${g}_LISTENERS.append(function)
    return function


@${g}_listen
def ${g}_told($e):
    return $look


def $g(n):
    try:
        return $f(n)
    except $caught as $r:
        return [told($r) for told in ${g}_LISTENERS]
""",
    "partial": """
import functools


def ${g}_tell(prefix, $e):
    return prefix, $look


def $g(n):
    try:
        return $f(n)
    except $caught as $r:
        tell = functools.partial(${g}_tell, "no")
        return tell($r)
""",
    "closure": """
def $g(n):
    try:
        return $f(n)
    except $caught as $r:
        $e = $r

        def tell():
            return $look

    return tell()
""",
    "thrown into a generator": """
def ${g}_guard():
    said = "fine"
    while True:
        try:
            yield said
        except Exception as $e:
            said = $look


def $g(n):
    guard = ${g}_guard()
    next(guard)
    try:
        $f(n)
    except $caught as $r:
        return guard.throw($r)
    return next(guard)
""",
}
