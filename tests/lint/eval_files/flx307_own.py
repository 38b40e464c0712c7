# options: --flext-base shop.errors.ShopError
"""FLX307: classes below a base in another module, which the configuration declares as typed."""

from shop.errors import Other, ShopError


class First(ShopError):
    """The owner of the code."""

    code = "SHOP_0001"  # silent: the first


class Second(ShopError):  # FLX307: 0
    """Flagged: the same code."""

    code = "SHOP_0001"


class Third(Other):
    """Silent: perhaps no error."""

    code = "SHOP_0001"  # silent: nothing says that its base is an error


class Fourth(ShopError):
    """Silent: another code."""

    code = "SHOP_0002"  # silent: only here
