"""The settings of the project under test: ``[tool.flext]`` of its pyproject.toml."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from flext_analysis.settings import Settings, load_settings

__all__ = ["settings_of"]


def settings_of(root: Path) -> tuple[Settings, Callable[[str], bool] | None]:
    """Return the project's settings, and a function that decides by its globs whether a path is test code."""
    try:
        settings = load_settings(root)
    except ValueError as error:
        raise pytest.UsageError(str(error)) from None
    if not settings.tests:
        return settings, None
    from pathspec import GitIgnoreSpec

    try:
        return settings, GitIgnoreSpec.from_lines(settings.tests).match_file
    except ValueError as error:
        raise pytest.UsageError(f"{root / 'pyproject.toml'}: [tool.flext] tests: {error}") from None
