"""One run at a time writes to a repository."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from flext_codemods.project.paths import relative
from flext_codemods.storage.state_dir import make_state_folder
from flext_exceptions import FlextExceptions

__all__ = ["locked"]


@contextmanager
def locked(repository: Path) -> Iterator[None]:
    """Hold the lock of a repository for the block. It ends with its process, however that ends.

    Raises:
        OperationError: another process holds it; the message says which.
        OSError: the lock cannot be written.
    """
    from filelock import FileLock, Timeout  # late: it takes half as long to load as everything else

    folder = make_state_folder(repository)
    lock, holder = folder / "lock", folder / "holder"
    with ExitStack() as held:
        try:
            held.enter_context(FileLock(lock, timeout=0))
            held.callback(holder.unlink, missing_ok=True)
            holder.write_text(f"process {os.getpid()} since {time.strftime('%Y-%m-%d %H:%M:%S')}", "utf-8")
        except Timeout as error:
            message = f"{relative(repository)}: {who(holder)} is writing here; wait until it ends"
            raise FlextExceptions.OperationError(message, repository=str(repository)) from error
        except OSError as error:
            where = relative(error.filename or holder)
            raise FlextExceptions.OSError(
                f"{where}: cannot be written, so nothing is: {error.strerror}", path=where
            ) from error
        yield


def who(holder: Path) -> str:
    """Return the recorded holder of a lock."""
    try:
        return holder.read_text("utf-8", "replace").strip() or "another run"
    except OSError:  # it has the lock and has not recorded itself yet, or has just ended
        return "another run"
