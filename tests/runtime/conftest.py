"""Every test starts from the settings and counts that a program starts from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flext_exceptions import FlextExceptions, settings


@pytest.fixture(autouse=True)
def untouched() -> Iterator[None]:
    """Settings that a test changes are put back; counts that it makes are gone."""
    before = settings.current
    with FlextExceptions.Metrics.isolated():
        yield
    settings.current = before
