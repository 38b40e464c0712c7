"""How worker processes are started."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext

__all__ = ["worker_context"]


def worker_context(method: str | None = None) -> BaseContext:
    """Return the context for starting worker processes; on Linux they are forked unless another method is set.

    By default, Python 3.14 starts a server that forks them. The server is a new interpreter, with the current folder
    or PYTHONPATH before the standard library: it would run a ``random.py`` of a repository that is only read.
    """
    import multiprocessing  # late: a small run needs no workers

    if method is None and sys.platform == "linux" and multiprocessing.get_start_method(allow_none=True) is None:
        method = "fork"
    return multiprocessing.get_context(method)
