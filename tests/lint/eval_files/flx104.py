"""FLX104: a type of the catalogue raised with neither message nor keyword."""

from typing import TYPE_CHECKING

import flext_core
import flext_exceptions
from flext_exceptions import FlextExceptions
from flext_exceptions import FlextExceptions as FE
from flext_exceptions.errors import TypeError, ValidationError as Invalid
from shop.errors import OutOfStock

Missing = FlextExceptions.NotFoundError


class BadInput(FlextExceptions.ValidationError):
    """Of this project."""

    def __init__(self):
        super().__init__("bad input", field="all")


class Empty(FlextExceptions.ValidationError):
    """Of this project, and says nothing itself."""


class ShopErrors(FlextExceptions):
    """A namespace."""

    Missing = FlextExceptions.NotFoundError

    class Closed(FlextExceptions.OperationError):
        """Of this project."""


def flagged(lines, error, strict, tb):
    """Flagged: nothing is said, in every form of a raise and under every name."""
    if not lines:
        raise FlextExceptions.ValidationError  # FLX104: 8
    if lines == [0]:
        raise FlextExceptions.ValidationError()  # FLX104: 8
    try:
        work()
    except OSError as cause:
        raise FE.OSError from cause  # FLX104: 8
    raise flext_exceptions.FlextExceptions.KeyError() from None  # FLX104: 4
    raise flext_core.FlextExceptions.FlextValidationError  # FLX104: 4
    raise Invalid()  # FLX104: 4
    raise TypeError  # FLX104: 4
    raise Missing()  # FLX104: 4
    raise ShopErrors.Missing  # FLX104: 4
    raise ShopErrors.KeyError()  # FLX104: 4
    raise FlextExceptions.BaseError  # FLX104: 4
    raise FlextExceptions.Error().with_traceback(tb)  # FLX104: 4
    raise FlextExceptions.Error().with_context()  # FLX104: 4
    raise (problem := FlextExceptions.Error())  # FLX104: 4
    raise FlextExceptions.KeyError() if strict else FlextExceptions.KeyError("x")  # FLX104: 4
    raise FlextExceptions.KeyError if strict else FlextExceptions.IndexError  # FLX104: 4, 4
    raise error or FlextExceptions.Error()  # FLX104: 4


async def flagged_later(stream):
    try:
        await stream
    except* OSError:
        raise FlextExceptions.ConnectionError  # FLX104: 8
    match stream:
        case None:
            raise FlextExceptions.ConnectionError()  # FLX104: 12


def silent(lines, error, strict, tb, facts):
    """Silent: something is said, or may be."""
    raise FlextExceptions.ValidationError("no lines")  # silent: a message
    raise FlextExceptions.ValidationError(field="lines")  # silent: a keyword, and no message
    raise FlextExceptions.ValidationError("")  # FLX104: 4
    raise FlextExceptions.ValidationError(None)  # silent: an argument
    raise FlextExceptions.ValidationError(*facts)  # silent: the arguments may hold a message
    raise FlextExceptions.ValidationError(**facts)  # silent: the keywords are not known
    raise FlextExceptions.ValidationError(context={"lines": 0})  # silent: context alone
    raise FlextExceptions.OSError(2)  # silent: an errno
    raise FlextExceptions.Error(code="SHOP_1")  # silent: a code
    raise FlextExceptions.Error().with_context(lines=0)  # silent: context that is added behind
    raise FlextExceptions.Error().with_context(lines=0).with_traceback(tb)  # silent: context, then a traceback
    raise FlextExceptions.Error().with_traceback(tb).with_context(**facts)  # silent: a traceback, then context
    raise FlextExceptions.Error().with_context(a=1) if strict else error  # silent: context in one branch
    raise (problem := FlextExceptions.Error().with_context(a=1))  # silent: context inside a walrus
    raise (FlextExceptions.Error() if strict else error).with_context(a=1)  # silent: context for either branch
    raise BadInput  # silent: a class of the project may build its message
    raise Empty()  # silent: so may one with no body, in its base
    raise ShopErrors.Closed  # silent: a class in a namespace
    raise OutOfStock  # silent: a class of another module
    raise FlextExceptions  # silent: FLX105 has this one
    raise FlextExceptions()  # silent: nor is the factory a type
    raise NotImplementedError  # silent: a builtin
    raise build()  # silent: the function that builds it may fill it in
    raise error  # silent: a variable
    raise error.with_traceback(tb)  # silent: a variable with a traceback
    raise type(error)()  # silent: the class of another error
    raise FlextExceptions.lookup()  # silent: no type of the catalogue
    error = FlextExceptions.Error()  # silent: not raised here
    return FlextExceptions.Error()  # FLX104: 11


def build():
    return FlextExceptions.Error()  # FLX104: 11


def shadowed(FlextExceptions, Missing):
    raise FlextExceptions.ValidationError  # silent: a parameter of that name
    raise Missing()  # silent: a parameter hides the alias


if TYPE_CHECKING:
    from flext_exceptions import FlextExceptions as Facade
else:
    from shop.facade import Facade


def for_type_checkers():
    raise Facade.ValidationError  # silent: a running program sees the class of the project
