"""What the bytes of a file say before it is parsed: whether a recipe can have anything to do there."""

from __future__ import annotations

import re

from flext_analysis.bindings import BUILTIN_ERRORS

__all__ = ["may_raise_builtin"]

ANY = "|".join(sorted(BUILTIN_ERRORS)).encode()
NAMED = re.compile(rb"\braise\b[^\n]{0,200}?\b(?:%b)\b" % ANY)
ALIAS = re.compile(rb"=[ \t]*(?:builtins\.)?(?:%b)[ \t]*$" % ANY, re.MULTILINE)
OPEN = re.compile(rb"raise(?:\s*[(\\]|\s+type\()")


def may_raise_builtin(raw: bytes, retarget_to: str) -> bool:
    """Say whether a file may raise a builtin error."""
    return b"raise" in raw and any(pattern.search(raw) for pattern in (NAMED, OPEN, ALIAS))
