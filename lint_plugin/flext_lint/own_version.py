"""What findings depend on besides the linted code: our own code, and the version of Python."""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from pathlib import Path

import flext_analysis
import flext_exceptions
import flext_lint

__all__ = ["version"]


@cache
def version() -> str:
    """Return a digest of the packages that findings come from and of the version of Python."""
    found = hashlib.blake2b(sys.version.encode(), digest_size=16)
    for package in (flext_exceptions, flext_analysis, flext_lint):
        for file in sorted(Path(next(iter(package.__path__))).rglob("*.py")):
            stat = file.stat()
            found.update(f"{file}:{stat.st_size}:{stat.st_mtime_ns}".encode())
    return found.hexdigest()
