"""What the rules need to know of the project around a file."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path

from flext_analysis.modules import is_test
from flext_analysis.settings import Settings
from flext_exceptions.catalogue import TARGETS

__all__ = ["Project"]


class Project:
    """A project: its folder, its settings, and what follows from them.

    ``matches_tests`` says whether a path relative to the folder matches the globs for test code; ``isolates`` whether
    its pytest configuration gives metric isolation to every test.
    """

    def __init__(
        self,
        folder: Path,
        settings: Settings | None = None,
        matches_tests: Callable[[str], bool] | None = None,
        *,
        isolates: bool = False,
    ) -> None:
        self.folder = folder
        self.settings = settings or Settings()
        self.matches_tests = matches_tests
        self.isolates = isolates

    @cached_property
    def declared(self) -> Mapping[str, str]:
        """The classes that count as typed, by dotted name: the builtin that each stands in for, "" if unknown."""
        targets = {path: builtin for builtin, path in self.settings.targets.items()}
        return {**dict.fromkeys(self.settings.base, ""), **targets}

    def target(self, builtin: str) -> str:
        """Return the name of the typed error to raise in the place of a builtin, "" where there is none."""
        own = self.settings.targets.get(builtin)
        if own is not None:
            return own
        row = TARGETS.get(builtin)
        return f"FlextExceptions.{row.name}" if row is not None else ""

    def relative(self, filename: str) -> str:
        """Return a path as seen from the project's folder, with slashes; one outside of it as it is.

        >>> Project(Path("/srv/shop")).relative("/srv/shop/errors.py")
        'errors.py'
        """
        whole = os.path.abspath(filename)  # noqa: PTH100 (for every file, and several times as fast)
        base = f"{self.folder}{os.sep}"
        return (whole.removeprefix(base) if whole.startswith(base) else filename).replace(os.sep, "/")

    def is_test(self, filename: str) -> bool:
        """Say whether a file is test code: by the usual names, or by the project's own globs."""
        path = self.relative(filename)
        return is_test(path.split("/")) or (self.matches_tests is not None and self.matches_tests(path))
