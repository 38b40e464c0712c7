"""FLX304 behind a star import of a module whose source is not found."""

import builtins

from legacy_compat import *


class Plain(builtins.ValueError):  # FLX304: 0
    """By its full name it is the builtin."""


class Doubtful(ValueError):  # silent: the star may have brought another ValueError
    """Whose ValueError is this?"""


class Starred(ShopError):  # silent: from the star, and unknown
    """Perhaps typed."""
