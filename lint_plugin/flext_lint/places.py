"""Which project a file belongs to: the nearest folder with settings, and what they say."""

from __future__ import annotations

from argparse import Namespace
from functools import cached_property
from pathlib import Path

from flext_analysis.manifests import project_around
from flext_analysis.settings import Settings, load_settings, read_table
from flext_exceptions import FlextExceptions
from flext_lint.baseline import Baseline, read_baseline
from flext_lint.options import isolates, test_matcher
from flext_lint.project import Project
from flext_lint.selection import Selection

__all__ = ["Place", "Places"]


class Place:
    """A project with its settings, as the command and the server use them."""

    def __init__(self, root: Path, options: Namespace) -> None:
        self.root = root
        self.options = options
        self.settings: Settings = load_settings(root)
        self.project = Project(
            root, self.settings, test_matcher(self.settings.tests), isolates=isolates(root), keeps=not options.no_cache
        )

    @cached_property
    def selection(self) -> Selection:
        """The rules that are asked for: on the command line, else in ``[tool.flext]``."""
        given, said = self.options, self.settings
        return Selection(
            tuple(given.select or said.select),
            (*given.extend_select, *said.extend_select),
            tuple(given.ignore or said.ignore),
            said.per_file_ignores,
            self.root,
        )

    @cached_property
    def baseline(self) -> Baseline | None:
        """The findings that are known, None where no file of them is named."""
        return read_baseline(self.root / self.settings.baseline) if self.settings.baseline else None


class Places:
    """The projects of some files."""

    def __init__(self, options: Namespace) -> None:
        self.options = options
        self._by_folder: dict[Path, Path] = {}
        self._by_root: dict[Path, Place] = {}

    def of(self, file: Path) -> Place:
        """Return the project that a file belongs to.

        Raises:
            FlextExceptions.ConfigurationError: its settings are wrong.
        """
        folder = file.absolute().parent
        root = self._by_folder.get(folder)
        if root is None:
            root = self._by_folder[folder] = root_of(folder)
        if root not in self._by_root:
            self._by_root[root] = Place(root, self.options)
        return self._by_root[root]


def root_of(folder: Path) -> Path:
    """Return the nearest folder whose pyproject.toml has a ``[tool.flext]`` table, else the nearest project."""
    for here in (folder, *folder.parents):
        try:
            if read_table(here / "pyproject.toml") is not None:
                return here
        except FlextExceptions.ConfigurationError:
            return here  # load_settings says what is wrong with it
        if (here / ".git").exists():
            break
    return project_around(folder)
