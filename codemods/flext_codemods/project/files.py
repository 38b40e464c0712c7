"""Which files there are: from git if the folder is in a repository, otherwise from a walk that respects .gitignore."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from flext_codemods.project.git import git_files
from flext_codemods.project.globs import is_pattern, spec_of

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

__all__ = ["DOCUMENTS", "NO_PYTHON", "ChangedFile", "list_files", "read_bytes"]

NO_PYTHON = frozenset([".pyi", ".pyx", ".ipynb"])  # named in the report, never touched
DOCUMENTS = frozenset([".rst", ".md", ".txt"])
SUFFIXES = frozenset([".py"]) | NO_PYTHON | DOCUMENTS
ENDINGS = tuple(SUFFIXES)
DOCUMENT_BYTES = 1_000_000  # the rest of a larger one (a log, a table of data) is not read
NEVER = frozenset(["__pycache__", "node_modules", "site-packages"])


def is_ignored(path: Path, folder: bool, specs: Iterable[tuple[Path, GitIgnoreSpec]]) -> bool:
    """Return whether one of the .gitignore files above a path matches it."""
    ending = "/" if folder else ""
    return any(spec.match_file(path.relative_to(base).as_posix() + ending) for base, spec in specs)


def walked_files(root: Path) -> Iterator[Path]:
    """Yield the Python files and documents below a folder that is not in a repository.

    Hidden folders and virtual environments are skipped.
    """
    specs: dict[Path, list[tuple[Path, GitIgnoreSpec]]] = {}
    for name, folders, files in os.walk(root):
        here = Path(name)
        known = list(specs.get(here.parent, ()))
        ignored = here / ".gitignore"
        if ".gitignore" in files and ignored.is_file():
            lines = ignored.read_text("utf-8", "replace").splitlines()
            known.append((here, spec_of(filter(is_pattern, lines))))  # git skips the others
        specs[here] = known
        folders[:] = sorted(
            folder
            for folder in folders
            if not folder.startswith(".")
            and folder not in NEVER
            and not (here / folder / "pyvenv.cfg").exists()
            and not is_ignored(here / folder, True, known)
        )
        wanted = (here / file for file in sorted(files) if file.endswith(ENDINGS))
        yield from (file for file in wanted if not is_ignored(file, False, known))


def list_files(folder: Path) -> list[Path]:
    """Return the Python files and documents below a folder, sorted, each real file once, without links out of it."""
    # git lists nothing in a folder that the repository around it ignores; if it is named, its content is meant
    listed = [path for path in (git_files(folder) or walked_files(folder)) if path.suffix in SUFFIXES]
    base = folder.resolve()
    unique: dict[Path, Path] = {}
    for path in sorted(listed):
        if path.is_symlink():
            try:
                real = path.resolve(strict=True)
            except (OSError, RuntimeError):  # a link to itself, or to nothing: not a file
                continue
            if not real.is_relative_to(base) or real in unique:
                continue
            unique[real] = path
        elif os.path.lexists(path) and not path.is_dir():
            unique[base / path.relative_to(folder)] = path
    return sorted(unique.values())


class ChangedFile(NamedTuple):
    """A file with its bytes before and after a run; ``path`` is absolute."""

    path: str
    old: bytes
    new: bytes


def read_bytes(path: Path) -> tuple[bytes, str]:
    """Return the bytes of a file, or the beginning of a document, and why it cannot be read ("" if it can)."""
    try:
        if not path.is_file():
            return b"", "is not a regular file"
        with path.open("rb") as file:
            return file.read(DOCUMENT_BYTES if path.suffix in DOCUMENTS else -1), ""
    except OSError as error:
        return b"", f"cannot be read: {error.strerror}"
