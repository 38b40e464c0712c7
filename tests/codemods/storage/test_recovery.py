"""Which changes undo and resume regard as the work of a run, and which as somebody else's."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flext_codemods.storage import atomic_write as write
from flext_codemods.storage import journal
from flext_codemods.storage.journal import ENDED, UNDOING, Change, begin, journal_file, last_journal
from flext_codemods.storage.recovery import is_torn
from tests.codemods.conftest import AFTER, BEFORE, Repository
from tests.codemods.storage.kill_runs import COMMAND, wait

HALF = AFTER[:20] + BEFORE[20:]

# -- half-written files -----------------------------------------------------------------------------------------------


def written_over(found: bytes, wanted: bytes, cut: int) -> bytes:
    """Return what a file holds when a process that writes it in place is killed after so many bytes."""
    return wanted if cut > len(wanted) else wanted[:cut] + found[cut:]


TEXTS = st.binary(max_size=8)
CUTS = st.lists(st.integers(0, 9), max_size=4)


@given(TEXTS, TEXTS, CUTS, CUTS)
@example(b"old old", b"NEW NEW NEW", [5], [2])
@example(b"old old old", b"NEW NEW", [5], [2])
def test_whatever_kills_leave_is_known(old: bytes, new: bytes, runs: list[int], undos: list[int]) -> None:
    """A run that is killed and resumed again and again, then an undo that is killed again and again."""
    found = old
    for wanted, cuts in ((new, runs), (old, undos)):
        for cut in cuts:
            found = written_over(found, wanted, cut)
            assert is_torn(found, old, new)


@given(TEXTS, TEXTS, st.integers(0, 8), st.integers(0, 8))
def test_what_holds_a_byte_of_neither_is_somebody_elses(old: bytes, new: bytes, cut: int, at: int) -> None:
    """Put in, or in the place of another."""
    half = written_over(old, new, cut)
    theirs = next(bytes([byte]) for byte in range(256) if byte not in old + new)
    assert not is_torn(half[:at] + theirs + half[at:], old, new)
    assert not is_torn(half[:at] + theirs + half[at + 1 :], old, new)


def linked(repository: Repository) -> None:
    """Make a git repository of one file with two names, and a run over it that has ended."""
    repository.write({"mod.py": BEFORE})
    os.link(repository.root / "mod.py", repository.root / "twin.py")
    repository.commit()


def test_half_of_each_is_somebody_elses_work_after_a_run_that_has_ended(repository: Repository) -> None:
    """Nothing was cut off, so nothing can be half written."""
    linked(repository)
    assert repository.command("migrate").status == 0
    repository.write({"mod.py": HALF})
    ran = repository.command("undo")
    assert ran.status == 2 and ran.err.count("changed since the run, not changed back") == 2
    assert repository.read("twin.py") == HALF
    repository.write({"mod.py": AFTER})
    assert repository.command("undo").status == 0
    assert repository.read("twin.py") == BEFORE


def test_an_undo_that_was_cut_off_may_have_left_half_of_each(repository: Repository) -> None:
    """Another one puts it right; resume and migrate say so and touch nothing."""
    linked(repository)
    assert repository.command("migrate").status == 0
    last = last_journal(repository.root)
    assert last and last.state == ENDED
    last.mark(UNDOING)
    repository.write({"mod.py": BEFORE[:20] + AFTER[20:]})
    for command, says in (("resume", "an undo was cut off"), ("migrate", "an undo was cut off")):
        ran = repository.command(command)
        assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
        assert says in ran.err and "undo` finishes it" in ran.err
    assert repository.command("undo").status == 0
    assert repository.read("twin.py") == BEFORE


def test_a_file_that_a_full_disk_has_left_half_written_is_put_back_by_undo(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has neither its new bytes nor its old ones, as on a disk that never writes in place; the message says so."""
    linked(repository)
    repository.write({"a.py": BEFORE})
    repository.git("add", "a.py")
    repository.git("commit", "-q", "-m", "a")
    right = write.put

    def full(file, data):  # type: ignore[no-untyped-def]
        file.seek(0)
        file.write(data[:20] if data == AFTER else b"")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(write, "put", full)
    ran = repository.command("migrate")
    assert ran.status == 2
    assert "mod.py: cannot be written: is half written (No space left on device); `flext-codemods undo`" in ran.err
    assert repository.read() == HALF and repository.read("a.py") == AFTER
    monkeypatch.setattr(write, "put", right)
    assert repository.command("resume").out == "nothing to resume in .\n"
    assert repository.command("undo").out.endswith(": put 2 files back\n")
    assert {repository.read(name) for name in ("a.py", "mod.py", "twin.py")} == {BEFORE}


# -- which run is meant -----------------------------------------------------------------------------------------------


def test_a_project_is_none_of_the_run_over_another_around_it(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without git: what was once migrated above stays as it is."""
    repository.write({"mod.py": BEFORE, "shop/pyproject.toml": "", "shop/pkg/mod.py": BEFORE})
    assert repository.command("migrate", "--allow-no-vcs", "mod.py").status == 0
    monkeypatch.chdir(repository.root / "shop/pkg")
    assert repository.command("undo").out == f"nothing to undo in {repository.root / 'shop'}\n"
    assert repository.read() == AFTER
    assert repository.command("migrate", "--allow-no-vcs").status == 0
    assert repository.command("undo").status == 0
    assert repository.read("shop/pkg/mod.py") == BEFORE


def test_the_manifest_is_part_of_a_run_over_a_folder_below_it(repository: Repository) -> None:
    """--add-dependency changes it, and undo puts it back."""
    manifest = b'[project]\nname = "shop"\ndependencies = []\n'
    repository.write({"pyproject.toml": manifest, "pkg/mod.py": BEFORE})
    repository.commit()
    assert repository.command("migrate", "pkg", "--add-dependency").status == 0
    assert b"flext-exceptions" in repository.read("pyproject.toml")
    assert repository.command("undo").out.endswith(": put 2 files back\n")
    assert repository.read("pyproject.toml") == manifest and repository.read("pkg/mod.py") == BEFORE


# -- runs that do not come to their end -------------------------------------------------------------------------------


def test_a_journal_of_which_no_file_was_written_is_resumed_or_undone(repository: Repository) -> None:
    """The kill came between the two."""
    for command, says, then in (
        ("undo", "put 0 files back, 1 file already done", BEFORE),
        ("resume", "1 file", AFTER),
    ):
        repository.write({"mod.py": BEFORE})
        begin({repository.root: [Change(Path("mod.py"), BEFORE, AFTER)]})
        assert "an earlier run was cut off" in repository.migrate().err
        assert says in repository.command(command).out
        assert repository.read() == then


def test_resume_names_what_it_cannot_write_and_ends_the_run_all_the_same(repository: Repository) -> None:
    """Else nothing could be migrated any more; undo passes over it."""
    repository.write({"a.py": BEFORE, "b.py": BEFORE})
    begin({repository.root: [Change(Path(name), BEFORE, AFTER) for name in ("a.py", "b.py", "c.py")]})
    (repository.root / "a.py").chmod(0o444)
    ran = repository.command("resume")
    assert ran.status == 2
    assert ran.err == "flext-codemods: a.py: cannot be written: is read-only\nflext-codemods: c.py: is gone\n"
    assert ran.out.endswith(": wrote 1 file, left 2 files\n")
    assert repository.command("resume").out == "nothing to resume in .\n"
    (repository.root / "a.py").chmod(0o644)
    assert repository.migrate().status == 0
    assert repository.read("a.py") == AFTER


def test_an_undo_that_leaves_a_file_keeps_nobody_from_going_on(repository: Repository) -> None:
    """It has come to its end: the next run may take its journal's place, even where what was undone was cut off."""
    repository.write({"a.py": AFTER, "b.py": BEFORE})
    begin({repository.root: [Change(Path(name), BEFORE, AFTER) for name in ("a.py", "b.py")]})
    repository.write({"b.py": BEFORE + b"mine = 1\n"})
    ran = repository.command("undo")
    assert (ran.status, ran.err) == (2, "flext-codemods: b.py: changed since the run, not changed back\n")
    assert repository.command("resume").out == "nothing to resume in .\n"
    assert repository.migrate().status == 0
    assert (repository.read("a.py"), repository.read("b.py")) == (AFTER, AFTER + b"mine = 1\n")


def test_a_run_that_cannot_replace_the_journal_of_another_leaves_it(repository: Repository) -> None:
    """For example, a folder is in its place; no file is written and no draft remains."""
    repository.write({"mod.py": BEFORE})
    file = journal_file(repository.root)
    file.mkdir(parents=True)
    assert repository.migrate().err == f"flext-codemods: {file}: cannot be read: Is a directory\n"
    assert repository.read() == BEFORE
    file.rmdir()
    file.with_suffix(".tmp").mkdir()
    assert repository.migrate().err == f"flext-codemods: {file}: cannot be written: Is a directory\n"
    assert repository.read() == BEFORE and not journal_file(repository.root).exists()


def ended_by_ctrl_c(repository: Repository, when: Callable[[], bool], *command: str) -> str:
    """Run a command until something is so, press Ctrl-C, and return the line that it says."""
    with subprocess.Popen([*COMMAND, *command], cwd=repository.root, stderr=subprocess.PIPE) as process:
        wait(process, when)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate()
    assert process.returncode == 130
    return told.decode().strip()


def test_ctrl_c_while_files_are_put_back_says_what_to_do(repository: Repository) -> None:
    """Each file is old or new, and the undo can be finished."""
    names = [f"m{number:03}.py" for number in range(600)]
    repository.write(dict.fromkeys(names, BEFORE))
    repository.commit()
    assert repository.command("migrate").status == 0
    told = ended_by_ctrl_c(repository, lambda: repository.read(names[5]) == BEFORE, "undo")
    assert "run `flext-codemods undo` again to finish it" in told
    assert {repository.read(name) for name in names} == {BEFORE, AFTER}
    assert repository.files() == names
    assert repository.command("undo").status == 0
    assert {repository.read(name) for name in names} == {BEFORE}


def test_ctrl_c_before_the_journal_is_in_place_promises_nothing_either(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run before stays the last."""
    repository.write({"a.py": BEFORE, "b.py": BEFORE})
    assert repository.migrate("a.py").status == 0
    monkeypatch.setattr(journal, "put_in_place", lambda _drafts: signal.raise_signal(signal.SIGINT))
    ran = repository.migrate()
    assert ran.status == 130 and ran.err.endswith("every file has either its old or its new content\n")
    assert repository.read("b.py") == BEFORE
    assert repository.command("undo").out.endswith(": put 1 file back\n")
    assert not list(repository.state.glob("journal*"))


def test_ctrl_c_before_anything_is_written_promises_nothing(repository: Repository) -> None:
    """There is no run to resume; undo would take an earlier one back."""
    repository.write({f"m{number:03}.py": BEFORE * 200 for number in range(200)})
    repository.commit()
    holder = repository.state / "holder"
    told = ended_by_ctrl_c(repository, holder.exists, "migrate", "--jobs", "1")
    assert told.endswith("interrupted; every file has either its old or its new content")
    assert repository.command("resume").out == "nothing to resume in .\n"
