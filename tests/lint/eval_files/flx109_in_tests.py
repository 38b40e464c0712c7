# file: tests/test_errors.py
"""FLX109 in test code."""

from flext_exceptions import FlextExceptions


def test_counting():
    FlextExceptions.ValidationError("x", field="y")  # silent: a test builds errors to count them
    FlextExceptions("x", service="y")  # silent: and calls the factory
