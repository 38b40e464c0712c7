"""Exit statuses, wrong usage and wrong settings: what is written, what is not, and one line about the mistake."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flext_codemods.cli import commands
from flext_codemods.run import migration
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
    assert "rewrote mod.py: 1 site\nrewrote 1 site in 1 of 1 file (" in ran.out
    assert repository.read() == AFTER


def test_check_is_status_1_and_writes_nothing(repository: Repository) -> None:
    """--check says that something would change."""
    repository.write({"mod.py": BEFORE})
    ran = repository.migrate("--check")
    assert ran.status == 1
    assert "would rewrite mod.py: 1 site\nwould rewrite 1 site in" in ran.out
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
        (["migrate", "--jobs", "0"], "--jobs: '0' is neither auto nor a positive number"),
        (["migrate", "--jobs", "-1"], "--jobs: '-1'"),
        (["migrate", "--jobs", "many"], "--jobs: 'many'"),
        (["migrate", "--jobs", "²"], "--jobs: '²'"),
        (["migrate", "--format", "xml"], "xml"),
        (["migrate", "--to", "elsewhere"], "elsewhere"),
        (["migrate", "--select", "raises,nope"], "--select: no such recipe: 'nope'; available: "),
        (["migrate", "--ignore", "nope"], "--ignore: no such recipe: 'nope'"),
        (["migrate", "--include", "!"], "--include: '!' is not a glob"),
        (["migrate", "nowhere.py"], "nowhere.py: no such file or folder"),
        (["migrate", ""], "'': no such file or folder"),
        (["migrate", "-", "mod.py"], "stdin cannot be combined with other paths"),
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
    assert named.stderr == b"flext-codemods: odd.py: is not a regular file\n"


def test_a_file_of_which_reading_fails_is_status_2_only_when_named(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An input error of the disk is reported in the system's own words."""
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
    right = migration.rewrite.__globals__["verify"]

    def wrong(old, text, *rest):  # type: ignore[no-untyped-def]
        return (None, "is not the same") if text.endswith("x = 1\n") else right(old, text, *rest)

    monkeypatch.setitem(migration.rewrite.__globals__, "verify", wrong)
    ran = repository.migrate("--format", "json")
    assert ran.status == 2
    assert ran.err == "flext-codemods: bad.py: not changed: is not the same\n"
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
    assert err.decode().strip() == (
        "flext-codemods: interrupted; every file has either its old or its new content; "
        "`flext-codemods resume` finishes it, `flext-codemods undo` undoes it"
    )


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
    "a target that is no dotted name": (
        '[tool.flext.targets]\nValueError = "B"\n',
        "targets.ValueError: 'B' is not a ",
    ),
    "a target that is no text": (
        "[tool.flext.targets]\nValueError = 3\n",
        "targets.ValueError: 3 is not a dotted name",
    ),
    "a target in no module": ('[tool.flext.targets]\nValueError = "a.b.C"\n', "targets.ValueError: no module of "),
    "targets that are no table": ("[tool.flext]\ntargets = 1\n", "[tool.flext] targets: must be a table"),
    "globs that are no list": ('[tool.flext]\ntests = "a"\n', "[tool.flext] tests: 'a' is not a list of globs"),
    "a glob that is none": ('[tool.flext]\ninclude = ["a", "!"]\n', "[tool.flext] include: '!' is not a glob"),
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


@pytest.mark.parametrize("recipe", ["chain", "context", "handlers", "rebase", "specialise", "tests"])
def test_an_unsafe_recipe_runs_only_where_unsafe_is_said(repository: Repository, recipe: str) -> None:
    """To select it is not enough; without a selection it is not among those that run."""
    text = "class Bad(ValueError):\n    pass\n\n\ndef f(x):\n    try:\n        g()\n    except:\n        pass\n"
    repository.write({"mod.py": text})
    ran = repository.migrate("--select", recipe)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == f"flext-codemods: --select: {recipe} may change what the program does; add --unsafe to run it\n"
    assert repository.migrate().status == 0
    assert repository.read() == text.encode()
    assert repository.migrate("--unsafe", "--select", recipe).status == 0


@pytest.mark.parametrize("command", [[], *([name] for name in commands.commands)], ids=" ".join)
@pytest.mark.parametrize("option", ["-h", "--help", "--version"])
def test_every_command_has_help_and_version(command: list[str], option: str, repository: Repository) -> None:
    """And writes nothing."""
    ran = repository.command(*command, option)
    assert ran.status == 0 and ran.err == ""
    assert ran.out.startswith("flext-codemods, version " if option == "--version" else "Usage: flext-codemods")


def test_quiet_prints_nothing_but_errors_and_diffs(repository: Repository) -> None:
    """The exit status says the rest."""
    repository.write({"mod.py": BEFORE})
    assert repository.migrate("-q", "--check")[:3] == (1, "", "")
    assert repository.migrate("--quiet", "--diff").out.startswith("--- a/mod.py")
    assert repository.migrate("--quiet") == (0, "", "")
    assert repository.migrate("-q", "--report", "x").err.count("\n") == 1


def test_the_order_of_deployment_is_said_once_a_repository(repository: Repository) -> None:
    """By the first run that writes; not by those that look."""
    repository.write({"a.py": BEFORE, "b.py": BEFORE})
    assert "deploy the readers" in repository.migrate("a.py").out
    assert "deploy the readers" not in repository.migrate("b.py").out


def test_the_hook_that_fixes_rewrites_what_is_staged(repository: Repository) -> None:
    """As its entry in .pre-commit-hooks.yaml says."""
    hooks = (Path(__file__).parents[2] / ".pre-commit-hooks.yaml").read_text("utf-8")
    entry = hooks.partition("- id: flext-migrate-fix\n")[2].partition("entry: flext-codemods ")[2].partition("\n")[0]
    repository.write({"old.py": "x = 1\n"})
    repository.commit()
    repository.write({"mod.py": BEFORE})
    repository.git("add", "mod.py")
    assert repository.command(*entry.split(), "mod.py").status == 0
    assert repository.read() == AFTER
