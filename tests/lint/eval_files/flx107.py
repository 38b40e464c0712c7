"""FLX107: a class of this file that is an exception but no typed one."""

import abc
import enum
from asyncio import CancelledError
from typing import Generic, Protocol, TypeVar

from flext_exceptions import FlextExceptions
from shop.errors import RemoteError, ShopError, UnknownBase

T = TypeVar("T")


class FeedError(Exception):
    """Flagged."""


class BadInput(ValueError):
    """Flagged: derived from a builtin that has a typed error."""


class WorseInput(BadInput):
    """Flagged: derived from such a class."""


class Encoded(UnicodeError):
    """Flagged: derived from a builtin that has none."""


class Mixin:
    """No exception."""


class Mixed(Mixin, FeedError):
    """Flagged: the mixin of this file is known."""


class Box(Exception, Generic[T]):
    """Flagged: Generic is known."""


class Abstract(FeedError, abc.ABC):
    """Flagged: so is ABC."""


class Outer:
    class InnerError(Exception):
        """Flagged: an exception in another class."""

    Alias = FeedError

    def run(self):
        raise Outer.InnerError("x")  # FLX107: 8
        raise self.InnerError("x")  # silent: a subclass may set another class
        raise InnerError("x")  # silent: no such name in a method


Again = FeedError


def flagged(error, strict, tb):
    if strict:
        raise FeedError("broken")  # FLX107: 8
    try:
        raise FeedError  # FLX107: 8
    except OSError as cause:
        raise BadInput("x") from cause  # FLX107: 8
    raise WorseInput("x") from None  # FLX107: 4
    raise Encoded("x")  # FLX107: 4
    raise Mixed("x")  # FLX107: 4
    raise Box("x")  # FLX107: 4
    raise Abstract  # FLX107: 4
    raise Again("x")  # FLX107: 4
    raise Outer.Alias("x")  # FLX107: 4
    raise FeedError("x").with_traceback(tb)  # FLX107: 4
    raise (problem := FeedError("x"))  # FLX107: 4
    raise FeedError("a") if strict else BadInput("b")  # FLX107: 4, 4
    raise error or FeedError("x")  # FLX107: 4
    raise build("x")  # FLX107: 4


async def flagged_later(stream):
    class LocalError(Exception):
        """A class of this function."""

    try:
        await stream
    except* OSError:
        raise LocalError("x")  # FLX107: 8
    match stream:
        case None:
            raise LocalError  # FLX107: 12


def build(text):
    return FeedError(text)


class Typed(FlextExceptions.ProcessingError):
    """Typed."""


class TypedFeed(Typed, FeedError):
    """Typed by one of its bases."""


class Namespace(FlextExceptions):
    """A namespace."""

    class Closed(FlextExceptions.OperationError):
        """Typed."""


class OfUnknown(UnknownBase):
    """May be anything."""


class HalfKnown(FeedError, UnknownBase):
    """May be typed by its second base."""


class Made(Exception, metaclass=Registry):
    """Made by a class that may do anything."""


class Computed(make_base("shop")):
    """Its base is the result of a call."""


class Stop(BaseException):
    """A signal."""


class Cancelled(CancelledError):
    """A base from another module."""


class Old(DeprecationWarning):
    """A warning."""


class Kind(enum.Enum):
    BAD = 1


class Shape(Protocol):
    """No exception."""


def silent(error, strict, FeedError):
    raise Typed("x")  # silent: typed
    raise TypedFeed("x")  # silent: typed by one of two bases
    raise Namespace.Closed("x")  # silent: a typed error in a namespace
    raise Namespace("x", field="y")  # silent: the factory of a namespace
    raise FlextExceptions.ValidationError("x")  # silent: of the catalogue
    raise OfUnknown("x")  # silent: its base is not known
    raise HalfKnown("x")  # silent: one of two bases is not known
    raise Made("x")  # silent: a metaclass may add a base
    raise Computed("x")  # silent: its base is computed
    raise Stop  # silent: below BaseException only, as a signal is
    raise Cancelled  # silent: asyncio's base, not known here
    raise Old("x")  # silent: a warning, raised where warnings are errors
    raise Kind.BAD  # silent: no exception at all
    raise Shape()  # silent: a protocol
    raise Mixin  # silent: a class that is none
    raise ValueError("x")  # silent: FLX103 has this one
    raise Exception("x")  # silent: FLX102 has this one
    raise RemoteError("x")  # silent: a class of another module
    raise ShopError("x")  # silent: another, which the configuration may name
    raise FeedError("x")  # silent: a parameter of that name
    raise type(error)("x")  # silent: the class of another error
    raise error from BadInput("x")  # silent: the class stands in the cause
    raise Typed(BadInput("x"))  # silent: the class stands in an argument
    error = BadInput("x")  # silent: built and kept
    return BadInput("x")  # silent: given back


if strict_mode:

    class Either(Exception):
        """Untyped."""

else:

    class Either(FlextExceptions.ProcessingError):
        """Typed."""


class Itself(Itself):
    """Its own base, as in a reloaded module."""


def bound_twice():
    raise Either("x")  # silent: two classes of that name
    raise Itself("x")  # silent: what its base is cannot be told
