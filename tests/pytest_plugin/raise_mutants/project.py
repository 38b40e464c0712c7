"""Make a project with a package and tests, run its mutants, and read what became of each."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from typing import Any

import pytest

from tests.pytest_plugin.plugins import alone


def write(pytester: pytest.Pytester, files: Mapping[str, str]) -> None:
    """Write the files of a project; shop is a package."""
    for name, text in {"shop/__init__.py": "", **files}.items():
        file = pytester.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
    pytester.makeini("[pytest]\npythonpath = .\n")


def mutate(pytester: pytest.Pytester, *options: str) -> tuple[pytest.RunResult, dict[str, Any]]:
    """Run the tests of the project and the mutants in a process of its own; return the run and its JSON document."""
    file = pytester.path / "found.json"
    run = pytester.runpytest_subprocess(*alone(f"--flext-raise-mutants=json:{file}", *options))
    document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return run, document


def statuses(document: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return what became of the mutants of each function: status by kind."""
    found: dict[str, dict[str, str]] = {}
    for each in document["results"]:
        found.setdefault(each["function"], {})[each["mutant"]] = each["status"]
    return found
