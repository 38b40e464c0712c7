"""It is the same in every way to run tests."""

from __future__ import annotations

import asyncio  # noqa: F401  here, for good: imported again by each run within a test, it differs from its C half
from xml.etree import ElementTree

import pytest

from tests.pytest_plugin.strict.runs import ALONE, LEFT, at, make, run, said

pytest_plugins = ["pytester"]

SUITE = """
class TestCase(unittest.TestCase):
    def test_left(self):
        with self.assertRaises(ValueError): order(ValueError())

    def test_typed(self):
        with self.assertRaises(ValueError): order(X.ValidationError("m"))

def test_left():
    with pytest.raises(ValueError): order(ValueError())

def test_typed():
    with pytest.raises(ValueError): order(X.ValidationError("m"))
"""


@pytest.mark.parametrize(
    "options",
    [
        ALONE,
        ("-n", "2", *ALONE),
        ("-p", "no:asyncio", "-p", "no:anyio", "-p", "randomly"),
        (*ALONE, "--import-mode=importlib", "-o", "pythonpath=."),
        (*ALONE, "--assert=plain"),
        (*ALONE, "--flext-report", "--flext-raise-coverage"),
        (*ALONE, "--tb=line"),
        (*ALONE, "--tb=native"),
    ],
    ids=" ".join,
)
def test_it_works_in_every_way_to_run(pytester: pytest.Pytester, options: tuple[str, ...]) -> None:
    """Which JUnit's file tells."""
    make(pytester, SUITE)
    result = pytester.runpytest_subprocess("--flext-strict", "--junitxml=junit.xml", *options)
    result.assert_outcomes(failed=2, passed=2)
    found = {
        f"{case.get('classname')}.{case.get('name')}": [each.get("message") for each in case.iter("failure")]
        for case in ElementTree.parse(pytester.path / "junit.xml").iter("testcase")
    }
    assert found == {
        "test_shop.TestCase.test_left": [f"Failed: {LEFT}"],
        "test_shop.TestCase.test_typed": [],
        "test_shop.test_left": [f"Failed: {LEFT}"],
        "test_shop.test_typed": [],
    }


@pytest.mark.parametrize("plugin", ["asyncio", "anyio"])
def test_asynchronous_tests_fail_too(pytester: pytest.Pytester, plugin: str) -> None:
    """With the line at which it left a coroutine."""
    source = f"""
        @pytest.fixture
        def anyio_backend():
            return "asyncio"

        @pytest.mark.{plugin}
        async def test_left():
            async with flext_raises(ValueError):
                await later(ValueError())

        @pytest.mark.{plugin}
        async def test_task():
            with pytest.raises(ValueError):
                await asyncio.create_task(later(ValueError()))

        @pytest.mark.{plugin}
        async def test_typed():
            with pytest.raises(ValueError):
                await later(X.ValidationError("m"))
        """
    make(pytester, source, "[tool.pytest.ini_options]\nasyncio_default_fixture_loop_scope = 'function'")
    others = (
        "-p",
        "no:randomly",
        "-p",
        "no:schemathesis",
        "-p",
        "no:pytest-lsp",
        "-p",
        "no:hypothesispytest",
        "-p",
        "no:anyio" if plugin == "asyncio" else "no:asyncio",
    )
    result = pytester.runpytest_subprocess("--flext-strict", *others)
    result.assert_outcomes(failed=2, passed=1)
    assert said(result) == [LEFT.replace(at("order"), at("later")).replace("in order", "in later")] * 2


def test_nothing_is_seen_or_loaded_without_the_option(pytester: pytest.Pytester) -> None:
    """And nothing stands in the head of the run."""
    source = """
        import sys
        def test_it():
            assert not {"flext_pytest.strict", "flext_pytest.strict.boundary", "flext_analysis"} & sys.modules.keys()
        """
    make(pytester, source)
    result = pytester.runpytest_subprocess(*ALONE)
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*strict*")


def test_exceptions_are_not_kept_alive(pytester: pytest.Pytester) -> None:
    """Nor the frames that they hold."""
    source = """
        import gc, weakref
        class Thing: pass

        def test_it():
            def fail():
                thing = Thing()
                kept.append(weakref.ref(thing))
                raise ValueError
            kept = []
            with suppress(ValueError): call(fail)
            gc.collect()
            assert kept[0]() is None
        """
    run(pytester, source).assert_outcomes(passed=1)
