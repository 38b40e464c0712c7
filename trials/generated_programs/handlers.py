"""How errors reach who looks: each defines ``$g``, which calls ``$f`` and returns what ``$look`` says of the error.

``$look`` is an expression of ``error``; ``$caught`` names the classes of the handler, ``$B`` the builtin, ``$T`` its
stand-in. In the handlers of TYPED a typed class is named, and nothing looks.
"""

from __future__ import annotations

__all__ = ["HANDLERS", "TYPED"]

FLEXT = "from flext_exceptions import FlextExceptions\n"

HANDLERS = {
    "handler": """
def $g(n):
    try:
        return $f(n)
    except $caught as error:
        return $look
""",
    "handler after another": """
def $g(n):
    try:
        return $f(n)
    except ZeroDivisionError:
        return "divided"
    except $caught as error:
        return $look
""",
    "handler with the error in a variable": """
def $g(n):
    problem = None
    try:
        return $f(n)
    except $caught as error:
        problem = error
    error = problem
    return $look
""",
    "helper": """
def ${g}_answer(error):
    return $look


def $g(n):
    try:
        return $f(n)
    except $caught as err:
        return ${g}_answer(err)
""",
    "helper of a helper": """
def ${g}_inner(error):
    return $look


def ${g}_outer(status, error=None):
    return status, ${g}_inner(error)


def $g(n):
    try:
        return $f(n)
    except $caught as err:
        return ${g}_outer(1, error=err)
""",
    "method of self": """
class ${g}_App:
    def run(self, n):
        try:
            return $f(n)
        except $caught as err:
            return self.fail(err)

    def fail(self, error):
        return $look


def $g(n):
    return ${g}_App().run(n)
""",
    "stored in an attribute": """
class ${g}_App:
    def __init__(self):
        self.problem = None

    def run(self, n):
        try:
            return $f(n)
        except $caught as err:
            self.problem = err

    def report(self):
        error = self.problem
        return $look if error is not None else "fine"


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
        except $caught as err:
            problems.append(err)
    return [$look for error in problems]
""",
    "stored in a dict": """
def $g(n):
    problems = {}
    try:
        return $f(n)
    except $caught as err:
        problems["last"] = err
    error = problems["last"]
    return $look
""",
    "stored in a global": """
${g}_problems = []


def ${g}_run(n):
    try:
        return $f(n)
    except $caught as err:
        ${g}_problems.append((n, err))


def $g(n):
    ${g}_run(n)
    return [$look for _, error in ${g}_problems]
""",
    "returned": """
def ${g}_attempt(n):
    try:
        $f(n)
    except $caught as err:
        return err
    return None


def $g(n):
    error = ${g}_attempt(n)
    return $look if error else "fine"
""",
    "returned in a pair": """
def ${g}_attempt(n):
    try:
        return $f(n), None
    except $caught as err:
        return None, err


def $g(n):
    value, error = ${g}_attempt(n)
    return value if error is None else $look
""",
    "yielded": """
def ${g}_attempts(n):
    try:
        $f(n)
    except $caught as err:
        yield err


def $g(n):
    return [$look for error in ${g}_attempts(n)]
""",
    "in a result object": """
import dataclasses


@dataclasses.dataclass
class ${g}_Result:
    value: object = None
    error: Exception | None = None


def ${g}_attempt(n):
    try:
        return ${g}_Result($f(n))
    except $caught as err:
        return ${g}_Result(error=err)


def $g(n):
    result = ${g}_attempt(n)
    error = result.error
    return result.value if error is None else $look
""",
    "a future's exception": """
from concurrent.futures import ThreadPoolExecutor


def $g(n):
    with ThreadPoolExecutor(1) as pool:
        error = pool.submit($f, n).exception()
    return $look if error is not None else "fine"
""",
    "gathered": """
import asyncio


async def ${g}_one(n):
    return $f(n)


async def ${g}_all(n):
    return await asyncio.gather(${g}_one(n), ${g}_one(1), return_exceptions=True)


def $g(n):
    return [$look for error in asyncio.run(${g}_all(n)) if isinstance(error, Exception)]
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
    error = asyncio.run(${g}_all(n))
    return $look if error is not None else "fine"
""",
    "leaving a with": """
class ${g}_Guard:
    said = "fine"

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if error is not None:
            self.said = $look
        return isinstance(error, Exception)


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
    except $caught as error:
        ${g}_said.append($look)


def $g(n):
    with ${g}_guard():
        $f(n)
    return ${g}_said[-1:]
""",
    "pushed on an exit stack": """
import contextlib

${g}_said = []


def ${g}_leave(kind, error, trace):
    if error is not None:
        ${g}_said.append($look)
    return True


def $g(n):
    with contextlib.ExitStack() as stack:
        stack.push(${g}_leave)
        $f(n)
    return ${g}_said[-1:]
""",
    "decorator": """
import functools


def ${g}_safe(function):
    @functools.wraps(function)
    def inner(*args):
        try:
            return function(*args)
        except $caught as error:
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
            except kinds as error:
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
    except $caught as error:
        return $look


def $g(n):
    return ${g}_call($f, n)
""",
    "base class": """
class ${g}_Base:
    def run(self, n):
        try:
            return self.work(n)
        except $caught as error:
            return $look


class ${g}_Job(${g}_Base):
    def work(self, n):
        return $f(n)


def $g(n):
    return ${g}_Job().run(n)
""",
    "callback for errors": """
def ${g}_attempt(job, on_error):
    try:
        return job()
    except $caught as err:
        return on_error(err)


def $g(n):
    return ${g}_attempt(lambda: $f(n), lambda error: $look)
""",
    "listeners": """
${g}_LISTENERS = []


def ${g}_listen(function):
    ${g}_LISTENERS.append(function)
    return function


@${g}_listen
def ${g}_told(error):
    return $look


def $g(n):
    try:
        return $f(n)
    except $caught as err:
        return [told(err) for told in ${g}_LISTENERS]
""",
    "bare handler": """
import sys


def $g(n):
    try:
        return $f(n)
    except:
        error = sys.exc_info()[1]
        return $look
""",
    "group": """
def $g(n):
    said = []
    try:
        said.append($f(n))
    except* $caught as group:
        for error in group.exceptions:
            said.append($look)
    return said
""",
    "made group": """
def $g(n):
    found = []
    for each in (n, 1):
        try:
            $f(each)
        except $caught as err:
            found.append(err)
    try:
        if found:
            raise ExceptionGroup("several", found)
    except ExceptionGroup as group:
        return [$look for error in group.exceptions]
    return "fine"
""",
    "cause of another": """
class ${g}_Wrapped(Exception):
    pass


def ${g}_wrap(n):
    try:
        return $f(n)
    except $caught as err:
        raise ${g}_Wrapped("wrapped") from err


def $g(n):
    try:
        return ${g}_wrap(n)
    except ${g}_Wrapped as wrapped:
        error = wrapped.__cause__
        return $look
""",
    "context of another": """
class ${g}_Wrapped(Exception):
    pass


def ${g}_wrap(n):
    try:
        return $f(n)
    except $caught:
        raise ${g}_Wrapped("wrapped")


def $g(n):
    try:
        return ${g}_wrap(n)
    except ${g}_Wrapped as wrapped:
        error = wrapped.__context__
        return $look
""",
    "attribute of another": """
class ${g}_Wrapped(Exception):
    def __init__(self, inner):
        super().__init__("wrapped")
        self.inner = inner


def ${g}_wrap(n):
    try:
        return $f(n)
    except $caught as err:
        raise ${g}_Wrapped(err)


def $g(n):
    try:
        return ${g}_wrap(n)
    except ${g}_Wrapped as wrapped:
        error = wrapped.inner
        return $look
""",
    "argument of another": """
def ${g}_wrap(n):
    try:
        return $f(n)
    except $caught as err:
        raise ImportWarning("wrapped", err)


def $g(n):
    try:
        return ${g}_wrap(n)
    except ImportWarning as wrapped:
        error = wrapped.args[1]
        return $look
""",
    "queue": """
import queue


def $g(n):
    box = queue.Queue()
    try:
        $f(n)
    except $caught as err:
        box.put(err)
    if box.empty():
        return "fine"
    error = box.get()
    return $look
""",
    "partial": """
import functools


def ${g}_tell(prefix, error):
    return prefix, $look


def $g(n):
    try:
        return $f(n)
    except $caught as err:
        tell = functools.partial(${g}_tell, "no")
        return tell(err)
""",
    "closure": """
def $g(n):
    try:
        return $f(n)
    except $caught as err:
        error = err

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
        except Exception as error:
            said = $look


def $g(n):
    guard = ${g}_guard()
    next(guard)
    try:
        $f(n)
    except $caught as err:
        return guard.throw(err)
    return next(guard)
""",
    "retries": """
def $g(n):
    last = None
    for attempt in range(3):
        try:
            return $f(n)
        except $caught as err:
            last = err
    error = last
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
    except Exception as error:
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
    except ValueError as error:
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
        except $caught as error:
            found.append($look)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return found
""",
}

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
