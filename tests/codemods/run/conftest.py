"""Fixtures that several modules of the tests of a run take."""

from __future__ import annotations

from tests.codemods.run.caching import warm

__all__ = ["warm"]
