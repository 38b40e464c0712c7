# file: tests/test_metrics.py
"""FLX402: a file whose tests all have a marker."""

import pytest
from flext_exceptions import FlextExceptions

pytestmark = pytest.mark.usefixtures("flext_metrics")


def test_clear():
    FlextExceptions.clear_metrics()  # silent: the marker of the file gives it the fixture


async def test_async():
    assert not FlextExceptions.get_metrics()  # silent: and the async tests as well
