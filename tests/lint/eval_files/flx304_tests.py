# file: tests/test_cart.py
"""FLX304 in test code: a class there stands in for somebody else's error."""

from flext_exceptions import FlextExceptions


class Boom(Exception):  # silent: what the code under test must let through
    """It goes off."""


class Fake(FlextExceptions):  # silent: tests try out what the library refuses
    """A namespace with a code."""

    code = "X"


def test_error():
    class Inner(ValueError):  # silent: in a test
        """For one test."""
