"""Isolation in every way to run tests, and nothing of it for tests that do not ask."""

from __future__ import annotations

import textwrap

import pytest

from tests.pytest_plugin.isolation.runs import OURS, run
from tests.pytest_plugin.plugins import ALONE, alone, only

pytest_plugins = ["pytester"]


def test_nothing_is_added_to_tests_that_do_not_ask(pytester: pytest.Pytester) -> None:
    """No fixture, no import of ours, no observer; with or without the plugin."""
    pytester.makepyfile(
        """
        import sys

        def test_it(request):
            assert request.fixturenames == ["request"]
            assert not [name for name in sys.modules if name.startswith("flext_exceptions")]
            assert "flext_pytest.isolation" not in sys.modules and "flext_pytest.marker" not in sys.modules
        """
    )
    pytester.runpytest_subprocess(*ALONE).assert_outcomes(passed=1)
    pytester.runpytest_subprocess(*ALONE, "-p", "no:flext").assert_outcomes(passed=1)


def test_it_is_the_same_over_workers_in_any_order_and_import_mode(pytester: pytest.Pytester) -> None:
    """And as a process of its own, with and without rewritten asserts."""
    source = """
    @pytest.mark.parametrize("number", range(12))
    def test_it(number):
        X.ValidationError("m")
        X.configure_error_handling({"str_format": "{code}"})
        X.correlation("left").__enter__()
        if X.get_metrics() != {"ValidationError": 1}:
            raise OSError("the counts of another test")

    @pytest.mark.parametrize("number", range(12))
    def test_other(number):
        if str(X.Error("m")) != "m" or X.Error("m").correlation_id == "left":
            raise OSError("the settings or the id of another test")
    """
    pytester.makeini("[pytest]\nflext_isolate = true")
    pytester.makepyfile(f"import pytest\n{OURS}\n{textwrap.dedent(source)}")
    for options in (alone("-n", "2"), only("randomly"), alone("--import-mode=importlib", "--assert=plain")):
        pytester.runpytest_subprocess(*options).assert_outcomes(passed=24)


def test_hypothesis_tests_may_be_isolated(pytester: pytest.Pytester) -> None:
    """By the setting: no fixture of the test's own stands against it."""
    source = """
    from hypothesis import given, settings, strategies as st

    @settings(max_examples=3, database=None)
    @given(st.integers())
    def test_it(number):
        X.ValidationError("m")

    def test_second():
        assert X.get_metrics() == {}
    """
    pytester.makeini("[pytest]\nflext_isolate = true")
    pytester.makepyfile(f"import pytest\n{OURS}\n{textwrap.dedent(source)}")
    pytester.runpytest_inprocess(*only("hypothesispytest")).assert_outcomes(passed=2)


def test_items_without_fixtures_are_left_alone(pytester: pytest.Pytester) -> None:
    """Such as those of a file that holds no Python."""
    pytester.makeconftest(
        """
        import pytest

        class Item(pytest.Item):
            def runtest(self):
                pass

        class File(pytest.File):
            def collect(self):
                yield Item.from_parent(self, name="it")

        def pytest_collect_file(parent, file_path):
            return File.from_parent(parent, path=file_path) if file_path.suffix == ".flext" else None
        """
    )
    pytester.makefile(".flext", "")
    run(pytester, "def test_it(): pass", ini="flext_isolate = true").assert_outcomes(passed=2)
