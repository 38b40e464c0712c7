# file: tests/test_cart.py
"""FLX103 in test code: a raise stands in for somebody else's error."""

import pytest


def broken_feed():
    raise ConnectionError("lost")  # silent: a stand-in for the network


class FakeStore:
    def load(self, key):
        raise KeyError(key)  # silent: a double raises what the real store raises


def test_cart():
    with pytest.raises(ValueError):
        raise ValueError("x")  # silent: the test itself is the caller
