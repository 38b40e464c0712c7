"""How long to wait, in any of the forms that programs use."""

from __future__ import annotations

from time import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def seconds(wait: Any) -> Any:
    """Seconds of a ``timedelta``, or from now until a ``datetime``, at least 0; any other value unchanged.

    >>> from datetime import timedelta
    >>> seconds(timedelta(minutes=2)), seconds(1.5)
    (120.0, 1.5)
    """
    try:
        if hasattr(type(wait), "total_seconds"):
            return max(0.0, float(wait.total_seconds()))
        if hasattr(type(wait), "timestamp"):
            return max(0.0, float(wait.timestamp()) - time())
    except Exception:  # noqa: FLX202 (no wait can be told)
        return None
    return wait
