"""An untrusted repository cannot run its code, and nothing is written outside it."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest

from flext_analysis.settings import Settings
from flext_codemods.project import git
from flext_codemods.project.exclusions import Exclusions
from flext_codemods.project.roots import Project
from flext_codemods.reports.diff import coloured
from tests.codemods.conftest import AFTER, BEFORE, COMMAND, Repository, program


def touched_later(clone: Repository) -> None:
    """Let git look into the file: it is as it was, only younger."""
    later = time.time() + 10
    os.utime(clone.root / "mod.py", (later, later))


# -- running code -----------------------------------------------------------------------------------------------------

SHADOWS = [
    "json",
    "uuid",
    "click",
    "random",
    "logging",
    "inspect",
    "tempfile",
    "libcst",
    "rich",
    "concurrent",
    "hashlib",
]


@pytest.mark.parametrize("path", [None, ".", ""])
def test_no_module_of_the_current_folder_is_imported(path: str | None, clone: Repository) -> None:
    """Neither by the command nor by its workers, even where PYTHONPATH names the folder."""
    mark = clone.root.parent / "was run"
    clone.write({f"{name}.py": f"open({str(mark)!r}, 'w')\n" for name in SHADOWS})
    clone.commit()
    environment = {**os.environ, **({} if path is None else {"PYTHONPATH": f"{path}{os.pathsep}{path}"})}
    command = [*COMMAND, "--check", "--jobs", "2", "--no-cache"]
    ran = subprocess.run(command, cwd=clone.root, env=environment, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (1, "")
    assert not mark.exists()


def test_a_worker_that_is_spawned_imports_nothing_from_there_either(clone: Repository) -> None:
    """As on systems where processes are not forked."""
    mark = clone.root.parent / "was run"
    clone.write({f"{name}.py": f"open({str(mark)!r}, 'w')\n" for name in [*SHADOWS, "multiprocessing", "pickle"]})
    code = (
        "import sys; sys.argv = ['flext-codemods', 'migrate', '--check', '--jobs', '2', '--no-cache']\n"
        "import multiprocessing\nfrom flext_codemods.__main__ import run\n"
        "if __name__ == '__main__':\n    multiprocessing.set_start_method('spawn')\n    run()\n"
    )
    script = clone.root.parent / "script.py"
    script.write_text(code)
    ran = subprocess.run([sys.executable, str(script)], cwd=clone.root, capture_output=True, text=True, check=False)
    assert ran.returncode == 1 and not mark.exists()


def test_git_runs_no_file_system_monitor_of_the_repository(clone: Repository) -> None:
    """``core.fsmonitor`` is a command."""
    file, mark = program(clone)
    clone.git("config", "core.fsmonitor", str(file))
    assert clone.command("migrate").status == 0
    assert not mark.exists() and clone.read() == AFTER


@pytest.mark.parametrize("kind", ["clean", "process", "smudge"])
def test_git_runs_no_filter_of_the_repository(kind: str, clone: Repository) -> None:
    """Nor where a file has to be looked into."""
    file, mark = program(clone)
    clone.write({".gitattributes": "*.py filter=theirs\n"})
    clone.commit()
    clone.git("config", f"filter.theirs.{kind}", str(file))
    clone.git("config", "filter.theirs.required", "true")
    touched_later(clone)
    assert clone.command("migrate").status == 0
    assert not mark.exists() and clone.read() == AFTER


def test_git_runs_no_hook_of_the_repository(clone: Repository) -> None:
    """One is for the moment in which git writes its index anew."""
    file, mark = program(clone)
    (clone.root / ".git/hooks").mkdir(exist_ok=True)
    (clone.root / ".git/hooks/post-index-change").write_bytes(file.read_bytes())
    (clone.root / ".git/hooks/post-index-change").chmod(0o755)
    touched_later(clone)
    assert clone.command("migrate").status == 0
    assert not mark.exists()


def test_a_folder_that_looks_like_a_bare_repository_has_no_say(clone: Repository) -> None:
    """It can be committed, with a configuration in it."""
    file, mark = program(clone)
    config = f"[core]\n\trepositoryformatversion = 0\n\tbare = true\n\tworktree = .\n\tfsmonitor = {file}\n"
    bare = {"HEAD": "ref: refs/heads/main\n", "config": config, "objects/x": "", "refs/x": "", "mod.py": BEFORE}
    clone.write({f"sub/{name}": text for name, text in bare.items()})
    clone.commit()
    clone.command("migrate", "sub")
    assert not mark.exists()


def test_a_repository_of_somebody_else_is_refused_in_the_words_of_git(
    clone: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its remedy, and never as a folder without git."""
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    ran = clone.command("migrate", "--check")
    assert ran.status == 2 and ran.err.count("\n") == 1
    assert "dubious ownership" in ran.err and "git config --global --add safe.directory" in ran.err


# -- writing outside --------------------------------------------------------------------------------------------------


def journal_of(path: str, run: str = "0" * 16) -> bytes:
    """Return a journal that is whole and says that a run changed a file."""
    rows = [[len(data), sha256(data).hexdigest()] for data in (BEFORE, AFTER)]
    table = {"run": run, "began": "2026", "files": [{"path": path, "linked": False, "old": rows[0], "new": rows[1]}]}
    head = json.dumps(table).encode()
    mark = json.dumps({"state": "ended", "unwritten": []}).encode() + b"\n"
    first = b"flext-codemods journal 1 %d %s\n" % (len(head), sha256(head).hexdigest().encode())
    return first + head + BEFORE + AFTER + mark


@pytest.mark.parametrize("link", ["theirs.py", "folder"])
def test_undo_writes_through_no_link(link: str, clone: Repository) -> None:
    """Whoever wrote the journal, even if it is in the right place."""
    outside = clone.root.parent / "outside"
    outside.mkdir()
    (outside / "theirs.py").write_bytes(AFTER)
    (clone.root / link).symlink_to(outside / "theirs.py" if link == "theirs.py" else outside)
    path = "theirs.py" if link == "theirs.py" else "folder/theirs.py"
    clone.write({".git/flext/journal": journal_of(path)})
    ran = clone.command("undo")
    assert ran.status == 2 and f"{path}: is reached through a link" in ran.err
    assert (outside / "theirs.py").read_bytes() == AFTER


@pytest.mark.parametrize("run", ["../../outside", "x", "0" * 16 + "/..", ""])
def test_a_run_has_no_name_that_leads_elsewhere(run: str, clone: Repository) -> None:
    """The name is part of that of a file which undo removes."""
    clone.write({"mod.py": AFTER, ".git/flext/journal": journal_of("mod.py", run)})
    ran = clone.command("undo")
    assert ran.status == 2 and "is damaged" in ran.err and clone.read() == AFTER


def test_a_state_folder_of_the_first_version_is_named_and_not_read(clone: Repository) -> None:
    """It may have come with the repository."""
    clone.write({"mod.py": AFTER, ".flext/journal": journal_of("mod.py")})
    ran = clone.command("undo")
    assert ran.status == 0 and ran.out.count("is ignored: remove it") == 1
    assert clone.read() == AFTER
    clone.write({"mod.py": BEFORE})
    assert clone.command("migrate").out.count(".flext was written by an earlier version, or came with") == 1


def test_a_link_in_place_of_the_state_folder_is_refused(clone: Repository) -> None:
    """What it leads to stays empty."""
    outside = clone.root.parent / "outside"
    outside.mkdir()
    (clone.root / ".git/flext").symlink_to(outside)
    ran = clone.command("migrate")
    assert ran.status == 2 and "it is a link" in ran.err
    assert not list(outside.iterdir()) and clone.read() == BEFORE


@pytest.mark.parametrize("kind", ["pipe", "link to a device"])
def test_a_journal_that_would_never_end_is_not_waited_for(kind: str, clone: Repository) -> None:
    """It is not a regular file."""
    (clone.root / ".git/flext").mkdir()
    if kind == "pipe":
        os.mkfifo(clone.root / ".git/flext/journal")
    else:
        (clone.root / ".git/flext/journal").symlink_to("/dev/zero")
    ran = clone.command("undo")
    assert ran.status == 2 and "journal: is not a regular file; remove it" in ran.err


def test_a_file_that_is_a_link_out_of_the_repository_is_not_written_even_where_it_is_named(clone: Repository) -> None:
    """The file outside does not belong to the repository."""
    outside = clone.root.parent / "theirs.py"
    outside.write_bytes(BEFORE)
    (clone.root / "linked.py").symlink_to(outside)
    ran = clone.command("migrate", "--allow-dirty", "--allow-no-vcs", "linked.py")
    assert ran.status == 2 and "linked.py: cannot be written: it leads out of ." in ran.err
    assert outside.read_bytes() == BEFORE


def test_a_manifest_that_is_a_link_out_of_the_repository_gets_no_requirement(clone: Repository) -> None:
    """The message says what to add by hand."""
    outside = clone.root.parent / "requirements.txt"
    outside.write_text("requests\n")
    (clone.root / "requirements.txt").symlink_to(outside)
    ran = clone.command("migrate", "--allow-dirty", "--add-dependency")
    assert ran.status == 2 and "by hand" in ran.err
    assert outside.read_text() == "requests\n"


def test_a_work_tree_that_is_configured_elsewhere_is_not_written(clone: Repository) -> None:
    """``core.worktree`` may name any folder."""
    outside = clone.root.parent / "outside"
    outside.mkdir()
    (outside / "mod.py").write_bytes(BEFORE)
    clone.git("config", "core.worktree", str(outside))
    clone.command("migrate", "--allow-dirty", "--allow-no-vcs")
    assert (outside / "mod.py").read_bytes() == BEFORE


# -- never ending, and lies -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["pyproject.toml", "setup.cfg", "ruff.toml", ".isort.cfg", "pytest.ini"])
def test_a_settings_file_that_is_a_pipe_is_not_waited_for(name: str, clone: Repository) -> None:
    """No process ever writes to it."""
    os.mkfifo(clone.root / name)
    ran = clone.spawn("--check")
    assert ran.returncode == 1 and stat.S_ISFIFO((clone.root / name).stat().st_mode)


def test_git_is_not_waited_for_for_ever(clone: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """It reads a .gitignore whatever that is."""
    monkeypatch.setattr(git, "TIMEOUT", 0.3)
    os.mkfifo(clone.root / ".gitignore")
    ran = clone.command("migrate", "--check")
    assert ran.status == 2 and "did not answer within 0.3 seconds" in ran.err and ran.err.count("\n") == 1


@pytest.mark.parametrize("folder", ["/", "..", "../.."])
def test_a_backend_path_does_not_lead_out_of_the_project(folder: str, tmp_path: Path) -> None:
    """Else the whole disk would be walked for a package of its name."""
    (tmp_path / "shop").mkdir()
    text = f'[build-system]\nbuild-backend = "{tmp_path.name}"\nbackend-path = ["{folder}"]\n'
    (tmp_path / "shop/pyproject.toml").write_text(text)
    (tmp_path / "theirs.py").write_bytes(BEFORE)
    shop = tmp_path / "shop"
    assert Exclusions(Project(shop, shop, Settings(), shop)).build == frozenset()


def test_a_diff_on_a_terminal_shows_what_a_terminal_would_obey_as_escapes() -> None:
    """A line of a file could clear the screen, or pretend to be another."""
    shown = coloured(b"+x = '\x1b[2J\x9b1m'\r\n-y\n")
    assert "\x1b[2J" not in shown and "\\x1b[2J" in shown and "\r" not in shown


def test_a_name_with_line_feeds_is_one_line_of_every_report(clone: Repository) -> None:
    """Nor does it make a command of GitHub's."""
    clone.write({"a\n::error::b.py": BEFORE})
    clone.commit()
    for output in ("text", "github"):
        assert "\n::error::b" not in clone.command("migrate", "--check", "--format", output).out
