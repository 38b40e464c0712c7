"""Names of the standard library that are builtin errors by another name (Python 3.11 and newer)."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["BUILTIN_ALIASES", "ends_like_an_alias", "renames_an_alias"]

# Each is the same class, as the documentation of its module says ("A deprecated alias of OSError"), not a subclass.
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
LAST_NAMES = frozenset(path.rpartition(".")[2] for path in BUILTIN_ALIASES)


def ends_like_an_alias(name: str) -> bool:
    """Return whether a dotted name may be one of the aliases, by its last part.

    >>> ends_like_an_alias("socket.timeout"), ends_like_an_alias("shop.Bad")
    (True, False)
    """
    return name.rpartition(".")[2] in LAST_NAMES


def renames_an_alias(text: str) -> bool:
    """Return whether a module may import one of the aliases under another name. Plain text: it runs on every module.

    >>> renames_an_alias("from socket import timeout as Slow"), renames_an_alias("import socket as s")
    (True, False)
    """
    return any(f"{name} as" in text for name in LAST_NAMES)
