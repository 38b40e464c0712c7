"""Calls of functions under other names, of decorated functions and of functions that others receive."""

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
    "walrus": """
def $g(n):
    if (value := $f(n)) is not None:
        return value
""",
}
