# options: --flext-base shop.errors.ShopError
"""FLX303: a base of the project in another module counts as typed."""

from shop.errors import Other, ShopError


class Late(ShopError):
    """Derived from a class that counts as typed."""


raise ShopError("m", token=1)  # FLX303: 21
raise Late("m", context={"token": 1})  # FLX303: 25
raise Other("m", token=1)  # silent: nothing says that this one is typed
raise Late("m", token_age=1)  # silent: how old it is
