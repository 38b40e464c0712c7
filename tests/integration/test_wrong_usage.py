"""Wrong usage at every door: one line that says what is wrong and what is valid, exit status 2, no traceback.

The options of the pytest plugin are tested in ``tests/pytest_plugin``.
"""

from __future__ import annotations

import io
import shlex
import subprocess
import sys
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from flake8.main.cli import main as flake8

import flext_codemods.cli
import flext_lint.cli
from flext_exceptions import FlextExceptions

PROGRAMS: dict[str, Callable[[list[str]], int]] = {
    "flext-codemods": flext_codemods.cli.main,
    "flext-lint": lambda words: flext_lint.cli.main(words),
}
FILES = {
    "shop/__init__.py": b"",
    "shop/cart.py": b"def f(x):\n    raise ValueError('no')\n",
    "broken.py": b"raise (\n",
    "klingon.py": b"# coding: klingon\n",
    "notes.txt": b"x",
    "broken.json": b"{",
    "list.json": b"[]",
    "openapi.yaml": b"a: 1",
}

# What is typed, and the line that comes back; "..." stands for whatever.
COMMANDS = """
flext-codemods | Missing command. ...
flext-codemods migrat | No such command 'migrat'. ...
flext-codemods --nope | No such option '--nope'. ...
flext-codemods migrate --check=1 | Option '--check' does not take a value. ...
flext-codemods migrate --jobs | Option '--jobs' requires an argument. ...
flext-codemods migrate --jobs 0 | --jobs: '0' is neither auto nor a positive number
flext-codemods migrate --jobs many | --jobs: 'many' is neither auto nor a positive number
flext-codemods migrate --format xml | Invalid value for '--format': 'xml' is not one of 'text', ...
flext-codemods migrate --select nope | --select: no such recipe: 'nope'; available: chain, ...
flext-codemods migrate --select chain | --select: chain may change what the program does; add --unsafe to run it
flext-codemods migrate --select '' | --select: no recipe given; available: chain, ...
flext-codemods migrate --ignore , | --ignore: no recipe given; available: chain, ...
flext-codemods migrate --include ! | --include: '!' is not a glob
flext-codemods migrate --include '' | --include: '' is not a glob
flext-codemods migrate --to nowhere | Invalid value for '--to': 'nowhere' is not one of 'flext_exceptions', ...
flext-codemods migrate nowhere | nowhere: no such file or folder
flext-codemods migrate '' | '': no such file or folder
flext-codemods migrate shop nowhere.py | nowhere.py: no such file or folder
flext-codemods migrate --quiet broken.py | broken.py: does not parse: '(' was never closed (line 1)
flext-codemods migrate --quiet klingon.py | klingon.py: cannot be decoded: unknown encoding: klingon
flext-codemods migrate - shop | -: stdin cannot be combined with other paths or --report
flext-codemods migrate - --report a.html | -: stdin cannot be combined with other paths or --report
flext-codemods migrate --interactive --diff | --interactive asks before it writes; it cannot be ...
flext-codemods migrate --verify '' | --verify: no command given
flext-codemods migrate --verify pytest --check | --verify runs a command after writing; ...
flext-codemods migrate --verify nosuchcommand | --verify: nosuchcommand: cannot be run: No such file or directory
flext-codemods migrate --verify true --verify-runs 1 | Invalid value for '--verify-runs': 1 is not in the range ...
flext-codemods migrate --report a.txt | --report: a.txt does not end in .html
flext-codemods migrate --report nowhere/a.html | --report: nowhere/a.html: cannot be written: its folder is not there
flext-codemods migrate --executor dask | --executor dask and --scheduler ADDRESS require each other
flext-codemods migrate --scheduler tcp://host:1 | --executor dask and --scheduler ADDRESS require each other
flext-codemods migrate --executor dask --scheduler tcp://host:1 --jobs 2 | --jobs is for processes; ...
flext-codemods undo nowhere | nowhere: no such file or folder
flext-codemods undo a b | Got unexpected extra argument (b) ...
flext-codemods resume nowhere | nowhere: no such file or folder
flext-codemods explain | Missing argument 'FILE:LINE'. ...
flext-codemods explain shop/cart.py | shop/cart.py: write a place as FILE:LINE, such as shop/cart.py:21
flext-codemods explain shop/cart.py:0 | shop/cart.py:0: write a place as FILE:LINE, such as shop/cart.py:21
flext-codemods explain shop/cart.py:99 | shop/cart.py:99: the file has 3 lines
flext-codemods explain shop:1 | shop: is a folder
flext-codemods explain nowhere.py:1 | nowhere.py: no such file or folder
flext-codemods explain notes.txt:1 | notes.txt: not a Python file
flext-codemods explain broken.py:1 | broken.py: does not parse: '(' was never closed (line 1)
flext-codemods recipes chain | Got unexpected extra argument (chain) ...
flext-codemods audit nowhere | nowhere: no such file or folder
flext-codemods audit notes.txt | notes.txt: not a folder or a Python file
flext-codemods audit --format xml | Invalid value for '--format': 'xml' is not one of 'text', ...
flext-codemods audit --function nope shop | --function: there is no function 'nope'; name one as ...
flext-codemods audit --function '' | --function: no function given; name one as package.module.Class.method
flext-codemods audit --since nope shop | --since: 'nope' is not a commit of this repository
flext-codemods audit --openapi nowhere.json shop | --openapi: there is no file nowhere.json
flext-codemods audit --openapi broken.json shop | --openapi: broken.json is not JSON: ...
flext-codemods audit --openapi openapi.yaml shop | --openapi: openapi.yaml is not JSON: ...
flext-codemods audit --openapi list.json shop | --openapi: list.json is not an OpenAPI 3 document
flext-codemods audit --baseline list.json shop | --baseline: list.json is not an audit baseline; delete it ...
flext-codemods audit --baseline shop shop | --baseline: shop is not a regular file
flext-codemods audit --html nowhere/a.html | --html: there is no folder nowhere
flext-codemods audit --all | --all needs --docs
flext-codemods audit --fix | --fix needs --docs
flext-codemods audit --allow-dirty | --allow-dirty needs --docs --fix
flext-lint | Missing command. ...
flext-lint chek | No such command 'chek'. ...
flext-lint check --nope | No such option '--nope'. ...
flext-lint check nowhere | nowhere: no such file or folder
flext-lint check --select E5 | --select: 'E5' is not a rule code such as 'FLX103' or 'FLX2'
flext-lint check --select '' | --select: no rule given, such as FLX103 or FLX2 ...
flext-lint check --select FLX199 | --select: no rule begins with FLX199 ...
flext-lint check --ignore ,, | --ignore: no rule given, such as FLX103 or FLX2 ...
flext-lint check --extend-select X | --extend-select: 'X' is not a rule code such as 'FLX103' or 'FLX2'
flext-lint check --format xml | Invalid value for '--format': 'xml' is not one of 'github', ...
flext-lint check --jobs -1 | Invalid value for '--jobs' / '-j': -1 is not in the range x>=0. ...
flext-lint check --unsafe-fixes | --unsafe-fixes needs --fix or --diff ...
flext-lint check --statistics --format json | --statistics prints text; --format json cannot be combined with it ...
flext-lint check --stdin-filename | Option '--stdin-filename' requires an argument. ...
flext-lint rule | Missing argument 'CODE'. ...
flext-lint rule FLX999 | FLX999: no such rule; there are FLX101, ...
flext-lint rule FLX103 FLX104 | Got unexpected extra argument (FLX104) ...
flext-lint baseline nowhere | nowhere: no such file or folder
flext-lint baseline --select E5 | --select: 'E5' is not a rule code such as 'FLX103' or 'FLX2'
flext-lint server --port 1 | No such option '--port'. ...
"""
ROWS = [tuple(part.strip() for part in line.split(" | ")) for line in COMMANDS.strip().splitlines()]

# What stands below [tool.flext], and what comes back behind the path of the file; who reads it.
ALL = ("flext-codemods migrate --check", "flext-codemods audit", "flext-lint check")
SETTINGS = {
    "bases = []": "bases: unknown key; known: targets, ...",
    "entry_points = []": "entry_points: unknown key; known: targets, ...",
    "base = 'x'": "base: 'x' is not a list of dotted names such as ['shop.errors.ShopError']",
    "base = ['x']": "base: 'x' is not a dotted name such as 'shop.errors.ShopError'",
    "allow = ['ValueErorr']": "allow: 'ValueErorr' is not a builtin exception; did you mean ValueError?",
    "allow = 'KeyError'": "allow: 'KeyError' is not a list of builtin exceptions such as ['ValueError']",
    "targets = 1": 'targets: must be a table such as ValueError = "shop.errors.BadInput"',
    "targets = {Nope = 'a.b'}": "targets.Nope: not a builtin exception with a target; known: ArithmeticError, ...",
    "targets = {ValueError = 'x'}": "targets.ValueError: 'x' is not a dotted name such as 'shop.errors.BadInput'",
    "tests = 'x'": "tests: 'x' is not a list of globs such as ['checks/**']",
    "exclude = ['']": "exclude: [''] is not a list of globs such as ['generated/**']",
    "include = [1]": "include: [1] is not a list of globs such as ['checks/**']",
    "select = ['E5']": "select: 'E5' is not a rule code such as 'FLX103' or 'FLX2'",
    "extend-select = 'FLX1'": "extend-select: 'FLX1' is not a list of codes such as ['FLX103', 'FLX2']",
    "per-file-ignores = []": "per-file-ignores: must be a table such as \"tests/*\" = ['FLX103']",
    "per-file-ignores = {a = ['E5']}": "per-file-ignores 'a': 'E5' is not a rule code such as 'FLX103' or 'FLX2'",
    "baseline = 1": "baseline: 1 is not a file name such as 'flext-baseline.json'",
    "accept = ['x']": "accept: 'x' is not a function such as 'api.py::fail'",
    "entry-points = ['x']": "entry-points: 'x' is not a dotted name such as ...",
    "raises = {x = ['y']}": "raises.x: 'x' is not a dotted name such as 'httpx.get'",
}
FLAKE8 = {
    "--flext-base x": "flext: --flext-base: 'x' is not a dotted name such as 'shop.errors.ShopError'",
    "--flext-targets ValueError": "flext: --flext-targets: 'ValueError' is not a pair such as ValueError=...",
    "--flext-targets Nope=a.b": "flext: --flext-targets.Nope: not a builtin exception with a target; known: ...",
    "--flext-allow Nope": "flext: --flext-allow: 'Nope' is not a builtin exception; known: ...",
    "--flext-tests !": "flext: tests: Invalid git pattern: '!' (--flext-tests, or [tool.flext] tests)",
    "--flext-baseline nowhere.json": "flext: ...nowhere.json: no such file; record today's findings: ...",
    "--flext-baseline list.json": "flext: ...list.json: not a flext-lint baseline ...; delete the file and ...",
}
CALLS: dict[str, tuple[Callable[[], object], str]] = {
    "an unknown environment": (
        lambda: FlextExceptions.configure_error_handling({"environment": "moon"}).unwrap(),
        "environment: 'moon' is not valid; valid is development, staging, production, test, local",
    ),
    "an unknown key": (
        lambda: FlextExceptions.configure_error_handling({"log_levl": "INFO"}).unwrap(),
        "log_levl: unknown key (value 'INFO'); valid are environment, ...",
    ),
    "a value out of range": (
        lambda: FlextExceptions.configure_error_handling({"max_error_details": -1}).unwrap(),
        "max_error_details: -1 is not valid; valid is a whole number from 0, in characters",
    ),
    "a format with other fields": (
        lambda: FlextExceptions.configure_error_handling({"str_format": "{x}"}).unwrap(),
        "str_format: '{x}' is not valid; valid is a text with no other fields than {message} and {code}",
    ),
    "the name of an environment alone": (
        lambda: FlextExceptions.configure_error_handling("production").unwrap(),  # type: ignore[arg-type]
        'configuration: must be a mapping such as {"environment": "production"}; it is \'production\'',
    ),
    "a document that is none": (
        lambda: FlextExceptions.from_dict(3),  # type: ignore[arg-type]
        "from_dict: the document must be a mapping, as to_dict() gives it; it is 3",
    ),
    "a document without a type": (
        lambda: FlextExceptions.from_dict({}),
        "from_dict: type must be the name of a class; it is None",
    ),
    "a document of a later version": (
        lambda: FlextExceptions.from_dict({"version": 99, "type": "X"}),
        "from_dict: version must be 1, the only one that this release reads; it is 99",
    ),
    "a problem that is a text": (
        lambda: FlextExceptions.from_problem("x"),  # type: ignore[arg-type]
        "from_problem: a problem document must be a mapping; it is 'x'",
    ),
}


def fits(line: str, pattern: str) -> bool:
    """Say whether a line is what a pattern says."""
    escaped = pattern.replace("[", "[[]").replace("*", "[*]").replace("?", "[?]")
    return fnmatchcase(line, escaped.replace("...", "*"))


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A committed repository that no call changes, since all of them are wrong."""
    folder = tmp_path_factory.mktemp("repository")
    for name, raw in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(raw)
    for command in ("init -q", "add .", "-c user.name=shop -c user.email=shop@example.invalid commit -qm Shop"):
        subprocess.run(["git", *command.split()], cwd=folder, check=True)
    return folder


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing to read."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))


def one_line(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Run a command that is refused; return the line that it says."""
    status = PROGRAMS[words[0]](words[1:])
    out, err = capsys.readouterr()
    assert (status, out, err.count("\n")) == (2, "", 1), out + err
    name, _, line = err.rstrip("\n").partition(": ")
    assert name == words[0]
    return line


@pytest.mark.usefixtures("stdin")
@pytest.mark.parametrize(("command", "says"), ROWS, ids=[row[0] for row in ROWS])
def test_a_wrong_command_is_one_line(
    command: str, says: str, repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And exit status 2; the files stay as they are."""
    monkeypatch.chdir(repository)
    line = one_line(shlex.split(command), capsys)
    assert fits(line, says), line
    assert {name: (repository / name).read_bytes() for name in FILES} == FILES


@pytest.mark.parametrize(("setting", "says"), SETTINGS.items(), ids=list(SETTINGS))
def test_a_wrong_setting_is_one_line_at_each_door(
    setting: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It names the file and the key."""
    (tmp_path / "cart.py").write_bytes(FILES["shop/cart.py"])
    (tmp_path / "pyproject.toml").write_text(f"[tool.flext]\n{setting}\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    for door in ALL:
        line = one_line(door.split(), capsys)
        assert fits(line, f"...pyproject.toml: [tool.flext] {says}"), line


@pytest.mark.parametrize(("options", "says"), FLAKE8.items(), ids=list(FLAKE8))
def test_a_wrong_option_of_flake8_is_one_line(
    options: str, says: str, repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As flake8 says what is wrong with its own."""
    monkeypatch.chdir(repository)
    with pytest.raises(SystemExit) as left:
        sys.exit(flake8(["--isolated", "--jobs=1", "--select=FLX", *options.split(), "shop"]))
    captured = capsys.readouterr()
    lines = (captured.out + captured.err).splitlines() + ([str(left.value.code)] if left.value.code != 2 else [])
    assert len(lines) == 1 and fits(lines[0], says), lines


@pytest.mark.parametrize(("call", "says"), CALLS.values(), ids=list(CALLS))
def test_a_wrong_call_of_the_library_is_a_typed_error_of_one_line(call: Callable[[], object], says: str) -> None:
    """It names what was given and what is valid."""
    with pytest.raises(FlextExceptions.BaseError) as caught:
        call()
    assert fits(str(caught.value), says), caught.value
