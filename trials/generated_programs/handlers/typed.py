"""Handlers that name a typed class: they observe nothing, but would receive a stand-in."""

from __future__ import annotations

__all__ = ["TYPED"]

FLEXT = "from flext_exceptions import FlextExceptions\n"

TYPED = {
    "typed first": FLEXT
    + """

def $g(n):
    try:
        return $f(n)
    except FlextExceptions.$T:
        return "typed"
    except Exception as err:
        return str(err)
""",
    "typed last": FLEXT
    + """

def $g(n):
    try:
        return $f(n)
    except $B as err:
        return str(err)
    except FlextExceptions as err:
        return "typed"
""",
    "another typed": FLEXT
    + """

def $g(n):
    try:
        return $f(n)
    except FlextExceptions.UnicodeError:
        return "typed"
    except Exception as err:
        return str(err)
""",
    "typed alias": FLEXT
    + """
${g}_Ours = FlextExceptions.BaseError


def $g(n):
    try:
        return $f(n)
    except ${g}_Ours:
        return "typed"
    except Exception as err:
        return str(err)
""",
    "typed tuple": FLEXT
    + """
${g}_OURS = (FlextExceptions.$T, ZeroDivisionError)


def $g(n):
    try:
        return $f(n)
    except ${g}_OURS:
        return "typed"
    except Exception as err:
        return str(err)
""",
    "typed attribute": FLEXT
    + """

class ${g}_Client:
    errors = (FlextExceptions.BaseError,)

    def ask(self, n):
        try:
            return $f(n)
        except self.errors:
            return "typed"
        except Exception as err:
            return str(err)


def $g(n):
    return ${g}_Client().ask(n)
""",
    "typed parameter": FLEXT
    + """

def ${g}_call(job, quiet=FlextExceptions):
    try:
        return job()
    except quiet:
        return "typed"
    except Exception as err:
        return str(err)


def $g(n):
    return ${g}_call(lambda: $f(n))
""",
    "typed argument": FLEXT
    + """

def ${g}_call(job, *quiet):
    try:
        return job()
    except quiet:
        return "typed"
    except Exception as err:
        return str(err)


def $g(n):
    return ${g}_call(lambda: $f(n), FlextExceptions.$T)
""",
    "typed suppress": FLEXT
    + """
import contextlib


def $g(n):
    try:
        with contextlib.suppress(FlextExceptions.$T):
            return $f(n)
    except Exception as err:
        return str(err)
    return "typed"
""",
    "typed group": FLEXT
    + """

def $g(n):
    said = []
    try:
        said.append($f(n))
    except* FlextExceptions.BaseError:
        said.append("typed")
    except* Exception:
        said.append("builtin")
    return said
""",
    "typed of one's own": FLEXT
    + """

class ${g}_Bad(FlextExceptions.$T):
    pass


def $g(n):
    try:
        return $f(n)
    except ${g}_Bad:
        return "typed"
    except Exception as err:
        return str(err)
""",
    "typed elsewhere": FLEXT
    + """

def ${g}_other(n):
    try:
        return n + 1
    except FlextExceptions.BaseError:
        return "typed"


def $g(n):
    try:
        return $f(${g}_other(n) - 1)
    except Exception as err:
        return str(err)
""",
}
