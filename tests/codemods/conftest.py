"""A small repository to migrate, and the ways to run the command in it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from flext_codemods.cli import main
from flext_codemods.storage.state_dir import state_folder

BEFORE = b'def f():\n    raise ValueError("no")\n'
AFTER = b'from flext_exceptions import FlextExceptions\n\n\ndef f():\n    raise FlextExceptions.ValidationError("no")\n'
PROGRAM = "#!/bin/sh\ntouch {mark}\nexec cat\n"
COMMAND = (sys.executable, "-m", "flext_codemods", "migrate")


class Ran(NamedTuple):
    """What a run of the command left behind."""

    status: int
    out: str
    err: str

    def report(self) -> dict[str, Any]:
        """Return the JSON report."""
        body: dict[str, Any] = json.loads(self.out)
        return body


class Repository:
    """A folder with files; ``migrate`` runs in process, ``spawn`` as a program of its own."""

    def __init__(self, root: Path, capture: Callable[[], tuple[str, str]]) -> None:
        self.root = root
        self.capture = capture

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write some files."""
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode() if isinstance(text, str) else text)

    def read(self, name: str = "mod.py") -> bytes:
        """Return the bytes of a file."""
        return (self.root / name).read_bytes()

    def git(self, *arguments: str) -> None:
        """Run a git command here, which must succeed."""
        who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *who, *arguments], cwd=self.root, check=True, capture_output=True)

    def commit(self) -> None:
        """Make this a git repository, with everything in it committed."""
        self.git("init", "-q")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "all")

    def migrate(self, *arguments: str) -> Ran:
        """Run migrate in process, where there need be no repository."""
        return self.command("migrate", "--allow-no-vcs", *arguments)

    def command(self, *arguments: str) -> Ran:
        """Run the command line in process; nothing of a traceback may show."""
        self.capture()
        status = main(list(arguments))
        ran = Ran(status, *self.capture())
        assert "Traceback (most" not in ran.out + ran.err
        assert "internal error" not in ran.out + ran.err
        return ran

    def spawn(self, *arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
        """Run migrate as a program; nothing of a traceback may show."""
        environment = {**os.environ, **options.pop("env", {})}
        ran = subprocess.run(
            [*COMMAND, *arguments], cwd=self.root, capture_output=True, timeout=60, env=environment, **options
        )
        assert b"Traceback" not in ran.stdout + ran.stderr
        assert b"internal error" not in ran.stdout + ran.stderr
        return ran

    @property
    def state(self) -> Path:
        """The folder where runs keep their state."""
        return state_folder(self.root)

    def files(self) -> list[str]:
        """Return the names of all files, hidden ones too, those of git left out."""
        found = (path.relative_to(self.root) for path in self.root.rglob("*") if not path.is_dir())
        return sorted(str(path) for path in found if ".git" not in path.parts)


@pytest.fixture(scope="session", autouse=True)
def ctrl_c() -> Iterator[None]:
    """Ctrl-C heeded, here and in what is started: a shell that works in the background says to ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A user's cache folder of our own, where state goes that has no git repository."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Repository:
    """An empty folder, the current one, with git told to look no further up."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    def capture() -> tuple[str, str]:
        taken = capsys.readouterr()
        return taken.out, taken.err

    return Repository(tmp_path, capture)


@pytest.fixture
def clone(repository: Repository) -> Repository:
    """A committed repository in a subfolder; its siblings are outside."""
    repository.root = repository.root / "clone"
    repository.write({"mod.py": BEFORE})
    repository.commit()
    os.chdir(repository.root)
    return repository


def program(clone: Repository) -> tuple[Path, Path]:
    """Write a program in the repository; return it, and the file outside that it makes when it is run."""
    mark = clone.root.parent / "was run"
    file = clone.root / ".git/program"
    file.write_text(PROGRAM.format(mark=f"'{mark}'"))
    file.chmod(0o755)
    return file, mark
