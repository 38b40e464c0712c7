"""Write a file so that at every moment it is whole, old or new."""

from __future__ import annotations

import io
import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flext_exceptions import FlextExceptions

__all__ = ["write_file"]


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait until the block has ended: between two lines of it, a temporary file could be left behind."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals reach the main thread only, which alone may say what they do
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
def write_file(path: Path, old: bytes, new: bytes) -> None:
    """Replace a file's bytes, its mode kept, the target of a link written, further hard links kept.

    Raises:
        OSError: it cannot be read or written, or it is no longer what was analysed; it is then as it was.
    """
    real = path.resolve(strict=True)
    state = real.stat()
    now = real.read_bytes()
    if now == new:
        return  # written by another of its names
    if now != old:
        raise FlextExceptions.OSError("changed while it was being rewritten; run again")
    if not state.st_mode & 0o222 or not os.access(real, os.W_OK):
        raise FlextExceptions.PermissionError("is read-only")  # a rename would replace it all the same
    handle, name = tempfile.mkstemp(prefix=".flext-", suffix=".tmp", dir=real.parent)
    spare = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(new)
            file.flush()
            os.fsync(file.fileno())
        if state.st_nlink > 1:
            overwrite(real, old, new)  # a rename would part the names of the file
        else:
            if os.geteuid() == 0:
                os.chown(spare, state.st_uid, state.st_gid)
            spare.chmod(state.st_mode & 0o7777)  # after chown, which takes the set-user-id bit away
            spare.replace(real)
            sync_folder(real.parent)
    finally:
        spare.unlink(missing_ok=True)


def overwrite(real: Path, old: bytes, new: bytes) -> None:
    """Write new bytes over the old ones in place; put the old ones back when that does not end well."""
    with real.open("r+b", buffering=0) as file:
        try:
            put(file, new)
        except BaseException:
            put(file, old)  # their blocks are still there: it needs no space
            raise


def put(file: io.FileIO, data: bytes) -> None:
    """Make some bytes the whole content of a file."""
    file.seek(0)
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]
    file.truncate()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make the renames in a folder last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
