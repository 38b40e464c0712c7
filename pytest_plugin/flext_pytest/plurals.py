"""Counts with their nouns."""

from __future__ import annotations

__all__ = ["number"]


def number(count: int, noun: str) -> str:
    """Return a count with its noun.

    >>> number(1, "type"), number(2000, "type")
    ('1 type', '2,000 types')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
