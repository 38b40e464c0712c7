"""The folder in a repository where runs keep what outlives them: the journal, the lock, the cache."""

from __future__ import annotations

from pathlib import Path

from flext_exceptions import FlextExceptions

__all__ = ["make_state_folder", "state_folder"]

NAME = ".flext"


def state_folder(repository: Path) -> Path:
    """Return where the state of a repository is kept; it need not be there."""
    return repository / NAME


def make_state_folder(repository: Path) -> Path:
    """Make the state folder of a repository where it is not there, hidden from git, and return it.

    Raises:
        OSError: it cannot be made.
    """
    folder = state_folder(repository)
    ignore = folder / ".gitignore"
    try:
        folder.mkdir(exist_ok=True)
        if not ignore.exists():
            ignore.write_text("# made by flext-codemods\n*\n", "utf-8")
    except OSError as error:
        raise FlextExceptions.OSError(f"{error.filename}: cannot be made: {error.strerror}") from error
    return folder
