"""Lines of files, and how a path is shown to people."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import NamedTuple

__all__ = ["Location", "relative", "seen_from"]


class Location(NamedTuple):
    """A line of a file, counted from 1; ``path`` is absolute."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{relative(self.path)}:{self.line}"


STARTED: ContextVar[Path | None] = ContextVar("STARTED", default=None)


@contextlib.contextmanager
def seen_from(folder: Path) -> Iterator[None]:
    """Show paths relative to a folder: work that is done elsewhere uses the paths of the one who requested it."""
    token = STARTED.set(folder)
    try:
        yield
    finally:
        STARTED.reset(token)


def relative(path: str | Path) -> str:
    """Return a path relative to the folder where the tool was started.

    >>> relative(Path.cwd() / "pkg" / "mod.py")
    'pkg/mod.py'
    """
    here = STARTED.get() or Path.cwd()
    return str(Path(path).relative_to(here)) if Path(path).is_relative_to(here) else str(path)
