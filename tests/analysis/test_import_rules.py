"""Imports point one way: each package is imported in a fresh interpreter, and the loaded modules are checked."""

from __future__ import annotations

import subprocess
import sys

import pytest

OURS = {"flext_exceptions", "flext_analysis", "flext_lint", "flext_codemods", "flext_pytest"}


def modules_after(code: str) -> set[str]:
    """Return the top-level names of the modules that a fresh interpreter holds after some code."""
    command = f"{code}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True, timeout=60)
    return {name.partition(".")[0] for name in done.stdout.split()}


BASE = modules_after("")
PYTHONS = sys.stdlib_module_names | {"_missing_stdlib_info"}  # which 3.15 asks about modules that are not found


@pytest.mark.parametrize(
    ("package", "allowed"),
    [
        ("flext_exceptions", {"flext_exceptions"}),
        ("flext_analysis", {"flext_analysis"}),
        ("flext_codemods", {"flext_codemods", "flext_analysis", "flext_exceptions"}),
        ("flext_pytest", {"flext_pytest", "flext_exceptions"}),
        ("flext_lint", {"flext_lint", "flext_analysis", "flext_exceptions"}),
    ],
)
def test_a_package_brings_only_those_below_it(package: str, allowed: set[str]) -> None:
    """None of the others of ours."""
    assert modules_after(f"import {package}") & OURS <= allowed
    assert package in modules_after(f"import {package}")


def test_the_runtime_needs_the_standard_library_only() -> None:
    """The catalogue and every module of the package too."""
    code = """
import importlib, pkgutil, flext_exceptions
for info in pkgutil.iter_modules(flext_exceptions.__path__):
    importlib.import_module(f"flext_exceptions.{info.name}")
"""
    brought = modules_after(code) - BASE - PYTHONS
    assert brought == {"flext_exceptions"}


def test_the_analysis_needs_the_runtime_and_the_standard_library_only() -> None:
    """Neither LibCST nor click nor flake8 nor pytest, in any of its modules."""
    code = """
import importlib, pkgutil, flext_analysis
for info in pkgutil.iter_modules(flext_analysis.__path__):
    importlib.import_module(f"flext_analysis.{info.name}")
"""
    assert modules_after(code) - BASE - PYTHONS == {"flext_analysis", "flext_exceptions"}


def test_the_linter_loads_what_flake8_does_not_bring_only_when_it_is_asked_for() -> None:
    """pathspec is for globs; flake8 itself is loaded by the recorder alone."""
    code = "import flext_lint\nfrom flext_lint.rule import all_rules\nall_rules()"
    assert modules_after(code) - BASE - PYTHONS == {"flext_lint", "flext_analysis", "flext_exceptions"}


def test_the_codemods_load_libcst_when_they_edit_and_not_before() -> None:
    """Nor rich before there is a bar: a run with nothing to do starts quickly."""
    code = "from flext_codemods.cli import main\nimport os, tempfile\nos.chdir(tempfile.mkdtemp())\n"
    idle = modules_after(code + "assert main(['migrate', '--check', '--format', 'json']) == 0\nprint()")
    assert "click" in idle and "libcst" not in idle and "rich" not in idle
    busy = modules_after(
        code + "open('m.py', 'w').write('raise ValueError(1)')\nassert main(['migrate', '--check']) == 1\nprint()"
    )
    assert "libcst" in busy
