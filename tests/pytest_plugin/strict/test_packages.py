"""Which packages are watched, and which of their files are test code."""

from __future__ import annotations

import asyncio  # noqa: F401  here, for good: imported again by each run within a test, it differs from its C half
import json
import shutil
import unittest.case
from pathlib import Path

import pytest

import flext_exceptions
from flext_analysis.settings import Settings
from flext_pytest import strict
from flext_pytest.strict.boundary import LIBRARY, TESTS, Boundary
from tests.pytest_plugin.plugins import ALONE, alone
from tests.pytest_plugin.strict.runs import HEAD, LEFT, STRICT, at, make, run, said

pytest_plugins = ["pytester"]


def test_the_packages_are_those_of_the_setting(pytester: pytest.Pytester) -> None:
    """A part of a package is one as well; what is not in it is test code then."""
    source = "def test_it():\n    with pytest.raises(ValueError): order(ValueError())"
    settings = "[tool.pytest.ini_options]\nflext_packages = ['shop.{}']"
    run(pytester, source, settings=settings.format("errors")).assert_outcomes(passed=1)
    result = run_again(pytester, settings.format("stock"))
    result.stdout.fnmatch_lines([f"ValueError left shop.stock untyped: raised at {at('take')} in take{STRICT}"])


def run_again(pytester: pytest.Pytester, settings: str) -> pytest.RunResult:
    """Run the same tests with other settings."""
    pytester.makepyprojecttoml(settings)
    return pytester.runpytest_inprocess(*ALONE, "--flext-strict")


def test_test_code_inside_a_package_is_test_code(pytester: pytest.Pytester) -> None:
    """By the usual names, and by the project's globs."""
    files = "[tool.pytest.ini_options]\npython_files = '*_of_cart.py test_*.py'"
    make(pytester, "", f"[tool.flext]\ntests = ['shop/checks/**']\n{files}")
    source = f"""{HEAD}
def test_callback():
    def fail(): raise ValueError
    with pytest.raises(ValueError): call(fail)

def test_left():
    with pytest.raises(ValueError): order(ValueError())
"""
    for folder, name in (("tests", "test_cart"), ("checks", "checks_of_cart")):
        (pytester.path / "shop" / folder).mkdir()
        (pytester.path / "shop" / folder / "__init__.py").touch()
        (pytester.path / "shop" / folder / f"{name}.py").write_text(source)
    pytester.runpytest_inprocess(*ALONE, "--flext-strict").assert_outcomes(passed=2, failed=2)
    result = run_again(pytester, files)  # what the package itself catches has not left it
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(["FAILED shop/tests/test_cart.py::test_left *"])


def test_an_installed_copy_is_the_package_too(pytester: pytest.Pytester) -> None:
    """Where it is the one that is imported."""
    make(pytester, "def test_it():\n    with pytest.raises(ValueError): order(ValueError())")
    installed = pytester.path / "lib" / "site-packages"
    shutil.copytree(pytester.path / "shop", installed / "shop")
    (pytester.path / "src").mkdir()
    (pytester.path / "shop").rename(pytester.path / "src" / "shop")
    pytester.makepyprojecttoml(
        f"[tool.pytest.ini_options]\nflext_packages = ['shop']\npythonpath = ['{installed.as_posix()}']"
    )
    result = pytester.runpytest_inprocess(*ALONE, "--flext-strict")
    result.assert_outcomes(failed=1)
    [line] = said(result)
    assert line == LEFT.replace("shop/", "lib/site-packages/shop/")


def test_a_package_behind_a_symbolic_link_is_the_package_too(pytester: pytest.Pytester, tmp_path: Path) -> None:
    """Whichever way its code is named."""
    make(pytester, "def test_it():\n    with pytest.raises(ValueError): order(ValueError())")
    (pytester.path / "shop").rename(tmp_path / "shop")
    (pytester.path / "shop").symlink_to(tmp_path / "shop")
    result = pytester.runpytest_inprocess(*ALONE, "--flext-strict")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["ValueError left shop untyped: raised at */shop/stock.py:2 in take, left at *"])


def test_what_is_no_package_is_a_library_or_test_code(tmp_path: Path) -> None:
    """Although all of it may stand below the root, as with an environment inside the project."""
    boundary = Boundary(Path("/"), {}, Settings())
    libraries = [json.__file__, unittest.case.__file__, pytest.__file__, flext_exceptions.__file__, strict.__file__]
    assert {boundary.owner(file) for file in (*libraries, "<string>", "<frozen importlib>")} == {LIBRARY}
    for name in ("site-packages", "dist-packages"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "other.py").touch()
        assert boundary.owner(str(tmp_path / name / "other.py")) == LIBRARY
    assert boundary.owner(__file__) == TESTS
    assert Boundary(Path("/nowhere"), {}, Settings()).owner(__file__) == LIBRARY


WRONG = {
    "no package at all": ("[tool.pytest.ini_options]", "--flext-strict: no package in * or its src; name yours: *"),
    "an unknown package": (
        "[tool.pytest.ini_options]\nflext_packages = ['nowhere']",
        "flext_packages: no package or module 'nowhere' in *",
    ),
    "a wrong setting": (
        "[tool.flext]\nbase = 'x'\n[tool.pytest.ini_options]",
        "*[[]tool.flext] base: 'x' is not a list *",
    ),
}


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "xdist"])
@pytest.mark.parametrize(("settings", "line"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_looked_at_is_a_usage_error(
    pytester: pytest.Pytester, settings: str, line: str, options: tuple[str, ...]
) -> None:
    """Before any test runs."""
    pytester.makepyprojecttoml(settings)
    pytester.makepyfile(test_shop="def test_it(): pass")
    if "[tool.flext]" in settings:
        pytester.mkpydir("shop")
    result = pytester.runpytest_inprocess(*alone("--flext-strict", *options))
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {line}"])
    assert not [each for each in result.outlines if each]
