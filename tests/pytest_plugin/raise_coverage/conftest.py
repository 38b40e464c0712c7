"""The project that raise coverage is measured in; runs in this process leave no watcher behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flext_exceptions import settings
from tests.pytest_plugin.raise_coverage.runs import CART, TESTS, write


@pytest.fixture(autouse=True)
def nobody_watches() -> Iterator[None]:
    """Runs in this process leave no watcher behind."""
    before = settings.current.watchers
    yield
    assert settings.current.watchers == before


@pytest.fixture
def shop(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project: a package with two raise sites, of which its tests reach one."""
    write(pytester, {"shop/__init__.py": "", "shop/cart.py": CART, "tests/test_cart.py": TESTS})
    pytester.makeini("[pytest]\npythonpath = .\n")
    return pytester
