"""Fork without the warning about threads."""

from __future__ import annotations

import os
import sys
import warnings

__all__ = ["CAN_FORK", "fork"]

CAN_FORK = hasattr(os, "fork")


def fork() -> int:
    """Fork: return the process id of the child, or 0 in the child.

    Python 3.12 and newer warn if the process has threads. Those of xdist and of pytest wait and hold no lock.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()
