"""How errors reach an observer: each defines ``$g``, which calls ``$f`` and returns ``$look`` for the error.

``$look`` is an expression of ``$e``, a variable's name, as is ``$r``; ``$caught`` names the classes of the handler,
``$B`` the builtin, ``$T`` its stand-in. The handlers of TYPED name a typed class, and observe nothing.
"""

from __future__ import annotations

__all__ = ["HANDLERS", "TYPED"]

FLEXT = "from flext_exceptions import FlextExceptions\n"

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
    "stored in an attribute": """
class ${g}_App:
    def __init__(self):
        self.problem = None

    def run(self, n):
        try:
            return $f(n)
        except $caught as $r:
            self.problem = $r

    def report(self):
        $e = self.problem
        return $look if $e is not None else "fine"


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
        except $caught as $r:
            problems.append($r)
    return [$look for $e in problems]
""",
    "stored in a dict": """
def $g(n):
    problems = {}
    try:
        return $f(n)
    except $caught as $r:
        problems["last"] = $r
    $e = problems["last"]
    return $look
""",
    "stored in a global": """
${g}_problems = []


def ${g}_run(n):
    try:
        return $f(n)
    except $caught as $r:
        ${g}_problems.append((n, $r))


def $g(n):
    ${g}_run(n)
    return [$look for _, $e in ${g}_problems]
""",
    "returned": """
def ${g}_attempt(n):
    try:
        $f(n)
    except $caught as $r:
        return $r
    return None


def $g(n):
    $e = ${g}_attempt(n)
    return $look if $e else "fine"
""",
    "returned in a pair": """
def ${g}_attempt(n):
    try:
        return $f(n), None
    except $caught as $r:
        return None, $r


def $g(n):
    value, $e = ${g}_attempt(n)
    return value if $e is None else $look
""",
    "yielded": """
def ${g}_attempts(n):
    try:
        $f(n)
    except $caught as $r:
        yield $r


def $g(n):
    return [$look for $e in ${g}_attempts(n)]
""",
    "in a result object": """
import dataclasses


@dataclasses.dataclass
class ${g}_Result:
    value: object = None
    $e: Exception | None = None


def ${g}_attempt(n):
    try:
        return ${g}_Result($f(n))
    except $caught as $r:
        return ${g}_Result($e=$r)


def $g(n):
    result = ${g}_attempt(n)
    $e = result.$e
    return result.value if $e is None else $look
""",
    "a future's exception": """
from concurrent.futures import ThreadPoolExecutor


def $g(n):
    with ThreadPoolExecutor(1) as pool:
        $e = pool.submit($f, n).exception()
    return $look if $e is not None else "fine"
""",
    "gathered": """
import asyncio


async def ${g}_one(n):
    return $f(n)


async def ${g}_all(n):
    return await asyncio.gather(${g}_one(n), ${g}_one(1), return_exceptions=True)


def $g(n):
    return [$look for $e in asyncio.run(${g}_all(n)) if isinstance($e, Exception)]
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
    $e = asyncio.run(${g}_all(n))
    return $look if $e is not None else "fine"
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
    "bare handler": """
import sys


def $g(n):
    try:
        return $f(n)
    except:
        $e = sys.exc_info()[1]
        return $look
""",
    "group": """
def $g(n):
    said = []
    try:
        said.append($f(n))
    except* $caught as group:
        for $e in group.exceptions:
            said.append($look)
    return said
""",
    "made group": """
def $g(n):
    found = []
    for each in (n, 1):
        try:
            $f(each)
        except $caught as $r:
            found.append($r)
    try:
        if found:
            raise ExceptionGroup("several", found)
    except ExceptionGroup as group:
        return [$look for $e in group.exceptions]
    return "fine"
""",
    "cause of another": """
class ${g}_Wrapped(Exception):
    pass


def ${g}_wrap(n):
    try:
        return $f(n)
    except $caught as $r:
        raise ${g}_Wrapped("wrapped") from $r


def $g(n):
    try:
        return ${g}_wrap(n)
    except ${g}_Wrapped as wrapped:
        $e = wrapped.__cause__
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
        $e = wrapped.__context__
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
    except $caught as $r:
        raise ${g}_Wrapped($r)


def $g(n):
    try:
        return ${g}_wrap(n)
    except ${g}_Wrapped as wrapped:
        $e = wrapped.inner
        return $look
""",
    "argument of another": """
def ${g}_wrap(n):
    try:
        return $f(n)
    except $caught as $r:
        raise ImportWarning("wrapped", $r)


def $g(n):
    try:
        return ${g}_wrap(n)
    except ImportWarning as wrapped:
        $e = wrapped.args[1]
        return $look
""",
    "queue": """
import queue


def $g(n):
    box = queue.Queue()
    try:
        $f(n)
    except $caught as $r:
        box.put($r)
    if box.empty():
        return "fine"
    $e = box.get()
    return $look
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
