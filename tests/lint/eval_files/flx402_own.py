# file: checks/cart_checks.py
# options: --flext-tests checks/*.py
"""FLX402 in what the project itself says is test code."""

from flext_exceptions import FlextExceptions


def test_clear():
    FlextExceptions.clear_metrics()  # FLX402: 4


def test_apart(flext_metrics):
    FlextExceptions.clear_metrics()  # silent: the fixture of the plugin
