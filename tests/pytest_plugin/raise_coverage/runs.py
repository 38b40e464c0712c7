"""A project with two raise sites, of which its tests reach one, and runs of its suite."""

from __future__ import annotations

import sys
import textwrap

import pytest

from flext_pytest.raise_coverage.raise_events import CONSTRUCTORS, EVENTS
from tests.pytest_plugin.plugins import alone

WAY = EVENTS if sys.version_info >= (3, 12) else CONSTRUCTORS
CART = """
from flext_exceptions import FlextExceptions

class Cart:
    def add(self, count):
        if count < 1:
            raise FlextExceptions.ValidationError("count below one", field="count")
        if count > 99:
            raise FlextExceptions.ValidationError(
                "too many",
                field="count",
            )
"""
TESTS = """
import pytest
from flext_exceptions import FlextExceptions
from shop.cart import Cart

def test_few():
    with pytest.raises(FlextExceptions.ValidationError):
        Cart().add(0)
def test_right():
    Cart().add(1)
"""
MISSED = "  shop/cart.py:8: raise FlextExceptions.ValidationError in Cart.add"


def write(pytester: pytest.Pytester, files: dict[str, str]) -> None:
    """Write files below the project's folder."""
    for name, text in files.items():
        file = pytester.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip("\n"))


def run(pytester: pytest.Pytester, *options: str) -> pytest.RunResult:
    """Run the tests in a process of their own."""
    return pytester.runpytest_subprocess(*alone(*options))
