"""Files that nobody would write: each is at most one line in the report, and the run continues."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import time
from pathlib import Path

import libcst
import pytest

from flext_codemods.recipes import all_recipes
from flext_codemods.repository.file_scan import may_hold_a_site
from flext_codemods.workers import executors
from tests.codemods.conftest import AFTER, BEFORE, COMMAND, Repository


def left(repository: Repository) -> dict[str, str]:
    """Run migrate over hostile files beside mod.py, which must come through; return what is left and why."""
    repository.write({"mod.py": BEFORE})
    ran = repository.migrate("--format", "json")
    assert ran.status == 0, ran.err
    assert repository.read() == AFTER
    report = ran.report()
    sites = {f"{site['path']}:{site['line']}": site["detail"] for site in report["sites"] if site["status"] == "left"}
    return sites | {each["path"]: each["detail"] for each in report["files_left"]}


def test_a_file_of_30000_lines_is_migrated_whole(repository: Repository) -> None:
    """Every raise of it."""
    lines = [f'def f{n}():\n    raise ValueError("{n}")\n\n' for n in range(10_000)]
    repository.write({"big.py": "".join(lines)})
    assert left(repository) == {}
    text = repository.read("big.py").decode()
    assert text.count("raise FlextExceptions.ValidationError(") == 10_000
    assert text.count("\n") == 30_002 + 1


def test_a_long_chain_in_a_raise_is_left_as_too_deep_and_the_raise_below_it_is_not(repository: Repository) -> None:
    """LibCST gives up on it; Python does not."""
    repository.write({"chain.py": f"def g(x):\n    raise ValueError('a'{' + x' * 900})\n{BEFORE.decode()}"})
    assert left(repository) == {"chain.py:2": "the statement is nested too deeply"}
    assert b"    raise FlextExceptions.ValidationError" in repository.read("chain.py")


def test_a_statement_that_libcst_cannot_parse_is_left_and_the_others_are_not(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Syntax of a newer Python (stood in for here: LibCST knows that of this one) costs one site."""
    right = libcst.parse_statement

    def older(text: str) -> object:
        if "new" in text:
            raise libcst.ParserSyntaxError("no", lines=[text], raw_line=1, raw_column=0)
        return right(text)

    monkeypatch.setattr(libcst, "parse_statement", older)
    repository.write({"new.py": f"def g():\n    raise KeyError('new')\n{BEFORE.decode()}"})
    assert left(repository) == {"new.py:2": "LibCST cannot parse the statement"}
    assert b"    raise FlextExceptions.ValidationError" in repository.read("new.py")


DEEP = {
    "brackets": f"x = {'(' * 5000}1{')' * 5000}\n",
    "signs": f"x = {'-' * 5000}1\n",
    "a sum": f"x = 1{' + 1' * 5000}\n",
    "attributes": f"x = a{'.b' * 5000}\n",
    "calls": f"x = a{'()' * 5000}\n",
    "subscripts": f"x = {'[' * 5000}{']' * 5000}\n",
    "lambdas": f"x = {'lambda: ' * 5000}1\n",
    "statements": "".join(f"{' ' * n}if x:\n" for n in range(120)) + " " * 120 + "pass\n",
}


def python_gives_up(text: str) -> bool:
    """Say whether this Python cannot parse a text: from one version to the next it goes deeper."""
    try:
        ast.parse(text)
    except (SyntaxError, RecursionError, MemoryError):
        return True
    return False


@pytest.mark.parametrize("text", DEEP.values(), ids=list(DEEP))
def test_what_python_itself_gives_up_on_is_left(repository: Repository, text: str) -> None:
    """In one line, with no crash of the interpreter; what it parses is migrated, however deep."""
    repository.write({"deep.py": text + BEFORE.decode()})
    found = left(repository)
    if python_gives_up(text):
        assert list(found) == ["deep.py"] and found["deep.py"].startswith("does not parse: ")
        assert repository.read("deep.py") == text.encode() + BEFORE
    else:
        assert found == {}
        assert repository.read("deep.py").startswith(
            b"from flext_exceptions import FlextExceptions\n\n" + text.encode()
        )


def test_deep_code_in_a_file_that_a_repository_wide_check_reads_is_left_too(repository: Repository) -> None:
    """A table and a typed handler make the survey parse it."""
    deep = DEEP["brackets"] + "T = {ValueError: 1}\nfrom flext_exceptions import FlextExceptions\n"
    deep += (
        "def f(e):\n    try:\n        T[type(e)]\n    except FlextExceptions.TimeoutError:\n        raise KeyError(1)\n"
    )
    repository.write({"deep.py": deep})
    assert list(left(repository)) == ["deep.py"]


def test_an_elif_chain_of_many_arms_is_migrated(repository: Repository) -> None:
    """Python's tree of it is as deep as it is long."""
    arms = "".join(f"    elif x == {n}:\n        raise ValueError({n})\n" for n in range(700))
    repository.write({"arms.py": f"def f(x):\n    if x:\n        pass\n{arms}"})
    assert left(repository) == {}
    assert repository.read("arms.py").count(b"FlextExceptions.ValidationError(") == 700


def test_links_that_lead_nowhere_are_no_files(repository: Repository) -> None:
    """To themselves, in a ring, to nothing, to the folder above."""
    for name, target in {"self.py": "self.py", "a.py": "b.py", "b.py": "a.py", "no.py": "nothing", "up": ".."}.items():
        (repository.root / name).symlink_to(target)
    assert left(repository) == {}


def test_odd_kinds_of_files_hold_up_nothing(repository: Repository) -> None:
    """A pipe, a folder with the name of a module, a .gitignore that is a folder, a manifest that is one."""
    os.mkfifo(repository.root / "pipe.py")
    os.mkfifo(repository.root / "pipe.md")
    repository.write({"dir.py/inner.py": BEFORE, "sub/.gitignore/x": "", "pyproject.toml/x": "", "setup.cfg/x": ""})
    repository.write({"table.py": "T = {ValueError: 1}\nuse({KeyError: 1}[type(e)])\n", "sub/mod.py": BEFORE})
    ran = repository.spawn("--allow-no-vcs")
    assert ran.returncode == 0
    assert b"pipe.py: is not a regular file" in ran.stdout
    assert repository.read("dir.py/inner.py") == repository.read("sub/mod.py") == AFTER


@pytest.mark.parametrize("git", [True, False], ids=["git", "walk"])
def test_any_file_name_is_a_file_name(repository: Repository, git: bool) -> None:
    """Spaces, quotes, line feeds, escapes, bytes that are not UTF-8; none reaches the terminal unescaped."""
    names = ["with space.py", "line\nfeed.py", "quo'te\".py", "\x1b[31mred.py", "größe.py", os.fsdecode(b"b\xff.py")]
    repository.write(dict.fromkeys(names, BEFORE + b"raise OSError(1, 2)\n"))
    if git:
        repository.commit()
    for encoding in ("utf-8:strict", "ascii:strict"):
        shown = repository.spawn("--check", env={"PYTHONIOENCODING": encoding})
        assert shown.returncode == 1
        assert b"\x1b" not in shown.stdout and b"\nfeed" not in shown.stdout
    ran = repository.spawn("--allow-no-vcs", "--format", "json")
    assert ran.returncode == 0
    assert {repository.read(name) for name in names} == {AFTER + b"raise OSError(1, 2)\n"}
    assert repository.spawn("--check", *names).returncode == 0


@pytest.mark.parametrize("encoding", ["latin-1:strict", "cp1252:strict"])
def test_a_terminal_that_has_not_the_letters_gets_escapes(repository: Repository, encoding: str) -> None:
    """The name of a file, and the text of a document that may break."""
    repository.write({"größe日.py": BEFORE + b"raise OSError(1, 2)\n", "README.md": "ValueError: größe 日本\n"})
    ran = repository.spawn("--allow-no-vcs", env={"PYTHONIOENCODING": encoding})
    assert ran.returncode == 0
    assert b"\\u65e5.py:3:1: 2 positional arguments" in ran.stdout and b"\\u65e5\\u672c" in ran.stdout


def test_a_gitignore_that_is_none_hides_nothing(repository: Repository) -> None:
    """A line that is no pattern, a link to nothing, bytes that are no text; git passes over them too."""
    (repository.root / ".gitignore").write_bytes(b"!\n\xff\xfe\nhidden.py\n\\\n")
    repository.write({"sub/mod.py": BEFORE, "hidden.py": BEFORE})
    (repository.root / "sub/.gitignore").symlink_to("nothing")
    assert left(repository) == {}
    assert repository.read("sub/mod.py") == AFTER and repository.read("hidden.py") == BEFORE


def test_a_file_that_vanishes_before_it_is_read_is_a_line(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the survey and its own turn, in the sizes as in the reading."""
    repository.write({"gone.py": BEFORE, "mod.py": BEFORE})
    right = executors.batches

    def late(paths):  # type: ignore[no-untyped-def]
        known = list(paths)
        (repository.root / "gone.py").unlink(missing_ok=True)
        return right(known)

    monkeypatch.setattr(executors, "batches", late)
    ran = repository.migrate()
    assert ran.status == 0
    assert "gone.py: is not a regular file" in ran.out or "gone.py: cannot be read" in ran.out
    assert repository.read() == AFTER
    assert executors.size_of(repository.root / "gone.py") == 0


def test_a_log_with_many_errors_is_read_in_one_go(repository: Repository) -> None:
    """40,000 lines that show a builtin: each is found with its own line number."""
    repository.write({"log.txt": "x\nValueError: number\n" * 40_000, "mod.py": BEFORE})
    report = repository.migrate("--check", "--format", "json").report()
    assert [place["line"] for place in report["may_break"]] == list(range(2, 80_001, 2))


def test_a_worker_that_dies_costs_no_other_file_its_life(repository: Repository) -> None:
    """The one that does it is reported in a line, with status 2; all the others are migrated."""
    repository.write({"bomb.py": "# BOMB\n" + BEFORE.decode() * 10_000})
    repository.write({f"m{number}.py": BEFORE for number in range(40)})
    code = f"""
import os, sys
from flext_codemods.rewrite import pipeline as run
from flext_codemods.__main__ import run as start

right = run.read_source
def read(raw):
    if raw.startswith(b"# BOMB") and os.getpid() != {os.getpid()} and os.getppid() == PARENT:
        os._exit(1)
    return right(raw)
run.read_source = read
PARENT = os.getpid()
sys.argv = ["flext-codemods", "migrate", "--allow-no-vcs", "--jobs", "2"]
start()
"""
    ran = subprocess.run([sys.executable, "-c", code], cwd=repository.root, capture_output=True, timeout=600)
    assert ran.returncode == 2
    assert b"Traceback" not in ran.stderr and ran.stderr.count(b"\n") == 1
    assert ran.stderr == b"flext-codemods: bomb.py: not changed: the process that worked on it died\n"
    assert repository.read("bomb.py").startswith(b"# BOMB\ndef f")
    assert {repository.read(f"m{number}.py") for number in range(40)} == {AFTER}


@pytest.mark.parametrize(
    "raw",
    [
        b"x = " + b" " * 20_000 + b"1\n",
        b"raise " * 3_000 + b"\n",
        b"=" * 20_000,
        b"isinstance " * 5_000,
        b"{" * 20_000,
        b"type(" * 5_000,
        b"# Error: " * 5_000,
    ],
    ids=["spaces", "raise", "equals", "isinstance", "braces", "type", "errors"],
)
def test_the_looks_at_bytes_end_on_any_bytes(repository: Repository, raw: bytes) -> None:
    """No search goes back over a long line again and again: the run ends well within its time."""
    repository.write({"long.py": b"# flext_exceptions\n" + raw, "mod.py": BEFORE, "t.py": "T = {ValueError: 1}\n"})
    repository.write({"long.md": raw, "tests/test_long.py": raw})
    ran = subprocess.run([*COMMAND, "--allow-no-vcs"], cwd=repository.root, capture_output=True, timeout=20)
    assert ran.returncode == 0
    assert repository.read() == AFTER


def test_what_holds_no_site_is_not_parsed(tmp_path: Path) -> None:
    """The bytes say so."""
    safe = [recipe.hint for recipe in all_recipes().values() if recipe.safety == "safe" and recipe.by_default]
    assert not may_hold_a_site(b"raise Bad('ValueError2')\n# ValueError\n", safe)
    assert not may_hold_a_site(AFTER, safe)
    assert may_hold_a_site(BEFORE, safe) and may_hold_a_site(b"raise (\n    ValueError\n)\n", safe)
    assert may_hold_a_site(AFTER, safe, "flext_core") and may_hold_a_site(b"import flext_core\n", safe)


def test_a_document_of_any_size_is_read_up_to_a_limit(repository: Repository) -> None:
    """What it shows behind the first million bytes is not looked at, so that a dump does not fill the memory."""
    repository.write(
        {"dump.txt": "x" * 999_000 + "\nValueError: near\n" + "x" * 1000 + "\nValueError: far\n", "mod.py": BEFORE}
    )
    report = repository.migrate("--check", "--format", "json").report()
    assert [place["text"] for place in report["may_break"]] == ["near"]


def test_workers_end_with_a_parent_that_is_killed(repository: Repository) -> None:
    """They would wait for work for ever, and hold the terminal."""
    repository.write({f"m{number}.py": BEFORE * 3000 for number in range(8)})
    process = subprocess.Popen([*COMMAND, "--allow-no-vcs", "--jobs", "2"], cwd=repository.root, stdout=subprocess.PIPE)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while len(workers := children.read_text().split()) < 2:
        time.sleep(0.001)
    time.sleep(0.2)
    process.kill()
    process.communicate(timeout=10)  # the end of the output comes when nobody holds it any more
    assert not any(Path("/proc", worker, "cwd").exists() for worker in workers)
