"""Files with uncommitted content are not written unless the user allows it; reading is always allowed."""

from __future__ import annotations

import io
import sys

import pytest

from tests.codemods.conftest import AFTER, BEFORE, Repository

# -- git --------------------------------------------------------------------------------------------------------------


def refused(repository: Repository, *arguments: str) -> str:
    """Run migrate, see that it refuses and writes nothing at all, and return why."""
    before = {name: repository.read(name) for name in repository.files()}
    ran = repository.command("migrate", *arguments)
    assert ran.status == 2
    assert ran.out == ""
    assert {name: repository.read(name) for name in repository.files()} == before
    assert ran.err.count("\n") == 1
    return ran.err


def test_a_clean_repository_is_written(repository: Repository) -> None:
    """No option is needed."""
    repository.write({"mod.py": BEFORE})
    repository.commit()
    assert repository.command("migrate").status == 0
    assert repository.read() == AFTER


def test_no_repository_is_refused_unless_allowed(repository: Repository) -> None:
    """--allow-dirty is not the option for it."""
    repository.write({"mod.py": BEFORE})
    assert "not in a git repository (--allow-no-vcs" in refused(repository)
    assert "not in a git repository" in refused(repository, "--allow-dirty")
    assert repository.command("migrate", "--allow-no-vcs").status == 0
    assert repository.read() == AFTER


@pytest.mark.parametrize("staged", [False, True])
def test_a_file_with_changes_is_refused_unless_allowed(repository: Repository, staged: bool) -> None:
    """Staged changes are not committed. The clean file next to it is not written either."""
    repository.write({"mod.py": BEFORE, "other.py": BEFORE})
    repository.commit()
    repository.write({"mod.py": BEFORE + b"x = 1\n"})
    if staged:
        repository.git("add", "mod.py")
    assert "mod.py: has uncommitted changes (--allow-dirty" in refused(repository)
    assert "mod.py" in refused(repository, "--allow-no-vcs")
    assert repository.command("migrate", "--allow-dirty").status == 0
    assert repository.read() == AFTER + b"x = 1\n"


def test_an_untracked_file_is_refused_unless_allowed(repository: Repository) -> None:
    """git could not give it back."""
    repository.write({"other.py": "x = 1\n"})
    repository.commit()
    repository.write({"mod.py": BEFORE})
    assert "mod.py: not tracked by git (--allow-dirty" in refused(repository)
    assert repository.command("migrate", "--allow-dirty").status == 0
    assert repository.read() == AFTER


def test_a_change_to_a_file_that_stays_as_it_is_refuses_nothing(repository: Repository) -> None:
    """Only the files that a run would change count."""
    repository.write({"mod.py": BEFORE, "other.py": "x = 1\n"})
    repository.commit()
    repository.write({"other.py": "x = 2\n", "new.py": "y = 1\n"})
    assert repository.command("migrate").status == 0
    assert repository.read() == AFTER


def test_looking_refuses_nothing(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """--diff, --check and stdin need no repository and no commit."""
    repository.write({"mod.py": BEFORE})
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BEFORE)))
    assert repository.command("migrate", "--diff").status == 1
    assert repository.command("migrate", "--check").status == 1
    assert repository.command("migrate", "-").status == 0
    repository.git("init", "-q")
    assert repository.command("migrate", "--diff").status == 1
    assert repository.command("migrate", "--check").status == 1
    assert repository.read() == BEFORE


def test_a_folder_that_git_ignores_is_migrated_when_it_is_named(repository: Repository) -> None:
    """It belongs to no repository; the walk from above passes over it."""
    repository.write({".gitignore": "build/\n", "build/mod.py": BEFORE, "mod.py": "x = 1\n"})
    repository.commit()
    assert repository.command("migrate").status == 0
    assert repository.read("build/mod.py") == BEFORE
    assert "build/mod.py: not tracked by git" in refused(repository, "build")
    assert repository.command("migrate", "build", "--allow-no-vcs", "--allow-dirty").status == 0
    assert repository.read("build/mod.py") == AFTER


def test_only_the_paths_named_are_rewritten(repository: Repository) -> None:
    """A file, a folder, and a link to a folder."""
    repository.write({"a/mod.py": BEFORE, "b/mod.py": BEFORE, "c/mod.py": BEFORE, "mod.py": BEFORE, "d/mod.py": BEFORE})
    (repository.root / "link").symlink_to("c")
    assert repository.migrate("a", "mod.py", "link").status == 0
    names = ("a/mod.py", "b/mod.py", "c/mod.py", "mod.py", "d/mod.py")
    assert [repository.read(name) == AFTER for name in names] == [True, False, True, True, False]
