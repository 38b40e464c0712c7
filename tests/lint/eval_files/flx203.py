"""FLX203: a new error in a handler that does not say what caused it."""

import builtins
import sys
import unittest
from builtins import ValueError as Bad

import requests
from flext_exceptions import FlextExceptions
from shop import errors
from shop.errors import Refused, translate

Err = ValueError


class CartError(FlextExceptions.ProcessingError):
    """An error of the shop."""

    @classmethod
    def of(cls, err):
        return cls(str(err))


def cart_error(text):
    """Builds an error: a raise of its result is a raise of a new error."""
    return CartError(text)


def some_error(text):
    """Gives back what it cannot tell."""
    if text in known:
        return known[text]
    return CartError(text)


def new_errors(text):
    """Flagged: the error is made where it is raised."""
    try:
        int(text)
    except ValueError:
        raise FlextExceptions.ValidationError("no number", field="text")  # FLX203: 8
    try:
        int(text)
    except ValueError as err:
        raise CartError(f"no number: {err}")  # FLX203: 8
    try:
        int(text)
    except (TypeError, ValueError):
        raise RuntimeError  # FLX203: 8
    try:
        int(text)
    except ValueError as err:
        raise Refused(err)  # FLX203: 8
    try:
        int(text)
    except ValueError:
        raise errors.Refused  # FLX203: 8
    try:
        int(text)
    except ValueError:
        raise FlextExceptions("no number", field="text")  # FLX203: 8
    try:
        int(text)
    except ValueError:
        raise cart_error("no number")  # FLX203: 8
    try:
        int(text)
    except:
        raise Bad("no number")  # FLX203: 8
    try:
        int(text)
    except* ValueError:
        raise builtins.TypeError("no number")  # FLX203: 8


def spellings(text, tb):
    """Flagged: one of the values that may be raised is a new error."""
    try:
        int(text)
    except ValueError as err:
        raise Err("a") if text else err  # FLX203: 8
    try:
        int(text)
    except ValueError:
        raise last_error or KeyError(text)  # FLX203: 8
    try:
        int(text)
    except ValueError:
        raise (new := CartError("a"))  # FLX203: 8
    try:
        int(text)
    except ValueError:
        raise CartError("a").with_traceback(tb)  # FLX203: 8
    try:
        int(text)
    except ValueError:
        raise CartError("a").with_context(text=text)  # FLX203: 8


def places(text):
    """Flagged: still in the handler, through loops, conditions, match, with and inner try statements."""
    try:
        int(text)
    except ValueError:
        for attempt in range(3):
            if attempt == 2:
                raise CartError("a")  # FLX203: 16
        while waiting():
            with lock:
                raise CartError("b")  # FLX203: 16
        match text:
            case "":
                raise CartError("c")  # FLX203: 16
        try:
            repair()
        finally:
            raise CartError("d")  # FLX203: 12
    try:
        int(text)
    except ValueError as first:
        try:
            repair()
        except OSError as second:
            raise CartError("e")  # FLX203: 12


class Settings:
    """Flagged in the body of a class, and in async code."""

    try:
        import tomllib
    except ImportError:
        raise CartError("tomllib is missing")  # FLX203: 8

    async def load(self):
        async with self.session as session:
            try:
                return await session.get()
            except TimeoutError:
                raise FlextExceptions.TimeoutError("no answer", timeout_seconds=5)  # FLX203: 16


def with_cause(text):
    """Silent: the cause is named, or said to be of no interest."""
    try:
        int(text)
    except ValueError as err:
        raise CartError("a") from err  # silent: the cause is the caught error
    try:
        int(text)
    except ValueError as err:
        raise CartError("b") from None  # silent: said to be of no interest
    try:
        int(text)
    except ValueError as err:
        raise CartError("c") from err.__cause__  # silent: the cause is an earlier one


def existing(text, tb):
    """Silent: what is raised exists already, or may."""
    try:
        int(text)
    except ValueError:
        raise  # silent: nothing new
    try:
        int(text)
    except ValueError as err:
        raise err  # silent: the caught error itself
    try:
        int(text)
    except ValueError as err:
        raise err.with_traceback(tb)  # silent: the caught error, with another traceback
    try:
        int(text)
    except ExceptionGroup as group:
        raise group.exceptions[0]  # silent: a part of what was caught
    try:
        int(text)
    except ValueError as err:
        new = CartError("a")
        new.__cause__ = err
        raise new  # silent: a name; its cause may have been set
    try:
        int(text)
    except ValueError as err:
        raise err if text else last_error  # silent: two names of errors that exist
    try:
        int(text)
    except ValueError as first:
        try:
            repair()
        except OSError:
            raise first  # silent: the error of the outer handler
    try:
        int(text)
    except ValueError:
        raise self.error  # silent: an attribute that holds an error
    try:
        int(text)
    except ValueError:
        raise sys.exc_info()[1]  # silent: the error that is being handled
    try:
        int(text)
    except ValueError:
        raise NOT_A_NUMBER  # silent: a constant, by its name an error made elsewhere


def may_know(text, make, error_class):
    """Silent: the call of something that is no class, and may know the cause."""
    try:
        int(text)
    except ValueError as err:
        raise translate(err)  # silent: a function from elsewhere
    try:
        int(text)
    except ValueError as err:
        raise CartError.of(err)  # FLX203: 8
    try:
        int(text)
    except ValueError as err:
        raise Refused.from_error(err)  # silent: another constructor, of a class from elsewhere
    try:
        int(text)
    except ValueError as err:
        raise make(err)  # silent: a parameter
    try:
        int(text)
    except ValueError as err:
        raise error_class("a")  # silent: a class by its name only, perhaps with a cause of its own
    try:
        int(text)
    except ValueError:
        raise some_error(text)  # silent: a function of the module that may give an error that exists
    try:
        int(text)
    except ValueError as err:
        raise type(err)("a")  # silent: a class that no name tells
    try:
        int(text)
    except ValueError:
        raise CODES[text]("a")  # silent: the class comes out of a table


async def awaited(text):
    try:
        int(text)
    except ValueError as err:
        raise await describe(err)  # silent: what is awaited is not known


def elsewhere(text):
    """Silent: these raises run outside of the handler, or are not of this handler."""
    try:
        int(text)
    except ValueError:

        def fail():
            raise CartError("a")  # silent: a function that runs later

        class Later:
            """A class with a raise in its body and in a method."""

            if text:
                raise CartError("b")  # silent: the body of a class is a scope of its own

            def run(self):
                raise CartError("c")  # silent: a method

        later = lambda: fail()
    try:
        raise CartError("d")  # silent: the body of the try
    except OSError:
        pass
    else:
        raise CartError("e")  # silent: else runs when nothing was raised
    try:
        int(text)
    except ValueError:
        pass
    finally:
        raise CartError("f")  # silent: finally belongs to the whole statement
    raise CartError("g")  # silent: after the handler


def steering(text):
    """Silent: what steers the program tells of no failure."""
    try:
        import yaml
    except ImportError:
        raise SystemExit(2)  # silent: the end of the program
    try:
        int(text)
    except ValueError:
        raise StopIteration  # silent: the end of an iteration
    try:
        import yaml
    except ImportError:
        raise unittest.SkipTest("no yaml")  # silent: a test that is left out
    try:
        int(text)
    except ValueError:
        raise KeyboardInterrupt  # silent: what Ctrl-C does


def steering(messages, jobs):
    try:
        return messages.pop()
    except IndexError:
        raise queue.Empty  # silent: steers the loop that polls
    except OSError:
        raise ExitNow("done")  # silent: ends the loop
    except KeyError:
        raise _StopWorker()  # silent: ends the worker


def inside(text):
    try:
        work()
    except KeyError:
        try:
            raise ValueError(text)  # silent: caught two lines below, it never leaves the handler
        except ValueError:
            report()
        try:
            raise ValueError(text)  # FLX203: 12
        except KeyError:
            report()
