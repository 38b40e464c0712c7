"""One finding a line, as flake8 prints it."""

from __future__ import annotations

from collections.abc import Sequence

from flext_lint.check.violation import Violation

__all__ = ["render"]


def render(violations: Sequence[Violation]) -> str:
    """Return ``path:line:column: code message`` for each finding.

    >>> render([Violation("a.py", 2, 5, "FLX103", "raises builtin ValueError")])
    'a.py:2:5: FLX103 raises builtin ValueError'
    """
    return "\n".join(f"{one.path}:{one.line}:{one.column}: {one.code} {one.message}" for one in violations)
