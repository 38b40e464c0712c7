# options: --flext-base shop.errors.ShopError
"""FLX302: a base of the project in another module counts as typed."""

from shop.errors import Other, ShopError


class Late(ShopError):
    """Derived from a class that counts as typed."""

    code = "FLEXT_2002"  # FLX302: 11


class Unknown(Other):
    """Derived from a class of which nothing is known."""

    code = "FLEXT_2002"  # silent: perhaps no error at all


raise ShopError("m", code="FLEXT_3001")  # FLX302: 26
raise Other("m", code="FLEXT_3001")  # silent: nothing says that this one is typed
raise Late("m", code="SHOP_2002")  # silent: a code of the shop
