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


@pytest.mark.parametrize("one", EVAL_FILES, ids=IDS)
def test_flake8_says_the_same(one: EvalFile, tmp_path: Path) -> None:
    """As a program of its own, with only this rule selected. Its columns count from 1."""
    file = one.write(tmp_path)
    command = [sys.executable, "-m", "flake8", "-j1", "--select", one.rule, "--format", "%(row)d %(col)d %(code)s"]
    done = subprocess.run(
        [*command, *one.options, str(file)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    expected = [f"{line} {column + 1} {one.rule}" for line, column in one.expected]
    assert done.stdout.split("\n")[:-1] == expected


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
