"""The examples of the patterns are true, and importing the library brings none of them."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import subprocess
import sys

import pytest

from flext_exceptions import FlextExceptions, patterns

MODULES = [name for _, name, _ in pkgutil.iter_modules(patterns.__path__, "flext_exceptions.patterns.")]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_are_true(name: str) -> None:
    """Each runs, and shows what it says; each module has one."""
    module = importlib.import_module(name)
    tests = doctest.DocTestFinder().find(module, extraglobs={"FlextExceptions": FlextExceptions})
    assert any(test.examples for test in tests)
    for test in tests:
        assert doctest.DocTestRunner().run(test).failed == 0, test.name


def test_the_library_imports_no_pattern() -> None:
    """Nor what only they need."""
    code = f"import sys; sys.path[:0] = {sys.path!r}; import flext_exceptions; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True)
    unwanted = ("flext_exceptions.patterns", "flext_exceptions.reporting", "flext_exceptions.wrapping", "logging")
    assert not [name for name in done.stdout.split() if name.startswith(unwanted)]
