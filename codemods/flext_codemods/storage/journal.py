"""The journal of a run: on disk before the first file is written, so that an interrupted run can be finished or undone.

It is one file, which a rename puts in place: a line with the size and the hash of the table, the table (JSON), the old
and the new bytes of each file one after the other, and at the end a line for each step of the run. The table has sizes
and hashes, so that a journal is either complete or not used.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, NamedTuple, TypeVar

from flext_codemods.project.paths import relative
from flext_codemods.storage.atomic_write import sync_folder, uninterrupted
from flext_codemods.storage.state_dir import make_state_folder, state_folder
from flext_exceptions import FlextExceptions

__all__ = ["BEGUN", "ENDED", "UNDOING", "Change", "Journal", "begin", "journal_file", "last_journal", "last_state"]

Read = TypeVar("Read")

FIRST_LINE = re.compile(rb"flext-codemods journal 1 (\d+) ([0-9a-f]{64})\n")
MAX_FIRST_LINE = 200
RUN = re.compile(r"[0-9a-f]{16}")

# The progress of a run: its last mark, BEGUN without one.
BEGUN, ENDED, UNDOING = "begun", "ended", "undoing"


class Change(NamedTuple):
    """The change to one file: its path below the repository, and the bytes before and after.

    No part of the path is a link. ``linked`` means that the file has further names (hard links): it is written in
    place, so that a kill in that very moment leaves it half old and half new.
    """

    path: Path
    old: bytes
    new: bytes
    linked: bool = False


class Journal(NamedTuple):
    """The last run over a repository: when it began, what it changes, its progress.

    ``unwritten`` are the numbers of the changes that could not be made, known when the run has ended. ``end`` is where
    the next mark goes in the file.
    """

    repository: Path
    file: Path
    run: str
    began: str
    changes: Sequence[Change]
    state: str
    unwritten: frozenset[int]
    end: int

    @property
    def temporary(self) -> str:
        """The name of the file beside each that receives its new bytes first."""
        return f".flext-{self.run}.tmp"

    def paths(self) -> list[Path]:
        """Return the files of the run."""
        return [self.repository / change.path for change in self.changes]

    def mark(self, state: str, unwritten: Iterable[int] = ()) -> Journal:
        """Record the progress of the run, and return the updated journal.

        Raises:
            OSError: it cannot be written.
        """
        line = json.dumps({"state": state, "unwritten": sorted(unwritten)}).encode() + b"\n"
        with naming(self.file), self.file.open("r+b") as file:
            file.seek(self.end)
            file.truncate()  # an incomplete mark
            file.write(line)
            sync(file)
        return self._replace(state=state, unwritten=frozenset(unwritten), end=self.end + len(line))

    def forget(self) -> None:
        """Remove the journal: nothing is left to undo.

        Raises:
            OSError: it cannot be removed.
        """
        with naming(self.file):
            self.file.unlink()
            sync_folder(self.file.parent)


def journal_file(repository: Path) -> Path:
    """Return the path of the journal of the last run over a repository; it need not exist."""
    return state_folder(repository) / "journal"


def begin(runs: Mapping[Path, Sequence[Change]]) -> dict[Path, Journal]:
    """Put the journal of a run on disk, one in each of its repositories, replacing those of the last run.

    Raises:
        OSError: one cannot be written; then none is put in place.
    """
    drafts: dict[Path, Path] = {}
    journals: dict[Path, Journal] = {}
    try:
        for repository, changes in runs.items():
            file = journal_file(repository)
            drafts[file] = make_state_folder(repository) / "journal.tmp"
            with naming(file):
                journals[repository] = draft(repository, drafts[file], file, changes)
        put_in_place(drafts)
    finally:
        for temporary in drafts.values():
            with suppress(OSError):  # the next one takes its place
                temporary.unlink()
    return journals


def draft(repository: Path, temporary: Path, file: Path, changes: Sequence[Change]) -> Journal:
    """Write a journal beside its final path, synced to disk."""
    run, began = secrets.token_hex(8), time.strftime("%Y-%m-%d %H:%M:%S")
    changes = [change._replace(linked=has_further_names(repository / change.path)) for change in changes]
    table = json.dumps({"run": run, "began": began, "files": [row(change) for change in changes]}).encode()
    with open(temporary, "wb", opener=private) as out:
        out.write(b"flext-codemods journal 1 %d %s\n" % (len(table), checksum(table).encode()))
        out.write(table)
        for change in changes:
            out.write(change.old)
            out.write(change.new)
        sync(out)
        return Journal(repository, file, run, began, changes, BEGUN, frozenset(), out.tell())


@uninterrupted()
def put_in_place(drafts: Mapping[Path, Path]) -> None:
    """Put drafts in place."""
    for file, temporary in drafts.items():
        with naming(file):
            temporary.replace(file)
            sync_folder(file.parent)
            sync_folder(file.parent.parent)


def row(change: Change) -> dict[str, object]:
    """Return the table's entry for a file; a path that is not UTF-8 keeps its bytes as in Python."""
    old, new = ([len(data), checksum(data)] for data in (change.old, change.new))
    return {"path": str(change.path), "linked": change.linked, "old": old, "new": new}


def last_journal(repository: Path) -> Journal | None:
    """Return the journal of the last run over a repository, None if there is none.

    Raises:
        ProcessingError: it is damaged.
        OSError: it cannot be read.
    """
    return opened(journal_file(repository), lambda source: read_whole(source, repository))


def last_state(repository: Path) -> str | None:
    """Return the progress of the last run over a repository, None if there is none; raises as last_journal."""
    return opened(journal_file(repository), read_state)


def opened(file: Path, read: Callable[[IO[bytes]], Read]) -> Read | None:
    """Read from an existing journal; any failure other than a system error means that it is damaged."""
    if not os.path.lexists(file):
        return None
    if not (file.is_dir() or file.is_file()) or file.is_symlink():
        raise FlextExceptions.ProcessingError(f"{relative(file)}: is not a regular file; remove it", path=str(file))
    try:
        with naming(file, "read"), file.open("rb") as source:
            return read(source)
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError, MemoryError) as error:
        raise FlextExceptions.ProcessingError(
            f"{relative(file)}: is damaged, so nothing can be undone or resumed; remove it to continue without it",
            path=str(file),
        ) from error


def read_whole(source: IO[bytes], repository: Path) -> Journal:
    """Read a journal and check that it is what was written."""
    table = read_table(source)
    changes = []
    for each in table["files"]:
        path = Path(each["path"])
        if path.is_absolute() or path.drive or ".." in path.parts:
            raise FlextExceptions.ValidationError("a path that leads out of the repository")
        changes.append(Change(path, part(source, *each["old"]), part(source, *each["new"]), each["linked"]))
    if not RUN.fullmatch(table["run"]):
        raise FlextExceptions.ValidationError("no name of a run", value=table["run"])
    return Journal(repository, Path(source.name), table["run"], str(table["began"]), changes, *read_marks(source))


def read_state(source: IO[bytes]) -> str:
    """Read only the progress of the run from a journal."""
    table = read_table(source)
    source.seek(sum(each["old"][0] + each["new"][0] for each in table["files"]), os.SEEK_CUR)
    return read_marks(source)[0]


def read_table(source: IO[bytes]) -> dict[str, Any]:
    """Read the table of a journal."""
    first = FIRST_LINE.fullmatch(source.readline(MAX_FIRST_LINE))
    if first is None:
        raise FlextExceptions.ValidationError("not a journal, or written by another version")
    table: dict[str, Any] = json.loads(part(source, int(first[1]), first[2].decode()))
    return table


def read_marks(source: IO[bytes]) -> tuple[str, frozenset[int], int]:
    """Read the last mark of a journal: the state, what could not be written, and where the next mark goes."""
    state, unwritten, end = BEGUN, frozenset[int](), source.tell()
    for line in source:
        if line.endswith(b"\n"):  # otherwise it is incomplete
            mark = json.loads(line)
            state, unwritten, end = mark["state"], frozenset(mark["unwritten"]), end + len(line)
    if state not in (BEGUN, ENDED, UNDOING):
        raise FlextExceptions.ValidationError("an unknown state")
    return state, unwritten, end


def part(source: IO[bytes], size: int, expected: str) -> bytes:
    """Read so many bytes, which must have this hash."""
    data = source.read(size)
    if checksum(data) != expected:
        raise FlextExceptions.ValidationError("other bytes than were written")
    return data


def checksum(data: bytes) -> str:
    """Return the hash of some bytes."""
    return hashlib.sha256(data).hexdigest()


def has_further_names(path: Path) -> bool:
    """Return whether a file has more than one name."""
    try:
        return path.stat().st_nlink > 1
    except OSError:  # reported when it is to be written
        return False


def private(path: str, flags: int) -> int:
    """Open a file that nobody else may read, since the files that it describes may be private."""
    return os.open(path, flags, 0o600)


def sync(file: IO[bytes]) -> None:
    """Flush what was written to a file to the disk."""
    file.flush()
    os.fsync(file.fileno())


@contextmanager
def naming(file: Path, what: str = "written") -> Iterator[None]:
    """Make a system error name its journal."""
    try:
        yield
    except OSError as error:
        raise FlextExceptions.OSError(
            f"{relative(file)}: cannot be {what}: {error.strerror or error}", path=str(file)
        ) from error
