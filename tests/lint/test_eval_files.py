"""Every eval file is judged as it says: by the rules in process, and by the real flake8 as a program."""

from __future__ import annotations

import ast
import subprocess
import sys
from argparse import Namespace
from collections import Counter
from pathlib import Path

import pytest

from flext_lint.module import Module
from flext_lint.options import prepare
from flext_lint.rule import all_rules
from flext_lint.runner import check
from tests.lint.evaluate import EVAL_FILES, EvalFile

IDS = [one.name for one in EVAL_FILES]


def options_of(one: EvalFile) -> Namespace:
    """Return the options of a file as flake8 would parse them."""
    given: dict[str, object] = dict.fromkeys(
        ("flext_base", "flext_targets", "flext_allow", "flext_tests", "flext_baseline", "select", "extend_select")
    )
    for name, value in zip(one.options[::2], one.options[1::2], strict=True):
        given[name.removeprefix("--").replace("-", "_")] = value.split(",")
    return Namespace(**given, format="default")


@pytest.mark.parametrize("one", EVAL_FILES, ids=IDS)
def test_the_rules_say_what_the_comments_say(one: EvalFile, tmp_path: Path) -> None:
    """Line by line and column by column, and nothing else."""
    file = one.write(tmp_path)
    project = prepare(options_of(one), tmp_path).project
    lines = one.text.splitlines(keepends=True)
    found = check(Module(ast.parse(one.text), lines, str(file), project))
    assert [(line, column) for line, column, text in found if text.startswith(one.rule)] == one.expected


def flake8_in(folder: Path, *arguments: str) -> list[tuple[str, str]]:
    """Return what flake8 says as a program of its own: the path, and row, column and code."""
    command = [sys.executable, "-m", "flake8", "-j1", "--select=FLX", "--format=%(path)s:%(row)d %(col)d %(code)s"]
    done = subprocess.run([*command, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return [(path, place) for path, _, place in (line.partition(":") for line in done.stdout.splitlines())]


def expected_of(one: EvalFile) -> list[str]:
    """Return what flake8 should say of the file's rule. Its columns count from 1."""
    return [f"{line} {column + 1} {one.rule}" for line, column in one.expected]


def test_flake8_says_the_same(tmp_path: Path) -> None:
    """Of all files that need no options, in one run."""
    plain = [one for one in EVAL_FILES if not one.options]
    files = {str(one.write(tmp_path / one.name)): one for one in plain}
    for one in plain:
        (tmp_path / one.name / "pyproject.toml").unlink()
    (tmp_path / "pyproject.toml").write_text("[tool.flext]\n")
    found = flake8_in(tmp_path, *files)
    for file, one in files.items():
        said = [place for path, place in found if path == file and place.endswith(one.rule)]
        assert said == expected_of(one), one.name


@pytest.mark.parametrize("one", [one for one in EVAL_FILES if one.options], ids=lambda one: one.name)
def test_flake8_says_the_same_with_options(one: EvalFile, tmp_path: Path) -> None:
    """On its command line."""
    file = one.write(tmp_path)
    found = flake8_in(tmp_path, *one.options, str(file))
    assert [place for _, place in found if place.endswith(one.rule)] == expected_of(one)


def test_every_rule_has_as_many_silent_cases_as_flagged_ones() -> None:
    """And at least two of each; silence is tested as hard as findings."""
    flagged: Counter[str] = Counter()
    silent: Counter[str] = Counter()
    for one in EVAL_FILES:
        flagged[one.rule] += len(one.expected)
        silent[one.rule] += one.silent
    assert set(flagged) == set(all_rules())
    for code in all_rules():
        assert silent[code] >= flagged[code] >= 2, f"{code}: {flagged[code]} flagged, {silent[code]} silent"
