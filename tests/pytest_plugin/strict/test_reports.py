"""The report on a test that an untyped exception leaves, and on one that fails anyway."""

from __future__ import annotations

import asyncio  # noqa: F401  here, for good: imported again by each run within a test, it differs from its C half
import sys
from xml.etree import ElementTree

import pytest

from flext_pytest.monitoring import free_tool
from tests.pytest_plugin.plugins import ALONE
from tests.pytest_plugin.strict.runs import CROSSED, LEFT, PLAIN, WATCHES, make, run, said

pytest_plugins = ["pytester"]


def test_the_head_of_the_run_says_what_is_seen(pytester: pytest.Pytester) -> None:
    """And in which packages."""
    seen = "too" if WATCHES else "from Python 3.12 on"
    run(pytester, "def test_it(): pass").stdout.fnmatch_lines(
        [f"flext-strict: no untyped exception may leave shop; what tests catch by a plain try is seen {seen}"]
    )


def test_a_quiet_run_says_at_its_end_what_is_not_seen(pytester: pytest.Pytester) -> None:
    """It has no head."""
    result = run(pytester, "def test_it(): pass", "-q")
    line = "--flext-strict: what tests catch by a plain try was not seen: that needs Python 3.12 or newer"
    assert (line in result.stdout.lines) is not WATCHES


def test_a_failing_test_is_told_of_in_a_section(pytester: pytest.Pytester) -> None:
    """Whether it fails with the exception or with another one."""
    source = """
        def test_with_it():
            order(ValueError())

        def test_with_another_one():
            with pytest.raises(ValueError):
                order(ValueError())
            assert not "this"

        class TestCase(unittest.TestCase):
            def test_unittest(self):
                order(ValueError())
        """
    result = run(pytester, source, "--junitxml=junit.xml")
    result.assert_outcomes(failed=3)
    assert said(result) == [LEFT] * 3
    result.stdout.fnmatch_lines(["E*ValueError", "*- untyped exception -*", LEFT, "E*assert not 'this'", LEFT])
    for failure in ElementTree.parse(pytester.path / "junit.xml").iter("failure"):
        assert LEFT in (failure.text or "")


def test_a_failing_item_of_another_kind_is_told_of_too(pytester: pytest.Pytester) -> None:
    """Whatever it makes of its failure."""
    make(pytester, "")
    pytester.makeconftest(
        """
        import pytest
        class Order(pytest.Item):
            def runtest(self):
                from shop.cart import order
                order(ValueError())
            def repr_failure(self, excinfo):
                return "a text of its own"
        class Orders(pytest.File):
            def collect(self):
                yield Order.from_parent(self, name="first")
        def pytest_collect_file(file_path, parent):
            if file_path.suffix == ".orders":
                return Orders.from_parent(parent, path=file_path)
        """
    )
    (pytester.path / "all.orders").touch()
    result = pytester.runpytest_inprocess(*ALONE, "--flext-strict")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["a text of its own", "*- untyped exception -*", LEFT])


def test_there_is_nothing_to_debug_where_the_test_passed(pytester: pytest.Pytester) -> None:
    """A debugger would stop in a line of ours."""
    pytester.makeconftest("def pytest_exception_interact(): print('debugging')")
    source = "def test_it():\n    with pytest.raises(ValueError): order(ValueError())"
    result = run(pytester, source, "-s")
    result.assert_outcomes(failed=1)
    result.stdout.no_fnmatch_line("*debugging*")


def test_one_line_for_each_and_no_frame_of_ours(pytester: pytest.Pytester) -> None:
    """In the order in which they left; the summary shows the class."""
    source = """
        def test_it():
            with pytest.raises(KeyError):
                Cart().find("a")
            with pytest.raises(ExceptionGroup):
                group(ValueError(), OSError())
        """
    result = run(pytester, source)
    title = next(number for number, line in enumerate(result.outlines) if line.strip("_") == " test_it ")
    shown = [line.split(" left ")[0] for line in result.outlines[title + 1 : title + 4]]
    assert shown == ["KeyError", "ValueError in an ExceptionGroup", "OSError in an ExceptionGroup"]
    assert result.outlines[title + 4].strip("=") == " short test summary info "
    result.stdout.fnmatch_lines(["FAILED test_shop.py::test_it - Failed: KeyError left shop untyped: *"])
    result.stdout.no_fnmatch_line("*strict.py*")


def test_fixtures_are_part_of_the_test(pytester: pytest.Pytester) -> None:
    """What leaves at the set-up fails the test after it has run, what leaves at the end is an error there."""
    source = """
        @pytest.fixture
        def before():
            with pytest.raises(ValueError): order(ValueError())

        @pytest.fixture
        def after():
            yield
            with pytest.raises(ValueError): order(ValueError())

        @pytest.fixture
        def broken():
            order(ValueError())

        def test_before(before): print("it has run")
        def test_after(after): pass
        def test_broken(broken): pass
        def test_neither(): pass
        """
    result = run(pytester, source)
    result.assert_outcomes(failed=1, errors=2, passed=2)
    assert said(result) == [LEFT] * 3
    result.stdout.fnmatch_lines(["*ERROR at teardown of test_after*", LEFT, "*ERROR at setup of test_broken*", LEFT])
    result.stdout.fnmatch_lines(["* test_before *", LEFT, "*Captured stdout call*", "it has run"])


def test_what_is_seen_outside_of_tests_is_no_fault_of_a_test(pytester: pytest.Pytester) -> None:
    """While a module is imported, say."""
    result = run(pytester, "with pytest.raises(ValueError): order(ValueError())\ndef test_it(): pass")
    result.assert_outcomes(passed=1)


def test_where_no_tool_id_is_free_it_is_said(pytester: pytest.Pytester) -> None:
    """PEP 669 has six; what the checks of tests accept is seen all the same."""
    taken = list(iter(free_tool, None))
    try:
        checked, plain = CROSSED["pytest.raises"][0], PLAIN["try"]
        result = run(pytester, f"def test_checked():\n    {checked}\ndef test_plain():\n    {plain}")
    finally:
        for tool in taken:
            sys.monitoring.free_tool_id(tool)  # type: ignore[attr-defined,unused-ignore]
    result.assert_outcomes(failed=1, passed=1)
    words = "not seen: other tools use all tool ids" if WATCHES else "seen from Python 3.12 on"
    result.stdout.fnmatch_lines([f"flext-strict: * what tests catch by a plain try is {words}"])


def test_a_test_that_is_skipped_or_expected_to_fail_stays_so(pytester: pytest.Pytester) -> None:
    """One that passes unexpectedly does not."""
    source = """
        @pytest.mark.xfail
        def test_expected(): order(ValueError())

        @pytest.mark.xfail
        def test_unexpected():
            with pytest.raises(ValueError): order(ValueError())

        def test_skipped():
            with pytest.raises(ValueError): order(ValueError())
            pytest.skip("enough")

        class TestCase(unittest.TestCase):
            @unittest.expectedFailure
            def test_unittest(self): order(ValueError())
        """
    run(pytester, source).assert_outcomes(xfailed=2, failed=1, skipped=1)
