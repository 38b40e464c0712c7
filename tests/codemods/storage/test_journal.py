"""A run can be undone, or finished if it was cut off, and only one run at a time writes to a repository."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from flext_codemods.storage.journal import Change, begin, journal_file, last_journal
from flext_codemods.storage.state_dir import state_folder
from flext_exceptions import FlextExceptions
from tests.codemods.conftest import AFTER, BEFORE, Repository
from tests.codemods.storage.kill_runs import COMMAND, wait


@pytest.fixture
def shop(repository: Repository) -> Repository:
    """A git repository of a few files."""
    repository.write({"a.py": BEFORE, "pkg/b.py": BEFORE, "pkg/deep/c.py": BEFORE, "notes.md": "nothing\n"})
    repository.commit()
    return repository


def migrated(repository: Repository, *arguments: str) -> None:
    """Run a migration that must end well."""
    assert repository.command("migrate", *arguments).status == 0


def all_are(repository: Repository, text: bytes) -> bool:
    """Say whether all files have these bytes."""
    return {repository.read(name) for name in repository.files() if name.endswith(".py")} == {text}


def refused(repository: Repository, *command: str) -> str:
    """Run a command, see that it ends with status 2 and one line and touches nothing, and return the line."""
    before = {name: repository.read(name) for name in repository.files()}
    ran = repository.command(*command)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert {name: repository.read(name) for name in repository.files()} == before
    return ran.err.removeprefix("flext-codemods: ").rstrip("\n")


# -- undo -------------------------------------------------------------------------------------------------------------


def test_undo_puts_every_file_back_and_says_how_many(shop: Repository) -> None:
    """Once: then there is nothing to undo, which is no error."""
    migrated(shop)
    assert all_are(shop, AFTER)
    ran = shop.command("undo")
    assert (ran.status, ran.err) == (0, "") and ran.out.endswith(": put 3 files back\n")
    assert all_are(shop, BEFORE)
    ran = shop.command("undo")
    assert (ran.status, ran.out) == (0, "nothing to undo in .\n")


@pytest.mark.parametrize("path", ["pkg", "pkg/deep", "a.py", "."])
def test_undo_is_for_the_whole_repository_around_a_path(shop: Repository, path: str) -> None:
    """Whatever part of it was named."""
    migrated(shop, "pkg", "a.py")
    assert shop.command("undo", path).status == 0
    assert all_are(shop, BEFORE)


def test_undo_works_from_a_subfolder(shop: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """The repository is looked for above."""
    migrated(shop)
    monkeypatch.chdir(shop.root / "pkg/deep")
    assert shop.command("undo").status == 0
    assert all_are(shop, BEFORE)


def test_undo_without_git_finds_the_folder_that_the_run_was_over(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a folder below, too."""
    repository.write({"a.py": BEFORE, "pkg/b.py": BEFORE})
    migrated(repository, "--allow-no-vcs")
    monkeypatch.chdir(repository.root / "pkg")
    assert repository.command("undo").out.endswith("put 2 files back\n")
    assert all_are(repository, BEFORE)


def test_a_file_that_changed_since_is_named_and_left(shop: Repository) -> None:
    """The others are put back; once it is as the run left it, another undo puts it back as well."""
    migrated(shop)
    shop.write({"pkg/b.py": AFTER + b"mine = 1\n"})
    ran = shop.command("undo")
    assert (ran.status, ran.err) == (2, "flext-codemods: pkg/b.py: changed since the run, not changed back\n")
    assert ran.out.endswith(": put 2 files back, left 1 file\n")
    assert shop.read("a.py") == BEFORE and shop.read("pkg/b.py") == AFTER + b"mine = 1\n"
    shop.write({"pkg/b.py": AFTER})
    assert shop.command("undo").status == 0
    assert all_are(shop, BEFORE)


def test_a_file_that_is_old_already_needs_nothing(shop: Repository) -> None:
    """Git has put it back, say."""
    migrated(shop)
    shop.git("checkout", "--", "a.py")
    assert shop.command("undo").out.endswith(": put 2 files back, 1 file already done\n")


def test_files_and_folders_that_are_gone_are_named(shop: Repository) -> None:
    """They do not come back, and nothing stands where they stood."""
    migrated(shop)
    shutil.rmtree(shop.root / "pkg/deep")
    (shop.root / "pkg/b.py").unlink()
    (shop.root / "pkg/b.py").mkdir()
    ran = shop.command("undo")
    assert ran.status == 2
    assert ran.err.splitlines() == [
        "flext-codemods: pkg/b.py: changed since the run, not changed back",
        "flext-codemods: pkg/deep/c.py: is gone",
    ]
    assert shop.files() == ["a.py", "notes.md"] and shop.read("a.py") == BEFORE


def test_only_the_last_run_is_undone(shop: Repository) -> None:
    """A run that changes nothing leaves nothing to undo."""
    migrated(shop, "a.py")
    migrated(shop, "pkg")
    migrated(shop, "--allow-dirty")
    assert shop.command("undo").out.endswith(": put 2 files back\n")
    assert shop.read("a.py") == AFTER and shop.read("pkg/b.py") == BEFORE
    assert shop.command("undo").out == "nothing to undo in .\n"


def test_undo_keeps_modes_and_links(shop: Repository) -> None:
    """As the run did."""
    (shop.root / "a.py").chmod(0o755)
    (shop.root / "a_link.py").symlink_to("pkg/b.py")
    os.link(shop.root / "pkg/deep/c.py", shop.root / "twin.py")
    shop.commit()
    migrated(shop)
    assert all_are(shop, AFTER)
    assert shop.command("undo").status == 0
    assert all_are(shop, BEFORE)
    assert (shop.root / "a.py").stat().st_mode & 0o777 == 0o755
    assert (shop.root / "a_link.py").readlink() == Path("pkg/b.py")
    assert (shop.root / "twin.py").samefile(shop.root / "pkg/deep/c.py")


def test_undo_passes_over_what_the_run_could_not_write(shop: Repository) -> None:
    """Whatever is there is not the run's work."""
    (shop.root / "a.py").chmod(0o444)
    assert shop.command("migrate").status == 2
    (shop.root / "a.py").chmod(0o644)
    shop.write({"a.py": AFTER})
    assert shop.command("undo").out.endswith(": put 2 files back\n")
    assert shop.read("a.py") == AFTER


def test_a_file_that_became_read_only_is_named(shop: Repository) -> None:
    """And can be put back by another undo."""
    migrated(shop)
    (shop.root / "a.py").chmod(0o444)
    ran = shop.command("undo")
    assert (ran.status, ran.err) == (2, "flext-codemods: a.py: cannot be written: is read-only\n")
    (shop.root / "a.py").chmod(0o644)
    assert shop.command("undo").status == 0
    assert all_are(shop, BEFORE)


def test_a_name_that_is_no_utf_8_is_kept(repository: Repository) -> None:
    """The system gives any bytes."""
    name = os.fsdecode(b"caf\xe9.py")
    repository.write({name: BEFORE})
    repository.commit()
    migrated(repository)
    assert repository.read(name) == AFTER
    assert repository.command("undo").status == 0
    assert repository.read(name) == BEFORE


def test_each_repository_of_a_run_is_undone_for_itself(repository: Repository) -> None:
    """It has a journal of its own."""
    repository.write({"one/mod.py": BEFORE, "two/mod.py": BEFORE})
    for name in ("one", "two"):
        subprocess.run(["git", "init", "-q"], cwd=repository.root / name, check=True)
    migrated(repository, "--allow-dirty", "one", "two")
    assert repository.command("undo", "two").status == 0
    assert (repository.read("one/mod.py"), repository.read("two/mod.py")) == (AFTER, BEFORE)
    assert repository.command("undo", "one").status == 0
    assert all_are(repository, BEFORE)


# -- the journal ------------------------------------------------------------------------------------------------------


def test_resume_has_nothing_to_do_after_a_run_that_ended(shop: Repository) -> None:
    """Nor before any."""
    for _ in range(2):
        ran = shop.command("resume")
        assert (ran.status, ran.out) == (0, "nothing to resume in .\n")
        migrated(shop)


@pytest.mark.parametrize("command", ["undo", "resume", "migrate"])
def test_a_damaged_journal_is_used_for_nothing(shop: Repository, command: str) -> None:
    """Cut off, or with another byte anywhere, or none at all: one line says what to do."""
    migrated(shop, "a.py")
    journal = journal_file(shop.root)
    whole = journal.read_bytes()
    at = whole.index(b"ValidationError")
    flipped = whole[:at] + b"W" + whole[at + 1 :]
    later = whole.replace(b"journal 1 ", b"journal 2 ", 1)
    damaged = [b"", b"\n", whole[:40], later, b"\0" * len(whole)]
    if command != "migrate":  # which looks at the state alone
        damaged += [flipped, whole[: at + 5]]
    for each in damaged:
        journal.write_bytes(each)
        told = refused(shop, command, *(["--allow-dirty"] if command == "migrate" else []))
        assert (
            told
            == ".git/flext/journal: is damaged, so nothing can be undone or resumed; remove it to continue without it"
        )
    journal.unlink()
    assert shop.command(command, *(["pkg"] if command == "migrate" else [])).status == 0


def test_a_mark_that_was_cut_off_does_not_count(shop: Repository) -> None:
    """The run had not ended then."""
    migrated(shop)
    journal = journal_file(shop.root)
    journal.write_bytes(journal.read_bytes()[:-5])
    assert "an earlier run was cut off" in refused(shop, "migrate")
    assert shop.command("resume").out.endswith("wrote 0 files, 3 files already done\n")
    assert shop.command("undo").status == 0
    assert all_are(shop, BEFORE)


@pytest.mark.parametrize("path", ["../mod.py", "/mod.py", "pkg/../../mod.py"])
def test_a_journal_never_leads_out_of_its_repository(repository: Repository, path: str) -> None:
    """Whoever wrote the journal."""
    begin({repository.root: [Change(Path(path), BEFORE, AFTER)]})
    with pytest.raises(FlextExceptions.ProcessingError, match="is damaged"):
        last_journal(repository.root)


def test_the_journal_is_for_the_eyes_of_its_owner(shop: Repository) -> None:
    """The files that it holds may be."""
    migrated(shop)
    assert journal_file(shop.root).stat().st_mode & 0o777 == 0o600


def test_ctrl_c_while_files_are_written_says_what_to_do(repository: Repository) -> None:
    """Each file is old or new, and the run can be finished."""
    names = [f"m{number:03}.py" for number in range(300)]
    repository.write(dict.fromkeys(names, BEFORE))
    repository.commit()
    command = [*COMMAND, "migrate"]
    with subprocess.Popen(command, cwd=repository.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        wait(process, lambda: repository.read(names[5]) == AFTER)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate()
    assert process.returncode == 130
    (line,) = told.decode().split("\n")[1:-1]  # on a terminal the line with ^C is ended first
    assert "resume` finishes it" in line and "undo` undoes it" in line
    assert {repository.read(name) for name in names} == {BEFORE, AFTER}
    assert repository.files() == names
    assert repository.command("resume").status == 0
    assert all_are(repository, AFTER)


# -- the folder -------------------------------------------------------------------------------------------------------


def test_the_folder_is_not_in_the_work_tree(shop: Repository) -> None:
    """Nothing that was committed is ever read as a journal."""
    migrated(shop)
    assert (shop.root / ".git/flext/journal").is_file()
    assert shop.files() == ["a.py", "notes.md", "pkg/b.py", "pkg/deep/c.py"]


def test_a_worktree_has_its_state_in_the_folder_that_git_has_for_it(shop: Repository) -> None:
    """Not in a file of the name ".git"."""
    shop.git("worktree", "add", "-q", "tree")
    migrated(shop, "tree")
    assert (shop.root / ".git/worktrees/tree/flext/journal").is_file()
    assert shop.read("a.py") == BEFORE and shop.read("tree/a.py") == AFTER
    assert shop.command("undo", "tree").status == 0
    assert shop.read("tree/a.py") == BEFORE


def test_without_git_the_state_is_in_the_users_cache_by_the_path_of_the_repository(repository: Repository) -> None:
    """Another of the same name has its own."""
    for name in ("one/shop", "two/shop"):
        repository.write({f"{name}/mod.py": BEFORE, f"{name}/pyproject.toml": ""})
        assert repository.migrate(name).status == 0
    folders = {state_folder(repository.root / name) for name in ("one/shop", "two/shop")}
    assert len(folders) == 2 and all((folder / "journal").is_file() for folder in folders)
    assert all(folder.is_relative_to(os.environ["XDG_CACHE_HOME"]) for folder in folders)
    assert repository.files() == [
        f"{name}/{file}" for name in ("one/shop", "two/shop") for file in ("mod.py", "pyproject.toml")
    ]


def test_looking_makes_no_folder(shop: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor do undo and resume where there was no run."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BEFORE)))
    for command in (["migrate", "--diff"], ["migrate", "--check"], ["migrate", "-"], ["undo"], ["resume"]):
        shop.command(*command)
    assert not shop.state.exists()


def test_nothing_is_written_where_the_folder_cannot_be_made(shop: Repository) -> None:
    """A file with the folder's name simulates a disk that is full or read-only."""
    shop.write({".git/flext": ""})
    assert refused(shop, "migrate") == ".git/flext: cannot be written, so nothing is: File exists"


# -- the lock ---------------------------------------------------------------------------------------------------------


@contextmanager
def at_work(repository: Repository) -> Iterator[subprocess.Popen[bytes]]:
    """Let a run hold the lock of a repository, halted as long as the block lasts."""
    holder = repository.state / "holder"
    command = [*COMMAND, "migrate"]
    with subprocess.Popen(command, cwd=repository.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        wait(process, lambda: holder.exists() and bool(holder.read_bytes()))
        process.send_signal(signal.SIGSTOP)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGCONT)
            process.communicate()


def test_a_second_run_says_at_once_who_is_at_work(shop: Repository) -> None:
    """So do undo and resume; looking goes on. The first run ends as if there had been no other."""
    with at_work(shop) as process:
        for command in (["migrate"], ["migrate", "pkg"], ["undo"], ["resume"]):
            told = refused(shop, *command)
            assert f"process {process.pid} " in told and told.endswith("is writing here; wait until it ends")
        assert shop.command("migrate", "--check").status == 1
    assert process.returncode == 0
    assert all_are(shop, AFTER)
    assert shop.command("undo").status == 0


def test_a_run_in_another_repository_is_none_of_its_business(shop: Repository) -> None:
    """Each has a lock of its own."""
    shop.write({"other/mod.py": BEFORE})
    subprocess.run(["git", "init", "-q"], cwd=shop.root / "other", check=True)
    with at_work(shop):
        migrated(shop, "other", "--allow-dirty")
    assert shop.read("other/mod.py") == AFTER


def test_a_dead_process_holds_no_lock(shop: Repository) -> None:
    """Whatever it has left behind."""
    with at_work(shop) as process:
        process.kill()
    assert (shop.state / "holder").exists()
    migrated(shop)
    assert not (shop.state / "holder").exists()
    assert all_are(shop, AFTER)
