"""Fixtures that several test modules of runs share."""

from __future__ import annotations

from tests.codemods.run.caching import warm

__all__ = ["warm"]
