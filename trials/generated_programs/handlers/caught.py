"""Handlers that read the error themselves, wherever the call stands."""

from __future__ import annotations

__all__ = ["HANDLERS"]

HANDLERS = {
    "handler": """
def $g(n):
    try:
        return $f(n)
    except $caught as $e:
        return $look
""",
    "handler after another": """
def $g(n):
    try:
        return $f(n)
    except ZeroDivisionError:
        return "divided"
    except $caught as $e:
        return $look
""",
    "handler with the error in a variable": """
def $g(n):
    problem = None
    try:
        return $f(n)
    except $caught as $e:
        problem = $e
    $e = problem
    return $look
""",
    "decorator": """
import functools


def ${g}_safe(function):
    @functools.wraps(function)
    def inner(*args):
        try:
            return function(*args)
        except $caught as $e:
            return $look

    return inner


@${g}_safe
def $g(n):
    return $f(n)
""",
    "decorator with arguments": """
def ${g}_catches(*kinds):
    def decorate(function):
        def inner(n):
            try:
                return function(n)
            except kinds as $e:
                return $look

        return inner

    return decorate


@${g}_catches($B, ZeroDivisionError)
def $g(n):
    return $f(n)
""",
    "runner": """
def ${g}_call(job, *args):
    try:
        return job(*args)
    except $caught as $e:
        return $look


def $g(n):
    return ${g}_call($f, n)
""",
    "base class": """
class ${g}_Base:
    def run(self, n):
        try:
            return self.work(n)
        except $caught as $e:
            return $look


class ${g}_Job(${g}_Base):
    def work(self, n):
        return $f(n)


def $g(n):
    return ${g}_Job().run(n)
""",
    "bare handler": """
import sys


def $g(n):
    try:
        return $f(n)
    except:
        $e = sys.exc_info()[1]
        return $look
""",
    "retries": """
def $g(n):
    last = None
    for attempt in range(3):
        try:
            return $f(n)
        except $caught as $r:
            last = $r
    $e = last
    return attempt, $look
""",
    "caught first": """
def ${g}_load(n):
    try:
        return $f(n)
    except $B:
        return 0


def $g(n):
    try:
        return ${g}_load(n)
    except Exception as $e:
        return $look
""",
    "around a builtin": """
def $g(n):
    try:
        $f(n)
    except Exception:
        pass
    try:
        return int("many" if n < 0 else "1")
    except ValueError as $e:
        return $look
""",
    "suppressed": """
import contextlib


def $g(n):
    with contextlib.suppress($B):
        return $f(n)
    return "suppressed"
""",
    "thread": """
import threading


def $g(n):
    found = []

    def work():
        try:
            $f(n)
        except $caught as $e:
            found.append($look)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return found
""",
    "leaving a with": """
class ${g}_Guard:
    said = "fine"

    def __enter__(self):
        return self

    def __exit__(self, kind, $e, trace):
        if $e is not None:
            self.said = $look
        return isinstance($e, Exception)


def $g(n):
    guard = ${g}_Guard()
    with guard:
        $f(n)
    return guard.said
""",
    "leaving a context manager": """
import contextlib

${g}_said = []


@contextlib.contextmanager
def ${g}_guard():
    try:
        yield
    except $caught as $e:
        ${g}_said.append($look)


def $g(n):
    with ${g}_guard():
        $f(n)
    return ${g}_said[-1:]
""",
    "pushed on an exit stack": """
import contextlib

${g}_said = []


def ${g}_leave(kind, $e, trace):
    if $e is not None:
        ${g}_said.append($look)
    return True


def $g(n):
    with contextlib.ExitStack() as stack:
        stack.push(${g}_leave)
        $f(n)
    return ${g}_said[-1:]
""",
}
