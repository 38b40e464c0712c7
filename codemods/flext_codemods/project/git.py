"""What git says of files: which have changes that are not committed, and which it does not know."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

__all__ = ["git_files", "is_ignored_by_git", "unsafe_to_write"]


def git(folder: Path, *arguments: str) -> bytes | None:
    """Return what a git command prints, None where it fails or there is no git."""
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None


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


def unsafe_to_write(files: Iterable[Path], *, allow_dirty: bool, allow_no_vcs: bool) -> list[str]:
    """Return a line for each file whose old text could not be had back from git; [] when all can be written."""
    states: dict[Path, tuple[Path, set[Path], set[Path]] | None] = {}
    problems: list[str] = []
    for file in files:
        real = file.resolve()
        if real.parent not in states:
            states[real.parent] = known_state(real.parent, states)
        state = states[real.parent]
        if state is None:
            if not allow_no_vcs:
                problems.append(f"{file}: not in a git repository (--allow-no-vcs writes all the same)")
        elif not allow_dirty and real not in state[1]:
            problems.append(f"{file}: not tracked by git (--allow-dirty writes all the same)")
        elif not allow_dirty and real in state[2]:
            problems.append(f"{file}: has changes that are not committed (--allow-dirty writes all the same)")
    return problems


def known_state(
    folder: Path, states: dict[Path, tuple[Path, set[Path], set[Path]] | None]
) -> tuple[Path, set[Path], set[Path]] | None:
    """Return the top folder of a repository with its tracked and its changed files, asked once a repository."""
    roots = {state[0]: state for state in states.values() if state is not None}
    inside = next((here for here in (folder, *folder.parents) if here in roots or (here / ".git").exists()), None)
    if inside in roots:
        return roots[inside]  # git itself takes a process to say so
    top = git(folder, "rev-parse", "--show-toplevel")
    if top is None:
        return None
    root = Path(os.fsdecode(top.rstrip(b"\n")))
    if root in roots:
        return roots[root]
    tracked = git(root, "ls-files", "-z") or b""
    changed = git(root, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=no") or b""
    return (
        root,
        {root / os.fsdecode(name) for name in tracked.split(b"\0") if name},
        {root / os.fsdecode(entry[3:]) for entry in changed.split(b"\0") if entry},
    )
