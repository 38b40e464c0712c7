"""FLX307: one code for two classes."""

from typing import ClassVar

from flext_exceptions import ErrorCodes, FlextExceptions
from flext_exceptions import FlextExceptions as FE
from shop.errors import Refused

SOLD_OUT = "SHOP_0110"


class OrderClosed(FlextExceptions.ProcessingError):
    """The first class with its code."""

    code = "SHOP_0120"  # silent: first come, first served


class RefundTooLarge(FlextExceptions.ValidationError):  # FLX307: 0
    """Flagged: the code of another class."""

    code = "SHOP_0120"


class RefundTwice(OrderClosed):  # FLX307: 0
    """Flagged: a class below the owner, which would inherit it, has said it again."""

    code = "SHOP_0120"


class RefundLate(FE.TimeoutError):  # FLX307: 0
    """Flagged: with an annotation."""

    code: ClassVar[str] = "SHOP_0120"


class RefundOld(FE.TimeoutError):  # FLX307: 0
    """Flagged: by the older name."""

    error_code = "SHOP_0120"


class Plain(ValueError):  # FLX307: 0
    """Flagged: an error, typed or not."""

    code="SHOP_0120"


class Missing(FE.NotFoundError):
    """The first with a code of the library."""

    code = ErrorCodes.NOT_FOUND  # silent: the first


@register
class Lost(FE.NotFoundError):  # FLX307: 0
    """Flagged: the same name of a code, behind a decorator."""

    code = ErrorCodes.NOT_FOUND


class ShopErrors(FlextExceptions):
    """Flagged in a namespace."""

    class Gone(FlextExceptions.NotFoundError):  # FLX307: 4
        """A product that was."""

        code = "SHOP_0120"


def make():
    class Local(FE.Error):  # FLX307: 4
        """Flagged in a function."""

        code = "SHOP_0120"

    return Local


class OwnCode(FE.Error):
    """Silent: a code of its own."""

    code = "SHOP_0130"  # silent: only here


class Inherits(OrderClosed):
    """Silent: it says nothing."""

    title = "SHOP_0120"  # silent: the title is no code


class Declared(FE.Error):
    """Silent: a code is said, and none is given."""

    code: str  # silent: an annotation alone


class Empty(FE.Error):
    """Silent: no code."""

    code = ""  # silent: empty


class EmptyAgain(FE.Error):
    """Silent: no code either."""

    code = ""  # silent: two classes without a code share nothing


class NoCode(FE.Error):
    """Silent: it says that it has none."""

    code = None  # silent: none


class NoCodeAgain(FE.Error):
    """Silent: neither has this one."""

    code = None  # silent: none, once more


class Built(FE.Error):
    """Silent: what the code is, only runs tell."""

    code = prefix + "0120"  # silent: put together


class BuiltAgain(FE.Error):
    """Silent: the same expression."""

    code = prefix + "0120"  # silent: the prefix may have changed in between


class Called(FE.Error):
    """Silent: each call may give another code."""

    code = next_code()  # silent: a call


class CalledAgain(FE.Error):
    """Silent: the next code."""

    code = next_code()  # silent: the call gives another one now


class Status:
    """Silent: no error."""

    code = "SHOP_0120"  # silent: a class that is no error


class Imported(Refused):
    """Silent: whether it is an error cannot be told."""

    code = "SHOP_0120"  # silent: its base is not known


class InFunction(FE.Error):
    """Silent: codes in the functions of a class."""

    def __init__(self, text):
        code = "SHOP_0120"  # silent: a variable
        super().__init__(text, code="SHOP_0120")  # silent: given in a call
        self.code = "SHOP_0120"  # silent: of one error only


class Nested(FE.Error):
    """Silent: the code of the class inside is not its own."""

    class Info:
        code = "SHOP_0120"  # silent: a class inside, which is no error


if strict:

    class Same(FE.Error):
        """Defined in one way."""

        code = "SHOP_0140"  # silent: the first of two ways

else:

    class Same(FE.Error):
        """Defined in the other."""

        code = "SHOP_0140"  # silent: one class under one name


class Several(FE.Error):
    """Silent: a pair."""

    code, title = "SHOP_0120", "several"  # silent: not looked into


code = "SHOP_0120"  # silent: a name of the module
