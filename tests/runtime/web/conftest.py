"""Fixtures that the tests of the middlewares share."""

from __future__ import annotations

from tests.runtime.patterns.conftest import entries

__all__ = ["entries"]
