"""Watch what the interpreter does, where it supports that: ``sys.monitoring`` of Python 3.12 and newer (PEP 669)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType
from typing import Any

__all__ = ["free_tool", "monitored"]

TOOLS = (4, 3, 5, 2, 1, 0)  # PEP 669 gives 0, 1, 2 and 5 to a debugger, coverage, a profiler and an optimizer


@contextmanager
def monitored(event: str, tell: Callable[[CodeType, int, BaseException], object]) -> Iterator[bool]:
    """Call ``tell`` at each event of a kind, in any thread; yield whether that is possible.

    Args:
        event: a name of ``sys.monitoring.events`` that reports an exception, such as ``"RAISE"``.
        tell: called with the code object, the offset of the instruction in bytes, and the exception.
    """
    tool = free_tool()
    if tool is None:
        yield False
        return
    monitoring: Any = vars(sys)["monitoring"]
    kind = getattr(monitoring.events, event)
    monitoring.register_callback(tool, kind, tell)
    monitoring.set_events(tool, kind)
    try:
        yield True
    finally:
        monitoring.set_events(tool, 0)
        monitoring.register_callback(tool, kind, None)
        monitoring.free_tool_id(tool)


def free_tool() -> int | None:
    """Take an id for a tool that watches the interpreter, None if there is none."""
    monitoring: Any = vars(sys).get("monitoring")
    if monitoring is None:
        return None
    for tool in TOOLS:
        if monitoring.get_tool(tool) is None:
            monitoring.use_tool_id(tool, "flext")
            return tool
    return None
