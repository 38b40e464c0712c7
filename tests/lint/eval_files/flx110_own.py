# options: --flext-base shop.errors.ShopError
"""FLX110 and classes that the configuration says are typed."""

from flext_exceptions import FlextExceptions
from shop.errors import ShopError


class Late(ShopError):
    """Below one."""


class Early(FlextExceptions.ValidationError):
    """Below a type of the catalogue."""


def raising(sku):
    raise Early(f"no {sku}")  # FLX110: 10
    raise ShopError(f"no {sku}")  # silent: what its __init__ takes is not known
    raise Late(f"no {sku}")  # silent: nor what the one of its base takes
