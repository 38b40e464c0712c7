"""Runs in this process leave no counters of errors behind."""

from __future__ import annotations

import unittest.case
from collections.abc import Iterator

import pytest

from flext_exceptions import settings
from flext_pytest import flext_raises


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """A run leaves no watcher behind, and nothing of pytest or unittest changed."""
    before = places()
    yield
    assert places() == before


def places() -> tuple[object, ...]:
    """Return what a run that reports changes while it lasts."""
    leave = unittest.case._AssertRaisesContext.__exit__  # type: ignore[attr-defined]
    return settings.current.watchers, pytest.ExceptionInfo.fill_unfilled, leave, flext_raises.matches
