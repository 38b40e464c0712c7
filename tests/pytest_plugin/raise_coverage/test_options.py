"""The options and settings of raise coverage, and what is said where they do not fit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flext_analysis.semantics.inventory import Inventory, TypedSite
from flext_pytest.raise_coverage.raise_events import CONSTRUCTORS
from flext_pytest.raise_coverage.summary import CoverageResult
from tests.pytest_plugin.plugins import ALONE
from tests.pytest_plugin.raise_coverage.runs import CART, TESTS, WAY, run, write

pytest_plugins = ["pytester"]


@pytest.mark.parametrize(
    "asked, status, said",
    [
        ("50", 0, None),
        ("0", 0, None),
        ("50.1", 1, "--flext-raise-fail-under: 50.0% of the raise sites were reached, fewer than 50.1%"),
        ("100", 1, "--flext-raise-fail-under: 50.0% of the raise sites were reached, fewer than 100%"),
    ],
)
def test_too_few_reached_sites_fail_the_run(asked: str, status: int, said: str | None, shop: pytest.Pytester) -> None:
    """The option alone turns the measuring on; what is asked for is enough."""
    result = run(shop, f"--flext-raise-fail-under={asked}")
    assert result.ret == status
    result.stdout.fnmatch_lines(["shop: 1 of 2 *"])
    if said is None:
        result.stdout.no_fnmatch_line("--flext-raise-fail-under*")
    else:
        assert said in result.outlines


def test_tests_that_fail_are_not_hidden(shop: pytest.Pytester) -> None:
    """Nor is an interrupted run's status changed."""
    write(shop, {"tests/test_wrong.py": "def test_wrong():\n    assert False"})
    assert run(shop, "--flext-raise-fail-under=10").ret == 1
    write(shop, {"tests/test_wrong.py": "def test_wrong():\n    raise KeyboardInterrupt"})
    assert run(shop, "--flext-raise-fail-under=100").ret == 2


@pytest.mark.parametrize(
    "reached, total, percent", [(0, 3, 0.0), (2, 3, 66.6), (1999, 2000, 99.9), (3, 3, 100.0), (0, 0, None)]
)
def test_a_percentage_is_never_rounded_up(reached: int, total: int, percent: float | None) -> None:
    """A hundred are all."""
    sites = [TypedSite(Path("m.py"), line, line, "X", "m.X", "", False) for line in range(total)]
    result = CoverageResult(Path(), ("m",), WAY, Inventory(sites, 0, {}), frozenset(sites[:reached]))
    assert result.percent == percent
    assert len(result.missed) == total - reached


@pytest.mark.parametrize(
    "option, said",
    [
        (
            "--flext-raise-coverage=xml",
            "--flext-raise-coverage: 'xml' is not valid; valid is --flext-raise-coverage=json:PATH",
        ),
        ("--flext-raise-coverage=json:", "--flext-raise-coverage: 'json:' is not valid"),
        ("--flext-raise-coverage=html:a.html", "--flext-raise-coverage: 'html:a.html' is not valid"),
        ("--flext-raise-coverage=json:nowhere/a.json", "--flext-raise-coverage: there is no folder "),
        ("--flext-raise-coverage=json:shop", "--flext-raise-coverage: "),
        (
            "--flext-raise-fail-under=101",
            "--flext-raise-fail-under: '101' is not valid; valid is a percentage from 0 to 100",
        ),
        ("--flext-raise-fail-under=-1", "--flext-raise-fail-under: '-1' is not valid"),
        ("--flext-raise-fail-under=nan", "--flext-raise-fail-under: 'nan' is not valid"),
        ("--flext-raise-fail-under=half", "--flext-raise-fail-under: 'half' is not valid"),
        ("--flext-raise-fail-under=", "--flext-raise-fail-under: '' is not valid"),
    ],
)
def test_a_wrong_option_is_a_usage_error_before_any_test(option: str, said: str, shop: pytest.Pytester) -> None:
    """It names the option, and what is valid."""
    result = shop.runpytest_inprocess(*ALONE, option)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert [line for line in result.errlines if line.startswith(f"ERROR: {said}")]
    result.stdout.no_fnmatch_line("*passed*")
    result.stderr.no_fnmatch_line("*Traceback*")


def test_a_swallowed_path_is_named_with_the_way_to_write_it(shop: pytest.Pytester) -> None:
    """``--flext-raise-coverage tests`` takes tests for its value."""
    result = shop.runpytest_inprocess(*ALONE, "--flext-raise-coverage", "tests")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: --flext-raise-coverage: 'tests' is not valid; *, or --flext-raise-coverage alone, after all paths"]
    )


@pytest.mark.parametrize("name", ["nix", "shop/", "../shop", "shop.nix", "nix.cart", "1", ""])
def test_a_package_that_is_not_there_is_a_usage_error(name: str, shop: pytest.Pytester) -> None:
    """It is named, and where it was looked for."""
    result = run(shop, "--flext-raise-coverage", "-o", f"flext_packages='{name}'")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: flext_packages: no package or module '{name}' in *"])


def test_broken_settings_of_the_project_are_a_usage_error(shop: pytest.Pytester) -> None:
    """In one line, that names the file."""
    for wrong in ("[tool.flext", "[tool.flext]\nbase = 1", "[tool.flext]\nbases = []", "[tool.flext]\ntests = ['!']"):
        write(shop, {"pyproject.toml": wrong})
        result = run(shop, "--flext-raise-coverage")
        assert result.ret == pytest.ExitCode.USAGE_ERROR, wrong
        assert len(result.errlines) <= 2, wrong
        result.stderr.fnmatch_lines(["ERROR: *pyproject.toml*"])


def test_collecting_only_measures_nothing(shop: pytest.Pytester) -> None:
    """There is nothing to say."""
    result = run(shop, "--flext-raise-fail-under=100", "--collect-only")
    assert result.ret == 0
    result.stdout.no_fnmatch_line("*raise coverage*")


def test_which_packages_are_looked_at(pytester: pytest.Pytester) -> None:
    """Without a setting those in the root and in src, but no test code; with one those that it names."""
    raising = "from flext_exceptions import FlextExceptions as X\ndef f():\n    raise X.Error('m')\n"
    names = [
        "one/__init__.py",
        "src/two/__init__.py",
        "tests/__init__.py",
        "three.py",
        "src/two/tests/data.py",
        "src/six.py",
    ]
    write(pytester, {**dict.fromkeys(names, raising), "four/five/deep.py": raising, "test_it.py": "def test(): pass"})

    def asked(*options: str) -> list[str]:
        pytester.makefile(".ini", pytest="[pytest]\n")
        run(pytester, "--flext-raise-coverage=json:found.json", *options)
        found = json.loads((pytester.path / "found.json").read_text())
        return [each["file"] for each in found["raises"]]

    assert asked() == ["one/__init__.py", "src/two/__init__.py"]
    assert asked("-o", "flext_packages=three two") == ["src/two/__init__.py", "three.py"]
    assert asked("-o", "flext_packages=six") == ["src/six.py"]
    assert asked("-o", "flext_packages=four.five") == ["four/five/deep.py"]
    write(pytester, {"pyproject.toml": "[tool.flext]\ntests = ['one/**']"})
    assert asked() == ["src/two/__init__.py"]


def test_no_package_and_no_site_are_said(pytester: pytest.Pytester) -> None:
    """And are no failure, whatever is asked for."""
    write(pytester, {"test_it.py": "def test(): pass"})
    result = run(pytester, "--flext-raise-fail-under=100")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["no package in * or its src; name yours in pytest's settings: flext_packages = shop"])
    write(pytester, {"shop/__init__.py": "x = 1"})
    result = run(pytester, "--flext-raise-fail-under=100")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["shop: no raise site of a typed error"])


def test_a_file_that_does_not_parse_is_named(shop: pytest.Pytester) -> None:
    """The others are looked at."""
    write(shop, {"shop/torn.py": "raise FlextExceptions.Error(  # of flext_exceptions"})
    result = run(shop, "--flext-raise-coverage")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["shop: 1 of 2 *", "not read: shop/torn.py does not parse: * (line 1)"])


def test_exempt_sites_are_counted_apart(shop: pytest.Pytester) -> None:
    """They count neither as reached nor as missed."""
    write(shop, {"shop/cart.py": CART.replace('"too many",', '"too many",  # pragma: no cover')})
    result = run(shop, "--flext-raise-coverage")
    result.stdout.fnmatch_lines(["shop: 1 of 1 *", "exempt by '# pragma: no cover': 1"])


def test_a_file_that_cannot_be_written_at_the_end_is_said(shop: pytest.Pytester) -> None:
    """The folder was there when the run began."""
    write(shop, {"out/keep": "", "tests/test_it.py": "import shutil\ndef test():\n    shutil.rmtree('out')"})
    result = run(shop, "--flext-raise-coverage=json:out/a.json", "tests")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["--flext-raise-coverage: *a.json cannot be written: No such file or directory"])


def test_what_the_project_declares_is_said_to_be_seen_from_3_12_on(shop: pytest.Pytester) -> None:
    """The construction of a foreign error is not reported; the interpreter reports its raise."""
    write(
        shop,
        {
            "pyproject.toml": "[tool.flext]\nbase = ['company.CompanyError']",
            "company.py": "class CompanyError(Exception): ...",
            "shop/cart.py": "import company\nclass Cart:\n    def add(self, n):\n        raise company.CompanyError",
            "tests/test_cart.py": TESTS.replace("FlextExceptions.ValidationError", "Exception").replace(
                "add(1)", "add"
            ),
        },
    )
    result = run(shop, "--flext-raise-coverage")
    if WAY == CONSTRUCTORS:
        result.stdout.fnmatch_lines(
            ["shop: 0 of 1 *", "classes that *tool.flext* declares* from Python 3.12 on", "missed:"]
        )
    else:
        result.stdout.fnmatch_lines(["shop: 1 of 1 *"])
        result.stdout.no_fnmatch_line("classes that*")
