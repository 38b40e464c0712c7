"""The name of a content: what caches find it by."""

from __future__ import annotations

import hashlib

__all__ = ["digest"]


def digest(raw: bytes) -> str:
    """Return a digest of some bytes, which no two contents share.

    >>> len(digest(b"import os")), digest(b"import os") == digest(b"import sys")
    (32, False)
    """
    return hashlib.blake2b(raw, digest_size=16).hexdigest()
