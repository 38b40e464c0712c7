"""Where a path of the command line belongs: the project whose settings hold there, and the repository around it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from flext_codemods.project.git import is_ignored_by_git
from flext_codemods.project.usage import usage

__all__ = ["PathArgument", "locate"]


class PathArgument(NamedTuple):
    """A path of the command line, with the project whose settings hold there and the repository around it."""

    path: Path
    project: Path
    repository: Path


def locate(text: str) -> PathArgument:
    """Return where a path of the command line belongs."""
    path = Path.cwd() / os.path.normpath(text)
    if not text or not os.path.lexists(path):
        raise usage(f"{text or repr(text)}: there is no such file or folder")
    folder = path if path.is_dir() else path.parent
    chain = [folder, *folder.parents]
    repository = next((each for each in chain if (each / ".git").exists()), None)
    if repository is not None and folder != repository and is_ignored_by_git(folder):
        chain = chain[: chain.index(repository)]  # not part of that repository: a project of its own, or nothing
        repository = None
    inside = chain[: chain.index(repository) + 1] if repository else chain
    project = next((each for each in inside if (each / "pyproject.toml").is_file()), repository or folder)
    return PathArgument(path, project, repository or project)
