"""Names of the standard library that are builtin errors by another name (Python 3.11 and newer)."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["BUILTIN_ALIASES", "names_an_alias"]

# Each is the very class, as the documentation of its module says ("A deprecated alias of OSError"), and not one below.
BUILTIN_ALIASES: Mapping[str, str] = {
    "asyncio.TimeoutError": "TimeoutError",
    "asyncio.exceptions.TimeoutError": "TimeoutError",
    "concurrent.futures.TimeoutError": "TimeoutError",
    "concurrent.futures._base.TimeoutError": "TimeoutError",
    "mmap.error": "OSError",
    "os.error": "OSError",
    "resource.error": "OSError",
    "select.error": "OSError",
    "socket.error": "OSError",
    "socket.timeout": "TimeoutError",
    "_thread.error": "RuntimeError",
    "threading.ThreadError": "RuntimeError",
}
HINT = re.compile(r"\b(?:asyncio|concurrent|mmap|resource|select|socket|_thread|threading|os\.error|os import)\b")


def names_an_alias(text: str) -> bool:
    """Say whether a text hints at one of the aliases.

    >>> names_an_alias("raise socket.timeout"), names_an_alias("raise ValueError")
    (True, False)
    """
    return HINT.search(text) is not None
