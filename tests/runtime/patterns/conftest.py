"""Fixtures that the tests of the patterns share."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest

from tests.runtime.patterns.database_calls import failing
from tests.runtime.patterns.failing_work import recovery, work
from tests.runtime.patterns.http_calls import ask, client
from tests.runtime.patterns.postgres import server

__all__ = ["ask", "client", "failing", "recovery", "work"]  # fixtures that several modules take

collect_ignore = [] if find_spec("ray") else ["test_ray.py", "ray_program.py"]  # it has no wheel for every Python


class Keeper(logging.Handler):
    """Keeps the records; what cannot be formatted and written as UTF-8 fails."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[Any] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one."""
        self.format(record).encode()
        self.records.append(record)


@pytest.fixture
def entries() -> Iterator[list[Any]]:
    """The log entries of the library from DEBUG on, as they come."""
    logger = logging.getLogger("flext_exceptions")
    keeper, level, propagates = Keeper(), logger.level, logger.propagate
    logger.addHandler(keeper)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    yield keeper.records
    logger.removeHandler(keeper)
    logger.setLevel(level)
    logger.propagate = propagates


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The host of a PostgreSQL server, which the tests of a process share."""
    with server() as host:
        yield host
