"""Output: diffs that apply, stdin to stdout, reports that add up, progress bars, broken pipes."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from flext_codemods.model.file_result import FileResult
from flext_codemods.raises.skip_reasons import NOT_MIGRATABLE
from flext_codemods.run.migration import with_progress
from flext_codemods.workers import executors
from tests.codemods.conftest import AFTER, BEFORE, COMMAND, Repository
from tests.programs import program

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
    patch = program("patch", package="patch")
    repository.write({"mod.py": BEFORE, "pkg/crlf.py": BEFORE.replace(b"\n", b"\r\n")})
    diff = repository.spawn("--diff").stdout
    subprocess.run([patch, "-p1", "--binary"], input=diff, cwd=repository.root, check=True, capture_output=True)
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


def test_of_a_long_line_that_may_break_only_the_beginning_is_shown(repository: Repository) -> None:
    """A paragraph of a document is one line."""
    repository.write({"mod.py": BEFORE, "README.md": f"ValueError: {'a' * 80}\nValueError: {'b' * 81}\n"})
    out = repository.migrate("--check").out
    assert f"README.md:1: may break: shows ValueError: {'a' * 80}\n" in out
    assert f"README.md:2: may break: shows ValueError: {'b' * 80}...\n" in out


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
    assert "1 line longer than 88 now: black mod.py" in advice


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
    """Files and report alike, but for the seconds; and Python does not warn of a fork beside threads."""
    repository.write({**MANY, **{f"pkg/m{n}.py": BEFORE * (n % 7 + 1) for n in range(60)}})
    outcomes = []
    env = {"PYTHONWARNINGS": "error:This process"}
    for jobs in ("1", "2", "100000"):
        reports = json.loads(repository.spawn("--check", "--format", "json", "--jobs", jobs, env=env).stdout)
        reports["summary"].pop("seconds")
        diff = repository.spawn("--diff", "--jobs", jobs, env=env).stdout
        outcomes.append((reports, diff))
    assert outcomes[0] == outcomes[1] == outcomes[2]
    assert outcomes[0][0]["summary"]["changed"] == 62


def test_there_are_never_more_workers_than_files(tmp_path: Path) -> None:
    """A pool starts all its processes at once."""
    paths = [tmp_path / f"{number}.py" for number in range(5)]
    for path in paths:
        path.write_bytes(BEFORE)
    assert [executors.workers_for(jobs, paths) for jobs in ("1", "3", "9", "100000", "auto")] == [1, 3, 5, 5, 1]
    assert executors.workers_for("9", []) == 0
    assert executors.workers_for("100000", [tmp_path] * 500) == 61


# -- terminal, pipes --------------------------------------------------------------------------------------------------


def terminal_output(repository: Repository, files: int, how: str = "--check", **more: str) -> bytes:
    """Return what a run over so many files shows on a terminal."""
    repository.write({f"m{number}.py": BEFORE for number in range(files)})
    parent, child = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100", **more}
    with subprocess.Popen(
        [*COMMAND, how, "--jobs", "1"], cwd=repository.root, stdout=child, stderr=child, env=environment
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


def test_no_thread_refreshes_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers are forked while the bar is shown, and a lock that a thread holds then stays locked in them."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    threads = threading.active_count()
    results = [FileResult(f"m{number}.py") for number in range(60)]
    for number, result in enumerate(with_progress(iter(results), len(results))):
        assert result is results[number]
        assert threading.active_count() == threads


def test_a_terminal_shows_no_bar_on_short_work(repository: Repository) -> None:
    """Ten files are done at once."""
    assert b"migrating" not in terminal_output(repository, 10)


def test_a_diff_is_coloured_on_a_terminal_but_where_no_colours_are_wanted(repository: Repository) -> None:
    """What is gone in red, what is new in green."""
    shown = terminal_output(repository, 1, "--diff")
    assert b"\x1b[31m-    raise ValueError" in shown and b"\x1b[32m+    raise FlextExceptions" in shown
    assert b"\x1b[" not in terminal_output(repository, 1, "--diff", NO_COLOR="1")


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


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_an_output_that_is_full_is_status_2_in_one_line(unbuffered: str, repository: Repository) -> None:
    """A report that cannot be printed is an error of input and output, and Python adds no line of its own to it."""
    repository.write({"mod.py": BEFORE})
    env = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [*COMMAND, "--diff"], cwd=repository.root, env=env, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert ran.returncode == 2
    assert ran.stderr == b"flext-codemods: output: No space left on device\n"


def test_a_folder_that_is_gone_is_status_2_in_one_line(repository: Repository) -> None:
    """The current folder may be deleted under a shell."""
    line = f"mkdir gone; cd gone; rmdir ../gone; {sys.executable} -m flext_codemods migrate"
    ran = subprocess.run(["bash", "-c", line], cwd=repository.root, capture_output=True, timeout=60)
    assert ran.returncode == 2
    assert ran.stderr.count(b"\n") == 1 and b"No such file or directory" in ran.stderr, ran.stderr


@pytest.mark.parametrize("name", ["click", "filelock", "libcst", "pathspec", "rich"])
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
