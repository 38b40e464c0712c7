"""Calls in the body of a ``with`` or ``try``, and by the manager of one."""

from __future__ import annotations

__all__ = ["CALLS"]

CALLS = {
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
}
