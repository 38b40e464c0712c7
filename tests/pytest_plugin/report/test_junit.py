"""JUnit has the errors of each test, once."""

from __future__ import annotations

import textwrap
from xml.etree import ElementTree

import pytest

from tests.pytest_plugin.plugins import alone
from tests.pytest_plugin.report.runs import OURS, run

pytest_plugins = ["pytester"]


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
        *alone("--flext-report", "--junitxml=junit.xml", "-o", f"junit_family={family}", *options)
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
