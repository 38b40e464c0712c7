"""How findings are printed: one module per format, each with a function ``render``; every module here is a format."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from functools import cache

from flext_lint.check.violation import Violation

__all__ = ["names", "render"]


@cache
def names() -> tuple[str, ...]:
    """Return the names of the formats.

    >>> names()
    ('github', 'gitlab', 'json', 'junit', 'sarif', 'text')
    """
    return tuple(sorted(info.name for info in pkgutil.iter_modules(__path__)))


def render(name: str, violations: Sequence[Violation]) -> str:
    """Return findings in a format, with a final newline unless empty."""
    made: Callable[[Sequence[Violation]], str] = importlib.import_module(f"{__name__}.{name}").render
    text = made(violations)
    return f"{text}\n" if text else ""
