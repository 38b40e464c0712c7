"""A file is whole at every moment, old or new; what cannot be written is one line, and stays as it was."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flext_codemods.run import migration
from flext_codemods.storage import atomic_write as write
from flext_codemods.storage.atomic_write import write_file
from tests.codemods.conftest import AFTER, BEFORE, Repository

TEMPORARY = ".flext-1.tmp"


def failed(repository: Repository, *arguments: str) -> str:
    """Run migrate, see that it ends with status 2, one line and no file of its own, and return the line."""
    before = repository.files()
    ran = repository.migrate(*arguments)
    assert ran.status == 2
    assert ran.err.count("\n") == 1
    assert repository.files() == before
    return ran.err


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755, 0o4755, 0o664])
def test_the_mode_is_kept(repository: Repository, mode: int) -> None:
    """Set-user-id and all, whatever the umask."""
    repository.write({"mod.py": BEFORE})
    (repository.root / "mod.py").chmod(mode)
    old = os.umask(0o077)
    try:
        assert repository.migrate().status == 0
    finally:
        os.umask(old)
    assert repository.read() == AFTER
    assert (repository.root / "mod.py").stat().st_mode & 0o7777 == mode


def test_a_link_stays_a_link_and_its_target_is_written(repository: Repository) -> None:
    """Relative or through another link, and each file once."""
    repository.write({"deep/mod.py": BEFORE})
    (repository.root / "one.py").symlink_to("deep/mod.py")
    (repository.root / "two.py").symlink_to("one.py")
    assert repository.migrate("two.py").status == 0
    assert (repository.root / "two.py").readlink() == Path("one.py")
    assert (repository.root / "one.py").is_symlink()
    assert not (repository.root / "deep/mod.py").is_symlink()
    assert repository.read("deep/mod.py") == AFTER


def test_a_file_that_is_named_twice_is_written_once(repository: Repository) -> None:
    """By its own name and by that of a link."""
    repository.write({"mod.py": BEFORE})
    (repository.root / "link.py").symlink_to("mod.py")
    assert repository.migrate("mod.py", "link.py", "./mod.py").status == 0
    assert repository.read() == AFTER


def test_a_link_that_leads_out_of_the_folder_is_not_followed_by_walking(repository: Repository) -> None:
    """What is outside was not asked for."""
    outside = repository.root.parent / f"{repository.root.name}-outside.py"
    outside.write_bytes(BEFORE)
    (repository.root / "link.py").symlink_to(outside)
    assert repository.migrate().status == 0
    assert outside.read_bytes() == BEFORE


def test_hard_links_stay_together(repository: Repository) -> None:
    """Both names show the new bytes; both in the repository is no conflict."""
    repository.write({"mod.py": BEFORE})
    os.link(repository.root / "mod.py", repository.root / "twin.py")
    assert repository.migrate().status == 0
    assert repository.read("mod.py") == repository.read("twin.py") == AFTER
    assert (repository.root / "mod.py").stat().st_nlink == 2
    assert repository.files() == ["mod.py", "twin.py"]


def test_a_hard_linked_file_is_put_back_when_writing_it_fails(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is written in place, so the disk may be full half way."""
    repository.write({"mod.py": BEFORE})
    os.link(repository.root / "mod.py", repository.root.parent / f"{repository.root.name}-twin")
    right = write.put

    def full(file, data):  # type: ignore[no-untyped-def]
        if data != BEFORE:
            file.write(data[: len(data) // 2])
            raise OSError(28, "No space left on device")
        right(file, data)

    monkeypatch.setattr(write, "put", full)
    assert failed(repository) == "flext-codemods: mod.py: cannot be written: No space left on device\n"
    assert repository.read() == BEFORE


def test_a_read_only_file_is_refused_in_one_line(repository: Repository) -> None:
    """A rename would replace it nevertheless; the file next to it is written."""
    repository.write({"mod.py": BEFORE, "other.py": BEFORE})
    (repository.root / "mod.py").chmod(0o444)
    assert failed(repository) == "flext-codemods: mod.py: cannot be written: is read-only\n"
    assert repository.read() == BEFORE and repository.read("other.py") == AFTER
    assert (repository.root / "mod.py").stat().st_mode & 0o777 == 0o444


def test_a_file_that_cannot_be_written_is_not_counted_as_rewritten(repository: Repository) -> None:
    """The summary says what was done."""
    repository.write({"mod.py": BEFORE, "other.py": BEFORE})
    (repository.root / "mod.py").chmod(0o444)
    report = repository.migrate("--format", "json").report()
    assert report["summary"]["rewritten"] == report["summary"]["changed"] == 1
    assert [site["status"] for site in report["sites"]] == ["failed", "migrated"]
    assert report["errors"] == ["mod.py: cannot be written: is read-only"]


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens) -> None:  # type: ignore[no-untyped-def]
    """Let something happen between analysis and writing."""
    right = migration.unsafe_to_write

    def then(*arguments, **options):  # type: ignore[no-untyped-def]
        happens()
        return right(*arguments, **options)

    monkeypatch.setattr(migration, "unsafe_to_write", then)


def test_a_folder_that_vanishes_is_one_line(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other files are written."""
    repository.write({"gone/mod.py": BEFORE, "other.py": BEFORE})
    meanwhile(monkeypatch, lambda: shutil.rmtree(repository.root / "gone"))
    ran = repository.migrate()
    assert (ran.status, ran.err) == (
        2,
        "flext-codemods: gone/mod.py: cannot be written: No such file or directory\n",
    )
    assert repository.files() == ["other.py"] and repository.read("other.py") == AFTER


def test_a_file_that_changed_meanwhile_is_not_overwritten(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No changes are lost."""
    repository.write({"mod.py": BEFORE, "other.py": BEFORE})
    meanwhile(monkeypatch, lambda: repository.write({"mod.py": "mine = 1\n"}))
    assert "mod.py: cannot be written: changed while it was being rewritten; run again" in failed(repository)
    assert repository.read() == b"mine = 1\n" and repository.read("other.py") == AFTER


def test_a_long_file_name_leaves_room_for_the_temporary_one(repository: Repository) -> None:
    """255 bytes are all that a name may have."""
    name = "n" * 252 + ".py"
    repository.write({name: BEFORE})
    assert repository.migrate().status == 0
    assert repository.read(name) == AFTER and repository.files() == [name]


def test_the_old_bytes_are_what_is_compared(tmp_path: Path) -> None:
    """write_file() refuses when they are others, and is content when the new ones are there already."""
    file = tmp_path / "mod.py"
    file.write_bytes(b"else")
    with pytest.raises(OSError, match="changed while it was being rewritten"):
        write_file(file, BEFORE, AFTER, TEMPORARY)
    assert file.read_bytes() == b"else"
    file.write_bytes(AFTER)
    state = file.stat()
    write_file(file, BEFORE, AFTER, TEMPORARY)
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (state.st_ino, state.st_mtime_ns)


def test_nothing_is_written_where_nothing_changes(repository: Repository) -> None:
    """Not even the time of the file."""
    repository.write({"mod.py": AFTER, "other.py": "x = 1\n"})
    before = {name: (repository.root / name).stat().st_mtime_ns for name in repository.files()}
    assert repository.migrate().status == 0
    assert {name: (repository.root / name).stat().st_mtime_ns for name in repository.files()} == before


def test_an_interrupt_waits_until_the_file_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whenever it comes, even as soon as the temporary file is there: the new text stands and nothing else."""
    file = tmp_path / "mod.py"
    file.write_bytes(b"old\n")
    right = os.open

    def interrupted(path: Path, *how: int) -> int:
        made = right(path, *how)
        if path.name == TEMPORARY:
            signal.raise_signal(signal.SIGINT)
        return made

    monkeypatch.setattr(os, "open", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_file(file, b"old\n", b"new\n", TEMPORARY)
    assert file.read_bytes() == b"new\n"
    assert list(tmp_path.iterdir()) == [file]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interrupt_that_is_ignored_stays_so(tmp_path: Path) -> None:
    """As it is in a shell's background."""
    file = tmp_path / "mod.py"
    file.write_bytes(b"old\n")
    program = f"""
import os, signal
from pathlib import Path
from flext_codemods.storage.atomic_write import write_file
signal.signal(signal.SIGINT, signal.SIG_IGN)
right = os.fsync
def interrupted(handle):
    signal.raise_signal(signal.SIGINT)
    right(handle)
os.fsync = interrupted
write_file(Path({str(file)!r}), b"old\\n", b"new\\n", {TEMPORARY!r})
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
    assert file.read_bytes() == b"new\n"
