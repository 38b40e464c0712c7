"""The table and the JSON report name types, tests, and errors that were never asserted on."""

from __future__ import annotations

import textwrap

import pytest

from tests.pytest_plugin.plugins import ALONE
from tests.pytest_plugin.report.runs import OURS, SHOP, lines, read, report, run

pytest_plugins = ["pytester"]


def test_the_table_names_types_tests_and_what_was_never_asserted_on(pytester: pytest.Pytester) -> None:
    """In alphabetical order; what was made outside a test is there as well."""
    result = run(pytester, SHOP, "--flext-report")
    assert result.ret == 0
    assert lines(result) == [
        "error              made  in tests  asserted on in",
        "ConnectionError       1         0           never",
        "    module fixture shop of test_shop.py (1)",
        "KeyError              9         4           never",
        "    test_shop.py::test_order[0] (2)",
        "    test_shop.py::test_order[1] (2)",
        "    test_shop.py::test_order[2] (2)",
        "    ... and 1 more",
        "    collection of test_shop.py (1)",
        "TimeoutError          1         0           never",
        "    module fixture shop of test_shop.py (1)",
        "test_shop.SoldOut     1         1               1",
        "    test_shop.py::test_sold_out (1)",
        "4 types, 12 errors",
        "never asserted on: ConnectionError, KeyError, TimeoutError",
        "Asserted on: pytest.raises, RaisesGroup, flext_raises, assert_error or assertRaises accepted one of the type.",
        "Errors that a test catches with try and compares by hand are not seen, nor those of other processes.",
    ]


def test_the_document_holds_all(pytester: pytest.Pytester) -> None:
    """And not only the first tests of each type."""
    assert report(pytester, SHOP) == {
        "version": 1,
        "made": 12,
        "types": [
            {
                "error": "ConnectionError",
                "made": 1,
                "codes": {"FLEXT_2001": 1},
                "tests": {},
                "elsewhere": {"module fixture shop of test_shop.py": 1},
                "asserted_on_in": [],
            },
            {
                "error": "KeyError",
                "made": 9,
                "codes": {"KEY_ERROR": 9},
                "tests": {f"test_shop.py::test_order[{sku}]": 2 for sku in range(4)},
                "elsewhere": {"collection of test_shop.py": 1},
                "asserted_on_in": [],
            },
            {
                "error": "TimeoutError",
                "made": 1,
                "codes": {"FLEXT_2002": 1},
                "tests": {},
                "elsewhere": {"module fixture shop of test_shop.py": 1},
                "asserted_on_in": [],
            },
            {
                "error": "test_shop.SoldOut",
                "made": 1,
                "codes": {"SHOP_7": 1},
                "tests": {"test_shop.py::test_sold_out": 1},
                "elsewhere": {},
                "asserted_on_in": ["test_shop.py::test_sold_out"],
            },
        ],
        "never_asserted_on": ["ConnectionError", "KeyError", "TimeoutError"],
        "lost": [],
    }


def test_without_the_option_nothing_is_said_or_changed(pytester: pytest.Pytester) -> None:
    """Neither in the terminal nor in JUnit, and no module of ours is imported for it."""
    source = """
        import sys
        def test_it():
            X.KeyError("m")
            assert not {"flext_pytest.report", "flext_pytest.report.counts"} & sys.modules.keys()
        """
    pytester.makepyfile(test_shop=f"{OURS}\n{textwrap.dedent(source)}")
    result = pytester.runpytest_subprocess(*ALONE, "--junitxml=junit.xml")
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*typed errors*")
    assert "properties" not in (pytester.path / "junit.xml").read_text()


def test_a_run_that_makes_no_error_says_so(pytester: pytest.Pytester) -> None:
    """In a line; and its document is empty, its tests have no properties."""
    result = run(pytester, "def test_it(): pass", "--flext-report=json:report.json", "--junitxml=junit.xml")
    assert lines(result) == ["no typed error was created"]
    assert read(pytester) == {"version": 1, "made": 0, "types": [], "never_asserted_on": [], "lost": []}
    assert "properties" not in (pytester.path / "junit.xml").read_text()


def test_collection_alone_is_no_run(pytester: pytest.Pytester) -> None:
    """Nothing is printed or written."""
    result = run(pytester, SHOP, "--flext-report=json:report.json", "--collect-only")
    result.stdout.no_fnmatch_line("*typed errors*")
    assert not (pytester.path / "report.json").exists()
