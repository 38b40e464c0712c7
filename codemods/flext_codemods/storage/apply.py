"""Write the results of a run: alone in its repositories, after the journal."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path

from flext_codemods.project.files import ChangedFile
from flext_codemods.project.paths import relative
from flext_codemods.project.roots import PathArgument
from flext_codemods.storage.atomic_write import sync_folders, write_file
from flext_codemods.storage.journal import BEGUN, ENDED, Change, Journal, begin, last_state
from flext_codemods.storage.lock import locked
from flext_codemods.storage.recovery import RESUME_OR_UNDO, refuse_unfinished
from flext_exceptions import FlextExceptions

__all__ = ["alone", "write_results"]


@contextmanager
def alone(arguments: Iterable[PathArgument]) -> Iterator[None]:
    """Hold the locks of the repositories around some arguments for the block, unless an earlier run was interrupted.

    Raises:
        OperationError: another run is at work there.
        ConfigurationError: an earlier run has to be resumed or undone first.
        ProcessingError: the journal of an earlier run is damaged.
        OSError: the lock cannot be written, or the journal cannot be read.
    """
    with ExitStack() as held:
        for repository in sorted({argument.repository.resolve() for argument in arguments}):
            held.enter_context(locked(repository))
            refuse_unfinished(repository)
        yield


def write_results(
    arguments: Sequence[PathArgument], results: Iterable[ChangedFile]
) -> tuple[dict[str, str], list[str]]:
    """Write the new bytes of files; return why some cannot be written, and what went wrong with the journal.

    Raises:
        OSError: the journal cannot be written; then no file is.
    """
    grouped: dict[Path, list[tuple[str, Change]]] = {}
    failures: dict[str, str] = {}
    for result in results:
        top = repository_of(result, arguments).resolve()
        real = Path(os.path.realpath(result.path))
        if not real.is_relative_to(top):
            failures[result.path] = f"it leads out of {relative(top)}"
            continue
        change = Change(real.relative_to(top), result.old, result.new)
        grouped.setdefault(top, []).append((result.path, change))
    problems: list[str] = []
    try:
        journals = begin({repository: [change for _, change in pairs] for repository, pairs in grouped.items()})
        for repository, journal in journals.items():
            failed = write_changes(journal)
            failures |= {grouped[repository][number][0]: why for number, why in failed.items()}
            try:
                journal.mark(ENDED, failed)
            except FlextExceptions.OSError as error:
                problems.append(f"{error}; every file is written, but {RESUME_OR_UNDO}")
    except KeyboardInterrupt as stop:
        if any(last_state(repository) == BEGUN for repository in grouped):
            stop.add_note(RESUME_OR_UNDO)
        raise
    return failures, problems


def repository_of(result: ChangedFile, arguments: Iterable[PathArgument]) -> Path:
    """Return the repository around the argument that led to a file; an argument that names it comes first.

    No argument need have led to a manifest; it is in the repository of one.
    """
    path = Path(result.path)
    ordered = sorted(arguments, key=lambda argument: argument.path.is_dir())
    led = (argument.repository for argument in ordered if path.is_relative_to(argument.path))
    around = (argument.repository for argument in ordered if path.is_relative_to(argument.repository))
    return next(chain(led, around))


def write_changes(journal: Journal) -> dict[int, str]:
    """Write the files of a run; return the numbers of those that cannot be written, and why."""
    failed: dict[int, str] = {}
    paths = journal.paths()
    for number, (path, change) in enumerate(zip(paths, journal.changes, strict=True)):
        try:
            write_file(path, change.old, change.new, journal.temporary)
        except OSError as error:
            failed[number] = error.strerror or str(error)
    sync_folders(paths)
    return failed
