"""Small functions for text."""

from __future__ import annotations

__all__ = ["common_start", "count"]


def common_start(one: str | bytes, other: str | bytes) -> int:
    """Return the length of the common prefix of two texts, or bytes.

    >>> common_start("abc", "abd"), common_start(b"abc", b"ab")
    (2, 2)
    """
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))


def count(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural if needed.

    >>> count(1, "file"), count(2, "file"), count(1200, "site")
    ('1 file', '2 files', '1,200 sites')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
