"""More ways in which a repository might run code, write outside, falsify a report, or never end; none of them works."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.codemods.conftest import AFTER, BEFORE, Repository, program

# -- programs that git's configuration names --------------------------------------------------------------------------

SETTINGS = (
    "core.pager core.editor core.askPass core.sshCommand core.gitProxy diff.external diff.theirs.command "
    "diff.theirs.textconv merge.theirs.driver credential.helper gpg.program uploadpack.packObjectsHook sequence.editor"
).split()


def test_git_runs_no_program_that_a_setting_names(clone: Repository) -> None:
    """Whatever it would be for."""
    file, mark = program(clone)
    clone.write({".gitattributes": "*.py diff=theirs merge=theirs\n"})
    clone.commit()
    for setting in SETTINGS:
        clone.git("config", setting, str(file))
    later = (clone.root / "mod.py").stat().st_mtime + 10
    os.utime(clone.root / "mod.py", (later, later))
    assert clone.command("migrate").status == 0
    assert not mark.exists() and clone.read() == AFTER


def test_no_alias_stands_for_a_command_of_git(clone: Repository) -> None:
    """Git itself sees to that; we rely on it."""
    file, mark = program(clone)
    for command in ("ls-files", "status", "rev-parse", "check-ignore", "diff"):
        clone.git("config", f"alias.{command}", f"!{file}")
    assert clone.command("migrate").status == 0
    assert not mark.exists() and clone.read() == AFTER


def test_a_configuration_that_is_included_or_of_the_work_tree_alone_has_no_more_say(clone: Repository) -> None:
    """Both may name commands."""
    file, mark = program(clone)
    (clone.root / ".git/more").write_text(f"[core]\n\tfsmonitor = {file}\n\thooksPath = .git\n")
    (clone.root / ".git/config.worktree").write_text(f'[filter "theirs"]\n\tclean = {file}\n')
    clone.write({".gitattributes": "*.py filter=theirs\n"})
    clone.commit()
    clone.git("config", "include.path", "more")
    clone.git("config", "extensions.worktreeConfig", "true")
    (clone.root / ".git/post-index-change").write_bytes(file.read_bytes())
    (clone.root / ".git/post-index-change").chmod(0o755)
    later = (clone.root / "mod.py").stat().st_mtime + 10
    os.utime(clone.root / "mod.py", (later, later))
    clone.command("migrate", "--allow-dirty")
    assert not mark.exists() and clone.read() == AFTER


def test_git_looks_into_no_submodule(clone: Repository, tmp_path: Path) -> None:
    """It has a configuration of its own, which may name commands."""
    file, mark = program(clone)
    theirs = Repository(tmp_path / "theirs", clone.capture)
    theirs.write({"their.py": "X = 1\n"})
    theirs.commit()
    clone.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(theirs.root), "inside")
    clone.commit()
    clone.git("-C", "inside", "config", "filter.theirs.clean", str(file))
    (clone.root / ".git/modules/inside/info").mkdir(exist_ok=True)
    (clone.root / ".git/modules/inside/info/attributes").write_text("* filter=theirs\n")
    later = (clone.root / "inside/their.py").stat().st_mtime + 10
    os.utime(clone.root / "inside/their.py", (later, later))
    assert clone.command("migrate").status == 0
    assert not mark.exists() and clone.read() == AFTER


def test_what_git_cannot_tell_counts_as_changed(clone: Repository) -> None:
    """A damaged repository could not give a file back."""
    for folder in (clone.root / ".git/objects").iterdir():
        if len(folder.name) == 2:
            folder.rename(folder.with_name(f"lost-{folder.name}"))
    done = clone.command("migrate")
    assert done.status == 2 and "git status fails in" in done.err and clone.read() == BEFORE
    assert clone.command("migrate", "--allow-dirty").status == 0 and clone.read() == AFTER


# -- names ------------------------------------------------------------------------------------------------------------

NAMES = [
    "--help.py",
    "-rf.py",
    ":(exclude)mod.py",
    ":!mod.py",
    "*.py",
    "[m]od.py",
    "a b.py",
    "'.py",
    "$(id).py",
    "é\\.py",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_git_or_a_shell_would_read_otherwise_is_a_name(name: str, clone: Repository) -> None:
    """And hides no other file: one with changes that are not committed is refused."""
    clone.write({name: BEFORE})
    clone.commit()
    clone.write({"mod.py": BEFORE + b"# mine\n"})
    ran = clone.command("migrate")
    assert ran.status == 2 and "mod.py" in ran.err and clone.read(name) == BEFORE
    clone.commit()
    assert clone.command("migrate").status == 0
    assert clone.read(name) == AFTER


@pytest.mark.parametrize("name", [".GIT", ".Git", "git~1", ".git ", ".git."])
def test_a_folder_that_other_systems_take_for_that_of_git_is_like_others(name: str, clone: Repository) -> None:
    """Its journal is not read."""
    (clone.root / name / "flext").mkdir(parents=True)
    (clone.root / name / "flext/journal").write_bytes(b"flext-codemods journal 1 2 3\n{}")
    ran = clone.command("undo")
    assert ran.status == 0 and "damaged" not in ran.err


def test_a_name_with_what_a_terminal_obeys_is_shown_as_escapes(clone: Repository) -> None:
    """In every report that a person reads."""
    clone.write({"a\x1b[2J\x9b.py": BEFORE})
    clone.commit()
    for arguments in (["--check"], ["--check", "--format", "github"]):
        assert "\x1b[2J" not in clone.command("migrate", *arguments).out


def test_a_report_in_html_shows_what_is_in_files_as_text(clone: Repository) -> None:
    """Names and messages may hold a script."""
    script = "<script>alert(1)</script>"
    clone.write({"a<img src=x onerror=alert(1)>.py": f'def f():\n    raise ValueError("{script}")\n'})
    clone.commit()
    report = clone.root.parent / "report.html"
    clone.command("migrate", "--check", "--report", str(report))
    text = report.read_text("utf-8")
    assert script not in text and "<img src=x" not in text


# -- files that are others --------------------------------------------------------------------------------------------


def test_two_names_of_one_file_stay_so(clone: Repository) -> None:
    """A hard link within the repository; both are new, and still one file."""
    os.link(clone.root / "mod.py", clone.root / "same.py")
    clone.commit()
    assert clone.command("migrate").status == 0
    assert clone.read() == clone.read("same.py") == AFTER
    assert (clone.root / "mod.py").samefile(clone.root / "same.py")


@pytest.mark.parametrize("name", ["lock", "cache.json", "journal", "advised"])
def test_a_link_in_the_state_folder_is_not_written_through(name: str, clone: Repository) -> None:
    """The file outside is not changed."""
    outside = clone.root.parent / "outside"
    outside.write_text("theirs")
    (clone.root / ".git/flext").mkdir()
    (clone.root / ".git/flext" / name).symlink_to(outside)
    clone.command("migrate")
    assert outside.read_text() == "theirs"


@pytest.mark.parametrize("name", ["pyproject.toml", "ruff.toml", "setup.cfg", "requirements.txt"])
@pytest.mark.parametrize("leads_to", ["/dev/zero", "/dev/tty", "."])
def test_a_settings_file_that_leads_to_no_file_is_not_read(name: str, leads_to: str, clone: Repository) -> None:
    """A device never ends."""
    (clone.root / name).symlink_to(leads_to)
    ran = clone.spawn("--check")
    assert ran.returncode in (1, 2) and clone.read() == BEFORE


@pytest.mark.parametrize("glob", ["../outside/*.py", "/**"])
def test_a_glob_reaches_nothing_outside(glob: str, clone: Repository) -> None:
    """It says what is looked at, never where."""
    outside = clone.root.parent / "outside"
    outside.mkdir()
    (outside / "theirs.py").write_bytes(BEFORE)
    clone.write({"pyproject.toml": f'[tool.flext]\ninclude = ["{glob}"]\ntests = ["{glob}"]\n'})
    clone.commit()
    clone.command("migrate")
    assert (outside / "theirs.py").read_bytes() == BEFORE


def test_a_target_of_ones_own_is_read_and_not_imported(clone: Repository) -> None:
    """Nor is any module that it imports."""
    mark = clone.root.parent / "was run"
    trap = f"open({str(mark)!r}, 'w')\n"
    clone.write(
        {
            "pyproject.toml": '[tool.flext.targets]\nValueError = "shop.errors.Bad"\n',
            "shop/__init__.py": trap,
            "shop/errors.py": f"{trap}class Bad(ValueError):\n    pass\n",
            "shop/mod.py": BEFORE,
        }
    )
    clone.commit()
    assert clone.command("migrate").status == 0
    assert b"raise Bad(" in clone.read("shop/mod.py") and not mark.exists()


def test_requirements_of_requirements_are_not_followed_out(clone: Repository) -> None:
    """``-r`` may name any file, or an address."""
    outside = clone.root.parent / "theirs.txt"
    outside.write_text("requests\n")
    clone.write({"requirements.txt": f"-r {outside}\n-r https://example.invalid/x\n"})
    clone.commit()
    clone.command("migrate", "--add-dependency")
    assert outside.read_text() == "requests\n"


# -- never ending -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * 5000 + "]" * 5000,
        "[a" + ".a" * 5000 + "]",
        "[tool.flext]\nallow = 5\n",
        "\x00",
        "[tool]\nflext = 1\n",
    ],
    ids=["deep", "long", "of another type", "a NUL", "no table"],
)
def test_settings_that_make_no_sense_are_one_line(text: str, clone: Repository) -> None:
    """Not a traceback, and nothing is written."""
    clone.write({"pyproject.toml": text})
    clone.commit()
    ran = clone.command("migrate", "--check")
    assert ran.status in (1, 2) and clone.read() == BEFORE
    assert ran.status == 1 or ran.err.count("\n") == 1


def test_a_glob_of_many_stars_is_none(clone: Repository) -> None:
    """To compare a name with it could take years."""
    glob = "*a" * 30 + "b"
    clone.write({"pyproject.toml": f'[tool.flext]\nexclude = ["{glob}"]\n', f"{'a' * 120}.py": BEFORE})
    clone.commit()
    ran = clone.command("migrate", "--check")
    assert ran.status == 2 and "is not a glob" in ran.err and ran.err.count("\n") == 1


def test_nor_does_it_stand_in_a_gitignore_that_is_read_here(repository: Repository) -> None:
    """Where there is no git the lines are matched by us."""
    repository.write({".gitignore": "*a" * 30 + "b\n", f"{'a' * 120}.py": BEFORE})
    assert repository.migrate("--check").status == 1


@pytest.mark.parametrize("codec", ["rot13", "zlib_codec", "undefined", "unicode_escape", "mbcs", "../x", "\x00"])
def test_a_cookie_of_any_codec_runs_nothing_and_ends(codec: str, clone: Repository) -> None:
    """What the interpreter would not read is left."""
    clone.write({"odd.py": f"# coding: {codec}\n".encode() + BEFORE})
    clone.commit()
    ran = clone.command("migrate")
    assert ran.status == 0 and clone.read() == AFTER


def test_nothing_of_a_repository_stands_in_the_current_folder_of_the_tests(clone: Repository) -> None:
    """The other tests here mean what they say: a mark would be seen."""
    file, mark = program(clone)
    assert os.system(f"'{file}' < /dev/null") == 0
    assert mark.exists() and Path.cwd() == clone.root


# -- files that never end ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["pipe", "link", "text"])
def test_a_database_of_the_cache_that_is_none_is_not_used(kind: str, clone: Repository) -> None:
    """It may come with the .git folder of a clone."""
    clone.state.mkdir()
    file, outside = clone.state / "summaries.sqlite", clone.root.parent / "outside"
    outside.write_text("theirs")
    if kind == "pipe":
        os.mkfifo(file)
    elif kind == "link":
        file.symlink_to(outside)
    else:
        file.write_text("CREATE TRIGGER")
    assert clone.command("migrate").status == 0
    assert clone.read() == AFTER and outside.read_text() == "theirs"


@pytest.mark.parametrize("leads_to", ["pipe.toml", "/dev/zero", "ruff.toml"])
def test_settings_that_extend_what_never_ends_are_not_followed(leads_to: str, clone: Repository) -> None:
    """A pipe, a device, the file itself."""
    os.mkfifo(clone.root / "pipe.toml")
    (clone.root / "ruff.toml").write_text(f'extend = "{leads_to}"\n')
    assert clone.command("migrate").status == 0
    assert clone.read() == AFTER
