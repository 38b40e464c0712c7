# options: --flext-allow ValueError,Exception --flext-targets KeyError=shop.errors.NoKey
"""FLX108 with a configuration."""

from shop.errors import NoKey


def handing_over(future):
    future.set_exception(KeyError("x"))  # FLX108: 25
    future.set_exception(BaseException("x"))  # FLX108: 25
    future.set_exception(ValueError("x"))  # silent: may be raised
    future.set_exception(Exception("x"))  # silent: so may this one
    future.set_exception(NoKey("x"))  # silent: the class to raise for KeyError
