"""The state of files in git: which exist, which have uncommitted changes, and which are untracked.

A repository may come from anyone, with its .git folder: no program that its configuration names is run.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from flext_codemods.project.usage import usage

__all__ = ["git_files", "git_path", "is_ignored_by_git", "unsafe_to_write"]

# fsmonitor, hooks and filters are commands, as is what fetches a missing object; and a folder of a clone may look like
# a bare repository with its own configuration. Git runs the filters of the user's own configuration as always.
SETTINGS = (
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "safe.bareRepository=explicit",
    "submodule.recurse=false",
)
NO_PROGRAMS = tuple(part for setting in SETTINGS for part in ("-c", setting))
TIMEOUT = 120  # seconds; git would wait for ever for a .gitignore that is a pipe
ENVIRONMENT = {"GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}
# The top folder of a repository, its tracked files, and the changed ones: None if git cannot tell.
State = tuple[Path, set[Path], set[Path] | None]
OWN_SCOPES = (b"local", b"worktree")  # of git's configuration: what the repository itself provides
FILTERS = r"^filter\..*\.(clean|smudge|process)$"


def git(folder: Path, *arguments: str) -> bytes | None:
    """Return the output of a git command, None if it fails or there is no git.

    Raises:
        FlextExceptions.ConfigurationError: git refuses the repository because it belongs to someone else; the message
            has git's own words and remedy.
    """
    command = ["git", *NO_PROGRAMS, "-C", str(folder), *arguments]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **ENVIRONMENT},
            timeout=TIMEOUT,
        )
    except subprocess.TimeoutExpired as error:
        raise usage(f"git {arguments[0]} did not answer within {TIMEOUT} seconds in {folder}") from error
    except FileNotFoundError:
        return None
    if done.returncode == 0:
        return done.stdout
    if b"safe.directory" in done.stderr:
        raise usage(" ".join(done.stderr.decode(errors="replace").split()))
    return None


def without_filters(folder: Path) -> list[str]:
    """Return the options that turn off the filters which the repository's own configuration names."""
    said = git(folder, "config", "--show-scope", "--includes", "--name-only", "-z", "--get-regexp", FILTERS) or b""
    words = said.split(b"\0")
    keys = [os.fsdecode(key) for scope, key in zip(words[::2], words[1::2], strict=False) if scope in OWN_SCOPES]
    return [part for key in keys for part in ("-c", f"{key}=", "-c", f"{key.rpartition('.')[0]}.required=false")]


def git_files(folder: Path) -> list[Path] | None:
    """Return the files below a folder that git tracks or does not ignore; None without git."""
    listed = git(folder, "ls-files", "-co", "--exclude-standard", "-z", "--", ".")
    if listed is None:
        return None
    return [folder / os.fsdecode(name) for name in listed.split(b"\0") if name]


def git_path(repository: Path, name: str) -> Path | None:
    """Return the path of an entry in a repository's git folder, None if it has no such folder."""
    folder = repository / ".git"
    if folder.is_dir() and not folder.is_symlink() and (folder / "HEAD").is_file():
        return folder / name
    if not os.path.lexists(folder):
        return None
    found = git(repository, "rev-parse", "--git-path", name)  # a worktree or a submodule
    return repository / os.fsdecode(found.rstrip(b"\n")) if found else None


def is_ignored_by_git(path: Path) -> bool:
    """Return whether the repository around a path ignores it."""
    return git(path.parent, "check-ignore", "--quiet", str(path)) is not None


def unsafe_to_write(files: Iterable[Path], *, allow_dirty: bool, allow_no_vcs: bool) -> list[str]:
    """Return a line for each file whose old text git could not restore; [] if all can be written."""
    states: dict[Path, State | None] = {}
    problems: list[str] = []
    for file in files:
        real = file.resolve()
        if real.parent not in states:
            states[real.parent] = known_state(real.parent, states)
        state = states[real.parent]
        if state is None:
            if not allow_no_vcs:
                problems.append(f"{file}: not in a git repository (--allow-no-vcs writes anyway)")
        elif not allow_dirty and real not in state[1]:
            problems.append(f"{file}: not tracked by git (--allow-dirty writes anyway)")
        elif not allow_dirty and state[2] is None:
            problems.append(f"{file}: git status fails in {state[0]} (--allow-dirty writes anyway)")
        elif not allow_dirty and state[2] is not None and real in state[2]:
            problems.append(f"{file}: has uncommitted changes (--allow-dirty writes anyway)")
    return problems


def known_state(folder: Path, states: dict[Path, State | None]) -> State | None:
    """Return the top folder of a repository with its tracked and its changed files, cached per repository."""
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
    # In a submodule git would look with the submodule's own configuration, without our settings.
    status = ["status", "--porcelain", "-z", "--no-renames", "--untracked-files=no", "--ignore-submodules=all"]
    changed = git(root, *without_filters(root), *status)
    return (
        root,
        {root / os.fsdecode(name) for name in tracked.split(b"\0") if name},
        None if changed is None else {root / os.fsdecode(entry[3:]) for entry in changed.split(b"\0") if entry},
    )
