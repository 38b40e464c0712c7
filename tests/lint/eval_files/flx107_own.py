# options: --flext-base shop.errors.ShopError,shop.mod.Root --flext-targets ValueError=shop.errors.BadInput
"""FLX107 and classes that the configuration says are typed."""

from shop.errors import BadInput, Closed, ShopError


class Root(Exception):
    """Typed, because the configuration names it: this is shop/mod.py."""


class Late(ShopError):
    """Below a base of another module."""


class Early(BadInput):
    """Below the class to raise for ValueError."""


class Below(Root):
    """Below the class of this file that counts as typed."""


class Foreign(Exception):
    """Named nowhere."""


class Roots:
    class Root(Exception):
        """Another class of that name."""


def raising():
    raise Foreign("x")  # FLX107: 4
    raise Roots.Root("x")  # FLX107: 4
    raise Root("x")  # silent: named in the configuration
    raise Below("x")  # silent: derived from a class that is named
    raise Late("x")  # silent: derived from a base of another module
    raise Early("x")  # silent: derived from a target
    raise Closed("x")  # silent: imported, so not of this file
