"""Digests of content, as keys for caches."""

from __future__ import annotations

import hashlib

__all__ = ["digest"]


def digest(raw: bytes) -> str:
    """Return a digest of some bytes; no two contents share one.

    >>> len(digest(b"import os")), digest(b"import os") == digest(b"import sys")
    (32, False)
    """
    return hashlib.blake2b(raw, digest_size=16).hexdigest()
