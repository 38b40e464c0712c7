# file: tests/test_cart.py
"""FLX401 behind a star import of a module whose source is not found."""

import builtins

import pytest

from legacy_compat import *


def test_flagged():
    with pytest.raises(builtins.Exception):  # FLX401: 9
        save()


def test_silent():
    with pytest.raises(Exception):  # silent: the star may have brought another Exception
        save()
    with raises(builtins.Exception):  # silent: whose raises this is cannot be told
        save()
