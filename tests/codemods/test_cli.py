"""What a user sees: exit statuses, what is written and what is not, refusals, and one line for whatever is wrong."""

from __future__ import annotations

import io
import os
import pty
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flext_codemods import cli
from flext_codemods.findings import NOT_MIGRATABLE
from tests.codemods.conftest import AFTER, BEFORE, COMMAND, Repository

# -- exit status ------------------------------------------------------------------------------------------------------


def test_nothing_to_do_is_status_0(repository: Repository) -> None:
    """A repository without a raise is done at once."""
    repository.write({"mod.py": "x = 1\n"})
    assert repository.migrate().status == 0
    assert repository.read() == b"x = 1\n"


def test_an_empty_folder_is_status_0(repository: Repository) -> None:
    """There is nothing to do in a folder of nothing, named or not."""
    (repository.root / "empty").mkdir()
    assert repository.migrate().status == 0
    assert repository.migrate("empty").status == 0


def test_done_is_status_0_and_the_file_is_rewritten(repository: Repository) -> None:
    """A run that writes and fails nowhere is 0."""
    repository.write({"mod.py": BEFORE})
    ran = repository.migrate()
    assert ran.status == 0
    assert "rewrote 1 sites in 1 of 1 files" in ran.out
    assert repository.read() == AFTER


def test_check_is_status_1_and_writes_nothing(repository: Repository) -> None:
    """--check says that something would change."""
    repository.write({"mod.py": BEFORE})
    ran = repository.migrate("--check")
    assert ran.status == 1
    assert "would rewrite 1 sites" in ran.out
    assert repository.read() == BEFORE


def test_check_and_diff_are_status_0_after_a_run(repository: Repository) -> None:
    """Nothing would change any more."""
    repository.write({"mod.py": BEFORE})
    repository.migrate()
    assert repository.migrate("--check").status == 0
    assert repository.migrate("--diff") == (0, "", repository.migrate("--diff").err)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["migrate", "--no-such"], "--no-such"),
        (["migrate", "--jobs", "0"], "--jobs: '0' is neither auto nor a number from 1"),
        (["migrate", "--jobs", "-1"], "--jobs: '-1'"),
        (["migrate", "--jobs", "many"], "--jobs: 'many'"),
        (["migrate", "--jobs", "²"], "--jobs: '²'"),
        (["migrate", "--format", "xml"], "xml"),
        (["migrate", "--to", "elsewhere"], "elsewhere"),
        (["migrate", "--select", "raises,nope"], "--select: there is no recipe 'nope'; there are "),
        (["migrate", "--ignore", "nope"], "--ignore: there is no recipe 'nope'"),
        (["migrate", "--include", "!"], "--include: '!' is no glob"),
        (["migrate", "nowhere.py"], "nowhere.py: there is no such file or folder"),
        (["migrate", ""], "'': there is no such file or folder"),
        (["migrate", "-", "mod.py"], "stdin cannot be mixed with other paths"),
        (["nothing"], "nothing"),
        ([], "Missing command"),
    ],
    ids=lambda value: " ".join(value) or "none" if isinstance(value, list) else "",
)
def test_wrong_usage_is_status_2_in_one_line_and_writes_nothing(
    repository: Repository, arguments: list[str], says: str
) -> None:
    """One line on stderr names what is wrong."""
    repository.write({"mod.py": BEFORE})
    ran = repository.command(*arguments)
    assert ran.status == 2
    assert ran.out == ""
    assert ran.err.count("\n") == 1 and says in ran.err, ran.err
    assert repository.read() == BEFORE


def test_2_wins_over_1(repository: Repository) -> None:
    """A change that would be made does not hide a named file that cannot be parsed."""
    repository.write({"mod.py": BEFORE, "bad.py": "raise ValueError(\n"})
    assert repository.migrate("--check", "mod.py").status == 1
    assert repository.migrate("--check", "mod.py", "bad.py").status == 2
    assert repository.migrate("--diff", "mod.py", "bad.py").status == 2


UNREADABLE = {
    "does not parse": "raise ValueError(\n",
    "is Python 2": 'raise ValueError, "no"\n',
    "does not compile": b"def g():\n    break\n    raise KeyError(1)\n" + BEFORE,
    "has a NUL byte": BEFORE + b"\0",
    "has an unknown cookie": b"# coding: klingon\n" + BEFORE,
    "is not in its encoding": b"x = '\xff'\n" + BEFORE,
    "has carriage returns alone": BEFORE.replace(b"\n", b"\r"),
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=list(UNREADABLE))
def test_a_named_file_that_cannot_be_read_is_status_2_and_one_found_by_walking_is_left(
    repository: Repository, content: str | bytes
) -> None:
    """The rest is done either way, and the summary gives the reason."""
    repository.write({"bad.py": content, "mod.py": BEFORE})
    bad = repository.read("bad.py")
    walked = repository.migrate()
    assert walked.status == 0
    assert "left: unreadable 1" in walked.out and "bad.py: " in walked.out
    assert repository.read() == AFTER and repository.read("bad.py") == bad
    repository.write({"mod.py": BEFORE})
    named = repository.migrate("bad.py", "mod.py")
    assert named.status == 2
    assert named.err.count("\n") == 1 and named.err.startswith("flext-codemods: bad.py: ")
    assert repository.read() == AFTER and repository.read("bad.py") == bad


def test_a_bad_file_that_is_named_beside_its_folder_is_status_2(repository: Repository) -> None:
    """Its bytes hint at no raise, so the walk alone would not read it."""
    repository.write({"bad.py": "x = (\n", "mod.py": BEFORE})
    assert repository.migrate(".").status == 0
    assert repository.migrate(".", "bad.py").status == 2


def make_fifo(path: Path) -> None:
    """Make a named pipe."""
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    """Make a socket."""
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)  # the whole path may be too long for a socket


def make_loop(path: Path) -> None:
    """Make a link to itself."""
    path.symlink_to(path.name)


@pytest.mark.parametrize("make", [make_fifo, make_socket, make_loop])
def test_what_is_no_regular_file_is_status_2_when_named_and_holds_up_no_walk(repository: Repository, make) -> None:  # type: ignore[no-untyped-def]
    """A pipe is not waited for, not even where tables keyed by builtins are looked for."""
    make(repository.root / "odd.py")
    repository.write({"mod.py": BEFORE, "table.py": "TABLE = {KeyError: 1}\nuse({KeyError: 2})\n"})
    walked = repository.spawn("--allow-no-vcs")
    assert walked.returncode == 0
    assert repository.read() == AFTER
    named = repository.spawn("--allow-no-vcs", "odd.py")
    assert named.returncode == 2
    assert named.stderr == b"flext-codemods: odd.py: is no regular file\n"


def test_a_file_of_which_reading_fails_is_status_2_only_when_named(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An input error of the disk is said with the system's own words."""
    repository.write({"bad.py": BEFORE, "mod.py": BEFORE})
    read = Path.read_bytes

    def broken(path: Path) -> bytes:
        if path.name == "bad.py":
            raise OSError(5, "Input/output error")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", broken)
    walked = repository.migrate()
    assert walked.status == 0
    assert "bad.py: cannot be read: Input/output error" in walked.out
    assert read(repository.root / "mod.py") == AFTER
    named = repository.migrate("bad.py")
    assert (named.status, named.err) == (2, "flext-codemods: bad.py: cannot be read: Input/output error\n")


def test_a_failed_verification_is_status_2_and_the_file_stays(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other files are written all the same."""
    repository.write({"bad.py": BEFORE + b"x = 1\n", "mod.py": BEFORE})
    right = cli.rewrite.__globals__["verify"]

    def wrong(old, text, edits):  # type: ignore[no-untyped-def]
        return (None, "is not the same") if text.endswith("x = 1\n") else right(old, text, edits)

    monkeypatch.setitem(cli.rewrite.__globals__, "verify", wrong)
    ran = repository.migrate("--format", "json")
    assert ran.status == 2
    assert ran.err == "flext-codemods: bad.py: left as it was: is not the same\n"
    assert [site["status"] for site in ran.report()["sites"]] == ["failed", "migrated"]
    assert repository.read("bad.py") == BEFORE + b"x = 1\n" and repository.read() == AFTER


def test_ctrl_c_is_status_130_and_every_file_is_old_or_new(repository: Repository) -> None:
    """Sent to the whole group of processes while files are being written; no temporary file stays."""
    repository.write({f"m{number}.py": BEFORE for number in range(400)})
    process = subprocess.Popen(
        [*COMMAND, "--allow-no-vcs", "--jobs", "2"],
        cwd=repository.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    first = repository.root / "m0.py"
    while first.stat().st_size == len(BEFORE) and process.poll() is None:
        time.sleep(0.001)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    contents = {repository.read(name) for name in repository.files()}
    assert process.returncode == 130, (out, err)
    assert contents == {BEFORE, AFTER}, "it was over before it was interrupted, or a file is neither old nor new"
    assert repository.files() == sorted(f"m{number}.py" for number in range(400))
    assert err.strip() == b"flext-codemods: interrupted; every file is either as it was or as it was to be"


def test_ctrl_c_while_workers_are_busy_is_one_line(repository: Repository) -> None:
    """Nothing is written yet, and no worker prints its own traceback."""
    repository.write({f"m{number}.py": BEFORE * 3000 for number in range(8)})
    process = subprocess.Popen(
        [*COMMAND, "--allow-no-vcs", "--jobs", "2"],
        cwd=repository.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while len(children.read_text().split()) < 2 and process.poll() is None:
        time.sleep(0.005)
    time.sleep(0.3)  # the workers have begun
    os.killpg(process.pid, signal.SIGINT)
    _out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.strip().count(b"\n") == 0 and err.strip().startswith(b"flext-codemods: interrupted"), err
    assert {repository.read(name) for name in repository.files()} == {BEFORE * 3000}


# -- settings ---------------------------------------------------------------------------------------------------------

SETTINGS = {
    "an unknown key": ("[tool.flext]\ntest = []\n", "[tool.flext] test: unknown key; known: targets, tests, include"),
    "an unknown builtin": ('[tool.flext.targets]\nValueErr = "a.B"\n', "[tool.flext] targets.ValueErr: "),
    "a target that is no dotted name": ('[tool.flext.targets]\nValueError = "B"\n', "targets.ValueError: 'B' is no "),
    "a target that is no text": ("[tool.flext.targets]\nValueError = 3\n", "targets.ValueError: 3 is no dotted name"),
    "a target in no module": ('[tool.flext.targets]\nValueError = "a.b.C"\n', "targets.ValueError: no module of "),
    "targets that are no table": ("[tool.flext]\ntargets = 1\n", "[tool.flext] targets: must be a table"),
    "globs that are no list": ('[tool.flext]\ntests = "a"\n', "[tool.flext] tests: 'a' is no list of globs"),
    "a glob that is none": ('[tool.flext]\ninclude = ["a", "!"]\n', "[tool.flext] include: '!' is no glob"),
    "a table that is none": ("[tool]\nflext = 3\n", "tool.flext must be a table"),
    "tools that are no table": ("tool = 3\n", "tool must be a table"),
    "broken TOML": ("[tool.flext\n", "(at line 1, column 12)"),
    "TOML nested too deeply": (f"a = {'[' * 5000}{']' * 5000}\n", "recursion"),
    "bytes that are no UTF-8": (b"a = '\xff'\n", "can't decode byte 0xff"),
}


@pytest.mark.parametrize(("text", "says"), SETTINGS.values(), ids=list(SETTINGS))
@pytest.mark.parametrize("arguments", [["--allow-no-vcs"], ["-"]], ids=["files", "stdin"])
def test_a_wrong_setting_is_one_line_that_names_file_and_key(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, text: str | bytes, says: str, arguments: list[str]
) -> None:
    """Status 2, and nothing is written."""
    repository.write({"mod.py": BEFORE, "pyproject.toml": text})
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BEFORE)))
    ran = repository.command("migrate", *arguments)
    assert ran.status == 2
    assert ran.out == ""
    assert ran.err.count("\n") == 1, ran.err
    assert "pyproject.toml: " in ran.err and says in ran.err
    assert repository.read() == BEFORE


def test_another_tools_odd_settings_are_none_of_ours(repository: Repository) -> None:
    """A line length is looked for, and not found."""
    repository.write({"mod.py": BEFORE, "pyproject.toml": '[tool]\nruff = 3\nblack = []\nflake8 = "x"\n'})
    assert repository.migrate().status == 0
    assert repository.read() == AFTER


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
    """Staged is not committed. The clean file beside it is not written either."""
    repository.write({"mod.py": BEFORE, "other.py": BEFORE})
    repository.commit()
    repository.write({"mod.py": BEFORE + b"x = 1\n"})
    if staged:
        repository.git("add", "mod.py")
    assert "mod.py: has changes that are not committed (--allow-dirty" in refused(repository)
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


# -- diff -------------------------------------------------------------------------------------------------------------

AWKWARD = {
    "mod.py": BEFORE,
    "with space.py": BEFORE,
    "grün.py": BEFORE,
    'quo"te.py': BEFORE,
    "line\nfeed.py": BEFORE,
    "crlf.py": BEFORE.replace(b"\n", b"\r\n"),
    "feed.py": b"x = 1\n\x0c\ny = '\x0c\x1c \xe2\x80\xa8'\n" + BEFORE,
    "latin.py": b"# coding: latin-1\nx = '\xe9\xff'\n" + BEFORE,
    "bom.py": b"\xef\xbb\xbf" + BEFORE,
    "no_end.py": BEFORE.removesuffix(b"\n"),
}


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_diff_writes_nothing_and_git_apply_makes_of_it_what_migrate_would(
    repository: Repository, encoding: str
) -> None:
    """Whatever the names, the bytes, the line ends, and the encoding of the terminal."""
    repository.write(AWKWARD)
    repository.commit()
    ran = repository.spawn("--diff", env={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"})
    assert ran.returncode == 1
    assert {name: repository.read(name) for name in AWKWARD} == {
        name: text if isinstance(text, bytes) else text.encode() for name, text in AWKWARD.items()
    }
    (repository.root / ".git" / "it.diff").write_bytes(ran.stdout)
    repository.git("apply", "--whitespace=nowarn", ".git/it.diff")
    applied = {name: repository.read(name) for name in AWKWARD}
    repository.git("checkout", "-q", ".")
    assert repository.spawn().returncode == 0
    assert applied == {name: repository.read(name) for name in AWKWARD}
    assert all(b"FlextExceptions" in content for content in applied.values())


def test_patch_takes_the_diff(repository: Repository) -> None:
    """The old tool, too."""
    repository.write({"mod.py": BEFORE, "pkg/crlf.py": BEFORE.replace(b"\n", b"\r\n")})
    diff = repository.spawn("--diff").stdout
    if shutil.which("patch") is None:
        pytest.fail("these tests need the program patch")
    subprocess.run(["patch", "-p1", "--binary"], input=diff, cwd=repository.root, check=True, capture_output=True)
    assert repository.read() == AFTER
    assert repository.read("pkg/crlf.py") == AFTER.replace(b"\n", b"\r\n")


# -- stdin ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (BEFORE, AFTER),
        (BEFORE.replace(b"\n", b"\r\n"), AFTER.replace(b"\n", b"\r\n")),
        (b"\xef\xbb\xbf" + BEFORE, b"\xef\xbb\xbf" + AFTER),
        (BEFORE.replace(b"no", b"\xc3\xa9"), AFTER.replace(b"no", b"\xc3\xa9")),
        (
            b"# coding: latin-1\nx = '\xe9'\n" + BEFORE,
            b"# coding: latin-1\n\nfrom flext_exceptions import FlextExceptions\n\nx = '\xe9'\n"
            + AFTER.partition(b"\n\n\n")[2],
        ),
        (b"x = 1\r\n\x0c\n", b"x = 1\r\n\x0c\n"),
        (b"", b""),
    ],
    ids=["plain", "crlf", "bom", "utf-8", "latin-1", "nothing to do", "empty"],
)
def test_stdin_comes_out_on_stdout_byte_for_byte(repository: Repository, before: bytes, after: bytes) -> None:
    """Nothing else is on stdout, in whatever encoding the terminal is."""
    ran = repository.spawn("-", input=before, env={"PYTHONIOENCODING": "ascii"})
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, after, b"")
    again = repository.spawn("-", input=after)
    assert (again.returncode, again.stdout) == (0, after)


def test_stdin_with_check_and_diff_is_status_1(repository: Repository) -> None:
    """The diff names stdin."""
    check = repository.spawn("-", "--check", input=BEFORE)
    assert (check.returncode, check.stdout) == (1, b"")
    diff = repository.spawn("-", "--diff", input=b"# coding: latin-1\n# \xe9\n" + BEFORE)
    assert diff.returncode == 1
    assert diff.stdout.startswith(b"--- a/stdin\n+++ b/stdin\n") and b"\n # \xe9\n" in diff.stdout
    assert repository.spawn("-", "--check", input=AFTER).returncode == 0


def test_stdin_that_does_not_parse_comes_out_as_it_was_and_is_status_2(repository: Repository) -> None:
    """An editor that takes stdout back loses nothing."""
    ran = repository.spawn("-", input=b"raise ValueError(\n")
    assert (ran.returncode, ran.stdout) == (2, b"raise ValueError(\n")
    assert ran.stderr.count(b"\n") == 1 and ran.stderr.startswith(b"flext-codemods: stdin: does not parse")


# -- reports ----------------------------------------------------------------------------------------------------------

MANY = {
    "pkg/__init__.py": "",
    "pkg/a.py": BEFORE + b"raise OSError(1, 2)\nraise NameError\n",
    "pkg/b.py": 'def g():\n    """Say.\n\n    >>> g()\n    Traceback (most recent call last):\n'
    '    KeyError: 1\n    """\n    raise KeyError(1)\n' + BEFORE.decode(),
    "pkg/bad.py": "raise ValueError(\n",
    "tests/test_a.py": BEFORE + b"# ValueError: something\n",
    "README.md": "It says `ValueError: no`.\n",
    "setup.py": BEFORE,
}


def test_the_json_report_adds_up(repository: Repository) -> None:
    """Every site is migrated or left; migratable is what is migrated and what is left for a reason that counts."""
    repository.write(MANY)
    ran = repository.migrate("--format", "json")
    report = ran.report()
    summary, sites = report["summary"], report["sites"]
    assert set(report) >= {"summary", "sites", "files_left", "may_break", "advice", "errors"}
    assert ran.status == 0 and ran.err == ""
    statuses = [site["status"] for site in sites]
    assert statuses.count("migrated") == summary["rewritten"] == summary["migrated"] == 2
    assert len(sites) + len(report["files_left"]) == summary["rewritten"] + sum(summary["left"].values())
    counted = sum(count for reason, count in summary["left"].items() if reason not in NOT_MIGRATABLE)
    assert summary["migratable"] == summary["migrated"] + counted == 3
    assert summary["left"] == {
        "arguments": 1,
        "build-time": 1,
        "doctest": 1,
        "no-target": 1,
        "test-file": 1,
        "unreadable": 1,
    }
    assert [(each["path"], each["reason"]) for each in report["files_left"]] == [("pkg/bad.py", "unreadable")]
    places = {(place["path"], place["line"]) for place in report["may_break"]}
    assert places == {("README.md", 1), ("tests/test_a.py", 3)}
    assert any("does not declare flext-exceptions" in line for line in report["advice"])


def test_the_text_report_says_the_same(repository: Repository) -> None:
    """What may break stands before the summary; each reason has a place."""
    repository.write(MANY)
    out = repository.migrate().out
    assert out.index("README.md:1: may break: shows ValueError: no") < out.index("rewrote 2 sites in 2 of 6 files")
    assert "migratable 3, migrated 2 (66.7 %)" in out
    assert "left (arguments)" in out and "pkg/a.py:3:1: 2 positional arguments" in out
    assert "next: setup.py does not declare flext-exceptions yet; add flext-exceptions to it" in out


def test_a_declared_library_and_short_lines_need_no_advice(repository: Repository) -> None:
    """Only the order of deployment is left to say; where nothing changes, nothing is."""
    manifest = '[project]\nname = "x"\ndependencies = ["flext-exceptions"]\n[tool.ruff]\nline-length = 88\n'
    repository.write({"mod.py": BEFORE, "pyproject.toml": manifest})
    assert [line[:17] for line in repository.migrate("--format", "json").report()["advice"]] == ["deploy the reader"]
    assert repository.migrate("--format", "json").report()["advice"] == []


def test_lines_that_grow_too_long_are_named_with_the_formatter(repository: Repository) -> None:
    """Only those that were not too long before."""
    long = f'    raise ValueError("{"x" * 60}")\n'
    repository.write(
        {"mod.py": BEFORE.decode() + long + f"y = '{'z' * 99}'\n", "pyproject.toml": "[tool.black]\nline-length = 88\n"}
    )
    advice = repository.migrate("--format", "json").report()["advice"]
    assert "1 lines are now longer than 88: black mod.py" in advice


def test_left_names_are_one_line_each_whatever_they_hold(repository: Repository) -> None:
    """A file name with a line feed does not break a line of the report in two."""
    repository.write({"line\nfeed.py": "raise OSError(1, 2)\n"})
    out = repository.migrate().out
    assert "\nfeed.py" not in out and "feed.py:1:1: 2 positional arguments" in out


def test_select_and_ignore_choose_recipes(repository: Repository) -> None:
    """The others find nothing, not even a reason."""
    text = "def f():\n    raise ValueError\n    raise KeyError(1)\n"
    repository.write({"mod.py": text})
    for arguments in (["--select", "raise-class"], ["--ignore", "raises, retarget"]):
        sites = repository.migrate("--check", "--format", "json", *arguments).report()["sites"]
        assert [(site["recipe"], site["line"]) for site in sites] == [("raise-class", 2)]


def test_recipes_lists_every_recipe_with_its_safety(repository: Repository) -> None:
    """Name, safety, and an example."""
    ran = repository.command("recipes")
    assert ran.status == 0
    for name in ("raises ", "raise-class ", "retarget "):
        assert f"\n{name}" in f"\n{ran.out}"
    assert ran.out.count("safe") >= 3 and 'raise ValueError("m")  ->  ' in ran.out


def test_two_jobs_give_byte_for_byte_what_one_gives(repository: Repository) -> None:
    """Files and report alike, but for the seconds."""
    repository.write({**MANY, **{f"pkg/m{n}.py": BEFORE * (n % 7 + 1) for n in range(60)}})
    outcomes = []
    for jobs in ("1", "2", "100000"):
        reports = repository.migrate("--check", "--format", "json", "--jobs", jobs).report()
        reports["summary"].pop("seconds")
        diff = repository.migrate("--diff", "--jobs", jobs).out
        outcomes.append((reports, diff))
    assert outcomes[0] == outcomes[1] == outcomes[2]
    assert outcomes[0][0]["summary"]["changed"] == 62


def test_there_are_never_more_workers_than_files(tmp_path: Path) -> None:
    """A pool starts all its processes at once."""
    paths = [tmp_path / f"{number}.py" for number in range(5)]
    for path in paths:
        path.write_bytes(BEFORE)
    assert [cli.workers_for(jobs, paths) for jobs in ("1", "3", "9", "100000", "auto")] == [1, 3, 5, 5, 1]
    assert cli.workers_for("9", []) == 0
    assert cli.workers_for("100000", [tmp_path] * 500) == 61


# -- terminal, pipes --------------------------------------------------------------------------------------------------


def terminal_output(repository: Repository, files: int) -> bytes:
    """Return what a run over so many files shows on a terminal."""
    repository.write({f"m{number}.py": BEFORE for number in range(files)})
    parent, child = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(
        [*COMMAND, "--check", "--jobs", "1"], cwd=repository.root, stdout=child, stderr=child, env=environment
    ) as process:
        os.close(child)
        shown = b""
        try:
            while chunk := os.read(parent, 4096):
                shown += chunk
        except OSError:  # how Linux says that the other end of a terminal is closed
            assert process.wait() == 1
    os.close(parent)
    return shown


def test_a_terminal_shows_a_bar_on_long_work_only(repository: Repository) -> None:
    """Under 50 files there is nothing to wait for."""
    assert b"migrating" in terminal_output(repository, 60)


def test_a_terminal_shows_no_bar_on_short_work(repository: Repository) -> None:
    """Ten files are done at once."""
    assert b"migrating" not in terminal_output(repository, 10)


def test_a_pipe_shows_no_bar(repository: Repository) -> None:
    """Nor any code for a terminal."""
    repository.write({f"m{number}.py": BEFORE for number in range(60)})
    ran = repository.spawn("--check")
    assert b"migrating" not in ran.stdout + ran.stderr and b"\x1b" not in ran.stdout + ran.stderr


@pytest.mark.parametrize(
    "arguments", ["migrate --diff", "migrate --check --format json", "recipes", "migrate - < m0.py"]
)
def test_a_reader_that_goes_away_leaves_no_traceback(repository: Repository, arguments: str) -> None:
    """| head -1, and a reader that never reads."""
    repository.write({f"m{number}.py": BEFORE * 400 for number in range(8)})
    for reader in ("head -1", "true"):
        line = f"{sys.executable} -m flext_codemods {arguments} | {reader}"
        ran = subprocess.run(["bash", "-c", line], cwd=repository.root, capture_output=True, timeout=60)
        assert b"Traceback" not in ran.stderr and b"BrokenPipe" not in ran.stderr and b"error" not in ran.stderr


def test_an_output_that_is_full_is_status_2_in_one_line(repository: Repository) -> None:
    """A report that cannot be printed is an error of input and output."""
    repository.write({"mod.py": BEFORE})
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [*COMMAND, "--diff"], cwd=repository.root, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False
        )
    assert ran.returncode == 2
    assert ran.stderr == b"flext-codemods: output: No space left on device\n"


def test_a_folder_that_is_gone_is_status_2_in_one_line(repository: Repository) -> None:
    """The current folder may be deleted under a shell."""
    line = f"mkdir gone; cd gone; rmdir ../gone; {sys.executable} -m flext_codemods migrate"
    ran = subprocess.run(["bash", "-c", line], cwd=repository.root, capture_output=True, timeout=60)
    assert ran.returncode == 2
    assert ran.stderr.count(b"\n") == 1 and b"No such file or directory" in ran.stderr, ran.stderr


@pytest.mark.parametrize("name", ["click", "libcst", "pathspec", "rich"])
def test_a_missing_dependency_is_one_line_that_names_the_extra(repository: Repository, name: str) -> None:
    """The library alone brings none of them along."""
    code = f"""
import sys
from importlib.machinery import PathFinder

class Without(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.partition(".")[0] == {name!r} else super().find_spec(name, path, target)

sys.meta_path[:] = [Without if finder is PathFinder else finder for finder in sys.meta_path]
sys.argv = ["flext-codemods", "migrate"]
from flext_codemods.__main__ import run
run()
"""
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=repository.root, capture_output=True, timeout=60, check=False
    )
    assert ran.returncode == 2
    assert ran.stderr == f"flext-codemods: {name} missing: pip install 'flext-exceptions[codemods]'\n".encode()
