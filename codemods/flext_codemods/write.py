"""Write a file so that at every moment it is whole, old or new."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

__all__ = ["write_file"]


def write_file(path: Path, old: bytes, new: bytes) -> None:
    """Replace a file's bytes, its mode kept, the target of a link written, further hard links kept.

    Raises:
        OSError: it cannot be read or written, or it is no longer what was analysed; it is then as it was.
    """
    real = path.resolve(strict=True)
    state = real.stat()
    if real.read_bytes() != old:
        raise OSError(f"{path}: changed while it was being rewritten; run again")
    if not state.st_mode & 0o222 or not os.access(real, os.W_OK):
        raise PermissionError(f"{path}: is read-only")  # a rename would replace it all the same
    handle, name = tempfile.mkstemp(prefix=f".{real.name}.", suffix=".flext", dir=real.parent)
    spare = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(new)
            file.flush()
            os.fsync(file.fileno())
        if state.st_nlink > 1:
            # A rename would part the names of the file; the spare copy holds the new bytes until they are all there.
            with real.open("r+b") as file:
                file.write(new)
                file.truncate()
                file.flush()
                os.fsync(file.fileno())
        else:
            spare.chmod(state.st_mode & 0o7777)
            if os.geteuid() == 0:
                os.chown(spare, state.st_uid, state.st_gid)
            spare.replace(real)
            sync_folder(real.parent)
    finally:
        spare.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make the renames in a folder last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
