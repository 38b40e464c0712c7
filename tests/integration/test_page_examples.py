"""The examples of the pages work: commands run, settings load, programs compile."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml

import flext_codemods.cli
import flext_lint.cli
from flext_analysis.settings import load_settings

ROOT = Path(__file__).parents[2]
PAGES = {path.relative_to(ROOT).as_posix(): path for path in (ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md")))}
PROGRAMS = {"flext-codemods": flext_codemods.cli, "flext-lint": flext_lint.cli}
# These need a cluster, the whole suite of a project, or a program that has tests of its own.
ONLY_PARSED = ("--scheduler", "--verify", "server")
OF_OTHERS = (
    "flake8",
    "pytest",
    "python -m pytest",
    "git config --global --add safe.directory",
    "python -m libcst.tool",
)


def blocks(page: str, kind: str) -> list[str]:
    """Return the blocks of one kind on a page, without what indents them."""
    found = re.finditer(rf"^( *)```{kind}\n(.*?)^ *```$", PAGES[page].read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [re.sub(f"^{match[1]}", "", match[2], flags=re.MULTILINE) for match in found]


def commands(page: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each command that a page shows, and the lines that it prints there."""
    for block in blocks(page, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, *shown = part.splitlines()
            yield line.partition("  #")[0].strip(), [text for text in shown if text.strip() not in ("", "...")]


def having(kind: str) -> list[str]:
    """Return the pages that have a block of this kind."""
    return [page for page in PAGES if blocks(page, kind)]


def extras() -> set[str]:
    """Return the extras of the distribution."""
    return set(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"])


def targets() -> set[str]:
    """Return the targets of the Makefile."""
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def in_order(shown: list[str], printed: str) -> bool:
    """Return whether a text contains lines in this order, ignoring other lines between them and durations."""
    lines = iter(steady(line) for line in printed.splitlines())
    return all(steady(line) in lines for line in shown)


def steady(line: str) -> str:
    """Return a line without what changes from run to run."""
    return re.sub(r"\d+\.\d s\b", "N s", line).rstrip()


def run(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Run a command of ours in this process; return its exit status and what it printed."""
    program = PROGRAMS[words[0]]
    if any(word in words for word in ONLY_PARSED):
        group: click.Group = program.commands
        name, command, rest = group.resolve_command(click.Context(group), words[1:])
        assert command is not None, name
        command.make_context(name, rest)
        return 0, ""
    status = program.main(words[1:])
    captured = capsys.readouterr()
    return status, captured.out + captured.err


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A committed copy of the legacy shop, in which we are."""
    folder = tmp_path / "shop"
    shutil.copytree(ROOT / "examples" / "legacy_shop", folder, ignore=shutil.ignore_patterns("__pycache__"))
    for command in ("init -q", "add .", "-c user.name=shop -c user.email=shop@example.invalid commit -qm Shop"):
        subprocess.run(["git", *command.split()], cwd=folder, check=True)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


@pytest.mark.parametrize("page", having("console"))
def test_the_commands_of_a_page_run(page: str, shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In a copy of the legacy shop, one after the other; they print what the page says that they print."""
    for line, shown in commands(page):
        words = shlex.split(line.partition("|")[0])
        if words[:2] == ["python", "-m"] and words[2] in ("flext_codemods", "flext_lint"):
            words = [words[2].replace("_", "-"), *words[3:]]
        if words[0] == "make":
            assert words[1] in targets(), line
        elif words[:2] == ["pip", "install"]:
            named = {name.strip() for each in re.findall(r"\[(.*?)\]", line) for name in each.split(",")}
            assert named <= extras(), line
        elif words[0] in PROGRAMS:
            if "--since" in words:
                words[words.index("--since") + 1] = "HEAD"
            words = [word for word in words if word != "repositories/*"]
            status, printed = run(words, capsys)
            assert status in (0, 1), f"{line}\n{printed}"
            if "--function" not in words and "--since" not in words:
                assert in_order(shown, printed), f"{line}\n{printed}"
        else:
            assert line.startswith(OF_OTHERS), f"nobody runs it: {line}"


@pytest.mark.parametrize("page", having("python"))
def test_the_programs_of_a_page_compile(page: str) -> None:
    """Those with a prompt are run as doctests elsewhere."""
    for block in blocks(page, "python"):
        if ">>> " not in block and not page.startswith("docs/rules"):
            compile(block, page, "exec")


@pytest.mark.parametrize("page", ["docs/start.md", "docs/ci.md"])
def test_the_programs_of_a_page_run(page: str) -> None:
    """Their assertions hold, and so do the tests that they define."""
    for block in blocks(page, "python"):
        names: dict[str, object] = {}
        exec(compile(block, page, "exec"), names)
        for name, value in names.items():
            if name.startswith("test_") and callable(value):
                value()


@pytest.mark.parametrize("page", having("toml"))
def test_the_settings_of_a_page_load(page: str, tmp_path: Path) -> None:
    """Each key is known, and each value valid."""
    for number, block in enumerate(blocks(page, "toml")):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "pyproject.toml").write_text(block, "utf-8")
        load_settings(folder)


@pytest.mark.parametrize("page", sorted({*having("yaml"), *having("json")}))
def test_the_files_of_a_page_are_well_formed(page: str) -> None:
    """YAML and JSON."""
    for block in blocks(page, "yaml"):
        assert yaml.safe_load(block)
    for block in blocks(page, "json"):
        assert json.loads(block)


def test_every_example_on_the_page_of_settings_sets_something(tmp_path: Path) -> None:
    """Under the name that the table says, and a key that is not there is refused."""
    rows = re.findall(r"^\| `([\w-]+)` \| .*? \| `(\1 = .*?)` \|$", PAGES["docs/settings.md"].read_text("utf-8"), re.M)
    assert len(rows) > 10
    for key, example in rows:
        (tmp_path / "pyproject.toml").write_text(f"[tool.flext]\n{example}\n", "utf-8")
        assert getattr(load_settings(tmp_path), key.replace("-", "_")), example
