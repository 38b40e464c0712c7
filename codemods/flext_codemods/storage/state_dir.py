"""Where runs keep what outlives them: the journal, the lock, the cache. Never in the work tree, which may be anybody's.

In a git repository that is the folder ``flext`` in git's own folder, which no clone brings along; elsewhere a folder by
the repository's path in the user's cache folder.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import platformdirs

from flext_analysis.digest import digest
from flext_codemods.project.git import git_path
from flext_codemods.project.paths import relative
from flext_exceptions import FlextExceptions

__all__ = ["make_state_folder", "old_state", "state_folder"]

OLD_NAME = ".flext"  # the first version's, in the work tree


def state_folder(repository: Path) -> Path:
    """Return where the state of a repository is kept; it need not be there."""
    return git_path(repository, "flext") or cache_folder(repository.resolve())


def cache_folder(repository: Path) -> Path:
    """Return the folder in the user's cache folder that is for a repository without git."""
    name = re.sub(r"[^\w.-]", "_", repository.name)[:40]
    return Path(platformdirs.user_cache_dir("flext-codemods", False)) / f"{name}-{digest(os.fsencode(repository))}"


def make_state_folder(repository: Path) -> Path:
    """Return the state folder of a repository, made where it is not there, for nobody else to read.

    Raises:
        OSError: it cannot be made, or a link stands in its place.
    """
    folder = state_folder(repository)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise unusable(Path(error.filename or folder), error.strerror or str(error)) from error
    if folder.is_symlink():
        raise unusable(folder, "it is a link")
    return folder


def unusable(path: Path, why: str) -> FlextExceptions.OSError:
    """Build the one-line error for a state folder that cannot be used."""
    return FlextExceptions.OSError(f"{relative(path)}: cannot be written, so nothing is: {why}", path=relative(path))


def old_state(repository: Path) -> str:
    """Return what to say of a state folder of the first version in the work tree, "" where there is none."""
    folder = repository / OLD_NAME
    if not os.path.lexists(folder):
        return ""
    return (
        f"{relative(folder)} was written by an earlier version, or came with the repository; it is ignored: remove it"
    )
