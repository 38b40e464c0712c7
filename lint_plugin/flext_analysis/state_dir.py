"""Where the tools store state between runs: outside the work tree, where no clone can bring anything."""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from pathlib import Path

__all__ = ["state_dir"]

NAME = "flext"


@lru_cache(maxsize=256)
def state_dir(folder: Path) -> Path:
    """Return the folder for the state of the repository around a folder; it need not exist yet.

    In a git repository it is in git's own folder, the path of ``git rev-parse --git-path flext``; elsewhere it is in
    the user's cache folder, named by the path of the folder.
    """
    for here in (folder, *folder.parents):
        git = here / ".git"
        if git.is_dir():
            return git / NAME
        if git.is_file():
            target = git_folder(git)
            if target is not None:
                return target / NAME
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    cache = Path(base) if base and Path(base).is_absolute() else Path.home() / ".cache"
    return cache / NAME / hashlib.blake2b(str(folder).encode(), digest_size=8).hexdigest()


def git_folder(file: Path) -> Path | None:
    """Return the folder that a ``.git`` file of a linked work tree or submodule names, None if it names none."""
    try:
        text = file.read_text("utf-8", "replace").strip()
    except OSError:
        return None
    kind, _, path = text.partition(": ")
    target = file.parent / path
    return target if kind == "gitdir" and path and target.is_dir() else None
