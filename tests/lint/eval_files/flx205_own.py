# options: --flext-base shop.errors.ShopError --flext-targets ValueError=shop.errors.BadInput
"""FLX205: classes of another module, of which the configuration says what they are."""

from flext_exceptions import FlextExceptions
from shop.errors import BadInput, Closed, ShopError


class Late(ShopError):
    """Derived from a class that counts as typed."""


def flagged():
    try:
        work()
    except Exception:
        pass
    except ShopError:  # FLX205: 4
        pass
    try:
        work()
    except ValueError:
        pass
    except BadInput:  # FLX205: 4
        pass
    try:
        work()
    except ShopError:
        pass
    except Late:  # FLX205: 4
        pass


def silent():
    try:
        work()
    except FlextExceptions:
        pass
    except ShopError:  # silent: a declared base need not be below the library's root
        pass
    try:
        work()
    except ShopError:
        pass
    except Closed:  # silent: nothing says that it derives from ShopError
        pass
    try:
        work()
    except BadInput:
        pass
    except ValueError:  # silent: the builtin is wider than its target
        pass
    try:
        work()
    except ValueError:
        pass
    except ShopError:  # silent: which builtin it stands in for is not said
        pass
