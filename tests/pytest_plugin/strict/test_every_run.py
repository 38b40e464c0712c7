"""Strict mode works the same in every way of running tests."""

from __future__ import annotations

import asyncio  # noqa: F401  here, for good: imported again by each run within a test, it differs from its C half
from xml.etree import ElementTree

import pytest

from tests.pytest_plugin.plugins import ALONE, alone, only
from tests.pytest_plugin.strict.runs import LEFT, at, make, run, said

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
        (),  # with all plugins that are installed
        alone("-n", "2"),
        only("randomly"),
        alone("--import-mode=importlib", "-o", "pythonpath=."),
        alone("--assert=plain"),
        alone("--flext-report", "--flext-raise-coverage"),
        alone("--tb=line"),
        alone("--tb=native"),
    ],
    ids=lambda given: " ".join(word for word in given if not word.startswith("no:") and word != "-p") or "all",
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
    result = pytester.runpytest_subprocess(*only(plugin), "--flext-strict")
    result.assert_outcomes(failed=2, passed=1)
    assert said(result) == [LEFT.replace(at("order"), at("later")).replace("in order", "in later")] * 2


def test_nothing_is_seen_or_loaded_without_the_option(pytester: pytest.Pytester) -> None:
    """And the header of the run has no line about it."""
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
