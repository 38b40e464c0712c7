"""FLX402 in code that is no test."""

from flext_exceptions import FlextExceptions


def test_connection():
    """Silent: called test, in a module that is none."""
    return FlextExceptions.get_metrics()  # silent: the metrics of the running program


def export():
    return FlextExceptions.get_metrics()  # silent: this is what they are for
