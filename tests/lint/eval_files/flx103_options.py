# options: --flext-allow KeyError,OSError --flext-targets ValueError=shop.errors.Bad --flext-base shop.base.ShopError
"""FLX103 with a configuration: builtins that may be raised, and the project's own typed errors."""

import builtins
from builtins import KeyError as Missing

from shop.base import ShopError
from shop.errors import Bad


class Late(ShopError):
    """Derived from a class that counts as typed."""


def flagged():
    """What may be raised is meant by name: subclasses and base classes are still flagged."""
    raise ValueError("x")  # FLX103: 4
    raise FileNotFoundError("x")  # FLX103: 4
    raise IndexError("x")  # FLX103: 4
    raise LookupError("x")  # FLX103: 4
    raise KeyError("x") if strict else RuntimeError("x")  # FLX103: 4


def silent():
    raise KeyError("x")  # silent: may be raised
    raise Missing("x")  # silent: the same under another name
    raise builtins.KeyError  # silent: the same through its module
    raise OSError("x")  # silent: the second of the list
    raise IOError("x")  # silent: IOError is a name of OSError
    raise Bad("x")  # silent: the class to raise for ValueError
    raise ShopError("x")  # silent: counts as typed
    raise Late("x")  # silent: below a class that counts as typed
