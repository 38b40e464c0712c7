"""``# flext: ignore-file``: a comment that makes all tools skip its file."""

from __future__ import annotations

import io
import re
import tokenize

__all__ = ["says_ignore_file"]

IGNORE_FILE = re.compile(r"#\s*flext:\s*ignore-file\b", re.IGNORECASE)


def says_ignore_file(raw: bytes) -> bool:
    """Return whether a comment of a file asks to skip all of it.

    >>> says_ignore_file(b"x = 1  # flext: ignore-file\\n"), says_ignore_file(b"x = '# flext: ignore-file'\\n")
    (True, False)
    """
    if b"ignore-file" not in raw:
        return False
    try:
        tokens = list(tokenize.tokenize(io.BytesIO(raw).readline))
    except (tokenize.TokenError, SyntaxError, ValueError):
        return False  # unreadable, which is reported when its turn comes
    return any(token.type == tokenize.COMMENT and IGNORE_FILE.match(token.string) for token in tokens)
