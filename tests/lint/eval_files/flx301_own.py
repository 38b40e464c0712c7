# options: --flext-base shop.errors.ShopError
"""FLX301: what a base in another module takes is not known, typed though it is."""

from flext_exceptions import FlextExceptions
from shop.errors import ShopError


class Late(ShopError):
    """Derived from a class that counts as typed."""


class Both(ShopError, FlextExceptions.TimeoutError):
    """One of its bases is not known."""


raise FlextExceptions.TimeoutError("m", timeout_second=1)  # FLX301: 40
raise FlextExceptions.TimeoutError("m", service="stock")  # FLX301: 40
raise ShopError("m", feild="sku")  # silent: its __init__ stands in another module
raise Late("m", feild="sku")  # silent: inherited from there
raise Both("m", timeout_second=1)  # silent: the base from there may take it
raise Late("m", config_key="port")  # silent: it may take what only another type of the catalogue does
