# file: tests/test_metrics.py
"""FLX402: a set-up of the module runs before each of its tests."""

from flext_exceptions import FlextExceptions


def setup_function(function):
    FlextExceptions.clear_metrics()  # silent: a set-up is no test


def test_read():
    assert FlextExceptions.get_metrics() == {}  # silent: the set-up has run
