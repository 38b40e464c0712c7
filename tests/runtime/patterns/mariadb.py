"""A real MariaDB server for the tests, with its own data folder; the programs are those of Debian's mariadb-server."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.programs import program

INSTALL, SERVER = (program(name, package="mariadb-server") for name in ("mariadb-install-db", "mariadbd"))
STARTING = 30.0  # seconds, on a machine that does much else
OPTIONS = (
    "--innodb-buffer-pool-size=8M",
    "--innodb-log-file-size=4M",
    # Nothing here outlives the tests, so that nothing need reach the disk.
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-flush-method=nosync",
    "--skip-innodb-doublewrite",
)
LOCAL = ("--skip-networking", "--skip-log-bin")  # a socket in the folder is enough, and no port can be taken


@contextmanager
def server() -> Iterator[str]:
    """Start a server; the path of its socket, at which root needs no password."""
    home = Path(tempfile.mkdtemp(prefix="my", dir="/tmp"))  # the path of a socket has at most 107 bytes
    try:
        data, place = home / "data", home / "socket"
        common = ["--no-defaults", f"--datadir={data}", f"--tmpdir={home}"]
        if os.geteuid() == 0:
            common.append("--user=root")
        made = [
            INSTALL,
            *common,
            *OPTIONS,
            "--auth-root-authentication-method=normal",
        ]
        subprocess.run(made, check=True, capture_output=True)
        with (home / "log").open("wb") as log:
            process = subprocess.Popen(
                [SERVER, *common, *OPTIONS, *LOCAL, f"--socket={place}"],
                stdout=log,
                stderr=log,
            )
        try:
            _wait(process, home / "log")
            yield str(place)
        finally:
            process.send_signal(signal.SIGKILL)  # at once: its folder goes with it
            process.wait(STARTING)
    finally:
        shutil.rmtree(home)


def _wait(process: subprocess.Popen[bytes], log: Path) -> None:
    """Until it says that it is ready."""
    end = time.monotonic() + STARTING
    while "ready for connections" not in log.read_text():
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"MariaDB did not start: {log.read_text()}")
        time.sleep(0.02)
