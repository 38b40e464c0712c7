"""Programs that tests start and that pip does not install."""

from __future__ import annotations

import os
import shutil

import pytest

__all__ = ["program"]


def program(*names: str, package: str) -> str:
    """Return the path of the first of these programs that is installed.

    Without one, the test is skipped, or the whole module if this is called at its top.
    """
    path = f"{os.environ['PATH']}:/usr/sbin"  # Debian keeps servers there, and the path of a user leaves it out
    found = next(filter(None, (shutil.which(name, path=path) for name in names)), None)
    if found is None:
        pytest.skip(f"{names[0]} is not installed: apt-get install {package}", allow_module_level=True)
    return found
