"""Where an error goes and where it does not: to the parameter, the name and the raise that it belongs to.

Most programs have two observers: one that the error reaches, and one that seems to be reached only if places are not
distinguished.
"""

from __future__ import annotations

import pytest

from tests.analysis.observing import observers
from tests.analysis.programs import project_of

CAUGHT = """
def load(n):
    if n:
        raise ValueError(f"bad {n}")
"""

REACHED = {
    "the second of what exc_info gives, by a star": """
import sys
def show(kind, error, trace, status=400):
    return repr(error)
def f():
    try:
        load(1)
    except Exception:
        return show(*sys.exc_info())
""",
    "an attribute that an unknown function may give": """
from elsewhere import lookup
class Proxy:
    __getattr__ = lookup(1)
def f():
    try:
        load(Proxy().rate)
    except Exception as e:
        return repr(e)
""",
    "the place of a tuple that is unpacked": """
def show(first, second):
    return repr(second)
def f():
    try:
        load(1)
    except Exception as e:
        pair = ("x", e)
        return show(*pair)
""",
    "the first of a slice": """
def f():
    try:
        load(1)
    except Exception as e:
        three = (1, e, 2)
        return repr(three[1:][0])
""",
    "a place behind a starred member": """
def f(more):
    try:
        load(1)
    except Exception as e:
        first, second = (*more, e)
        return repr(first)
""",
    "what a function is given as *args and hands on": """
def show(kind, error):
    return repr(error)
def by_way(*args):
    return show("x", *args)
def f():
    try:
        load(1)
    except Exception as e:
        return by_way(e)
""",
    "one of many of *args": """
def by_way(*args):
    return repr(args[9])
def f():
    try:
        load(1)
    except Exception as e:
        return by_way(0, 1, 2, 3, 4, 5, 6, 7, 8, e)
""",
    "the second of *args where a caller gives an unknown number": """
def by_way(*args):
    a, b = args
    return repr(b)
def g(more):
    return by_way(*more)
def f():
    try:
        load(1)
    except Exception as e:
        return g(["x", e])
""",
    "the name of **kwargs that it was put under": """
class Base:
    def __init__(self, status=None, reason=None):
        self.status = status
        self.reason = reason
class Answer(Base):
    def __init__(self, body, **kwargs):
        super().__init__(**kwargs)
def f():
    try:
        load(1)
    except Exception as e:
        return repr(Answer("x", reason=e).reason)
""",
    "a key that is computed": """
def show(status=None, reason=None):
    return repr(reason)
def f(key):
    try:
        load(1)
    except Exception as e:
        given = {"status": 4}
        given[key] = e
        return show(**given)
""",
    "the arguments of the error that it was raised with": """
def g():
    try:
        load(1)
    except ValueError as e:
        raise LookupError(e)
def f():
    try:
        g()
    except LookupError as e:
        return repr(e.args[0])
""",
    "the arguments of an error of its own class": """
class Wrapped(Exception):
    def __init__(self, inner):
        super().__init__("wrapped", inner)
def f():
    try:
        try:
            load(1)
        except ValueError as e:
            raise Wrapped(e)
    except Wrapped as e:
        return repr(e.args[1])
""",
    "the arguments of an error that is made before it is raised": """
def f():
    try:
        try:
            load(1)
        except ValueError as e:
            made = LookupError(e)
            raise made
    except LookupError as e:
        return repr(e.args[0])
""",
    "what a queue keeps that a thread is given": """
import queue, threading
def work(box):
    return repr(box.get())
def f():
    jobs = queue.Queue()
    try:
        load(1)
    except ValueError as e:
        jobs.put(e)
    threading.Thread(target=work, args=(jobs,)).start()
""",
    "what something unknown keeps": """
def put(queue):
    try:
        load(1)
    except ValueError as e:
        queue.put(e)
def f(source):
    return repr(source.get())
""",
    "the result of a future": """
async def f(future):
    try:
        load(1)
    except ValueError as e:
        future.set_result(e)
    return repr(await future)
""",
    "a heap": """
import heapq
def f():
    heap = []
    try:
        load(1)
    except ValueError as e:
        heapq.heappush(heap, (1, e))
    return repr(heapq.heappop(heap)[1])
""",
    "a named tuple": """
from collections import namedtuple
Answer = namedtuple("Answer", "ok error")
def f():
    try:
        load(1)
    except ValueError as e:
        return repr(Answer(False, e).error)
""",
    "a generator that it is sent to": """
def shower():
    got = yield
    yield repr(got)
def f():
    shows = shower()
    next(shows)
    try:
        load(1)
    except ValueError as e:
        return shows.send(e)
""",
    "the arguments that an error is given later": """
def f():
    try:
        try:
            load(1)
        except ValueError as e:
            made = LookupError("x")
            made.args = ("x", e)
            raise made
    except LookupError as e:
        return repr(e.args[1])
""",
    "the repr of the error that it was given to": """
class Wrapped(Exception): ...
def f():
    try:
        try:
            load(1)
        except ValueError as e:
            raise Wrapped(e)
    except Wrapped as e:
        return repr(e)
""",
    "a list in a percent format": """
def f():
    try:
        load(1)
    except ValueError as e:
        return "%s" % [e]
""",
    "a class that somebody names as the attribute of an object": """
class Model:
    Missing = ValueError
def f(model):
    try:
        load(1)
    except model.Missing as e:
        return repr(e)
""",
    "a key of a percent format": """
def f():
    try:
        load(1)
    except ValueError as e:
        return "%(a)s %(b)r" % {"a": 1, "b": e}
""",
    "a place of a percent format": """
def f():
    try:
        load(1)
    except ValueError as e:
        return "%s %5r" % (1, e)
""",
}


@pytest.mark.parametrize("program", REACHED.values(), ids=REACHED)
def test_an_error_reaches(program: str) -> None:
    """And is shown there by its repr."""
    assert observers(project_of(m=CAUGHT + program)) == {"repr"}


NOT_REACHED = {
    "the status of what exc_info gives, by a star": """
import sys
def show(kind, error, trace, status=400):
    return repr(status)
def f():
    try:
        load(1)
    except Exception:
        return show(*sys.exc_info())
""",
    "another place of a tuple that is unpacked": """
def show(first, second):
    return repr(first)
def f():
    try:
        load(1)
    except Exception as e:
        pair = ("x", e)
        return show(*pair)
""",
    "another name of **kwargs": """
class Base:
    def __init__(self, status=None, reason=None):
        self.status = status
        self.reason = reason
class Answer(Base):
    def __init__(self, body, **kwargs):
        super().__init__(**kwargs)
def f():
    try:
        load(1)
    except Exception as e:
        return repr(Answer("x", reason=e, status=4).status)
""",
    "the arguments of an error that is raised elsewhere": """
def g():
    try:
        load(1)
    except ValueError as e:
        raise LookupError(e)
def h(n):
    if n:
        raise LookupError("plain")
def f():
    try:
        h(1)
    except LookupError as e:
        return repr(e.args[0])
""",
    "a clause of another class, where unknown functions are called": """
class Missing(Exception): ...
def f(call):
    try:
        call()
    except Missing as e:
        return repr(e)
HOOKS = {"load": load}
""",
    "a class that an unknown object has for its own": """
def f(model):
    try:
        load(1)
    except model.DoesNotExist as e:
        return repr(e)
""",
    "a method that is called as one of Celery's": """
class Template:
    def get_exception_info(self, error, token):
        return {"message": str(error), "at": token}
    def render(self):
        try:
            load(1)
        except Exception as e:
            self.info = self.get_exception_info(e, 1)
            raise
""",
    "another key of a percent format": """
def f():
    try:
        load(1)
    except ValueError as e:
        return "%(a)r %(b)s" % {"a": 1, "b": e}
""",
    "another place of a percent format": """
def f():
    try:
        load(1)
    except ValueError as e:
        return "%r %s" % (1, e)
""",
}


@pytest.mark.parametrize("program", NOT_REACHED.values(), ids=NOT_REACHED)
def test_an_error_does_not_reach(program: str) -> None:
    """So that nothing holds its raise back."""
    assert observers(project_of(m=CAUGHT + program)) == set()
