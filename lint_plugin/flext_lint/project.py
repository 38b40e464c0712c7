"""What the rules need to know about the project around a file."""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from flext_analysis.modules import is_test
from flext_analysis.program.hierarchy import ClassInfo
from flext_analysis.pytest_files import PytestFiles, pytest_files
from flext_analysis.semantics.error_names import ErrorImports, ErrorNames
from flext_analysis.semantics.imported_classes import ImportedClasses
from flext_analysis.settings import Settings
from flext_analysis.state_dir import state_dir
from flext_analysis.summaries.summary_cache import SummaryCache
from flext_exceptions.catalogue import TARGETS
from flext_lint.import_cache import ImportCache
from flext_lint.project_codes import CodedClass, coded_classes

__all__ = ["Project"]


class Project:
    """A project: its folder, its settings, and what follows from them.

    ``matches_tests`` is whether a path relative to the folder matches the globs for test code; ``isolates`` whether its
    pytest configuration isolates the metrics of every test, ``keeps`` whether caches may be written to disk,
    ``matches_excluded`` whether a path matches the globs of excluded files.
    """

    def __init__(
        self,
        folder: Path,
        settings: Settings | None = None,
        matches_tests: Callable[[str], bool] | None = None,
        *,
        isolates: bool = False,
        keeps: bool = False,
        matches_excluded: Callable[[str], bool] | None = None,
    ) -> None:
        self.folder = folder
        self.settings = settings or Settings()
        self.matches_tests = matches_tests
        self.isolates = isolates
        self.keeps = keeps
        self.matches_excluded = matches_excluded
        self._outside: dict[tuple[str, str], ClassInfo | None] = {}

    @cached_property
    def imported(self) -> ImportedClasses:
        """The classes that the project's files see in each other."""
        return ImportedClasses(self.folder)

    @cached_property
    def imported_by(self) -> Callable[[str, Path], ErrorImports]:
        """Resolves which names that a text, in a file, imports refer to errors of the project."""
        names = ErrorNames(self.imported)
        if not self.keeps:
            return names.imported_by
        kept = ImportCache(state_dir(self.folder), names)
        at_exit(kept.close)
        return kept.imported_by

    @cached_property
    def pytest(self) -> PytestFiles:
        """The files that are test code by the project's pytest settings."""
        return pytest_files(self.folder)

    @cached_property
    def cache(self) -> SummaryCache:
        """The cache of modules between runs; opened when the first one is read, written at the end."""
        cache = SummaryCache(state_dir(self.folder) if self.keeps else None, bodies=False)
        at_exit(cache.close)
        return cache

    @cached_property
    def codes(self) -> Mapping[str, Sequence[CodedClass]]:
        """The classes of the project by the code that each declares; only computed if a typed class has one."""
        return coded_classes(self.folder)

    def outside(self, path: str, file: Path) -> ClassInfo | None:
        """Return the class of the project with a dotted name as a file sees it, None if it is not one."""
        key = path, os.path.dirname(file)  # noqa: PTH120 (for every name, and several times as fast)
        if key not in self._outside:
            self.imported.cache = self.cache
            self._outside[key] = self.imported.of_path(path, file)
        return self._outside[key]

    def made(self, path: str, file: Path) -> ClassInfo | None:
        """Return the class of the error with a dotted name in a module of the project, None for anything else."""
        self.imported.cache = self.cache
        return self.imported.made(path, file)

    def members(self, path: str, file: Path) -> list[ClassInfo]:
        """Return the classes in a tuple of the project that a dotted name refers to, [] for anything else."""
        self.imported.cache = self.cache
        return self.imported.members(path, file)

    @cached_property
    def declared(self) -> Mapping[str, str]:
        """The classes that count as typed, by dotted name: the builtin that each stands in for, "" if unknown."""
        targets = {path: builtin for builtin, path in self.settings.targets.items()}
        return {**dict.fromkeys(self.settings.base, ""), **targets}

    def target(self, builtin: str) -> str:
        """Return the name of the typed error to raise instead of a builtin, "" if there is none."""
        own = self.settings.targets.get(builtin)
        if own is not None:
            return own
        row = TARGETS.get(builtin)
        return f"FlextExceptions.{row.name}" if row is not None else ""

    def relative(self, filename: str) -> str:
        """Return a path relative to the project's folder, with slashes; one outside it unchanged.

        >>> Project(Path("/srv/shop")).relative("/srv/shop/errors.py")
        'errors.py'
        """
        whole = os.path.abspath(filename)  # noqa: PTH100 (for every file, and several times as fast)
        base = f"{self.folder}{os.sep}"
        return (whole.removeprefix(base) if whole.startswith(base) else filename).replace(os.sep, "/")

    def is_excluded(self, filename: str) -> bool:
        """Return whether the settings exclude a file."""
        return self.matches_excluded is not None and self.matches_excluded(self.relative(filename))

    def is_test(self, filename: str) -> bool:
        """Return whether a file is test code by the usual names, by pytest's settings, or by the project's globs."""
        path = self.relative(filename)
        if is_test(path.split("/")) or self.pytest.match(path):
            return True
        return self.matches_tests is not None and self.matches_tests(path)


def at_exit(close: Callable[[], None]) -> None:
    """Call a function when this process ends, if it is a worker of another process."""
    atexit.register(close)
    processes = sys.modules.get("multiprocessing.process")
    if processes is not None and processes.parent_process() is not None:
        from multiprocessing.util import Finalize  # late: only such processes end without atexit

        Finalize(None, close, exitpriority=10)
