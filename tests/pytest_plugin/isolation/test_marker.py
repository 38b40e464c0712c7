"""The marker ``flext`` says what is wanted; a wrong argument is a usage error before any test runs."""

from __future__ import annotations

import re

import pytest

from tests.pytest_plugin.isolation.runs import run
from tests.pytest_plugin.plugins import alone

pytest_plugins = ["pytester"]


def test_the_marker_says_what_is_wanted(pytester: pytest.Pytester) -> None:
    """The nearest one decides, argument by argument."""
    source = """
    pytestmark = pytest.mark.flext(environment="production", correlation_id="of-module")

    def environment():
        return X.get_error_handling_config().value["environment"]

    def test_module():
        assert (environment(), X.Error("m").correlation_id) == ("production", "of-module")

    @pytest.mark.flext(environment="staging")
    class TestIt:
        def test_class(self):
            assert (environment(), X.Error("m").correlation_id) == ("staging", "of-module")

        @pytest.mark.flext(correlation_id="of-test")
        def test_test(self, flext_correlation_id):
            assert (environment(), X.Error("m").correlation_id) == ("staging", "of-test")
            assert flext_correlation_id == "of-test"

        @pytest.mark.flext(environment=None)
        def test_none(self, flext_metrics):
            assert (environment(), X.Error("m").correlation_id) == ("development", "of-module")

        @pytest.mark.parametrize(
            "which", ["staging", pytest.param("test", marks=pytest.mark.flext(environment="test"))]
        )
        def test_case(self, which):
            assert environment() == which
    """
    run(pytester, source, "--strict-markers").assert_outcomes(passed=6)


@pytest.mark.parametrize("ini", ["", "flext_isolate = true"])
def test_isolate_false_keeps_the_counts_and_puts_the_rest_back(pytester: pytest.Pytester, ini: str) -> None:
    """What the marker sets is for the one test all the same."""
    source = """
    @pytest.mark.flext(isolate=False, environment="production", correlation_id="req-1")
    def test_first():
        X.ValidationError("m")
        assert X.get_error_handling_config().value["environment"] == "production"

    @pytest.mark.flext(isolate=False)
    def test_second(request):
        assert X.get_metrics() == {"ValidationError": 1}
        assert X.get_error_handling_config().value["environment"] == "development"
        assert X.Error("m").correlation_id != "req-1"
        assert "_flext_marked" not in request.fixturenames
    """
    run(pytester, source, ini=ini).assert_outcomes(passed=2)


def test_the_cases_of_a_test_are_marked_one_by_one(pytester: pytest.Pytester) -> None:
    """A case without the marker is as if no other had it."""
    source = """
    @pytest.mark.parametrize("case", [pytest.param(1, marks=pytest.mark.flext), 2, 3])
    def test_it(case):
        X.ValidationError("m")
        assert X.get_metrics() == {"ValidationError": {1: 1, 2: 1, 3: 2}[case]}

    @pytest.mark.flext
    @pytest.mark.parametrize("case", [1, 2, 3])
    def test_other(case, request):
        assert request.fixturenames.count("_flext_marked") == 1
    """
    run(pytester, source).assert_outcomes(passed=6)


def test_a_marker_given_by_another_plugin_counts(pytester: pytest.Pytester) -> None:
    """At the end of collection, by one that was loaded before ours."""
    pytester.makepyfile(
        marking="""
        import pytest

        def pytest_collection_modifyitems(items):
            for item in items:
                item.add_marker(pytest.mark.flext(correlation_id="req-1"))
        """
    )
    pytester.syspathinsert()
    result = run(pytester, 'def test_it(): assert X.Error("m").correlation_id == "req-1"', "-p", "marking")
    result.assert_outcomes(passed=1)


WRONG = {
    '"production"': "'production': give arguments by name; valid are environment, correlation_id, isolate",
    'environment="prod"': "environment: 'prod' is not valid; valid is development, staging, production, test, local",
    "environment=[]": "environment: [] is not valid; valid is development, staging, production, test, local",
    "isolate=1": "isolate: 1 is not valid; valid is True or False",
    "isolate=None": "isolate: None is not valid; valid is True or False",
    'correlation_id=""': "correlation_id: '' is not valid; valid is a text that is not empty, or None",
    "correlation_id=7": "correlation_id: 7 is not valid; valid is a text that is not empty, or None",
    "colour=3": "colour: unknown argument (value 3); valid are environment, correlation_id, isolate",
}


MARKED = """
def test_before(): print("ran")

@pytest.mark.flext({given})
class TestIt:
    def test_one(self): print("ran")
    def test_two(self): print("ran")
"""


@pytest.mark.parametrize(("given", "said"), WRONG.items(), ids=WRONG)
def test_a_wrong_argument_of_the_marker_is_a_usage_error(pytester: pytest.Pytester, given: str, said: str) -> None:
    """Said once, before any test runs."""
    result = run(pytester, MARKED.format(given=given), "-s")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    module = "test_a_wrong_argument_of_the_marker_is_a_usage_error.py"
    assert [line for line in result.errlines if line] == [f"ERROR: {module}::TestIt: marker flext: {said}"]
    result.stdout.no_fnmatch_line("ran")


def test_all_wrong_arguments_are_said_also_by_workers(pytester: pytest.Pytester) -> None:
    """Of xdist, which are left alone with what they raise."""
    pytester.makepyfile("import pytest\n" + MARKED.format(given='isolate=1, environment="prod"'))
    result = pytester.runpytest_subprocess(*alone("-n", "2"))
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert [re.sub(r"; .*", "", line) for line in result.errlines if line.startswith("ERROR")] == [
        "ERROR: test_all_wrong_arguments_are_said_also_by_workers.py::TestIt: marker flext: isolate: 1 is not valid",
        "ERROR: test_all_wrong_arguments_are_said_also_by_workers.py::TestIt: marker flext: "
        "environment: 'prod' is not valid",
    ]
    assert "INTERNALERROR" not in result.stdout.str()


def test_a_wrong_flext_isolate_is_a_usage_error(pytester: pytest.Pytester) -> None:
    """Which names it."""
    result = run(pytester, "def test_it(): pass", ini="flext_isolate = maybe")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert [line for line in result.errlines if line] == [
        "ERROR: flext_isolate: invalid truth value 'maybe'; valid is true or false"
    ]
