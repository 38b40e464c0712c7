"""Runs in this process leave no exception hooks behind."""

from __future__ import annotations

import asyncio  # noqa: F401  here, for good: imported again by each run within a test, it differs from its C half
import sys
import unittest.case
from collections.abc import Iterator

import pytest

from flext_pytest import flext_raises
from flext_pytest.monitoring import TOOLS
from tests.pytest_plugin.strict.runs import WATCHES


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """A run leaves nothing of pytest, unittest or the interpreter changed."""
    before = places()
    yield
    assert places() == before


def places() -> list[object]:
    """Return what a strict run changes while it lasts."""
    leave = unittest.case._AssertRaisesContext.__exit__  # type: ignore[attr-defined]
    tools = [what_watches(tool) for tool in TOOLS if WATCHES]
    return [pytest.ExceptionInfo.fill_unfilled, leave, flext_raises.matches, *tools]


def what_watches(tool: int) -> object:
    """Return the name of a tool that watches the interpreter; else what it would call if there were one."""
    monitoring = sys.monitoring  # type: ignore[attr-defined,unused-ignore]
    name = monitoring.get_tool(tool)
    if name is not None:
        return name
    monitoring.use_tool_id(tool, "look")
    called = monitoring.register_callback(tool, monitoring.events.EXCEPTION_HANDLED, None)
    monitoring.free_tool_id(tool)
    return called
