"""What the rules need to know of the project around a file."""

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
from flext_analysis.semantics.error_names import ErrorNames, Leading
from flext_analysis.semantics.imported_classes import ImportedClasses
from flext_analysis.settings import Settings
from flext_analysis.state_dir import state_dir
from flext_analysis.summaries.summary_cache import SummaryCache
from flext_exceptions.catalogue import TARGETS
from flext_lint.kept_leads import KeptLeads
from flext_lint.project_codes import CodedClass, coded_classes

__all__ = ["Project"]


class Project:
    """A project: its folder, its settings, and what follows from them.

    ``matches_tests`` says whether a path relative to the folder matches the globs for test code; ``isolates`` whether
    its pytest configuration gives metric isolation to every test, ``keeps`` whether something may be kept on
    disk, ``matches_excluded`` whether a path matches the globs of files that are left alone.
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
        """The classes that the files of the project see in each other."""
        return ImportedClasses(self.folder)

    @cached_property
    def imported_by(self) -> Callable[[str, Path], Leading]:
        """What says which names the imports of a text, in a file, bind that lead to errors of the project."""
        names = ErrorNames(self.imported)
        if not self.keeps:
            return names.imported_by
        kept = KeptLeads(state_dir(self.folder), names)
        at_exit(kept.close)
        return kept.imported_by

    @cached_property
    def pytest(self) -> PytestFiles:
        """The files that are test code by the settings of the project's pytest."""
        return pytest_files(self.folder)

    @cached_property
    def cache(self) -> SummaryCache:
        """What is kept of modules between runs; opened when the first one is read, written at the end."""
        cache = SummaryCache(state_dir(self.folder) if self.keeps else None, bodies=False)
        at_exit(cache.close)
        return cache

    @cached_property
    def codes(self) -> Mapping[str, Sequence[CodedClass]]:
        """The classes of the project by the code that each declares; asked for only where a typed class has one."""
        return coded_classes(self.folder)

    def outside(self, path: str, file: Path) -> ClassInfo | None:
        """Return the class of the project with a dotted name as a file sees it, None where it is none."""
        key = path, os.path.dirname(file)  # noqa: PTH120 (for every name, and several times as fast)
        if key not in self._outside:
            self.imported.cache = self.cache
            self._outside[key] = self.imported.of_path(path, file)
        return self._outside[key]

    def made(self, path: str, file: Path) -> ClassInfo | None:
        """Return the class of the error that a module of the project holds under a dotted name, None for all else."""
        self.imported.cache = self.cache
        return self.imported.made(path, file)

    def members(self, path: str, file: Path) -> list[ClassInfo]:
        """Return the classes in a tuple of the project that a dotted name stands for, [] for all else."""
        self.imported.cache = self.cache
        return self.imported.members(path, file)

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

    def is_excluded(self, filename: str) -> bool:
        """Say whether the settings say to leave a file alone."""
        return self.matches_excluded is not None and self.matches_excluded(self.relative(filename))

    def is_test(self, filename: str) -> bool:
        """Say whether a file is test code: by the usual names, by pytest's settings, or by the project's own globs."""
        path = self.relative(filename)
        if is_test(path.split("/")) or self.pytest.match(path):
            return True
        return self.matches_tests is not None and self.matches_tests(path)


def at_exit(close: Callable[[], None]) -> None:
    """Call something when this process ends, one of several that work for another too."""
    atexit.register(close)
    processes = sys.modules.get("multiprocessing.process")
    if processes is not None and processes.parent_process() is not None:
        from multiprocessing.util import Finalize  # late: only such processes end without atexit

        Finalize(None, close, exitpriority=10)
