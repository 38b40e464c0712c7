"""Where a path of the command line belongs, and which project a file is part of."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from flext_analysis.manifests import NAMES
from flext_analysis.settings import Settings, settings_above
from flext_codemods.project.git import is_ignored_by_git
from flext_codemods.project.usage import usage

__all__ = ["PathArgument", "Project", "Projects", "locate"]


class PathArgument(NamedTuple):
    """A path of the command line, with the repository around it."""

    path: Path
    repository: Path


class Project(NamedTuple):
    """A project in a repository: its root, and the settings that apply there with the folder that holds them.

    ``repository`` is the top folder.
    """

    root: Path
    settings_root: Path
    settings: Settings
    repository: Path

    @property
    def settings_file(self) -> Path:
        """The file of the settings; it need not exist."""
        return self.settings_root / "pyproject.toml"


def locate(text: str) -> PathArgument:
    """Return where a path of the command line belongs.

    Raises:
        FlextExceptions.ConfigurationError: the path does not exist.
    """
    path = Path.cwd() / os.path.normpath(text)
    if not text or not os.path.lexists(path):
        raise usage(f"{text or repr(text)}: no such file or folder")
    folder = path if path.is_dir() else path.parent
    chain = [folder, *folder.parents]
    repository = next((each for each in chain if (each / ".git").exists()), None)
    if repository is not None and folder != repository and is_ignored_by_git(folder):
        chain = chain[: chain.index(repository)]  # not part of that repository: a project of its own, or nothing
        repository = None
    if repository is None:
        repository = next((each for each in chain if (each / "pyproject.toml").is_file()), folder)
    return PathArgument(path, repository)


class Projects:
    """The projects of a repository, looked up by folder: each file belongs to the nearest with a manifest."""

    def __init__(self, repository: Path) -> None:
        self.repository = repository
        self.known: dict[Path, Project] = {}

    def of(self, path: Path) -> Project:
        """Return the project that a file is part of.

        Raises:
            FlextExceptions.ConfigurationError: a pyproject.toml on the way is broken, or a setting is wrong.
        """
        return self.at(path.parent)

    def at(self, folder: Path) -> Project:
        """Return the project that a folder is part of."""
        if folder not in self.known:
            inside = folder != self.repository and folder.is_relative_to(self.repository)
            if not inside or any((folder / name).is_file() for name in NAMES):
                root = folder if inside else self.repository
                found = Project(root, *settings_above(root, self.repository), self.repository)
            else:
                found = self.at(folder.parent)
            self.known[folder] = found
        return self.known[folder]
