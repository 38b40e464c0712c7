"""FLX102: ``raise Exception`` and ``raise BaseException``, by whatever name."""

import builtins
import typing
from builtins import Exception as Anything
from typing import TYPE_CHECKING

from flext_exceptions import FlextExceptions
from shop.errors import BaseException, ShopError

Err = Exception
Failure = Err
Typed = FlextExceptions.BaseError


def flagged(path, error, strict, tb):
    """Flagged: called, not called, and in every form of a raise."""
    if not path:
        raise Exception("no path")  # FLX102: 8
    try:
        raise Exception  # FLX102: 8
    except OSError as cause:
        raise Exception(f"broken: {cause}") from cause  # FLX102: 8
    raise Exception() from None  # FLX102: 4
    raise builtins.BaseException("x")  # FLX102: 4
    raise builtins.Exception  # FLX102: 4
    raise Anything("x")  # FLX102: 4
    raise Err("x")  # FLX102: 4
    raise Failure  # FLX102: 4
    raise Exception("x").with_traceback(tb)  # FLX102: 4
    raise (problem := Exception("x"))  # FLX102: 4
    raise Exception("a") if strict else ShopError("b")  # FLX102: 4
    raise Exception("a") if strict else builtins.BaseException("b")  # FLX102: 4, 4
    raise error or Exception("x")  # FLX102: 4
    raise build("x")  # FLX102: 4


async def in_async_code(stream):
    async with stream:
        raise Exception("closed")  # FLX102: 8
    try:
        await stream
    except* OSError:
        raise Exception("x")  # FLX102: 8
    match stream:
        case []:
            raise Exception("empty")  # FLX102: 12


def build(text):
    return Exception(text)


class Cart:
    class Exception(FlextExceptions.ValidationError):
        """Seen from the class body only."""

    if broken:
        raise Exception("x")  # silent: the class of this class body

    def add(self):
        raise Exception("x")  # FLX102: 8
        raise Cart.Exception("x")  # silent: the typed class, by its path
        raise self.Exception("x")  # silent: an attribute of the instance


def silent(error, strict, errors):
    """Silent: a type that says something, or an error that is not known here."""
    raise BaseException("x")  # silent: imported under the builtin's name
    raise ShopError("x")  # silent: a class of another module
    raise ValueError("x")  # silent: FLX103 has this one
    raise FlextExceptions.BaseError("x")  # silent: typed, if vaguely
    raise Typed("x")  # silent: an alias of a typed error
    raise FlextExceptions("x", field="y")  # silent: the factory chooses a type
    raise ExceptionGroup("several", errors)  # silent: a group
    raise error from Exception("x")  # silent: the cause is not what is raised
    raise ShopError(Exception("x"))  # silent: an argument
    raise type(error)("x")  # silent: the class of another error
    raise error if isinstance(error, Exception) else ShopError(error)  # silent: in the condition only
    raise error  # silent: a variable of any type
    raise Empty("x")  # silent: a class of this file, named at least: FLX304 looks at it
    raise errors.Exception("x")  # silent: an attribute of a parameter
    raise make("x")  # silent: a function with several results
    errors.append(Exception("x"))  # silent: kept, not raised
    return Exception  # silent: given back


class Empty(Exception):
    """No type of the catalogue."""


def make(text):
    if text:
        return Exception(text)
    return text.error


def parameter(Exception):
    raise Exception("x")  # silent: a parameter

    def inner():
        raise Exception("x")  # silent: the parameter of the function around


def imported_here():
    from shop.errors import Exception

    raise Exception("x")  # silent: imported in this function


def captured(kind):
    match kind:
        case Exception:
            raise Exception  # silent: the pattern captures it


def not_captured(kind):
    found = [Exception for Exception in kind]
    raise Exception(found)  # FLX102: 4


if TYPE_CHECKING:
    from shop.errors import Stop, Unclear
else:
    from builtins import Exception as Stop
    from shop.errors import ShopError as Unclear

try:
    from redis import RedisError
except ImportError:
    RedisError = Exception


def conditional_imports():
    raise Stop("x")  # FLX102: 4
    raise Unclear("x")  # silent: what a running program sees is the project's class
    raise RedisError("x")  # silent: Exception only where a library is missing


def frame():
    try:
        raise Exception  # silent: a jump, which the handler below ends
    except Exception as err:
        return err.__traceback__.tb_frame


def rethrown():
    try:
        raise Exception("a")  # FLX102: 8
    except OSError:
        pass
    else:
        raise Exception("b")  # FLX102: 8
