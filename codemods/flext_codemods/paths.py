"""How a path is shown to people."""

from __future__ import annotations

from pathlib import Path

__all__ = ["relative"]


def relative(path: str | Path) -> str:
    """Return a path as seen from where the tool was started.

    >>> relative(Path.cwd() / "pkg" / "mod.py")
    'pkg/mod.py'
    """
    here = Path.cwd()
    return str(Path(path).relative_to(here)) if Path(path).is_relative_to(here) else str(path)
