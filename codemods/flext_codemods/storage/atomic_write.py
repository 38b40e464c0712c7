"""Write a file so that it is complete at every moment, old or new."""

from __future__ import annotations

import io
import os
import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from flext_exceptions import FlextExceptions

__all__ = ["remove_temporary", "sync_folder", "sync_folders", "uninterrupted", "write_file"]


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Delay Ctrl-C until the block has ended: otherwise a temporary file could be left behind."""
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        yield  # signals reach the main thread only, which alone may set handlers; an ignored one stays ignored
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        raise KeyboardInterrupt


@uninterrupted()
def write_file(path: Path, old: bytes, new: bytes, temporary: str) -> None:
    """Replace a file's bytes, keeping its mode and hard links; a link's target is written.

    ``temporary`` is the name of the file beside it that receives the new bytes first; a killed process leaves that
    behind. Call sync_folders after writing all files: only then will they survive a power cut.

    Raises:
        OSError: it cannot be read or written, or it is no longer what was analysed; it is unchanged then.
    """
    real = path.resolve(strict=True)
    state = real.stat()
    now = real.read_bytes()
    if now == new:
        return  # written through another of its names
    if now != old:
        raise FlextExceptions.OSError("changed while it was being rewritten; run again")
    if not state.st_mode & 0o222 or not os.access(real, os.W_OK):
        raise FlextExceptions.PermissionError("is read-only")  # a rename would replace it anyway
    spare = real.parent / temporary
    handle = os.open(spare, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(new)
            file.flush()
            os.fsync(file.fileno())
        if state.st_nlink > 1:
            overwrite(real, old, new)  # a rename would separate the names of the file
        else:
            if hasattr(os, "chown") and os.geteuid() == 0:  # not on Windows
                os.chown(spare, state.st_uid, state.st_gid)
            spare.chmod(state.st_mode & 0o7777)  # after chown, which clears the set-user-id bit
            spare.replace(real)
    finally:
        spare.unlink(missing_ok=True)


def overwrite(real: Path, old: bytes, new: bytes) -> None:
    """Write new bytes over the old ones in place; restore the old ones if that fails."""
    with real.open("r+b", buffering=0) as file:
        try:
            put(file, new)
        except BaseException:
            try:
                put(file, old)  # on most file systems their blocks still exist, so that needs no space
            except OSError as error:
                message = f"is half written ({error.strerror}); `flext-codemods undo` repairs it once there is space"
                raise FlextExceptions.OSError(message) from error
            raise


def put(file: io.FileIO, data: bytes) -> None:
    """Make some bytes the whole content of a file."""
    file.seek(0)
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]
    file.truncate()
    os.fsync(file.fileno())


def sync_folders(paths: Iterable[Path]) -> None:
    """Make the writes to some files survive a power cut: each of their folders is synced once.

    Raises:
        OSError: a readable folder cannot be synced.
    """
    for folder in folders_of(paths):
        with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
            sync_folder(folder)


def remove_temporary(paths: Iterable[Path], temporary: str) -> None:
    """Remove what a process that was killed while it wrote one of these files left beside it.

    Raises:
        OSError: it exists and cannot be removed.
    """
    for folder in folders_of(paths):
        with suppress(FileNotFoundError, NotADirectoryError):
            (folder / temporary).unlink()


def folders_of(paths: Iterable[Path]) -> set[Path]:
    """Return the folders that contain some files, or the targets of these links."""
    return {Path(os.path.realpath(path)).parent for path in paths}


def sync_folder(folder: Path) -> None:
    """Make the renames in a folder survive a power cut, if the system can open folders: Windows cannot."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
