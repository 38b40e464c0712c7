"""FLX103: builtins that the catalogue has a typed error for, in every form that a raise may have."""

import asyncio
import functools
import logging

from flext_exceptions import FlextExceptions
from shop.errors import ShopError, make_error


def plain(items, path, error):
    """Flagged: called, not called, with a cause or without."""
    if not items:
        raise ValueError("no items")  # FLX103: 8
    if not path:
        raise ValueError  # FLX103: 8
    if path == "/":
        raise OSError(2, "no such file", path) from None  # FLX103: 8
    if path.is_dir():
        raise IsADirectoryError(path) from error  # FLX103: 8
    if path.closed: raise RuntimeError("closed"); raise KeyError(path)  # FLX103: 20, 50
    raise LookupError(  # FLX103: 4
        "nothing found",
        path,
    )


def every_row(kind):
    """Flagged: system errors, arithmetic, imports; IOError and EnvironmentError are names of OSError."""
    match kind:
        case 1:
            raise IOError("disk full")  # FLX103: 12
        case 2:
            raise EnvironmentError  # FLX103: 12
        case [3, *_] if kind:
            raise ZeroDivisionError("no rate")  # FLX103: 12
        case {"kind": 4}:
            raise ModuleNotFoundError("no driver", name="driver")  # FLX103: 12
        case 5 | 6:
            raise SystemError("broken")  # FLX103: 12
        case 7:
            raise MemoryError("too large")  # silent: the catalogue has no row for MemoryError
        case 8:
            raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad")  # silent: nor for UnicodeError, though a ValueError
        case 9:
            raise NameError(kind)  # silent: nor for NameError
        case 10:
            raise ExceptionGroup("several", [ValueError("a")])  # silent: a group, whatever it holds
        case _:
            raise Exception(kind)  # silent: FLX102 has this one


def conditional(error, strict, tb):
    """Flagged: each value that may be raised, at the raise."""
    raise ValueError("a") if strict else KeyError("b")  # FLX103: 4, 4
    raise TypeError("a") if strict else FlextExceptions.KeyError("b")  # FLX103: 4
    raise error if strict else (ShopError("a") if tb else LookupError("b"))  # FLX103: 4
    raise error or RuntimeError("stopped")  # FLX103: 4
    raise None or BufferError  # FLX103: 4
    raise (problem := ValueError("bad"))  # FLX103: 4
    raise EOFError("end").with_traceback(tb)  # FLX103: 4
    raise (found := ArithmeticError("a") if strict else error).with_traceback(tb) from error  # FLX103: 4
    raise FlextExceptions.ValidationError("a") if strict else FlextExceptions.KeyError("b")  # silent: both are typed
    raise error if strict else ShopError("x")  # silent: neither branch is a builtin
    raise error or make_error(ValueError)  # silent: the builtin is an argument
    raise (other := error).with_traceback(tb)  # silent: a walrus around a name that may be anything
    raise ShopError(ValueError("inner"))  # silent: the builtin is wrapped in the error
    raise error from ValueError("cause")  # silent: the cause is not what is raised
    raise error if isinstance(error, ValueError) else ShopError()  # silent: the builtin is in the condition


def placed(items):
    """Flagged: in every block."""
    for item in items:
        while item:
            raise OverflowError(item)  # FLX103: 12
        else:
            raise IndexError(item)  # FLX103: 12
    with items:
        raise ConnectionError("lost")  # FLX103: 8
    try:
        raise TimeoutError  # FLX103: 8
    except OSError as error:
        raise PermissionError("not yours") from error  # FLX103: 8
    else:
        raise FileExistsError("twice")  # FLX103: 8
    finally:
        raise FileNotFoundError("gone")  # FLX103: 8


async def in_async_code(stream):
    """Flagged: async blocks and groups are blocks like others."""
    async with stream:
        raise BrokenPipeError("closed")  # FLX103: 8
    async for line in stream:
        raise ConnectionResetError(line)  # FLX103: 8
    try:
        await stream
    except* OSError as group:
        raise InterruptedError("stopped") from group  # FLX103: 8
    except* ValueError:
        raise  # silent: raises again what came in
    raise asyncio.CancelledError  # silent: the caller cancels, and awaits exactly this
    raise asyncio.TimeoutError("late")  # FLX103: 4
    raise await stream.error()  # silent: what a coroutine gives is not known


class Cart:
    """Flagged: in a class body and in its methods."""

    if not Cart.ready:
        raise RuntimeError("not ready")  # FLX103: 8

    def add(self, line):
        def check():
            raise ValueError(line)  # FLX103: 12

        check()

    @functools.wraps(print)
    @staticmethod
    def closed():
        raise RuntimeError("closed")  # FLX103: 8


def of_variables(exc, index, code):
    """Silent: what a variable holds is not known from its name."""
    error = ValueError("bad")
    raise error  # FLX103: 4
    raise exc  # silent: a parameter
    raise type(exc)("again")  # silent: the class of another error
    raise exc.__class__(*exc.args)  # silent: an attribute of a variable
    raise ERRORS[code](index)  # silent: out of a table
    raise {1: ValueError}[code]  # silent: a table on the spot
    raise index.pop()  # silent: a method's result
    raise functools.partial(ValueError, "x")()  # silent: a call of a call
    raise (lambda: ValueError("x"))()  # silent: the call of a lambda
    raise ValueError("x").add_note("n")  # silent: no method that gives back the error
    raise next(error for ValueError in index)  # silent: a comprehension's result
    raise getattr(index, "ValueError")  # silent: a builtin by its text only


def errors_that_are_kept(future, log):
    """Silent: no raise at all."""
    log.append(ValueError("kept"))  # silent: kept in a list
    log = [KeyError(key) for key in future]  # silent: built in a comprehension
    logging.error("%s", ValueError("said"))  # silent: logged
    return TypeError("given back")  # silent: returned; the caller may raise it


def build(text):
    return ValueError(f"malformed: {text}")


def build_one_of(strict):
    if strict:
        return FlextExceptions.ValidationError("strict", field="text")
    return KeyError("not strict")


def build_or_not(strict):
    if strict:
        return ValueError("strict")
    return None


def build_outer(text):
    def inner():
        return ValueError(text)

    return FlextExceptions.ValidationError(text, cause=inner())


@functools.cache
def build_cached(text):
    return ValueError(text)


def build_given(error):
    return error


def build_again():
    return build_again()


build_lambda = lambda: ValueError("x")


class Builder:
    def build(self):
        return ValueError("x")

    def run(self):
        raise self.build()  # silent: a subclass may build another error


def of_functions(strict):
    """Flagged: functions of this module whose every return builds an error that is known."""
    raise build("x")  # FLX103: 4
    raise build_one_of(strict) from None  # FLX103: 4
    raise build("x").with_traceback(None) if strict else ShopError()  # FLX103: 4
    raise build_or_not(strict)  # silent: one of its returns is no error
    raise build_outer("x")  # silent: the function in it returns the builtin, not itself
    raise build_cached("x")  # silent: decorated, so its result may be anything
    raise build_given(ValueError("x"))  # silent: gives back its argument
    raise build_again()  # silent: a function that only calls itself
    raise build_lambda()  # silent: a lambda under a name
    raise make_error("x")  # silent: a function of another module
    raise Builder().build()  # silent: a method
    raise build  # silent: the function itself, not its result


def with_own_builder(build):
    raise build("x")  # silent: here the builder is a parameter


def texts():
    """Silent: a raise in a text.

    >>> raise ValueError("x")  # silent: a doctest
    """
    return "raise ValueError('x')"  # silent: code as data


if __name__ == "__main__":
    raise NotADirectoryError("argv")  # FLX103: 4
