"""FLX103 behind a star import of a module whose source is not found: a bare name may be anything."""

import builtins
from builtins import KeyError as Missing

from legacy_compat import *


def flagged():
    """Names that are imported by themselves mean what they say."""
    raise builtins.ValueError("x")  # FLX103: 4
    raise Missing("x")  # FLX103: 4


def silent():
    raise ValueError("x")  # silent: the star may bring a ValueError of its own
    raise TimeoutError  # silent: compatibility modules often bring TimeoutError
