# options: --flext-base shop.errors.ShopError --flext-targets KeyError=shop.errors.NoKey
"""FLX104 and classes that the configuration says are typed."""

from flext_exceptions import FlextExceptions
from shop.errors import NoKey, ShopError


class Late(ShopError, FlextExceptions.TimeoutError):
    """Typed twice over."""


def raising():
    raise FlextExceptions.TimeoutError  # FLX104: 4
    raise ShopError  # silent: a base of the project may say what it means by itself
    raise NoKey()  # silent: the class to raise for KeyError knows its message
    raise Late  # silent: below both, and a class of the project
