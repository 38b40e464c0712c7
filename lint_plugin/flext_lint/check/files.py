"""Which files are linted: the named ones, and the Python files below the named folders."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from flext_exceptions import FlextExceptions

__all__ = ["python_files"]

NAMELESS = "''"  # how an empty path is shown
# What flake8 skips, and folders that never hold a project's own code.
NEVER = frozenset(["__pycache__", "CVS", "node_modules"])


def python_files(paths: Iterable[str]) -> Iterator[Path]:
    """Yield the named files, whatever their names, and those that end in ``.py`` below the named folders.

    Hidden folders and virtual environments are skipped.

    Raises:
        FlextExceptions.ConfigurationError: a path does not exist.
    """
    seen: set[str] = set()
    for path in paths:
        if not os.path.exists(path):  # noqa: PTH110 (a path of the command line may be no valid name)
            raise FlextExceptions.ConfigurationError(
                f"{path or NAMELESS}: no such file or folder", config_key="PATH", path=path
            )
        for file in below(path) if os.path.isdir(path) else [path]:  # noqa: PTH112
            name = os.path.normpath(file)
            if name not in seen:
                seen.add(name)
                yield Path(name)


def below(folder: str) -> Iterator[str]:
    """Yield the Python files below a folder, in a fixed order."""
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not is_passed_over(here, name))
        paths = (os.path.join(here, name) for name in sorted(files) if name.endswith(".py"))  # noqa: PTH118
        yield from (path for path in paths if not is_special(path))


def is_special(path: str) -> bool:
    """Return whether a path is a pipe, a socket or a device: reading one may block for ever."""
    try:
        return not stat.S_ISREG(os.stat(path).st_mode)  # noqa: PTH116 (for every file, and several times as fast)
    except OSError:
        return False  # reported when it is linted


def is_passed_over(parent: str, name: str) -> bool:
    """Return whether a folder holds no code of the project."""
    if name.startswith(".") or name in NEVER or name.endswith(".egg"):
        return True
    return os.path.exists(os.path.join(parent, name, "pyvenv.cfg"))  # noqa: PTH110, PTH118
