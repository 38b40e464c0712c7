"""A full disk, simulated by a limit on the size of a file: one line, status 2, and no file is damaged."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from flext_codemods.storage.journal import last_journal
from tests.codemods.conftest import AFTER, BEFORE, Repository
from tests.codemods.storage.kill_runs import COMMAND

NAMES = [f"m{number:02}.py" for number in range(40)]
SMALL = 4000  # more than each file, less than the journal of all
FULL = "File too large"


@pytest.fixture
def many(repository: Repository) -> Repository:
    """A repository whose journal is far larger than each file."""
    repository.write(dict.fromkeys(NAMES, BEFORE))
    repository.commit()
    return repository


def contents(repository: Repository) -> set[bytes]:
    """Return the different bytes that the files have."""
    return {repository.read(name) for name in NAMES}


def limited(size: int, program: list[str], folder: Path) -> str:
    """Run a program that can write no file larger than this, see that it ends with status 2, and return its error."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    ran = subprocess.run(program, cwd=folder, preexec_fn=limit, capture_output=True, timeout=60, check=False)
    assert ran.returncode == 2, ran.stderr
    assert b"Traceback" not in ran.stderr and b"internal error" not in ran.stderr
    return ran.stderr.decode()


def fails(repository: Repository, size: int, *command: str) -> str:
    """Run a command under a limit, see that it fails in one line, and return that."""
    told = limited(size, [*COMMAND, *command], repository.root)
    assert told.count("\n") == 1, told
    return told


def state(repository: Repository) -> list[str]:
    """Return what is in the folder where runs keep their state."""
    return sorted(path.name for path in repository.state.iterdir())


def test_a_journal_that_does_not_fit_ends_the_run_before_its_first_file(many: Repository) -> None:
    """Nothing of it is left behind, and the run can be had when there is room."""
    told = fails(many, SMALL, "migrate")
    assert told == f"flext-codemods: .git/flext/journal: cannot be written: {FULL}\n"
    assert contents(many) == {BEFORE}
    assert many.files() == NAMES
    assert state(many) == ["lock", "summaries.sqlite"]
    assert many.command("undo").out == "nothing to undo in .\n"
    assert many.command("migrate").status == 0
    assert contents(many) == {AFTER}


def test_a_journal_that_does_not_fit_leaves_that_of_the_last_run(many: Repository) -> None:
    """So that run can still be undone."""
    assert many.command("migrate", NAMES[0]).status == 0
    assert ".git/flext/journal: cannot be written" in fails(many, SMALL, "migrate", "--allow-dirty")
    assert many.read(NAMES[0]) == AFTER and many.read(NAMES[1]) == BEFORE
    assert many.command("undo").out.endswith(": put 1 file back\n")
    assert contents(many) == {BEFORE}


def test_no_byte_of_state_fits_and_nothing_is_written(many: Repository) -> None:
    """The lock is the first."""
    assert "cannot be written, so nothing is" in fails(many, 0, "migrate")
    assert contents(many) == {BEFORE}
    assert many.command("migrate").status == 0


def test_a_journal_that_cannot_be_marked_as_ended_is_said_and_resume_ends_it(many: Repository) -> None:
    """Every file is written by then."""
    assert many.command("migrate").status == 0
    journal = last_journal(many.root)
    assert journal
    assert many.command("undo").status == 0
    marks = len(b'{"state": "ended", "unwritten": []}\n')
    told = fails(many, journal.end - marks, "migrate")
    assert told.startswith(
        f"flext-codemods: .git/flext/journal: cannot be written: {FULL}; every file is written, but "
    )
    assert contents(many) == {AFTER}
    assert "an earlier run was cut off" in many.command("migrate").err
    assert many.command("resume").out.endswith(": wrote 0 files, 40 files already done\n")
    assert many.command("undo").status == 0
    assert contents(many) == {BEFORE}


def test_an_undo_that_cannot_be_noted_touches_nothing(many: Repository) -> None:
    """It can be had when there is room."""
    assert many.command("migrate").status == 0
    assert fails(many, SMALL, "undo") == f"flext-codemods: .git/flext/journal: cannot be written: {FULL}\n"
    assert contents(many) == {AFTER}
    assert many.command("undo").status == 0
    assert contents(many) == {BEFORE}


@pytest.mark.parametrize("linked", [False, True])
def test_a_file_that_does_not_fit_stays_as_it_was(tmp_path: Path, linked: bool) -> None:
    """Half of its new bytes fit; no temporary file is left, and its other name shows the old bytes too."""
    file, twin = tmp_path / "mod.py", tmp_path / "twin.py"
    file.write_bytes(BEFORE)
    if linked:
        twin.hardlink_to(file)
    before = sorted(tmp_path.iterdir())
    program = f"""
import sys
from pathlib import Path
from flext_codemods.storage.atomic_write import write_file
try:
    write_file(Path({str(file)!r}), {BEFORE!r}, {AFTER!r}, ".flext-1.tmp")
except OSError as error:
    sys.exit(sys.stderr.write(error.strerror) and 2)
"""
    assert limited(len(BEFORE) + 10, [sys.executable, "-c", program], tmp_path) == FULL
    assert file.read_bytes() == BEFORE
    assert sorted(tmp_path.iterdir()) == before
