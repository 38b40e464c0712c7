"""Errors that something keeps of which the program is not known: who may take them out again, and who may not."""

from __future__ import annotations

import pytest

from tests.analysis.observing import observers
from tests.analysis.programs import project_of

CAUGHT = """
def load(n):
    if n:
        raise ValueError(f"bad {n}")
def tried(keep):
    try:
        load(1)
    except ValueError as e:
        keep(e)
"""

TAKEN = {
    "a queue": """
def f(queue):
    tried(lambda e: queue.put(e))
    return repr(queue.get())
""",
    "a queue behind another": """
def f(first, second):
    tried(lambda e: first.put(e))
    second.put(first.get())
    return repr(second.get())
""",
    "the attribute of what a queue keeps, in another queue": """
def f(jobs, results):
    job = jobs.get()
    tried(lambda e: setattr(job, "result", e))
    results.put(job.result)
    return repr(results.get())
""",
    "a list within what a queue keeps": """
def f(queue):
    tried(lambda e: queue.put({"errors": [e]}))
    return repr(queue.get()["errors"])
""",
    "a table that a pipe hands to a queue": """
import multiprocessing, queue
left, right = multiprocessing.Pipe()
both = queue.Queue()
tried(lambda e: left.send({"error": e}))
both.put(right.recv())
print(repr(both.get()["error"]))
""",
    "a queue that is awaited": """
import asyncio
async def f():
    queue = asyncio.Queue()
    try:
        load(1)
    except ValueError as e:
        await queue.put(e)
    x = await queue.get()
    return repr(x)
""",
    "a timer": """
import threading
def show(x):
    print(repr(x))
tried(lambda e: threading.Timer(0, show, args=[e]).start())
""",
    "a scheduler that is not known": """
def show(x):
    print(repr(x))
def f(scheduler):
    tried(lambda e: scheduler.enter(0, 1, show, (e,)))
""",
    "what reduce makes of lists": """
import functools, operator
found = []
tried(lambda e: found.append([e]))
print(functools.reduce(operator.add, found))
""",
    "an attribute whose name is computed": """
class Result:
    def __init__(self, **named):
        for name, value in named.items():
            setattr(self, name, value)
def f():
    try:
        load(1)
    except ValueError as e:
        return Result(outcome=e)
print(repr(f().outcome))
""",
    "an attribute that vars() adds": """
class Result:
    def __init__(self, **named):
        vars(self).update(named)
def f():
    try:
        load(1)
    except ValueError as e:
        return Result(outcome=e)
print(repr(f().outcome))
""",
    "an attribute that __dict__ is asked for": """
class Result: ...
def f(result):
    try:
        load(1)
    except ValueError as e:
        result.outcome = e
    return result.__dict__["outcome"]
print(repr(f(Result())))
""",
    "the end of a pipe": """
def f(left, right):
    tried(lambda e: left.send(e))
    return repr(right.recv())
""",
    "the result of a future": """
async def f(future):
    tried(lambda e: future.set_result(e))
    return repr(await future)
""",
    "the arguments of an error that a queue keeps": """
def wrapped():
    try:
        load(1)
    except ValueError as e:
        raise RuntimeError(e)
def f(queue):
    try:
        wrapped()
    except RuntimeError as e:
        queue.put(e.args)
    return repr(queue.get()[0])
""",
}


@pytest.mark.parametrize("program", TAKEN.values(), ids=TAKEN)
def test_what_is_kept_is_read_where_it_is_taken_out(program: str) -> None:
    """By whatever object."""
    assert "repr" in observers(project_of(m=CAUGHT + program))


NOT_TAKEN = {
    "a mapping, where errors are only sent": """
def f(signal, table):
    tried(lambda e: signal.send(error=e))
    return repr(table.get("name"))
""",
    "an iteration, where errors are only sent": """
def f(signal, names):
    tried(lambda e: signal.send(error=e))
    return [repr(name) for name in names]
""",
    "the subscript of a class": """
def f(queue):
    tried(lambda e: queue.put(e))
    return type(list[int]).__name__
""",
    "an attribute of a class to which another adds them": """
class Result:
    def __init__(self, **named):
        vars(self).update(named)
class Other:
    def __init__(self, name):
        self.name = name
def f():
    try:
        load(1)
    except ValueError as e:
        Result(outcome=e)
    return repr(Other("n").name)
""",
    "an attribute of another name": """
class Job: ...
def f(other):
    job = Job()
    tried(lambda e: setattr(job, "result", e))
    return repr(other.label)
""",
    "the third that keeps it": """
class Job: ...
def f(queue, other, third):
    job = Job()
    tried(lambda e: setattr(job, "failed", [e]))
    queue.put(other.failed)
    third.held = queue.get()
    return type(other.held).__name__
""",
    "the repr that a class has of its own": """
class Ours(Exception):
    def __repr__(self):
        return "Ours()"
def f():
    try:
        load(1)
    except ValueError as e:
        return repr(Ours(e))
""",
    "a parameter that has the name of a builtin": """
def tell(type, text):
    return type(text)
def f(call):
    try:
        load(1)
    except ValueError as e:
        return tell(call, e)
""",
}


@pytest.mark.parametrize("program", NOT_TAKEN.values(), ids=NOT_TAKEN)
def test_what_is_kept_is_not_read_elsewhere(program: str) -> None:
    """So that one error that something keeps does not hold back the whole program."""
    assert observers(project_of(m=CAUGHT + program)) == set()
