"""A run says which raise sites its tests reached, and fails where fewer were reached than are asked for."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from flext_analysis.semantics.inventory import Inventory, TypedSite
from flext_exceptions import settings
from flext_pytest.raise_coverage.raise_events import CONSTRUCTORS, EVENTS
from flext_pytest.raise_coverage.summary import CoverageResult
from tests.pytest_plugin.plugins import ALONE, alone, only

pytest_plugins = ["pytester"]

WAY = EVENTS if sys.version_info >= (3, 12) else CONSTRUCTORS
CART = """
from flext_exceptions import FlextExceptions

class Cart:
    def add(self, count):
        if count < 1:
            raise FlextExceptions.ValidationError("count below one", field="count")
        if count > 99:
            raise FlextExceptions.ValidationError(
                "too many",
                field="count",
            )
"""
TESTS = """
import pytest
from flext_exceptions import FlextExceptions
from shop.cart import Cart

def test_few():
    with pytest.raises(FlextExceptions.ValidationError):
        Cart().add(0)
def test_right():
    Cart().add(1)
"""
MISSED = "  shop/cart.py:8: raise FlextExceptions.ValidationError in Cart.add"


@pytest.fixture(autouse=True)
def nobody_watches() -> Iterator[None]:
    """Runs in this process leave no watcher behind."""
    before = settings.current.watchers
    yield
    assert settings.current.watchers == before


@pytest.fixture
def shop(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project: a package with two raise sites, of which its tests reach one."""
    write(pytester, {"shop/__init__.py": "", "shop/cart.py": CART, "tests/test_cart.py": TESTS})
    pytester.makeini("[pytest]\npythonpath = .\n")
    return pytester


def write(pytester: pytest.Pytester, files: dict[str, str]) -> None:
    """Write files below the project's folder."""
    for name, text in files.items():
        file = pytester.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip("\n"))


def run(pytester: pytest.Pytester, *options: str) -> pytest.RunResult:
    """Run the tests in a process of their own."""
    return pytester.runpytest_subprocess(*alone(*options))


def test_the_summary_says_how_many_were_reached_and_names_each_that_was_missed(shop: pytest.Pytester) -> None:
    """File and line, what it raises, and in which function."""
    result = run(shop, "--flext-raise-coverage")
    assert result.ret == 0
    shown = result.outlines[result.outlines.index(next(line for line in result.outlines if "raise coverage" in line)) :]
    assert shown[1:4] == [f"shop: 1 of 2 raise sites reached (50.0%), seen by {WAY}", "missed:", MISSED]


def test_without_the_option_nothing_is_said(shop: pytest.Pytester) -> None:
    """Nor is anything watched."""
    result = run(shop)
    assert result.ret == 0
    result.stdout.no_fnmatch_line("*raise*")


def test_all_reached_lists_nothing(shop: pytest.Pytester) -> None:
    """The list is not there when it would be empty."""
    write(shop, {"tests/test_more.py": TESTS.replace("add(0)", "add(100)")})
    result = run(shop, "--flext-raise-coverage")
    result.stdout.fnmatch_lines([f"shop: 2 of 2 raise sites reached (100.0%), seen by {WAY}"])
    result.stdout.no_fnmatch_line("missed:")


def test_the_document_for_ci(shop: pytest.Pytester) -> None:
    """Every site, reached or not, in the order of file and line."""
    assert run(shop, "--flext-raise-coverage=json:raises.json").ret == 0
    found = json.loads((shop.path / "raises.json").read_text())
    both = {"file": "shop/cart.py", "error": "FlextExceptions.ValidationError", "function": "Cart.add"}
    assert found == {
        "version": 1,
        "packages": ["shop"],
        "way": WAY,
        "sites": 2,
        "reached": 1,
        "exempt": 0,
        "unseen": 0,
        "percent": 50.0,
        "raises": [
            {**both, "line": 6, "end_line": 6, "reached": True},
            {**both, "line": 8, "end_line": 11, "reached": False},
        ],
        "unreadable": [],
    }


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


def test_workers_add_up(shop: pytest.Pytester) -> None:
    """Each of two workers reaches one site."""
    write(shop, {"tests/test_more.py": TESTS.replace("add(0)", "add(100)")})
    for distribution in ("load", "loadfile"):
        result = run(shop, "--flext-raise-coverage", "-n", "2", "--dist", distribution)
        assert result.ret == 0
        result.stdout.fnmatch_lines([f"shop: 2 of 2 raise sites reached (100.0%), seen by {WAY}"])


CRASH = """
import os
from shop.cart import Cart
def test_crash():
    try:
        Cart().add(100)
    except ValueError:
        os._exit(1)
"""


def test_what_a_worker_reached_before_it_crashed_counts(shop: pytest.Pytester) -> None:
    """To the last raise; the run fails for the crash."""
    write(shop, {"tests/test_a_crash.py": CRASH})
    result = run(shop, "--flext-raise-coverage", "-n", "1", "--max-worker-restart", "1")
    assert result.ret == 1
    result.stdout.fnmatch_lines([f"shop: 2 of 2 raise sites reached (100.0%), seen by {WAY}"])


def test_a_worker_on_another_machine_that_crashes_is_said(shop: pytest.Pytester) -> None:
    """Its file is not here; what the others saw stands."""
    elsewhere = """
    import pytest
    @pytest.hookimpl(trylast=True)
    def pytest_configure_node(node):
        del node.workerinput["flext_raise_events"]
    """
    write(shop, {"tests/test_a_crash.py": CRASH, "conftest.py": elsewhere})
    result = run(shop, "--flext-raise-coverage", "-n", "1", "--max-worker-restart", "1")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["--flext-raise-coverage: worker gw* ended before it could report what it reached"])
    result.stdout.fnmatch_lines(["shop: 1 of 2 *"])


NAMES = """
from flext_exceptions import FlextExceptions

class Cart:
    def bad(self, count):
        return FlextExceptions.ValidationError(f"not {count}")

    def add(self, count):
        if count == 1:
            error = FlextExceptions.ValidationError("one")
            raise error
        if count == 2:
            raise self.bad(count)
        if count == 3:
            error = self.bad(count)
            raise error
        try:
            self.add(count - 1)
        except FlextExceptions.ValidationError as caught:
            raise caught

    def refuse(self, error: FlextExceptions.BaseError):
        raise error
"""


def test_what_is_raised_by_a_name_or_given_by_a_method_counts(shop: pytest.Pytester) -> None:
    """Where errors are told as they are created, not what was caught or handed over: that is said."""
    tests = """
    import pytest
    from flext_exceptions import FlextExceptions
    from shop.cart import Cart
    @pytest.mark.parametrize("count", [1, 2, 3, 4])
    def test_add(count):
        with pytest.raises(ValueError):
            Cart().add(count)
    """
    write(shop, {"shop/cart.py": NAMES, "tests/test_cart.py": tests})
    result = run(shop, "--flext-raise-coverage", "-k", "1 or 2")
    missed = "  shop/cart.py:{}: raise {} in Cart.{}"
    if WAY == CONSTRUCTORS:
        away = "not counted: 2 raise sites of an error that was caught or passed on; seen from Python 3.12 on"
        result.stdout.fnmatch_lines(["shop: 2 of 3 *", away, missed.format(15, "error", "add")])
    else:
        result.stdout.fnmatch_lines(
            ["shop: 2 of 5 *", *(missed.format(*each) for each in ((15, "error", "add"), (19, "caught", "add")))]
        )
    result = run(shop, "--flext-raise-coverage")
    result.stdout.fnmatch_lines(["shop: 3 of 3 *"] if WAY == CONSTRUCTORS else ["shop: 4 of 5 *"])


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


def test_an_installed_copy_is_what_counts(shop: pytest.Pytester) -> None:
    """The tests import it from elsewhere, so its files are the ones that are looked at, with workers as without."""
    write(shop, {f"site/shop/{name}": (shop.path / "shop" / name).read_text() for name in ("__init__.py", "cart.py")})
    shop.makeini("[pytest]\npythonpath = site\n")
    for options in ((), ("-n", "1")):
        result = run(shop, "--flext-raise-coverage", "--import-mode=importlib", *options)
        result.stdout.fnmatch_lines(["shop: 1 of 2 *", MISSED.replace("shop/cart.py", "site/shop/cart.py")])


@pytest.mark.parametrize("mode", ["prepend", "append", "importlib"])
def test_every_import_mode(mode: str, shop: pytest.Pytester) -> None:
    """A package that a conftest has imported before the run began is seen as well."""
    write(shop, {"conftest.py": "import shop.cart\n"})
    run(shop, "--flext-raise-coverage", f"--import-mode={mode}").stdout.fnmatch_lines(
        ["shop: 1 of 2 *", "missed:", MISSED]
    )


def test_unittest_classes_asynchronous_tests_and_threads(shop: pytest.Pytester) -> None:
    """Whatever runs in the process counts."""
    write(
        shop,
        {
            "tests/test_cart.py": """
            import asyncio, threading, unittest
            from shop.cart import Cart
            class TestCart(unittest.TestCase):
                def test_few(self):
                    with self.assertRaises(ValueError):
                        Cart().add(0)
            def swallow():
                try: Cart().add(100)
                except ValueError: pass
            async def test_many():
                thread = threading.Thread(target=swallow)
                thread.start()
                await asyncio.sleep(0)
                thread.join()
            """
        },
    )
    result = shop.runpytest_subprocess(*only("asyncio"), "--flext-raise-coverage", "--asyncio-mode=auto")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["shop: 2 of 2 *"])


@pytest.mark.parametrize("core", ["ctrace", *(["sysmon"] if sys.version_info >= (3, 12) else [])])
def test_it_measures_beside_coverage(core: str, shop: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both say what they say alone."""
    monkeypatch.setenv("COVERAGE_CORE", core)
    write(shop, {".coveragerc": "[run]\nsource = shop\n"})
    measured = [sys.executable, "-m", "coverage", "run", "-m", "pytest", *ALONE, "--flext-raise-coverage"]
    said = subprocess.run(measured, cwd=shop.path, capture_output=True, text=True, check=True).stdout
    assert f"shop: 1 of 2 raise sites reached (50.0%), seen by {WAY}" in said
    table = [sys.executable, "-m", "coverage", "json", "-o", "-"]
    shown = subprocess.run(table, cwd=shop.path, capture_output=True, text=True, check=True).stdout
    files = json.loads(shown[shown.index("{") :])["files"]
    assert files[str(Path("shop", "cart.py"))]["missing_lines"] == [8]


def test_a_file_that_cannot_be_written_at_the_end_is_said(shop: pytest.Pytester) -> None:
    """The folder was there when the run began."""
    write(shop, {"out/keep": "", "tests/test_it.py": "import shutil\ndef test():\n    shutil.rmtree('out')"})
    result = run(shop, "--flext-raise-coverage=json:out/a.json", "tests")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["--flext-raise-coverage: *a.json cannot be written: No such file or directory"])


def test_what_the_project_declares_is_said_to_be_seen_from_3_12_on(shop: pytest.Pytester) -> None:
    """The making of an error that is none of the library's is not told; the interpreter tells its raise."""
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
