"""A test that is isolated leaves nothing behind: neither counts, nor settings, nor a bound correlation id."""

from __future__ import annotations

import textwrap

import pytest

from tests.pytest_plugin.isolation.runs import OURS, run
from tests.pytest_plugin.plugins import ALONE

pytest_plugins = ["pytester"]

# What a test leaves behind, and what the next one finds where that was put back.
LEFT = {
    "counts": ('X.ValidationError("m")', 'X.get_metrics() == {"KeyError": 1}'),
    "cleared counts": ("X.clear_metrics()", 'X.get_metrics() == {"KeyError": 1}'),
    "settings": (
        'X.configure_error_handling({"environment": "production", "redact_keys": ["pin"]})',
        '(now := X.get_error_handling_config().value)["environment"] == "development"'
        ' and "token" in now["redact_keys"]',
    ),
    "the level of the logger": (
        'X.configure_error_handling({"log_level": "ERROR"})',
        '__import__("logging").getLogger("flext_exceptions").level == 0',
    ),
    "a bound correlation id": ('X.correlation("left").__enter__()', 'X.Error("m").correlation_id != "left"'),
    "a correlation id no longer bound": (
        "around.__exit__()",
        'X.Error("m").correlation_id == "around"',
    ),
}


FIRST = """
X.KeyError("earlier")
around = X.correlation("around")
around.__enter__()
"""


# How the first test is isolated: the ini file, and its source.
WAYS = {
    "flext_metrics": ("", "def test_first(flext_metrics):\n    {leave}"),
    "the marker": ("", "@pytest.mark.flext\ndef test_first():\n    {leave}"),
    "the marker of its class": (
        "",
        "@pytest.mark.flext()\nclass TestIt:\n    def test_first(self):\n        {leave}",
    ),
    "the marker of its module": ("", "pytestmark = pytest.mark.flext\ndef test_first():\n    {leave}"),
    "flext_isolate": ("flext_isolate = true", "def test_first():\n    {leave}"),
    "flext_isolate, in a unittest class": (
        "flext_isolate = true",
        "import unittest\nclass TestIt(unittest.TestCase):\n    def test_first(self):\n        {leave}",
    ),
    "the marker, in a unittest class": (
        "",
        "import unittest\nclass TestIt(unittest.TestCase):\n"
        "    @pytest.mark.flext\n    def test_first(self):\n        {leave}",
    ),
    "flext_metrics, in a unittest class": (
        "",
        'import unittest\n@pytest.mark.usefixtures("flext_metrics")\nclass TestIt(unittest.TestCase):\n'
        "    def test_first(self):\n        {leave}",
    ),
    "flext_isolate, in a doctest": (
        "flext_isolate = true\naddopts = --doctest-modules",
        "def first():\n    '''\n    >>> _ = {leave}\n    '''",
    ),
}


@pytest.mark.parametrize(("leave", "finds"), LEFT.values(), ids=LEFT)
@pytest.mark.parametrize(("ini", "first"), WAYS.values(), ids=WAYS)
def test_the_next_test_finds_what_the_first_one_found(
    pytester: pytest.Pytester, ini: str, first: str, leave: str, finds: str
) -> None:
    """Whatever the first one left, and however it is isolated; the second one is not."""
    second = f"@pytest.mark.flext(isolate=False)\ndef test_second():\n    assert {finds}"
    run(pytester, f"{FIRST}\n{first.format(leave=leave)}\n{second}", ini=ini).assert_outcomes(passed=2)


@pytest.mark.parametrize(("leave", "finds"), LEFT.values(), ids=LEFT)
def test_the_next_test_finds_what_is_left_without_isolation(pytester: pytest.Pytester, leave: str, finds: str) -> None:
    """Otherwise the pairs above would prove nothing; isolation is only on request."""
    source = f"{FIRST}\ndef test_first():\n    {leave}\ndef test_second():\n    assert {finds}"
    run(pytester, source).assert_outcomes(passed=1, failed=1)


LEAVE = """
    X.ValidationError("m")
    X.configure_error_handling({"environment": "test"})
    X.correlation("left").__enter__()
"""


FOUND = """
def test_last():
    assert X.get_metrics() == {"KeyError": 1}
    assert X.get_error_handling_config().value["environment"] == "development"
    assert X.Error("m").correlation_id == "around"
"""


MISHAPS = {
    "the test fails": ("def test_first(flext_metrics):" + LEAVE + "    assert False", {"failed": 1}),
    "the test is skipped half way": (
        "def test_first(flext_metrics):" + LEAVE + "    pytest.skip('enough')",
        {"skipped": 1},
    ),
    "the set-up of another fixture fails": (
        "@pytest.fixture\ndef other(flext_metrics):" + LEAVE + "    raise OSError\ndef test_first(other): pass",
        {"errors": 1},
    ),
    "the teardown of another fixture fails": (
        "@pytest.fixture\ndef other(flext_metrics):"
        + LEAVE
        + "    yield\n    X.KeyError('k')\n    raise OSError\ndef test_first(other): pass",
        {"passed": 1, "errors": 1},
    ),
    "the test is expected to fail": (
        "@pytest.mark.xfail\ndef test_first(flext_metrics):" + LEAVE + "    assert False",
        {"xfailed": 1},
    ),
}


@pytest.mark.parametrize(("source", "outcomes"), MISHAPS.values(), ids=MISHAPS)
def test_it_is_put_back_whatever_happens(pytester: pytest.Pytester, source: str, outcomes: dict[str, int]) -> None:
    """In the test or in the fixtures that come after ours."""
    result = run(pytester, f"{FIRST}\n{source}\n{FOUND}")
    result.assert_outcomes(**outcomes | {"passed": outcomes.get("passed", 0) + 1})


def test_it_is_put_back_while_a_thread_goes_on(pytester: pytest.Pytester) -> None:
    """Whose errors are counted on from the earlier counts, and no longer kept."""
    source = """
    import threading
    go_on, stop = threading.Event(), threading.Event()
    X.KeyError("earlier")
    kept = []

    def work():
        X.ValidationError("m")
        go_on.set()
        while not stop.is_set():
            X.ValidationError("m")

    thread = threading.Thread(target=work, daemon=True)

    def test_first(flext_metrics):
        kept.append(flext_metrics)
        thread.start()
        go_on.wait(10)
        assert flext_metrics["ValidationError"] > 0 and flext_metrics.errors and "KeyError" not in flext_metrics

    def test_second():
        stop.set()
        thread.join()
        assert X.get_metrics()["KeyError"] == 1
        assert len(kept[0].errors) <= 1
    """
    run(pytester, source).assert_outcomes(passed=2)


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="the platform has no fork")
def test_a_fork_within_the_test_counts_for_itself(pytester: pytest.Pytester) -> None:
    """And the parent goes on as if there was none."""
    source = """
    import os

    X.KeyError("earlier")

    def test_first(flext_metrics):
        X.ValidationError("m")
        child = os.fork()
        if not child:
            X.ValidationError("m")
            os._exit(flext_metrics.total)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
        flext_metrics.assert_counts(ValidationError=1)

    def test_second():
        assert X.get_metrics() == {"KeyError": 1}
    """
    pytester.makepyfile(f"{OURS}\n{textwrap.dedent(source)}")
    pytester.runpytest_subprocess(*ALONE).assert_outcomes(passed=2)


def test_what_a_fixture_of_broader_scope_sets_stays(pytester: pytest.Pytester) -> None:
    """It is set up before the test is isolated, and so is what it makes."""
    source = """
    @pytest.fixture(scope="module")
    def strict():
        X.KeyError("earlier")
        X.configure_error_handling({"validation_level": "strict"})

    @pytest.fixture
    def own():
        X.ConnectionError("m")

    @pytest.mark.parametrize("number", [1, 2])
    def test_it(own, strict, number):
        assert X.get_error_handling_config().value["validation_level"] == "strict"
        assert X.get_metrics() == {"ConnectionError": 1}

    def test_after():
        assert X.get_metrics() == {}
    """
    run(pytester, source, ini="flext_isolate = true").assert_outcomes(passed=3)


def test_who_watches_errors_goes_on_watching(pytester: pytest.Pytester) -> None:
    """Though the settings were put back meanwhile."""
    source = """
    from flext_exceptions.observers import watched

    made = []

    @pytest.fixture(scope="module", autouse=True)
    def watch():
        with watched(made.append):
            yield

    def test_first(flext_metrics, flext_config):
        flext_config(environment="production")

    def test_second():
        X.ValidationError("m")
        assert [error.message for error in made] == ["m"]
    """
    run(pytester, source).assert_outcomes(passed=2)


def test_isolation_leaves_counting_as_it_is(pytester: pytest.Pytester) -> None:
    """It is flext_metrics that switches it on."""
    source = """
    X.configure_error_handling({"enable_metrics": False})

    def test_first():
        X.ValidationError("m")
        assert X.get_metrics() == {}

    def test_second(flext_metrics):
        X.ValidationError("m")
        assert flext_metrics.total == 1

    @pytest.mark.flext(environment="test")
    def test_third(flext_metrics):
        X.ValidationError("m")
        assert flext_metrics.total == 1

    def test_fourth():
        assert X.get_error_handling_config().value["enable_metrics"] is False
    """
    run(pytester, source, ini="flext_isolate = true").assert_outcomes(passed=4)
