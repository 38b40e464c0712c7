"""FLX108: a builtin error that is handed over instead of raised."""

import asyncio
import builtins
from builtins import KeyError as Missing
from typing import TYPE_CHECKING

from flext_exceptions import FlextExceptions
from shop.errors import ShopError, TimeoutError

Err = RuntimeError


def flagged(future, gen, mock, error, strict, tb, futures):
    """Flagged: called, not called, and through every form of an expression."""
    if not gen:
        future.set_exception(RuntimeError("stopped"))  # FLX108: 29
    future.set_exception(ValueError)  # FLX108: 25
    self.future.result.set_exception(Exception("x"))  # FLX108: 37
    future.set_exception(BaseException())  # FLX108: 25
    gen.throw(KeyError("x"))  # FLX108: 14
    gen.throw(ValueError, "x", tb)  # FLX108: 14
    mock.side_effect = OSError("x")  # FLX108: 23
    mock.load.side_effect = mock.other = ConnectionError  # FLX108: 41
    double = Mock(side_effect=LookupError("x"))  # FLX108: 30
    double: Mock = Mock(return_value=1, side_effect=EOFError)  # FLX108: 52
    future.set_exception(builtins.ValueError("x"))  # FLX108: 25
    future.set_exception(Missing("x"))  # FLX108: 25
    future.set_exception(Err("x"))  # FLX108: 25
    future.set_exception(ValueError("x").with_traceback(tb))  # FLX108: 25
    future.set_exception(ValueError("a") if strict else KeyError("b"))  # FLX108: 25, 56
    future.set_exception(error or RuntimeError("x"))  # FLX108: 34
    future.set_exception(kept := RuntimeError("x"))  # FLX108: 33
    future.set_exception(  # the finding is at the error
        RuntimeError("x")  # FLX108: 8
    )
    [one.set_exception(RuntimeError("x")) for one in futures]  # FLX108: 23
    later = lambda: future.set_exception(RuntimeError("x"))  # FLX108: 41
    if gen.throw(ValueError("x")):  # FLX108: 17
        pass
    while gen.throw(ValueError):  # FLX108: 20
        pass
    for row in gen.throw(ValueError):  # FLX108: 25
        pass
    with gen.throw(ValueError) as opened:  # FLX108: 19
        pass
    match gen.throw(ValueError):  # FLX108: 20
        case None:
            gen.throw(ValueError)  # FLX108: 22
    total += gen.throw(ValueError)  # FLX108: 23
    assert gen.throw(ValueError)  # FLX108: 21
    try:
        work()
    except* OSError:
        future.set_exception(OSError("x"))  # FLX108: 29
    return gen.throw(ValueError("x"))  # FLX108: 21


async def flagged_later(future, gen):
    await future.set_exception(RuntimeError("x"))  # FLX108: 31
    async with gen.throw(ValueError):  # FLX108: 25
        pass
    async for row in gen.throw(ValueError):  # FLX108: 31
        pass
    yield gen.throw(ValueError)  # FLX108: 20


def silent(future, gen, mock, error, strict, ball, kinds):
    """Silent: typed errors, and what is not known to be a builtin."""
    future.set_exception(FlextExceptions.ProcessingError("x"))  # silent: typed
    future.set_exception(ShopError("x"))  # silent: a class of another module
    future.set_exception(TimeoutError("x"))  # silent: imported under the builtin's name
    future.set_exception(error)  # silent: a variable
    future.set_exception(type(error)("x"))  # silent: the class of another error
    future.set_exception(error.with_traceback(None))  # silent: a variable with a traceback
    future.set_exception(wrap(ValueError("x")))  # silent: the builtin is an argument
    future.set_exception(error if isinstance(error, ValueError) else ShopError())  # silent: in the condition
    future.set_exception()  # silent: no argument
    future.set_exception(*kinds)  # silent: an argument that is not seen
    future.set_exception(Own("x"))  # silent: a class of this file
    future.set_exception(MemoryError("x"))  # silent: the catalogue has no row for it
    future.set_exception(asyncio.CancelledError())  # silent: cancels whoever awaits
    future.set_exception(kinds[ValueError])  # silent: an element of a table
    future.set_result(ValueError("x"))  # silent: the error is the result
    set_exception(ValueError("x"))  # silent: a function, no method
    throw(ValueError)  # silent: a function of that name
    gen.throw(GeneratorExit)  # silent: closes the generator
    gen.throw(StopIteration(3))  # silent: ends an iteration
    gen.throw(StopAsyncIteration)  # silent: ends an async iteration
    gen.throw(NotImplementedError("x"))  # silent: for a subclass to fill in
    gen.throw(KeyboardInterrupt)  # silent: stands for Ctrl-C
    gen.throw(SystemExit(1))  # silent: ends the program
    gen.throw(AssertionError("x"))  # silent: says that something is never reached
    gen.throw(DeprecationWarning("x"))  # silent: a warning
    gen.throw(error, ValueError("x"))  # silent: the builtin is the second argument
    ball.throw(3.5)  # silent: another method of that name
    ball.throw("ValueError")  # silent: a text
    ball.throw_ValueError(ValueError)  # silent: another method
    mock.side_effect = None  # silent: no side effect
    mock.side_effect = error.side_effect  # silent: another one's side effect
    mock.side_effect = lambda: ValueError("x")  # silent: a function that gives it back
    mock.side_effects = ValueError("x")  # silent: another attribute
    side_effect = ValueError("x")  # silent: a variable of that name
    kept = Mock(side_effect=ShopError)  # silent: a class of another module as a side effect
    kept = Mock(return_value=ValueError("x"))  # silent: another keyword
    kept = [gen.throw for ValueError in kinds]  # silent: not called
    text = "gen.throw(ValueError)"  # silent: a text in an assignment
    return gen.throw  # silent: the method itself


def shadowed(future, ValueError):
    future.set_exception(ValueError("x"))  # silent: a parameter of that name


class Own(ValueError):
    """Of this file: FLX304 looks at it."""


class Items:
    """Silent: the protocols of FLX103, by the function around."""

    def __getitem__(self, index):
        return self.gen.throw(IndexError(index))  # silent: ends an iteration by index

    def __getattr__(self, name):
        self.gen.throw(AttributeError(name))  # silent: what getattr expects

    @property
    def value(self):
        return self.gen.throw(AttributeError("unset"))  # silent: in a property

    def __add__(self, other):
        self.gen.throw(TypeError("no sum"))  # silent: what an operator expects

    def get(self, index):
        return self.gen.throw(IndexError(index))  # FLX108: 30


if TYPE_CHECKING:
    from builtins import OSError as Broken
else:
    from shop.errors import Broken


def for_type_checkers(future):
    future.set_exception(Broken("x"))  # silent: a running program sees the class of the project


def by_keyword(future, error):
    """Flagged and silent: an error that is handed over under its name."""
    future.set_exception(exception=ValueError("x"))  # FLX108: 35
    future.set_exception(exception=error)  # silent: any error
