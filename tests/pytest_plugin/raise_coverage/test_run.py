"""A run says which raise sites its tests reached, and fails where fewer were reached than are asked for."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from flext_pytest.raise_coverage.raise_events import CONSTRUCTORS
from tests.pytest_plugin.plugins import ALONE, only
from tests.pytest_plugin.raise_coverage.runs import MISSED, TESTS, WAY, run, write

pytest_plugins = ["pytester"]


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
    """If errors are only reported when created, the report says that other ways of raising are not seen."""
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
