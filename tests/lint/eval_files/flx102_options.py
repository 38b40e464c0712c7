# options: --flext-allow BaseException --flext-base shop.base.ShopError
"""FLX102 with a builtin that may be raised."""

from builtins import BaseException as Stop
from shop.base import ShopError


def raising():
    raise Exception("x")  # FLX102: 4
    raise BaseException("x")  # silent: may be raised
    raise Stop  # silent: the same under another name
    raise ShopError("x")  # silent: counts as typed
