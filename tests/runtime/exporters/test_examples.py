"""The examples of the exporters are true, and importing the library brings none of them."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import subprocess
import sys

import pytest

from flext_exceptions import exporters

MODULES = [name for _, name, _ in pkgutil.iter_modules(exporters.__path__, "flext_exceptions.exporters.")]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_are_true(name: str) -> None:
    """Each runs, and shows what it says; each module has one."""
    tests = doctest.DocTestFinder().find(importlib.import_module(name))
    assert any(test.examples for test in tests)
    for test in tests:
        assert doctest.DocTestRunner().run(test).failed == 0, test.name


def test_the_library_imports_no_exporter() -> None:
    """Nor what they export to."""
    code = f"import sys; sys.path[:0] = {sys.path!r}; import flext_exceptions.reporting; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True)
    unwanted = ("flext_exceptions.exporters", "prometheus_client", "opentelemetry")
    assert not [name for name in done.stdout.split() if name.startswith(unwanted)]
