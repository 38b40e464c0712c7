"""The examples of middlewares and log output are true, and neither needs another library."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

from flext_exceptions import FlextExceptions, logs, web

MODULES = [
    name for package in (web, logs) for _, name, _ in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_are_true(name: str) -> None:
    """Each runs, and shows what it says; each module has one."""
    module = importlib.import_module(name)
    tests = doctest.DocTestFinder().find(module, extraglobs={"FlextExceptions": FlextExceptions})
    assert any(test.examples for test in tests)
    for test in tests:
        assert doctest.DocTestRunner().run(test).failed == 0, test.name


@pytest.mark.parametrize("name", MODULES)
def test_it_needs_the_standard_library_alone(name: str) -> None:
    """It is imported, in a Python that finds nothing else."""
    root = str(Path(web.__path__[0]).parents[1])
    code = f"import sys; sys.path.append({root!r}); import {name}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True)
    assert {module.partition(".")[0] for module in done.stdout.split()} <= {
        *sys.stdlib_module_names,
        "flext_exceptions",
        "__main__",
    }


def test_the_library_imports_none_of_it() -> None:
    """Nor what only they need."""
    code = f"import sys; sys.path[:0] = {sys.path!r}; import flext_exceptions; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True)
    unwanted = (
        "flext_exceptions.web",
        "flext_exceptions.logs",
        "flext_exceptions.reporting",
        "flext_exceptions.problems",
        "logging",
        "json",
    )
    assert not [name for name in done.stdout.split() if name.startswith(unwanted)]
