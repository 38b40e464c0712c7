"""Which files there are: from git where the folder is in a repository, else from a walk that heeds .gitignore."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

__all__ = ["DOCUMENTS", "NO_PYTHON", "is_ignored_by_git", "is_pattern", "list_files", "spec_of"]

NO_PYTHON = frozenset([".pyi", ".pyx", ".ipynb"])  # named in the report, never touched
DOCUMENTS = frozenset([".rst", ".md", ".txt"])
SUFFIXES = frozenset([".py"]) | NO_PYTHON | DOCUMENTS
ENDINGS = tuple(SUFFIXES)
NEVER = frozenset(["__pycache__", "node_modules", "site-packages"])


def git_files(folder: Path) -> list[Path] | None:
    """Return the files below a folder that git tracks or does not ignore; None where git has nothing to say."""
    command = ["git", "-C", str(folder), "ls-files", "-co", "--exclude-standard", "-z", "--", "."]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        return None
    if done.returncode:
        return None
    return [folder / os.fsdecode(name) for name in done.stdout.split(b"\0") if name]


def is_ignored_by_git(path: Path) -> bool:
    """Say whether the repository around a path ignores it."""
    command = ["git", "-C", str(path.parent), "check-ignore", "--quiet", str(path)]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def is_ignored(path: Path, folder: bool, specs: Iterable[tuple[Path, GitIgnoreSpec]]) -> bool:
    """Say whether one of the .gitignore files above a path names it."""
    ending = "/" if folder else ""
    return any(spec.match_file(path.relative_to(base).as_posix() + ending) for base, spec in specs)


def spec_of(lines: Iterable[str]) -> GitIgnoreSpec:
    """Return what tells the paths that lines of a .gitignore name; raise ValueError where one of them is no pattern."""
    from pathspec import GitIgnoreSpec  # late: most runs have no lines

    return GitIgnoreSpec.from_lines(lines)


def is_pattern(line: str) -> bool:
    """Say whether a line can stand in a .gitignore."""
    try:
        spec_of([line])
    except ValueError:
        return False
    return True


def walked_files(root: Path) -> Iterator[Path]:
    """Yield the Python files and documents below a folder that is in no repository.

    Hidden folders and virtual environments are passed over.
    """
    specs: dict[Path, list[tuple[Path, GitIgnoreSpec]]] = {}
    for name, folders, files in os.walk(root):
        here = Path(name)
        known = list(specs.get(here.parent, ()))
        ignored = here / ".gitignore"
        if ".gitignore" in files and ignored.is_file():
            lines = ignored.read_text("utf-8", "replace").splitlines()
            known.append((here, spec_of(filter(is_pattern, lines))))  # git passes over the others
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
    """Return the Python files and documents below a folder, sorted, each real file once, links out of it left out."""
    # git lists nothing in a folder that the repository around it ignores; whoever names one means what is in it
    listed = [path for path in (git_files(folder) or walked_files(folder)) if path.suffix in SUFFIXES]
    base = folder.resolve()
    unique: dict[Path, Path] = {}
    for path in sorted(listed):
        if path.is_symlink():
            try:
                real = path.resolve(strict=True)
            except (OSError, RuntimeError):  # a link to itself, or to nothing: no file
                continue
            if not real.is_relative_to(base) or real in unique:
                continue
            unique[real] = path
        elif os.path.lexists(path) and not path.is_dir():
            unique[base / path.relative_to(folder)] = path
    return sorted(unique.values())
