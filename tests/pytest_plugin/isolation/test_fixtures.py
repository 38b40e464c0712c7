"""``flext_config`` and ``flext_correlation_id``: for one test, and put back."""

from __future__ import annotations

import re
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flext_exceptions import FlextExceptions
from flext_pytest.isolation import MAX_LENGTH, readable_id
from tests.pytest_plugin.isolation.runs import OURS, run
from tests.pytest_plugin.plugins import ALONE

pytest_plugins = ["pytester"]


def test_flext_config_configures_for_one_test(pytester: pytest.Pytester) -> None:
    """Several times if need be."""
    source = """
    import logging

    def test_first(flext_config):
        flext_config(environment="production")
        flext_config(max_error_details=7)
        now = X.get_error_handling_config().value
        assert (now["environment"], now["validation_level"], now["max_error_details"]) == ("production", "strict", 7)
        assert logging.getLogger("flext_exceptions").level == logging.ERROR

    def test_second():
        now = X.get_error_handling_config().value
        assert (now["environment"], now["validation_level"]) == ("development", "normal")
        assert now["max_error_details"] == 1000
        assert logging.getLogger("flext_exceptions").level == logging.NOTSET
    """
    run(pytester, source).assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ('environment="prod"', "environment: 'prod' is not valid; valid is development, staging, production,"),
        ("colour=3", "colour: unknown key (value 3); valid are environment, log_level, "),
        ("max_error_details=-1", "max_error_details: -1 is not valid; valid is a whole number from 0"),
    ],
)
@pytest.mark.parametrize("option", ["--assert=rewrite", "--assert=plain"])
def test_a_wrong_setting_fails_the_test(pytester: pytest.Pytester, given: str, said: str, option: str) -> None:
    """With one line, at the line of the test."""
    result = run(pytester, f"def test_it(flext_config):\n    flext_config({given})", option)
    result.assert_outcomes(failed=1)
    errors = [line for line in result.outlines if line.startswith("E ")]
    assert len(errors) == 1 and errors[0].startswith(f"E       Failed: flext_config: {said}")
    result.stdout.fnmatch_lines([">*flext_config(*", "*test_a_wrong_setting_fails_the_test.py:4: Failed"])
    result.stdout.no_fnmatch_line("*isolation.py*")


def test_the_correlation_id_is_bound_for_the_test(pytester: pytest.Pytester) -> None:
    """In the test, its other fixtures and what it calls, and not after it, even if a binding was left."""
    source = """
    seen = []

    @pytest.fixture
    def made(flext_correlation_id):
        return X.Error("m")

    @pytest.mark.parametrize("sku", ["A-1", "A 1", "ü"])
    def test_first(flext_correlation_id, made, sku):
        assert made.correlation_id == X.Error("m").correlation_id == flext_correlation_id
        seen.append(flext_correlation_id)
        X.correlation("left").__enter__()

    def test_second():
        assert X.Error("m").correlation_id not in [*seen, "left"]
        assert [name[:-8] for name in seen] == [
            "test_it.test_first-A-1-", "test_it.test_first-A-1-", "test_it.test_first-xfc-"
        ]
        assert len(set(seen)) == 3
    """
    pytester.makepyfile(test_it=f"import pytest\n{OURS}\n{textwrap.dedent(source)}")
    pytester.runpytest_inprocess(*ALONE).assert_outcomes(passed=4)


@given(st.text(), st.text())
def test_a_readable_id_is_safe_short_and_fixed(one: str, other: str) -> None:
    """And another test has another one."""
    name = readable_id(one)
    assert re.fullmatch(r"[A-Za-z0-9._-]+", name) and len(name) <= MAX_LENGTH == 64
    assert name == readable_id(one) and (name == readable_id(other)) == (one == other)
    with FlextExceptions.correlation(name):
        assert FlextExceptions.traceparent().split("-")[1] == FlextExceptions.traceparent(name).split("-")[1]


@pytest.mark.parametrize(
    ("node_id", "name"),
    [
        ("test_a.py::test_b", "test_a.test_b-"),
        ("tests/x/test_a.py::TestC::test_b", "test_a.TestC.test_b-"),
        ("tests/x/test_a.py::test_b[1-/etc/a::b]", "test_a.test_b-1-etc-a.b-"),
        ("docs/a.txt::a.txt", "a.txt.a.txt-"),
        ("test_a.py::test_" + "b" * 43, "test_a.test_" + "b" * 43 + "-"),
        ("test_a.py::test_" + "b" * 44, "test_" + "b" * 44 + "-"),
        ("test_a.py::test_" + "b" * 99, "test_" + "b" * 50 + "-"),
        ("a" * 99, "a" * 55 + "-"),
        ("é.py::ü", ".-"),
    ],
)
def test_a_readable_id_says_which_test_it_is(node_id: str, name: str) -> None:
    """Module, class, function and case."""
    assert readable_id(node_id).startswith(name)
