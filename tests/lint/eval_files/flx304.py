"""FLX304: an error class of the project that is no typed one."""

import abc
import builtins
import json
from builtins import ValueError as Bad
from enum import Enum
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

import requests
from flext_core import FlextValidationError
from flext_exceptions import FlextExceptions
from flext_exceptions import FlextExceptions as FE
from shop.errors import Refused

if TYPE_CHECKING:
    from shop.errors import Strange
else:
    Strange = LookupError

T = TypeVar("T")
Err = ValueError


class CouponExpired(ValueError):  # FLX304: 0
    """The coupon was good once."""


class ShopFailure(Exception):  # FLX304: 0
    """Whatever goes wrong in the shop."""


class NotStocked(KeyError, AttributeError):  # FLX304: 0
    """Two builtins."""


class Renamed(Err):  # FLX304: 0
    """By another name."""


class Imported(Bad):  # FLX304: 0
    """Imported under another name."""


class Full(builtins.RuntimeError):  # FLX304: 0
    """By its full name."""


class OldName(IOError):  # FLX304: 0
    """By the old name of OSError."""


class AtRunTime(Strange):  # FLX304: 0
    """What a type checker sees is not what runs."""


class Carrying(ValueError, Generic[T]):  # FLX304: 0
    """With a type parameter."""


class Abstract(abc.ABC, TypeError):  # FLX304: 0
    """Behind a mixin of the standard library."""


class Sized:
    """No error, and known to the end."""

    size = 0


class TooLarge(Sized, ValueError):  # FLX304: 0
    """Behind a mixin of this file."""


class Tagged(ValueError, tag="a"):  # FLX304: 0
    """With a keyword for its metaclass."""


@register
class Registered(NotImplementedError):  # FLX304: 0
    """With a decorator: the finding stands at the class."""


class Order:
    """Flagged inside a class, a function and a condition."""

    class Closed(RuntimeError):  # FLX304: 4
        """Inside a class."""


async def check(order):
    Local = RuntimeError

    class Late(TimeoutError):  # FLX304: 4
        """Inside a function."""

    if order:

        class Later(Local):  # FLX304: 8
            """By a name of the function."""

    match order:
        case None:

            class Missing(LookupError):  # FLX304: 12
                """In an arm of match."""


class BadOrder(FlextExceptions):  # FLX304: 0
    """A namespace as the base of an error: it has a code."""

    code = "SHOP_0001"


class OrderError(FlextExceptions):  # FLX304: 0
    """The same: it is called an error and holds no types."""


class OrderLost(FE, ValueError):  # FLX304: 0
    """The same: it has a builtin beside the namespace."""


class OrderBroken(FE):  # FLX304: 0
    """The same: it has a constructor."""

    def __init__(self, order):
        super().__init__(f"order {order} is broken")


class OrderField(FE):  # FLX304: 0
    """The same: it declares a field."""

    order: int


class OrderState(FE):  # FLX304: 0
    """The same: it declares a status."""

    http_status: int = 400


class CouponUsed(FlextExceptions.ValidationError):  # silent: a typed error
    """As it should be."""


class CouponLost(FlextValidationError):  # silent: typed, by the older name
    """From the system that this library is the reference for."""


class CouponTorn(CouponUsed):  # silent: typed through a class of the file
    """One more level."""


class CouponBoth(FE.NotFoundError, KeyError):  # silent: a builtin beside a typed base, for old handlers
    """Caught by two builtins."""


class CouponBefore(KeyError, FE.NotFoundError):  # silent: the typed base stands behind
    """The other order."""


class ExpiredToday(CouponExpired):  # silent: its base is the one to fix
    """Below a class that is flagged."""


class ShopErrors(FlextExceptions):  # silent: a namespace that holds types
    """Types of the shop."""

    class Gone(FlextExceptions.NotFoundError):  # silent: typed, in a namespace
        """A product that was."""

    Lost = FlextExceptions.NotFoundError


class PlainErrors(FlextExceptions):  # silent: a namespace that is empty so far
    """Its name is a plural."""


class MoreErrors(ShopErrors):  # silent: a namespace below a namespace
    """Types of another shop."""

    _count: int = 0


class Gone(ShopErrors.Gone):  # silent: the class in the namespace is a typed one
    """Under a shorter name."""


class Inherited(MoreErrors.ValidationError):  # silent: the library's type, through two namespaces
    """From a namespace below a namespace."""


class Remote(requests.RequestException):  # silent: derived from a class of another library
    """What handlers of that library expect."""


class Known(Refused):  # silent: an imported class may be typed
    """From another module of the shop."""


class Unknown(Refused, ValueError):  # silent: so may be one beside a builtin
    """One base is not known."""


class Parsed(json.JSONDecodeError):  # silent: a class of the standard library, which has no typed one
    """A ValueError, and more than that."""


class Old(DeprecationWarning):  # silent: a warning
    """Not raised, but given."""


class OldValue(UserWarning, ValueError):  # silent: a warning that is a ValueError too
    """Both."""


class Stop(BaseException):  # silent: except Exception must not catch it
    """Ends the program."""


class Quit(SystemExit):  # silent: so must it not catch this one
    """Ends it with a number."""


class Done(StopIteration):  # silent: a part of a protocol
    """Ends a loop."""


class NotText(UnicodeError):  # silent: a builtin that has no typed error
    """Its constructor wants five values."""


class Checked(AssertionError):  # silent: what test tools look for
    """An assertion."""


class Group(ExceptionGroup):  # silent: a group of errors
    """Several at once."""


class Color(str, Enum):  # silent: no error at all
    """A value."""


class Point(NamedTuple):  # silent: a tuple
    """Two numbers."""

    code: int


class Raises(Protocol):  # silent: a protocol
    """Whatever has a code."""


class ErrorReport:  # silent: an error by its name alone
    """A page."""


class Computed(base_of("cart")):  # silent: what the call gives is not known
    """Made by a function."""


class Taken(*BASES):  # silent: bases out of a tuple
    """As many as there are."""


class Own(type(err)):  # silent: the class of an error
    """Made at run time."""


def make(ValueError, base):
    class Shadowed(ValueError):  # silent: a parameter with the name of a builtin
        """Whatever was given."""

    class Given(base):  # silent: a parameter
        """The same."""

    return Shadowed, Given


class Scope:
    class Exception:
        """No error: a class that shares the name."""

    class Below(Exception):  # silent: the class above, no builtin
        """No error either."""


if strict:
    Base = ValueError
else:
    Base = Refused


class Either(Base):  # silent: bound in two ways
    """One of them may be typed."""


class Twist(Turn):  # silent: each of the two is the other's base
    """No program survives it."""


class Turn(Twist):  # silent: see above
    """Nor this."""


try:
    from billing import Declined
except ImportError:

    class Declined(Exception):  # silent: a stand-in for the class that could not be imported
        pass


class Database(Protocol):
    class Error(Exception):  # silent: describes the class of a foreign module
        pass


if bson:
    from bson.errors import InvalidDocument
else:

    class InvalidDocument(Exception):  # silent: a stand-in for the import above
        pass


class NotPriced(CouponExpired, KeyError):  # silent: its first base is told
    """Below a class of the file."""
