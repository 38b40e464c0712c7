"""The raises that a worker of xdist sees, also in a file, since a crashed worker cannot report them any more."""

from __future__ import annotations

import json
import os
from pathlib import Path

from flext_pytest.raise_coverage.raise_events import RaiseEvent

__all__ = ["EventLog", "read_log"]


class EventLog(set[RaiseEvent]):
    """A set that also writes each event to a file, at once.

    Args:
        file: created, and written to until the process ends.
    """

    def __init__(self, file: str) -> None:
        super().__init__()
        self.file = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def add(self, event: RaiseEvent) -> None:
        """Add an event, and write it if it is new."""
        if event not in self:
            super().add(event)
            os.write(self.file, f"{json.dumps(event)}\n".encode())


def read_log(file: Path) -> set[RaiseEvent]:
    """Return the events of a file; its last line may be truncated."""
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    return {RaiseEvent(*json.loads(line)) for line in lines if line.endswith("\n")}
