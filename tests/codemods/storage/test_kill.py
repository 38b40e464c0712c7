"""A run that is killed at any moment leaves every file whole and can be finished or undone. (Longer: kill_runs.)"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from flext_codemods.storage.journal import last_journal
from tests.codemods.conftest import AFTER, BEFORE, Repository
from tests.codemods.storage.kill_files import make_files
from tests.codemods.storage.kill_runs import COMMAND, main, wait

NAMES = [f"m{number:03}.py" for number in range(60)]


@pytest.fixture
def many(repository: Repository) -> Repository:
    """A git repository of many files, the last of them with a second name."""
    repository.write(dict.fromkeys(NAMES, BEFORE))
    os.link(repository.root / NAMES[-1], repository.root / "twin.py")
    repository.commit()
    return repository


def cut_off(repository: Repository, *command: str, after: str = NAMES[10], written: bytes = AFTER) -> None:
    """Run a command that is killed as soon as a file is as it is to be."""
    with subprocess.Popen([*COMMAND, *command], cwd=repository.root, stdout=subprocess.DEVNULL) as process:
        wait(process, lambda: repository.read(after) == written)
        process.kill()
    assert process.returncode == -signal.SIGKILL


def contents(repository: Repository) -> set[bytes]:
    """Return the different bytes that the files have."""
    return {repository.read(name) for name in [*NAMES, "twin.py"]}


def snapshot(repository: Repository) -> dict[str, bytes]:
    """Return what a killed run has left, to be written there again."""
    return {name: repository.read(name) for name in (*NAMES, "twin.py", ".git/flext/journal")}


def test_killed_at_random_moments_every_file_is_whole_and_the_run_can_be_ended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """CRLF, latin-1, modes, symlinks and hard links among them; resume and undo are killed too."""
    assert main(["--rounds", "5", "--files", "60", "--folder", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert "5 rounds, seed 1; after each every byte was restored\nkills: " in told
    assert "killed during writing" in told


def test_a_kill_in_the_midst_is_resumed(many: Repository) -> None:
    """What was written before and what is written now is new; git sees nothing but the files."""
    cut_off(many, "migrate")
    assert contents(many) == {BEFORE, AFTER}
    assert many.command("resume").out.startswith("finished the run of ")
    assert contents(many) == {AFTER}
    assert many.files() == [*NAMES, "twin.py"]
    assert many.command("undo").status == 0
    assert contents(many) == {BEFORE}


def test_a_kill_in_the_midst_is_undone(many: Repository) -> None:
    """An undo that is killed can be run again, and resume does not meddle with it."""
    cut_off(many, "migrate", after=NAMES[40])
    cut_off(many, "undo", after=NAMES[10], written=BEFORE)
    assert contents(many) == {BEFORE, AFTER}
    resumed = many.command("resume")
    assert (resumed.status, resumed.err.count("\n")) == (2, 1)
    assert "`flext-codemods undo` finishes it" in resumed.err
    assert many.command("undo").status == 0
    assert contents(many) == {BEFORE}
    assert many.files() == [*NAMES, "twin.py"]


def test_nothing_is_migrated_before_a_killed_run_is_ended(many: Repository) -> None:
    """Not even another file of the repository; looking is allowed."""
    cut_off(many, "migrate")
    before = [many.read(name) for name in NAMES]
    for paths in ([], [NAMES[-1]]):
        ran = many.command("migrate", "--allow-dirty", *paths)
        assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
        assert "an earlier run was cut off" in ran.err and "resume" in ran.err and "undo" in ran.err
    assert many.command("migrate", "--check").status == 1
    assert [many.read(name) for name in NAMES] == before
    assert many.command("undo").status == 0
    assert many.command("migrate").status == 0
    assert contents(many) == {AFTER}


def test_a_file_of_two_names_that_was_half_written_is_put_right(many: Repository) -> None:
    """It is written in place, so that its names stay together; a kill in that moment tears it, wherever that is."""
    cut_off(many, "migrate")
    then = snapshot(many)
    for cut in (0, 1, 40, len(BEFORE), len(AFTER) - 1, len(AFTER)):
        for command, text in (("resume", AFTER), ("undo", BEFORE)):
            many.write(then | {"twin.py": AFTER[:cut] + BEFORE[cut:]})
            assert many.command(command).status == 0
            assert contents(many) == {text}
            assert (many.root / "twin.py").samefile(many.root / NAMES[-1])


def test_what_somebody_else_wrote_since_the_kill_is_left(many: Repository) -> None:
    """It is named, whether the file has one name or two; the others are done."""
    cut_off(many, "migrate")
    then = snapshot(many)
    for theirs in (b"mine = 1\n", AFTER + b"mine = 1\n", AFTER[:40] + b"mine" + BEFORE[44:]):
        for command, text in (("resume", AFTER), ("undo", BEFORE)):
            many.write(then | {NAMES[0]: theirs, NAMES[-1]: theirs, "twin.py": theirs})
            ran = many.command(command)
            assert ran.status == 2
            named = [line.removeprefix("flext-codemods: ").partition(": ") for line in ran.err.splitlines()]
            assert [name for name, *_ in named] == [NAMES[0], NAMES[-1], "twin.py"]
            assert {what for *_, what in named} == {"changed since the run, not changed back"}
            assert contents(many) == {theirs, text}


def test_a_file_of_one_name_is_never_taken_for_half_written(many: Repository) -> None:
    """It is renamed into place: half of each is somebody else's work."""
    cut_off(many, "migrate")
    many.write({NAMES[0]: AFTER[:40] + BEFORE[40:]})
    ran = many.command("undo")
    assert ran.err == f"flext-codemods: {NAMES[0]}: changed since the run, not changed back\n"


def test_the_temporary_file_of_a_killed_run_is_removed(many: Repository) -> None:
    """And no other that looks like it: that may be another tool's, or another run's."""
    cut_off(many, "migrate")
    journal = last_journal(many.root)
    assert journal
    then = snapshot(many)
    for command in ("resume", "undo"):
        many.write(then | {journal.temporary: AFTER[:10], ".flext-0123456789abcdef.tmp": "theirs"})
        assert many.command(command).status == 0
        assert [name for name in many.files() if name.endswith(".tmp")] == [".flext-0123456789abcdef.tmp"]


def children_of(process: subprocess.Popen[bytes]) -> list[int]:
    """Return the processes that a process has started."""
    told = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, check=True, text=True).stdout
    pairs = [line.split() for line in told.splitlines()]
    return [int(number) for number, parent in pairs if int(parent) == process.pid]


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[list[int]]:
    """Processes that are to be ended with the test."""
    started: list[int] = []
    yield started
    for number in started:
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)


def test_the_lock_of_a_killed_run_is_free_though_its_workers_live(tmp_path: Path, workers: list[int]) -> None:
    """They have no part in it, and nothing to wait for either."""
    make_files(tmp_path, 200)
    command = [*COMMAND, "migrate", "--jobs", "2"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        wait(process, lambda: len(children_of(process)) >= 2)
        workers += children_of(process)
        process.kill()
    ran = subprocess.run([*COMMAND, "migrate", "pkg1"], cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")
