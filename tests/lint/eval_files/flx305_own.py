# options: --flext-base shop.errors.ShopError
"""FLX305: a base of the project in another module counts as typed."""

from shop.errors import Other, ShopError


class Late(ShopError):
    """Flagged: the base is left out."""

    def __init__(self, days):  # FLX305: 4
        self.days = days


class Twice(ShopError):
    """Flagged: the base gets two contexts."""

    def __init__(self, days, **kw):
        super().__init__("m", context={"days": days}, **kw)  # FLX305: 8


class Good(ShopError):
    """Silent: the base is reached."""

    def __init__(self, days):  # silent: through super
        super().__init__("m", days=days)


class Unknown(Other):
    """Silent: derived from a class of which nothing is known."""

    def __init__(self, days):  # silent: perhaps its base needs no constructor
        self.days = days
