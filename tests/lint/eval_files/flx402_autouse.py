# file: tests/test_metrics.py
"""FLX402: a fixture that runs around every test of the file may isolate them."""

import pytest
from flext_exceptions import FlextExceptions


@pytest.fixture(autouse=True)
def around():
    with FlextExceptions.Metrics.isolated():
        yield


def test_clear():
    FlextExceptions.clear_metrics()  # silent: the fixture runs around it


class TestMethods:
    def test_clear(self):
        FlextExceptions.clear_metrics()  # silent: around methods too
