"""The folder in a repository where runs keep what outlives them: the journal, the lock, the cache."""

from __future__ import annotations

from pathlib import Path

from flext_codemods.project.paths import relative
from flext_exceptions import FlextExceptions

__all__ = ["make_state_folder", "state_folder"]

NAME = ".flext"
IGNORE = b"# Made by flext-codemods.\n*\n"


def state_folder(repository: Path) -> Path:
    """Return where the state of a repository is kept; it need not be there."""
    return repository / NAME


def make_state_folder(repository: Path) -> Path:
    """Return the state folder of a repository, made where it is not there, and hidden from git by what is in it.

    Raises:
        OSError: it cannot be made.
    """
    folder = state_folder(repository)
    ignore = folder / ".gitignore"
    try:
        folder.mkdir(exist_ok=True)
        if not ignore.exists() or not ignore.stat().st_size:  # empty: the disk was full
            ignore.write_bytes(IGNORE)
    except OSError as error:
        where = relative(error.filename or ignore)
        raise FlextExceptions.OSError(
            f"{where}: cannot be written, so nothing is: {error.strerror}", path=where
        ) from error
    return folder
