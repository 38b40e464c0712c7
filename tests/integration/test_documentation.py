"""The documentation agrees with the code: generated pages are fresh, and examples in the README run."""

from __future__ import annotations

import doctest
import importlib
import importlib.util
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import flext_analysis
import flext_codemods
import flext_lint
import flext_pytest
from flext_codemods import cli

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[2]
SPEC = importlib.util.spec_from_file_location("make_docs", ROOT / "docs" / "make.py")
assert SPEC is not None and SPEC.loader is not None
MAKE = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(MAKE)


@pytest.mark.parametrize("name", sorted(MAKE.PAGES))
def test_a_made_page_is_what_the_code_would_make_now(name: str) -> None:
    """A stale page means: python docs/make.py."""
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == MAKE.PAGES[name]()


def test_the_journeys_pass_the_files_that_the_page_names() -> None:
    """A stale page means: python docs/journeys.py. How often each is passed may differ by the version of Python."""
    page = ROOT / "docs" / "architecture.md"
    command = [sys.executable, "-c", "import journeys; print(journeys.page())"]
    made = subprocess.run(command, cwd=ROOT / "docs", capture_output=True, text=True, check=True, timeout=120).stdout
    rows = re.compile(r"^\| \d+ \| `([^`]+)`", re.MULTILINE)
    assert sorted(rows.findall(page.read_text(encoding="utf-8"))) == sorted(rows.findall(made))
    assert len(rows.findall(made)) > 50


@pytest.mark.parametrize("name", ["README.md", "docs/patterns.md", "docs/http.md"])
def test_the_examples_of_a_page_run(name: str) -> None:
    """Each prints what the page says it prints."""
    result = doctest.testfile(str(ROOT / name), module_relative=False, encoding="utf-8")
    assert result.attempted > 4
    assert result.failed == 0


MODULES = [
    info.name
    for package in (flext_analysis, flext_codemods, flext_lint, flext_pytest)
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if not info.name.endswith("__main__")
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_run(name: str) -> None:
    """Each prints what it says it prints. Those of flext_exceptions are run with its own tests."""
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_the_readme_can_be_read_in_a_minute() -> None:
    """At most 150 lines, and each page of ours that it names is there."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 150
    links = re.findall(r"\]\(([^)#]+)", text)
    assert len(links) > 15
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_readme_shows_what_migrate_makes_of_its_first_program(tmp_path: Path) -> None:
    """With the options that it names."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    before, after = blocks(text, "python")[:2]
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    file = tmp_path / "shop" / "stock.py"
    file.write_text(f"{before}\n", encoding="utf-8")
    command = text.partition("`flext-codemods migrate ")[2].partition("`")[0].split()
    assert "--select" in command
    assert cli.main(["migrate", *command, "--quiet", "--allow-no-vcs", str(tmp_path)]) == 0
    assert file.read_text(encoding="utf-8") == f"{after}\n"


def blocks(text: str, kind: str) -> list[str]:
    """Return the blocks of a kind in a page."""
    return [part.partition("\n```")[0] for part in text.split(f"```{kind}\n")[1:]]


def test_the_messages_on_the_page_of_the_pytest_plugin_are_what_is_printed(pytester: pytest.Pytester) -> None:
    """Each block of output is part of what pytest prints for the examples of the page, line by line."""
    page = (ROOT / "docs" / "pytest.md").read_text(encoding="utf-8")
    examples = blocks(page, "python")
    shown = [block for block in blocks(page, "console") if block.startswith(("E  ", "---"))]
    assert len(examples) == len(shown) + 1 > 5  # the first holds the imports
    file = pytester.makepyfile("\n\n".join(examples))
    printed = pytester.runpytest_subprocess(
        "-p", "no:schemathesis", "-p", "no:randomly", "-p", "no:asyncio", "-p", "no:anyio", file
    )
    printed.assert_outcomes(failed=len(shown))
    for block in shown:
        assert f"\n{block}\n" in printed.stdout.str()


def test_every_path_that_contributing_names_is_there() -> None:
    """A newcomer finds it."""
    root = Path(__file__).parents[2]
    text = (root / "CONTRIBUTING.md").read_text("utf-8")
    folders = "flext_exceptions|lint_plugin|codemods|pytest_plugin|tests|docs|examples|trials"
    named = re.findall(rf"`((?:{folders})/[\w./]*)`", text)
    assert len(named) > 40
    to_write = "flxNNN_slug.py flxNNN.py slug.py slug.txt framework.py package.txt".split()  # what the newcomer adds
    assert [path for path in named if not (root / path).exists() and Path(path).name not in to_write] == []
    assert [path for path in named if not (root / path).parent.is_dir()] == []
