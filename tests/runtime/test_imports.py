"""The package costs little to import, and needs nothing but Python."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import subprocess
import sys
from types import ModuleType

import pytest

import flext_exceptions
from flext_exceptions import FlextExceptions

MODULES = [name for _, name, _ in pkgutil.iter_modules(flext_exceptions.__path__, "flext_exceptions.")]

# What is imported where it is first needed.
LATE = (
    "_internal.durations", "_internal.namespaces", "_internal.notes", "configuration", "documents",
    "documents.from_dict", "documents.json_values", "documents.problem_details", "documents.to_dict",
)  # fmt: skip


def loaded(code: str) -> set[str]:
    """The modules that are loaded after this code, in a Python that loads nothing by itself."""
    show = "import sys; sys.stdout.write(' '.join(sys.modules))"
    command = [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}; {code}; {show}"]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def test_the_import_brings_no_heavy_module() -> None:
    """Neither directly nor through another module."""
    new = loaded("import flext_exceptions") - loaded("import os")  # which Python itself loads at start
    heavy = "typing logging json dataclasses uuid threading contextlib collections re enum warnings pickle copy".split()
    assert not new & set(heavy)
    assert {name for name in new if not name.startswith("flext_exceptions")} <= {
        "__future__", "_contextvars", "_operator", "itertools",
    }  # fmt: skip


def test_what_makes_documents_is_loaded_where_one_is_made() -> None:
    """Neither by the import nor by an error, its repr and its copies."""
    lazy = {f"flext_exceptions.{name}" for name in LATE}
    use = "import copy; from flext_exceptions import FlextExceptions as F; e = F('m', field='f'); repr(e); copy.copy(e)"
    assert not loaded(use) & lazy
    assert loaded(f"{use}; e.to_dict()") & lazy == {
        f"flext_exceptions.{name}"
        for name in ("_internal.notes", "documents", "documents.to_dict", "documents.json_values")
    }


def test_the_runtime_does_not_import_the_catalogue_or_any_tool() -> None:
    """Imports point one way."""
    new = loaded("import flext_exceptions; flext_exceptions.FlextExceptions('m', field='f')") - loaded("pass")
    assert "flext_exceptions.catalogue" not in new
    others = {name.partition(".")[0] for name in new if name.startswith("flext")}
    assert others == {"flext_exceptions"}


def test_pytest_is_told_to_leave_the_package_alone() -> None:
    """It would rewrite its assertions once the distribution ships a plugin."""
    assert "PYTEST_DONT_REWRITE" in (flext_exceptions.__doc__ or "")


def examples(module: ModuleType) -> list[doctest.DocTest]:
    """The doctests of a module's own functions and classes, whatever name its classes go by in public."""
    space = {**vars(module), "FlextExceptions": FlextExceptions}
    found = doctest.DocTestFinder().find(module, globs=space)
    if module.__name__ == "flext_exceptions.root":  # the types say that they are flext_exceptions' own
        found += doctest.DocTestFinder().find(FlextExceptions, module=False, globs=space)  # type: ignore[arg-type]
    return [test for test in found if test.examples]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_are_true(name: str) -> None:
    """Each runs, and shows what it says."""
    with FlextExceptions.Metrics.isolated():
        for test in examples(importlib.import_module(name)):
            assert doctest.DocTestRunner().run(test).failed == 0, test.name


def test_the_examples_are_found() -> None:
    """Also those of classes that go by another module's name."""
    found = {test.name for name in MODULES for test in examples(importlib.import_module(name))}
    expected = "FlextExceptions BaseError.with_context FlextExceptions.correlation OSError FlextResult Counts".split()
    assert all(any(name.endswith(end) for name in found) for end in expected), found
