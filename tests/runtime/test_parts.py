"""The building blocks of a service: their examples run, and neither they nor the library import others needlessly."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

from flext_exceptions import FlextExceptions, exporters, logs, patterns, web

MODULES = [
    name
    for package in (patterns, web, logs, exporters)
    for _, name, _ in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
]
NEEDY = (
    "patterns.celery", "patterns.http", "patterns.httpx", "patterns.recovery", "exporters.prometheus",
    "exporters.opentelemetry", "web.django", "web.fastapi",
)  # fmt: skip


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_are_true(name: str) -> None:
    """Each runs, and shows what it says; each module has one."""
    module = importlib.import_module(name)
    tests = doctest.DocTestFinder().find(module, extraglobs={"FlextExceptions": FlextExceptions})
    assert any(test.examples for test in tests)
    for test in tests:
        assert doctest.DocTestRunner().run(test).failed == 0, test.name


def imported(statement: str, *options: str) -> list[str]:
    """The modules that are there after an import, in a Python that has begun with few."""
    code = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-S", *options, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.parametrize("name", [name for name in MODULES if not name.endswith(NEEDY)])
def test_a_part_without_an_extra_needs_the_standard_library_alone(name: str) -> None:
    """It is imported, in a Python that finds nothing else."""
    root = str(Path(web.__path__[0]).parents[1])
    found = imported(f"sys.path.append({root!r}); import {name}", "-I")
    others = {"flext_exceptions", "__main__", "_missing_stdlib_info"}  # CPython 3.15 makes the last one as it is built
    assert {module.partition(".")[0] for module in found} <= {*sys.stdlib_module_names, *others}


def test_the_library_imports_no_part() -> None:
    """Nor what only they need."""
    parts = {name.rpartition(".")[0] for name in MODULES}
    unwanted = (
        *parts,
        *(f"flext_exceptions.{name}" for name in ("reporting", "wrapping", "problems")),
        "logging",
        "json",
    )
    found = imported(f"sys.path[:0] = {sys.path!r}; import flext_exceptions")
    assert "flext_exceptions.base" in found and not [name for name in found if name.startswith(unwanted)]
