"""Undo and resume: revert the last run over a repository, or finish it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from flext_codemods.project.paths import relative
from flext_codemods.project.roots import locate
from flext_codemods.project.text import common_start, count
from flext_codemods.project.usage import usage
from flext_codemods.storage.atomic_write import remove_temporary, sync_folders, write_file
from flext_codemods.storage.journal import (
    BEGUN,
    ENDED,
    UNDOING,
    Change,
    Journal,
    journal_file,
    last_journal,
    last_state,
)
from flext_codemods.storage.lock import locked
from flext_codemods.storage.state_dir import old_state, state_folder

__all__ = ["RESUME_OR_UNDO", "Outcome", "refuse_unfinished", "resume", "saying", "take_back", "undo"]

RESUME_OR_UNDO = "`flext-codemods resume` finishes it, `flext-codemods undo` undoes it"
UNDO_AGAIN = "`flext-codemods undo` finishes it"


class Outcome(NamedTuple):
    """What undo or resume did, in a line, and a line for each file that was left."""

    summary: str
    left: tuple[str, ...] = ()


class FileCounts(NamedTuple):
    """How many files of a run were written, how many were already as wanted, and a line for each that was left."""

    written: int
    already: int
    unwritten: frozenset[int]
    left: tuple[str, ...]


def undo(text: str) -> Outcome:
    """Restore every file of the last run around a path that is unchanged since the run.

    Raises:
        OperationError: another run is at work.
        ProcessingError: the journal is damaged.
        OSError: the journal cannot be read or written.
    """
    return with_last_run(text, "undo", undo_run)


def resume(text: str) -> Outcome:
    """Finish the last run around a path if it was interrupted.

    Raises:
        ConfigurationError: an undo was interrupted.
        OperationError, ProcessingError, OSError: as undo.
    """
    return with_last_run(text, "resume", resume_run)


def with_last_run(text: str, verb: str, act: Callable[[Journal], Outcome]) -> Outcome:
    """Act on the last run around a path, holding the lock."""
    repository = repository_around(text)
    old = old_state(repository)
    nothing = Outcome(f"nothing to {verb} in {relative(repository)}" + (f"; {old}" if old else ""))
    if not state_folder(repository).is_dir():
        return nothing
    with locked(repository):
        journal = last_journal(repository)
        if journal is None or (journal.state == ENDED and verb == "resume"):
            return nothing
        return act(journal)


def repository_around(text: str) -> Path:
    """Return the repository or project around a path, otherwise the nearest folder that a run was over."""
    argument = locate(text)
    if not any((argument.repository / name).exists() for name in (".git", "pyproject.toml")):
        folder = argument.path if argument.path.is_dir() else argument.path.parent
        for each in (folder, *folder.parents):
            if journal_file(each).exists():
                return each.resolve()
    return argument.repository.resolve()


def take_back(repository: Path) -> tuple[str, ...]:
    """Undo the last run over a repository whose lock is held; return a line for each file that was left."""
    journal = last_journal(repository)
    return undo_run(journal).left if journal is not None else ()


def undo_run(journal: Journal) -> Outcome:
    """Restore the files of a run; remove its journal afterwards, or keep it for another try if some are left."""
    with saying("run `flext-codemods undo` again to finish it"):
        cut_off = journal.state != ENDED
        journal = journal.mark(UNDOING, journal.unwritten)
        counts = restore(journal, back=True, cut_off=cut_off)
        if counts.left:
            journal.mark(ENDED, journal.unwritten)
        else:
            journal.forget()
    return outcome(f"undid the run of {journal.began}: put {count(counts.written, 'file')} back", counts)


def resume_run(journal: Journal) -> Outcome:
    """Write the files of an interrupted run that are not written yet, and mark it as ended."""
    if journal.state == UNDOING:
        raise usage(f"{relative(journal.repository)}: an undo was cut off: {UNDO_AGAIN}")
    with saying(RESUME_OR_UNDO):
        counts = restore(journal, back=False, cut_off=True)
        journal.mark(ENDED, counts.unwritten)
    return outcome(f"finished the run of {journal.began}: wrote {count(counts.written, 'file')}", counts)


def outcome(what: str, counts: FileCounts) -> Outcome:
    """Build the outcome of undo or resume."""
    if counts.already:
        what += f", {count(counts.already, 'file')} already done"
    if counts.left:
        what += f", left {count(len(counts.left), 'file')}"
    return Outcome(what, counts.left)


def refuse_unfinished(repository: Path) -> None:
    """Check that the last run over a repository was not interrupted: a new one would lose the data for its undo.

    Raises:
        ConfigurationError: it was, or an undo of it.
        ProcessingError, OSError: the journal is damaged, or cannot be read.
    """
    state = last_state(repository)
    if state == BEGUN:
        raise usage(f"{relative(repository)}: an earlier run was cut off: {RESUME_OR_UNDO}")
    if state == UNDOING:
        raise usage(f"{relative(repository)}: an undo was cut off: {UNDO_AGAIN}")


@contextmanager
def saying(remedy: str) -> Iterator[None]:
    """Add what to do next to a Ctrl-C in the block."""
    try:
        yield
    except KeyboardInterrupt as stop:
        stop.add_note(remedy)
        raise


# -- the files --------------------------------------------------------------------------------------------------------


def restore(journal: Journal, *, back: bool, cut_off: bool) -> FileCounts:
    """Give each file of a run its new bytes, or restore its old ones; leave files with any other content.

    ``cut_off`` means that the run, or an undo of it, did not finish: a file may be half written then.
    """
    paths = journal.paths()
    remove_temporary([path for path in paths if not is_linked(path)], journal.temporary)
    written = already = 0
    unwritten, left = set[int](), list[str]()
    for number, (path, change) in enumerate(zip(paths, journal.changes, strict=True)):
        failed = number in journal.unwritten
        if back and failed and not is_half_written(path, change):
            continue  # whatever is there is not from the run
        wanted = change.old if back else change.new
        try:
            if is_linked(path):
                left.append(f"{relative(path)}: is reached through a link now, not changed")
                continue
            found = read(path)
            if found == wanted:
                already += 1
            elif found is None or not is_of_the_run(found, change, half=cut_off or failed):
                left.append(f"{relative(path)}: changed since the run, not changed back")
            else:
                write_file(path, found, wanted, journal.temporary)
                written += 1
        except (FileNotFoundError, NotADirectoryError):
            left.append(f"{relative(path)}: is gone")
        except OSError as error:
            unwritten.add(number)
            left.append(f"{relative(path)}: cannot be written: {error.strerror or error}")
    sync_folders(paths)
    return FileCounts(written, already, frozenset(unwritten), tuple(left))


def is_linked(path: Path) -> bool:
    """Return whether a file's path has a link, which may lead out of the repository: runs write no such file."""
    return os.path.realpath(path) != str(path)


def read(path: Path) -> bytes | None:
    """Return the bytes of a file, None if something else is there now."""
    if path.exists() and not path.is_file():
        return None  # reading a pipe would never end
    return path.read_bytes()


def is_half_written(path: Path, change: Change) -> bool:
    """Return whether a file holds neither its old nor its new bytes but some of each."""
    with suppress(OSError):
        found = read(path)
        if found is not None and found not in (change.old, change.new):
            return is_of_the_run(found, change, half=True)
    return False


def is_of_the_run(found: bytes, change: Change, *, half: bool) -> bool:
    """Return whether a file holds what a run, or an undo of it, wrote there.

    ``half`` allows for a file that is written in place and was interrupted.
    """
    if found in (change.old, change.new):
        return True
    return half and change.linked and is_torn(found, change.old, change.new)


def is_torn(found: bytes, old: bytes, new: bytes) -> bool:
    """Return whether a file may be the result of old and new bytes written over each other, each time up to some point.

    >>> is_torn(b"NEW old", b"old old", b"NEW NEW NEW"), is_torn(b"NEW mine", b"old old", b"NEW NEW NEW")
    (True, False)
    """
    sizes = sorted((len(old), len(new)))
    return sizes[0] <= len(found) <= sizes[1] and (is_cut_from(found, old, new) or is_cut_from(found, new, old))


def is_cut_from(found: bytes, outer: bytes, inner: bytes) -> bool:
    """Return whether a text begins as one, continues at the same position as another, and ends as the first."""
    start = common_start(found, outer)
    end = start + common_start(found[start:], inner[start:])
    return found[end:] == outer[end : len(found)]
