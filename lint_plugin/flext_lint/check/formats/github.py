"""Workflow commands, which GitHub shows as annotations of a change.

https://docs.github.com/en/actions/writing-workflows/choosing-what-your-workflow-does/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections.abc import Sequence

from flext_lint.check.violation import Violation

__all__ = ["render"]


def render(violations: Sequence[Violation]) -> str:
    """Return a workflow command for each finding.

    >>> render([Violation("a,b.py", 2, 5, "FLX103", "100% wrong")])
    '::error file=a%2Cb.py,line=2,col=5,title=FLX103::100%25 wrong'
    """
    return "\n".join(
        f"::error file={escaped(one.path, ',:')},line={one.line},col={one.column},title={one.code}::"
        f"{escaped(one.message, '')}"
        for one in violations
    )


def escaped(text: str, more: str) -> str:
    """Return a text with the characters that end a property or a command escaped for GitHub."""
    for char in f"%\r\n{more}":
        text = text.replace(char, f"%{ord(char):02X}")
    return text
