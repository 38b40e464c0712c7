# options: --flext-base shop.errors.ShopError
"""FLX109 and classes that the configuration says are typed."""

from shop.errors import Closed, ShopError


class Late(ShopError):
    """Below one."""


def building():
    ShopError("x")  # FLX109: 4
    Late("x")  # FLX109: 4
    Closed("x")  # silent: not named in the configuration
    ShopError.register(Late)  # silent: a method of a class that is named
    Late.__init__(error, "x")  # silent: a method of a class below it
