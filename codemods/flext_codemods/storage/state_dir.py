"""Where runs keep persistent state: the journal, the lock, the cache. Never in the work tree, which anyone may control.

In a git repository that is the folder ``flext`` in git's own folder, which clones do not copy; elsewhere a folder named
by the repository's path in the user's cache folder.
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
    """Return the path of a repository's state; it need not exist."""
    return git_path(repository, "flext") or cache_folder(repository.resolve())


def cache_folder(repository: Path) -> Path:
    """Return the folder in the user's cache folder for a repository without git."""
    name = re.sub(r"[^\w.-]", "_", repository.name)[:40]
    return Path(platformdirs.user_cache_dir("flext-codemods", False)) / f"{name}-{digest(os.fsencode(repository))}"


def make_state_folder(repository: Path) -> Path:
    """Return the state folder of a repository, created if necessary, private to the user.

    Raises:
        OSError: it cannot be created, or a link is in its place.
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
    """Return a message about a state folder of the first version in the work tree, "" if there is none."""
    folder = repository / OLD_NAME
    if not os.path.lexists(folder):
        return ""
    return (
        f"{relative(folder)} was written by an earlier version, or came with the repository; it is ignored: remove it"
    )
