"""Which project a file belongs to: the nearest folder with settings, and its settings."""

from __future__ import annotations

import os
from argparse import Namespace
from functools import cached_property
from pathlib import Path

from flext_analysis.manifests import manifests_of, project_around
from flext_analysis.settings import Settings, load_settings, read_table
from flext_exceptions import FlextExceptions
from flext_lint.baseline import Baseline, read_baseline
from flext_lint.check.selection import Selection, begins_a_code
from flext_lint.options import project_at

__all__ = ["Place", "Places"]


class Place:
    """A project with its settings, as the command and the server use them."""

    def __init__(self, root: Path, options: Namespace) -> None:
        self.root = root
        self.options = options
        self.settings: Settings = load_settings(root)
        check_codes(self.settings, root / "pyproject.toml")
        self.project = project_at(root, self.settings, keeps=not options.no_cache)

    @cached_property
    def selection(self) -> Selection:
        """The selected rules: from the command line, otherwise from ``[tool.flext]``."""
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
        """The known findings, None if no baseline is named."""
        return read_baseline(self.root / self.settings.baseline) if self.settings.baseline else None


def check_codes(settings: Settings, file: Path) -> None:
    """Refuse codes in settings that no rule begins with: a typo would silence nothing, unnoticed."""
    lists = {"select": settings.select, "extend-select": settings.extend_select, "ignore": settings.ignore}
    lists |= {f"per-file-ignores {pattern!r}": codes for pattern, codes in settings.per_file_ignores.items()}
    for key, codes in lists.items():
        for code in codes:
            if not begins_a_code(code):
                raise FlextExceptions.ConfigurationError(
                    f"{file}: [tool.flext] {key}: no rule begins with {code}", config_key=key, config_file=str(file)
                )


class Places:
    """The projects of some files."""

    def __init__(self, options: Namespace) -> None:
        self.options = options
        self._by_folder: dict[str, Place] = {}
        self._by_root: dict[Path, Place] = {}

    def of(self, file: Path) -> Place:
        """Return the project that a file belongs to.

        Raises:
            FlextExceptions.ConfigurationError: its settings are wrong.
        """
        folder = os.path.dirname(file)  # noqa: PTH120 (for every file, and several times as fast)
        found = self._by_folder.get(folder)
        if found is None:
            root = root_of(Path(folder).absolute())
            found = self._by_root.get(root) or Place(root, self.options)
            self._by_root[root] = self._by_folder[folder] = found
        return found


def root_of(folder: Path) -> Path:
    """Return the nearest folder whose pyproject.toml has a ``[tool.flext]`` table, else the nearest project.

    If there is none, the folder in which the command was started is the project's.
    """
    for here in (folder, *folder.parents):
        try:
            if read_table(here / "pyproject.toml") is not None:
                return here
        except FlextExceptions.ConfigurationError:
            return here  # load_settings reports what is wrong with it
        if (here / ".git").exists():
            break
    found = project_around(folder)
    here = Path.cwd()
    declared = found != folder or bool(manifests_of(found)) or (found / ".git").exists()
    return here if not declared and folder.is_relative_to(here) else found
