"""``--flext-report`` counts each typed error that is made, by type and test, and knows which were never asserted on."""

from __future__ import annotations

import json
import textwrap
import unittest.case
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flext_exceptions import FlextExceptions, settings
from flext_pytest import flext_raises
from flext_pytest.assertions.acceptance import watch_checks
from flext_pytest.report.counts import ErrorCounts, Place, Row
from flext_pytest.report.html_page import LISTED, page
from flext_pytest.report.json_document import document
from flext_pytest.report.terminal import summary

pytest_plugins = ["pytester"]

# The plugins of others are loaded in the runs that are about them.
OTHERS = ("randomly", "asyncio", "anyio", "hypothesispytest", "cacheprovider")
ALONE = tuple(word for name in OTHERS for word in ("-p", f"no:{name}"))
OURS = """
import pytest, threading, unittest
from flext_exceptions import FlextExceptions as X
from flext_pytest import *
"""


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """A run leaves no watcher behind, and nothing of pytest or unittest changed."""
    before = places()
    yield
    assert places() == before


def places() -> tuple[object, ...]:
    """Return what a run that reports changes while it lasts."""
    leave = unittest.case._AssertRaisesContext.__exit__  # type: ignore[attr-defined]
    return settings.current.watchers, pytest.ExceptionInfo.fill_unfilled, leave, flext_raises.matches


def run(pytester: pytest.Pytester, source: str, *options: str) -> pytest.RunResult:
    """Run tests in this process."""
    pytester.makepyfile(test_shop=f"{OURS}\n{textwrap.dedent(source)}")
    return pytester.runpytest_inprocess(*ALONE, *options)


def report(pytester: pytest.Pytester, source: str, *options: str) -> dict[str, Any]:
    """Run tests in this process, and return the JSON document."""
    result = run(pytester, source, "--flext-report=json:report.json", *options)
    assert result.ret in (0, 1), result.outlines
    return read(pytester)


def read(pytester: pytest.Pytester) -> dict[str, Any]:
    """Return the JSON document."""
    found: dict[str, Any] = json.loads((pytester.path / "report.json").read_text())
    return found


def lines(result: pytest.RunResult) -> list[str]:
    """Return the lines of the section of the terminal."""
    start = next(at for at, line in enumerate(result.outlines) if line.strip("=") == " typed errors ")
    end = next(at for at, line in enumerate(result.outlines) if at > start and line.startswith("="))
    return [line.rstrip() for line in result.outlines[start + 1 : end] if line]


SHOP = """
class SoldOut(X.ValidationError):
    code = "SHOP_7"

@pytest.fixture(scope="module")
def shop():
    X.ConnectionError("at the start")
    yield
    X.TimeoutError("at the end")

def test_sold_out(shop):
    with pytest.raises(SoldOut):
        raise SoldOut("A-1")

@pytest.mark.parametrize("sku", range(4))
def test_order(sku):
    X.KeyError("A"), X.KeyError("B")

X.KeyError("imported")
"""


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
        "What a test catches with try and except and compares by hand is not seen, nor what other processes make.",
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


# How a test checks an error, and which types it asserts on by that.
CHECKS = {
    "pytest.raises": ("with pytest.raises(ValueError): raise X.ValidationError('m')", ["ValidationError"]),
    "pytest.raises with a function": ("pytest.raises(LookupError, fail)", ["KeyError"]),
    "flext_raises": ("with flext_raises(X.KeyError, code='KEY_ERROR'): raise X.KeyError('m')", ["KeyError"]),
    "flext_raises of a cause": (
        "with flext_raises(ValueError, cause=X.KeyError): raise ValueError from X.KeyError('m')",
        ["KeyError"],
    ),
    "RaisesGroup": (
        "with pytest.RaisesGroup(X.KeyError, pytest.RaisesGroup(X.TimeoutError)):\n"
        "        raise ExceptionGroup('', [X.KeyError('m'), ExceptionGroup('', [X.TimeoutError('m')])])",
        ["KeyError", "TimeoutError"],
    ),
    "pytest.raises of a group": (
        "with pytest.raises(ExceptionGroup): raise ExceptionGroup('', [X.KeyError('m')])",
        ["KeyError"],
    ),
    "assert_error": ("assert_error(X.KeyError('m'), LookupError)", ["KeyError"]),
    "assertRaises": ("with case.assertRaises(LookupError): raise X.KeyError('m')", ["KeyError"]),
    "assertRaises with a function": ("case.assertRaises(LookupError, fail)", ["KeyError"]),
    "assertRaisesRegex": ("with case.assertRaisesRegex(LookupError, 'm'): raise X.KeyError('m')", ["KeyError"]),
    # What is no check, or accepts nothing:
    "no check": ("X.KeyError('m')", []),
    "try and except": ("try: raise X.KeyError('m')\n    except X.KeyError: pass", []),
    "another class": ("with pytest.raises(ValueError): raise X.KeyError('m')", []),
    "another message": ("with pytest.raises(X.KeyError, match='other'): raise X.KeyError('m')", []),
    "another code": ("with flext_raises(X.KeyError, code='SHOP_7'): raise X.KeyError('m')", []),
    "another code, in hand": ("assert_error(X.KeyError('m'), code='SHOP_7')", []),
    "another cause": ("with flext_raises(ValueError, cause=OSError): raise ValueError from X.KeyError('m')", []),
    "a cause that nobody expects": ("with flext_raises(ValueError): raise ValueError from X.KeyError('m')", []),
    "another group": ("with pytest.RaisesGroup(ValueError): raise ExceptionGroup('', [X.KeyError('m')])", []),
    "another class for unittest": ("with case.assertRaises(ValueError): raise X.KeyError('m')", []),
    "another text for unittest": ("with case.assertRaisesRegex(LookupError, 'a'): raise X.KeyError('m')", []),
    "no error at all": ("X.KeyError('m')\n    with pytest.raises(X.KeyError): pass", []),
}


@pytest.mark.parametrize(("check", "asserted"), CHECKS.values(), ids=CHECKS)
def test_an_error_is_asserted_on_if_a_check_accepts_it(
    pytester: pytest.Pytester, check: str, asserted: list[str]
) -> None:
    """By whichever class; a check that fails accepts nothing."""
    source = f"case = unittest.TestCase()\ndef fail(): raise X.KeyError('m')\ndef test_it():\n    {check}"
    found = report(pytester, source)
    assert [each["error"] for each in found["types"] if each["asserted_on_in"]] == asserted
    assert {*found["never_asserted_on"]} == {each["error"] for each in found["types"]} - {*asserted}
    assert found["types"], "an error was made in any case"


@pytest.mark.parametrize("option", ["--assert=plain", "--assert=rewrite"])
def test_a_check_that_fails_says_what_it_says_without_the_report(pytester: pytest.Pytester, option: str) -> None:
    """With no frame of ours."""
    source = """
        def refuse(error):
            raise RuntimeError("predicate")

        class TestIt(unittest.TestCase):
            def test_regex(self):
                with self.assertRaisesRegex(LookupError, "other"):
                    raise X.KeyError("m")

        def test_code():
            with flext_raises(X.KeyError, code="other"):
                raise X.KeyError("m")

        def test_predicate():
            with flext_raises(X.KeyError, code=refuse):
                raise X.KeyError("m")
        """
    run(pytester, source, option).assert_outcomes(failed=3)
    without = run(pytester, source, option)
    result = run(pytester, source, option, "--flext-report")
    end = next(at for at, line in enumerate(result.outlines) if line.strip("=") == " typed errors ")
    start = next(at for at, line in enumerate(result.outlines) if line.strip("=") == " FAILURES ")
    assert without.outlines[start:end] == result.outlines[start:end]
    assert end - start > 40


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
    assert lines(result) == ["no typed error was made"]
    assert read(pytester) == {"version": 1, "made": 0, "types": [], "never_asserted_on": [], "lost": []}
    assert "properties" not in (pytester.path / "junit.xml").read_text()


def test_collection_alone_is_no_run(pytester: pytest.Pytester) -> None:
    """Nothing is said or written."""
    result = run(pytester, SHOP, "--flext-report=json:report.json", "--collect-only")
    result.stdout.no_fnmatch_line("*typed errors*")
    assert not (pytester.path / "report.json").exists()


PLACES = {
    "the set-up of its fixture": (
        "@pytest.fixture\ndef one(): X.KeyError('m')\ndef test_it(one): pass",
        {"test_shop.py::test_it": 1},
    ),
    "the end of its fixture": (
        "@pytest.fixture\ndef one():\n    yield\n    X.KeyError('m')\ndef test_it(one): pass",
        {"test_shop.py::test_it": 1},
    ),
    "a thread": (
        "def test_it():\n    t = threading.Thread(target=X.KeyError, args=['m'])\n    t.start()\n    t.join()",
        {"test_shop.py::test_it": 1},
    ),
    "a failing test": ("def test_it(): raise X.KeyError('m')", {"test_shop.py::test_it": 1}),
    "a test of unittest": (
        "class TestIt(unittest.TestCase):\n    def test_it(self): X.KeyError('m')",
        {"test_shop.py::TestIt::test_it": 1},
    ),
    "the class of a test of unittest": (
        "class TestIt(unittest.TestCase):\n    @classmethod\n    def setUpClass(cls): X.KeyError('m')\n"
        "    def test_it(self): pass",
        {"class fixture _unittest_setUpClass_fixture_TestIt of test_shop.py::TestIt": 1},
    ),
    "a session fixture": (
        "@pytest.fixture(scope='session')\ndef one():\n    X.KeyError('m')\n    yield\n    X.KeyError('m')\n"
        "def test_it(one): pass",
        {"session fixture one": 2},
    ),
    "a session fixture that fails": (
        "@pytest.fixture(scope='session')\ndef one(): raise X.KeyError('m')\ndef test_it(one): pass",
        {"session fixture one": 1},
    ),
    "a session fixture that asks for another one": (
        "@pytest.fixture(scope='session')\ndef one():\n    yield\n    X.KeyError('m')\n"
        "@pytest.fixture(scope='session')\n"
        "def two(request):\n    request.getfixturevalue('one')\n    X.KeyError('m')\n    yield\n    X.KeyError('m')\n"
        "def test_it(two): X.KeyError('m')",
        {"session fixture one": 1, "session fixture two": 2, "test_shop.py::test_it": 1},
    ),
    "the test after a fixture that is set up anew": (
        "@pytest.fixture(scope='module', params=[1, 2])\ndef one(request): yield\ndef test_it(one): X.KeyError('m')",
        {"test_shop.py::test_it[1]": 1, "test_shop.py::test_it[2]": 1},
    ),
    "the test after a session fixture": (
        "@pytest.fixture(scope='session')\ndef one(): pass\n@pytest.fixture\ndef two(one): X.KeyError('m')\n"
        "def test_it(two): pass",
        {"test_shop.py::test_it": 1},
    ),
}


@pytest.mark.parametrize(("source", "made"), PLACES.values(), ids=PLACES)
def test_an_error_is_counted_where_it_is_made(pytester: pytest.Pytester, source: str, made: dict[str, int]) -> None:
    """For the test, or for the fixture that serves several."""
    [row] = report(pytester, source)["types"]
    assert row["tests"] | row["elsewhere"] == made
    assert {*row["tests"]} == {name for name in made if "fixture" not in name}


def test_what_is_made_between_the_tests_is_outside(pytester: pytest.Pytester) -> None:
    """By a hook, also one at the end."""
    pytester.makeconftest(
        """
        from flext_exceptions import FlextExceptions as X
        def pytest_runtestloop(): X.KeyError("m")
        def pytest_sessionfinish(): X.KeyError("m")
        """
    )
    [row] = report(pytester, "def test_it(): pass")["types"]
    assert (row["tests"], row["elsewhere"]) == ({}, {"outside tests": 2})


def test_the_end_of_fixtures_is_counted_when_the_run_ends_early(pytester: pytest.Pytester) -> None:
    """They are torn down when the session is finished."""
    source = """
        @pytest.fixture(scope="session")
        def one():
            yield
            X.KeyError("m")
        def test_first(one): assert False
        def test_second(one): pass
        """
    [row] = report(pytester, source, "-x")["types"]
    assert row["elsewhere"] == {"session fixture one": 1}


def test_a_run_that_is_broken_off_says_what_was_counted(pytester: pytest.Pytester) -> None:
    """And leaves nothing behind: the fixture above looks."""
    result = run(pytester, "def test_it():\n    X.KeyError('m')\n    pytest.exit('enough')", "--flext-report")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    assert "    test_shop.py::test_it (1)" in lines(result)


@pytest.mark.parametrize("hook", ["pytest_collection", "pytest_sessionstart", "pytest_configure"])
def test_a_run_that_fails_before_its_tests_leaves_nothing_behind(pytester: pytest.Pytester, hook: str) -> None:
    """Wherever that is."""
    pytester.makeconftest(f"import pytest\n@pytest.hookimpl(trylast=True)\ndef {hook}(): raise pytest.UsageError('no')")
    assert run(pytester, "def test_it(): pass", "--flext-report").ret == pytest.ExitCode.USAGE_ERROR


@pytest.mark.parametrize("family", ["xunit1", "xunit2"])
@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_junit_has_the_errors_of_each_test(pytester: pytest.Pytester, family: str, options: tuple[str, ...]) -> None:
    """As properties of the test, plain strings; those of its teardown are in it."""
    source = """
        class SoldOut(X.ValidationError):
            code = "SHOP <7>"

        @pytest.fixture
        def shop():
            yield
            X.KeyError("m")

        def test_two(shop):
            X.KeyError("m"), SoldOut("m")

        def test_odd():
            X.KeyError("m", error_code="\\x00\\ud800")

        def test_failing(record_property):
            X.TimeoutError("m")
            assert False

        def test_none():
            pass
        """
    pytester.makepyfile(test_shop=f"{OURS}\n{textwrap.dedent(source)}")
    pytester.runpytest_subprocess(
        *ALONE, "--flext-report", "--junitxml=junit.xml", "-o", f"junit_family={family}", *options
    ).assert_outcomes(passed=3, failed=1)
    cases = ElementTree.parse(pytester.path / "junit.xml").iter("testcase")
    found = {
        case.get("name"): {each.get("name"): each.get("value") for each in case.iter("property")} for case in cases
    }
    assert found == {
        "test_two": {"flext_errors": "KeyError=2 test_shop.SoldOut=1", "flext_codes": "KEY_ERROR=2 SHOP <7>=1"},
        "test_odd": {"flext_errors": "KeyError=1", "flext_codes": "#x00\\ud800=1"},
        "test_failing": {"flext_errors": "TimeoutError=1", "flext_codes": "FLEXT_2002=1"},
        "test_none": {},
    }


def test_a_test_that_is_run_again_has_its_properties_once(pytester: pytest.Pytester) -> None:
    """With what all its runs made; the properties of others stay."""
    pytester.makeconftest(
        """
        from _pytest.runner import runtestprotocol
        def pytest_runtest_protocol(item, nextitem):
            runtestprotocol(item, nextitem=nextitem, log=False)
            runtestprotocol(item, nextitem=nextitem)
            return True
        """
    )
    source = """
        def test_it(record_property):
            record_property("colour", "red")
            X.KeyError("m")
        """
    run(pytester, source, "--flext-report", "--junitxml=junit.xml", "-o", "junit_family=xunit1")
    found = [(each.get("name"), each.get("value")) for each in ElementTree.parse("junit.xml").iter("property")]
    assert found == [
        ("colour", "red"),
        ("colour", "red"),
        ("flext_errors", "KeyError=2"),
        ("flext_codes", "KEY_ERROR=2"),
    ]


def test_the_counts_of_workers_add_up(pytester: pytest.Pytester) -> None:
    """The tests of each are the same as in one process; what every worker makes for itself is made by each."""
    source = """
        @pytest.fixture(scope="session")
        def shop():
            X.ConnectionError("m")

        @pytest.mark.parametrize("sku", range(8))
        def test_order(sku, shop):
            for _ in range(sku):
                X.KeyError("m")
            with pytest.raises(X.TimeoutError):
                raise X.TimeoutError("m")
        """
    alone = report(pytester, source)
    pytester.runpytest_subprocess(*ALONE, "--flext-report=json:report.json", "-n", "2", "--dist=each").assert_outcomes(
        passed=16
    )
    each = read(pytester)
    pytester.runpytest_subprocess(*ALONE, "--flext-report=json:report.json", "-n", "2").assert_outcomes(passed=8)
    spread = read(pytester)
    assert alone["made"] == 1 + 28 + 8
    assert each["made"] == 2 * alone["made"]
    assert spread["types"][1:] == alone["types"][1:]
    assert spread["types"][0]["elsewhere"] == {"session fixture shop": 2}


def test_a_crashed_worker_is_named_and_the_counts_of_others_are_kept(pytester: pytest.Pytester) -> None:
    """In the terminal, and in the file."""
    source = """
        import os, time
        def test_crash():
            X.KeyError("lost")
            os._exit(1)
        def test_kept():
            time.sleep(0.2)
            X.TimeoutError("kept")
        """
    pytester.makepyfile(test_shop=f"{OURS}\n{textwrap.dedent(source)}")
    result = pytester.runpytest_subprocess(*ALONE, "--flext-report=json:report.json", "-n", "2")
    result.assert_outcomes(passed=1, failed=1)
    [said] = [line for line in lines(result) if "ended before" in line]
    assert said.startswith("--flext-report: worker gw") and said.endswith("its counts are lost")
    found = read(pytester)
    assert found["lost"] == [said]
    assert [each["error"] for each in found["types"]] == ["TimeoutError"]


@pytest.mark.parametrize("plugin", ["asyncio", "anyio"])
def test_asynchronous_tests_count(pytester: pytest.Pytester, plugin: str) -> None:
    """With their fixtures; a fixture of a wider scope for itself."""
    mark = "asyncio(loop_scope='session')" if plugin == "asyncio" else "anyio"
    fixture = "import pytest_asyncio\n@pytest_asyncio.fixture(scope='session', loop_scope='session')"
    source = f"""
{fixture if plugin == "asyncio" else "@pytest.fixture(scope='session')"}
async def shop(anyio_backend):
    X.ConnectionError("m")
    yield
    X.TimeoutError("m")

@pytest.fixture(scope="session")
def anyio_backend():
    return "asyncio"

@pytest.mark.{mark}
async def test_it(shop):
    async with flext_raises(X.KeyError):
        raise X.KeyError("m")
"""
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = session")
    pytester.makepyfile(test_shop=OURS + source)
    others = ("-p", "no:randomly", "-p", "no:anyio" if plugin == "asyncio" else "no:asyncio", "-W", "ignore")
    result = pytester.runpytest_subprocess(*others, "--flext-report=json:report.json")
    result.assert_outcomes(passed=1)
    found = {each["error"]: (each["tests"], each["elsewhere"]) for each in read(pytester)["types"]}
    assert found == {
        "ConnectionError": ({}, {"session fixture shop": 1}),
        "KeyError": ({"test_shop.py::test_it": 1}, {}),
        "TimeoutError": ({}, {"session fixture shop": 1}),
    }


def test_the_order_of_tests_does_not_matter(pytester: pytest.Pytester) -> None:
    """The document is the same, whichever way they are shuffled."""
    pytester.makepyfile(test_shop=OURS + SHOP)
    documents = []
    for seed in ("1", "2"):
        options = ("-p", "no:asyncio", "-p", "no:anyio", f"--randomly-seed={seed}", "--flext-report=json:report.json")
        pytester.runpytest_subprocess(*options).assert_outcomes(passed=5)
        documents.append((pytester.path / "report.json").read_bytes())
    assert documents[0] == documents[1]


def test_isolation_does_not_hide_errors(pytester: pytest.Pytester) -> None:
    """Nor does an environment in which nothing is counted."""
    source = """
        def test_it(flext_metrics, flext_config):
            flext_config(environment="test")
            X.KeyError("m")
        """
    [row] = report(pytester, source)["types"]
    assert row["tests"] == {"test_shop.py::test_it": 1}


WRONG = {
    "no kind": ("xml", "'xml' is not valid; valid is --flext-report=json:PATH or --flext-report=html:PATH, or"),
    "an unknown kind": ("xml:report", "'xml:report' is not valid"),
    "no path": ("json:", "'json:' is not valid"),
    "no folder": ("html:nowhere/report.html", "there is no folder *nowhere* to write report.html to"),
    "a folder": ("json:.", "* is a folder; name a file"),
    "a file in place of a folder": ("json:test_shop.py/report", "there is no folder *test_shop.py*"),
    "a name that is too long": (f"json:{'a' * 300}", "* cannot be written: File name too long"),
    "a place where nobody can write": ("html:/proc/report.html", "* cannot be written: *"),
}


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "xdist"])
@pytest.mark.parametrize(("value", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_value_is_a_usage_error(
    pytester: pytest.Pytester, value: str, said: str, options: tuple[str, ...]
) -> None:
    """In one line that names the option, before any test runs."""
    result = run(pytester, "def test_it(): print('ran')", f"--flext-report={value}", *options)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: --flext-report: {said}*"])
    assert len([line for line in result.errlines if line]) == 1
    assert not [line for line in result.outlines if line]


def test_a_path_that_the_option_swallows_is_named(pytester: pytest.Pytester) -> None:
    """With what to write instead."""
    result = run(pytester, "def test_it(): pass", "--flext-report", "test_shop.py")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: --flext-report: 'test_shop.py' is not valid; *--flext-report alone, after all paths"]
    )


def test_looking_whether_a_file_can_be_written_changes_none(pytester: pytest.Pytester) -> None:
    """Neither one that is there nor one that is not, when the run ends before its end."""
    pytester.makeconftest("import pytest\ndef pytest_sessionstart(): pytest.exit('enough')")
    there = pytester.path / "there.json"
    there.write_text("before")
    for name in ("there.json", "new.json"):
        run(pytester, "def test_it(): pass", f"--flext-report=json:{name}")
    assert there.read_text() == "before"
    assert not (pytester.path / "new.json").exists()


def test_a_file_that_cannot_be_written_at_the_end_fails_the_run(pytester: pytest.Pytester) -> None:
    """And is named; the table is there all the same."""
    result = run(pytester, "def test_it(): X.KeyError('m')", "--flext-report=json:/dev/full")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert lines(result)[-1] == "--flext-report: /dev/full cannot be written: No space left on device"
    assert lines(result)[1].startswith("KeyError")


class Reader(HTMLParser):
    """Reads a page: its tags, that they are closed, and its text."""

    EMPTY = frozenset(["meta"])

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.words.append(data.strip())


def test_the_page_says_what_the_document_says(pytester: pytest.Pytester) -> None:
    """And needs no other file, no script and no network."""
    run(pytester, SHOP, "--flext-report=html:report.html")
    text = (pytester.path / "report.html").read_text("utf-8")
    read = Reader(text)
    assert read.tags.isdisjoint(["script", "link", "img", "iframe", "object"])
    assert {name for name, _ in read.attributes}.isdisjoint(["src", "href", "onclick", "style"])
    assert "url(" not in text and "@import" not in text
    words = " ".join(read.words)
    assert "Errors made 12 Types 4 Tests that made one 5 Types never asserted on 3" in words
    assert "KeyError 9 errors in 4 tests never asserted on Codes KEY_ERROR 9 Made by tests" in words
    assert "test_shop.SoldOut 1 error in 1 test asserted on in 1 place" in words
    for place in ["test_shop.py::test_order[3] 2", "Made elsewhere module fixture shop of test_shop.py 1"]:
        assert place in words


def test_the_columns_of_the_table_stand_below_one_another() -> None:
    """But for a name that is very long."""
    rows = [Row("KeyError", {"E": 12345}, {"a": 12345}, {}, ("a",)), Row("x" * 50, {"E": 1}, {"a": 1}, {}, ())]
    head, first, _, second, *_ = summary(rows)
    assert head == f"{'error':40}   made  in tests  asserted on in"
    assert first == f"{'KeyError':40}  12345         1               1"
    assert second == f"{'x' * 50}      1         1           never"
    assert next(summary(rows[:1])) == "error      made  in tests  asserted on in"


HOSTILE = "</code><script>alert(1)</script>&amp;\"'$made ${types} \ud800"


def test_a_page_shows_any_text_as_it_is(tmp_path: Path) -> None:
    """Nothing in it is taken for markup, nor for a place to be filled."""
    row = Row(HOSTILE, {HOSTILE: 1}, {HOSTILE: 1}, {HOSTILE: 1}, (HOSTILE,))
    read = Reader(page([row], [HOSTILE]))
    assert "script" not in read.tags
    assert read.words.count(HOSTILE) == 6


def test_a_page_names_so_many_tests_and_says_how_many_are_left_out() -> None:
    """The document names all."""
    tests = {f"test_{n}": 1 for n in range(LISTED + 5)}
    read = Reader(page([Row("KeyError", {"E": len(tests)}, tests, {}, ())], []))
    assert f"test_{LISTED - 1}" in read.words and f"test_{LISTED}" not in read.words
    assert "5 more are left out here; --flext-report=json:PATH names all." in read.words
    assert document([Row("KeyError", {"E": len(tests)}, tests, {}, ())], [])["types"][0]["tests"] == tests


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_a_code_that_cannot_be_encoded_is_escaped(pytester: pytest.Pytester, options: tuple[str, ...]) -> None:
    """Else neither a worker could send it nor a file hold it."""
    source = f"{OURS}\ndef test_it(): X.KeyError('m', error_code='\\ud800')"
    pytester.makepyfile(test_shop=source)
    for kind in ("json", "html"):
        option = f"--flext-report={kind}:report.{kind}"
        pytester.runpytest_subprocess(*ALONE, option, *options).assert_outcomes(passed=1)
    assert read(pytester)["types"][0]["codes"] == {"\\ud800": 1}
    assert "<code>\\ud800</code>" in (pytester.path / "report.html").read_text()


MADE = st.lists(
    st.tuples(
        st.builds(Place, st.sampled_from(["a", "b", "c"]), st.booleans()),
        st.sampled_from([FlextExceptions.KeyError, FlextExceptions.ValidationError, FlextExceptions.TimeoutError]),
        st.sampled_from(["E1", "E2"]),
        st.booleans(),
        st.integers(0, 2),
    )
)


@given(MADE, st.randoms(use_true_random=False))
def test_counts_add_up_however_they_are_spread(made: list[Any], random: Any) -> None:
    """Over workers and in any order: rows, document and table are the same."""

    def note(counts: ErrorCounts, events: list[Any]) -> ErrorCounts:
        for place, kind, code, asserted, _ in events:
            counts.place = place
            error = kind("m", error_code=code)
            counts.make(error)
            if asserted:
                counts.accept(error, None)
        return counts

    alone = note(ErrorCounts(), made)
    shuffled = random.sample(made, len(made))
    together = ErrorCounts()
    for worker in range(3):
        output = note(ErrorCounts(), [each for each in shuffled if each[-1] == worker]).output()
        together.add(json.loads(json.dumps(output)))
    assert together.rows() == alone.rows()
    assert list(summary(together.rows())) == list(summary(alone.rows()))
    assert json.dumps(document(together.rows(), [])) == json.dumps(document(alone.rows(), []))
    assert sum(row.made for row in alone.rows()) == len(made)
    for row in alone.rows():
        assert sum(row.codes.values()) == sum(row.tests.values()) + sum(row.elsewhere.values())


def test_whoever_asks_is_told_until_he_leaves() -> None:
    """In whatever order they come and go."""
    one: list[str] = []
    two: list[str] = []
    first = watch_checks(lambda error, _: one.append(str(error)))
    second = watch_checks(lambda error, _: two.append(str(error)))
    first.__enter__()
    second.__enter__()
    with pytest.raises(ValueError):
        int("a")
    first.__exit__(None, None, None)
    with pytest.raises(ValueError):
        int("b")
    second.__exit__(None, None, None)
    with pytest.raises(ValueError):
        int("c")
    assert [text[-3:] for text in one] == ["'a'"]
    assert [text[-3:] for text in two] == ["'a'", "'b'"]
