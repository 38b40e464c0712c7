"""What the tests on isolation leave is put back: none of what they test does so."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from flext_exceptions import FlextExceptions, settings
from flext_exceptions.correlation import bound as binding


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """The tests within the tests run in this process; none of what is tested here puts back what they leave."""
    logger = logging.getLogger("flext_exceptions")
    before, scope, level = settings.current, binding.get(), logger.level
    with FlextExceptions.Metrics.isolated():
        yield
    assert settings.current.watchers == before.watchers, "somebody still watches"
    settings.current = before
    binding.set(scope)
    logger.setLevel(level)
