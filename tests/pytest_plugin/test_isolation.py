"""A test that is isolated leaves nothing behind: neither counts, nor settings, nor a bound correlation id."""

from __future__ import annotations

import logging
import re
import textwrap
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flext_exceptions import FlextExceptions, settings
from flext_exceptions.correlation import bound as binding
from flext_pytest.isolation import LONGEST, bind_id, readable_id

pytest_plugins = ["pytester"]

# The plugins of others are loaded in the runs that are about them.
ALONE = ("-p", "no:randomly", "-p", "no:asyncio", "-p", "no:anyio", "-p", "no:xdist", "-p", "no:cacheprovider")
OURS = "from flext_exceptions import FlextExceptions as X"


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """The tests within the tests run in this process; none of what is tested here puts back what they leave."""
    logger = logging.getLogger("flext_exceptions")
    before, scope, level = settings.current, binding.get(), logger.level
    with FlextExceptions.Metrics.isolated():
        yield
    assert settings.current.watchers == before.watchers, "somebody still watches"
    settings.current = before
    binding.set(scope)
    logger.setLevel(level)


def run(pytester: pytest.Pytester, source: str, *options: str, ini: str = "") -> pytest.RunResult:
    """Run tests in this process, with the settings of an ini file."""
    pytester.makeini(f"[pytest]\n{textwrap.dedent(ini)}")
    pytester.makepyfile(f"import pytest\n{OURS}\n{textwrap.dedent(source)}")
    return pytester.runpytest_inprocess(*ALONE, *options)


# What a test leaves behind, and what the next one finds where that was put back.
LEFT = {
    "counts": ('X.ValidationError("m")', 'X.get_metrics() == {"KeyError": 1}'),
    "cleared counts": ("X.clear_metrics()", 'X.get_metrics() == {"KeyError": 1}'),
    "settings": (
        'X.configure_error_handling({"environment": "production", "redact_keys": ["pin"]})',
        '(now := X.get_error_handling_config())["environment"] == "development" and "token" in now["redact_keys"]',
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
    """Else the pairs above would say nothing; and nobody is isolated who did not ask for it."""
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
    assert X.get_error_handling_config()["environment"] == "development"
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
        assert X.get_error_handling_config()["validation_level"] == "strict"
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
        assert X.get_error_handling_config()["enable_metrics"] is False
    """
    run(pytester, source, ini="flext_isolate = true").assert_outcomes(passed=4)


def test_flext_config_configures_for_one_test(pytester: pytest.Pytester) -> None:
    """Several times if need be."""
    source = """
    import logging

    def test_first(flext_config):
        flext_config(environment="production")
        flext_config(max_error_details=7)
        now = X.get_error_handling_config()
        assert (now["environment"], now["validation_level"], now["max_error_details"]) == ("production", "strict", 7)
        assert logging.getLogger("flext_exceptions").level == logging.ERROR

    def test_second():
        now = X.get_error_handling_config()
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
    assert re.fullmatch(r"[A-Za-z0-9._-]+", name) and len(name) <= LONGEST == 64
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


def test_the_marker_says_what_is_wanted(pytester: pytest.Pytester) -> None:
    """The nearest one decides, argument by argument."""
    source = """
    pytestmark = pytest.mark.flext(environment="production", correlation_id="of-module")

    def environment():
        return X.get_error_handling_config()["environment"]

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
        assert X.get_error_handling_config()["environment"] == "production"

    @pytest.mark.flext(isolate=False)
    def test_second(request):
        assert X.get_metrics() == {"ValidationError": 1}
        assert X.get_error_handling_config()["environment"] == "development"
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
    result = pytester.runpytest_subprocess("-n", "2", "-p", "no:randomly")
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


def test_nothing_is_added_to_tests_that_do_not_ask(pytester: pytest.Pytester) -> None:
    """No fixture, no import of ours, nobody watching; with or without the plugin."""
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
    for options in (["-n", "2"], ["-p", "randomly", "-p", "no:xdist"], ["--import-mode=importlib", "--assert=plain"]):
        pytester.runpytest_subprocess("-p", "no:asyncio", *options).assert_outcomes(passed=24)


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
    run(pytester, source, ini="flext_isolate = true").assert_outcomes(passed=2)


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


ASYNCHRONOUS = """
import asyncio

{mark}
async def test_first({arguments}flext_metrics, flext_correlation_id):
    await asyncio.sleep(0)
    assert X.Error("m").correlation_id == flext_correlation_id
    flext_metrics.assert_counts(Error=1)
    X.correlation("left").__enter__()
    X.configure_error_handling({{"environment": "production"}})

{mark}
@pytest.mark.flext(correlation_id="req-1")
async def test_second({arguments}):
    assert X.Error("m").correlation_id == "req-1"

{mark}
async def test_leaving({arguments}flext_metrics):
    X.correlation("left").__enter__()

{mark}
async def test_third({arguments}):
    assert X.get_metrics() == {{}}
    assert X.get_error_handling_config()["environment"] == "development"
    assert X.Error("m").correlation_id.startswith("flext_")

{mark}
class TestIt:
    @pytest.mark.flext(correlation_id="req-2")
    async def test_method(self{also}):
        assert X.Error("m").correlation_id == "req-2"

def test_last():
    assert X.Error("m").correlation_id.startswith("flext_")
"""
SHARED = '@pytest.fixture(scope="module")\nasync def shared():\n    yield\n'
ASYNC_WAYS = {
    "pytest-asyncio, strict": ("-p no:anyio", "asyncio_mode = strict", "@pytest.mark.asyncio", "", ""),
    "pytest-asyncio, auto": ("-p no:anyio", "asyncio_mode = auto", "", "", ""),
    "pytest-asyncio, one loop": (
        "-p no:anyio",
        "asyncio_mode = auto",
        '@pytest.mark.asyncio(loop_scope="module")',
        "shared",
        SHARED,
    ),
    "anyio": ("-p no:asyncio", "", "@pytest.mark.anyio", "", ""),
    "anyio, one task": (
        "-p no:asyncio",
        "",
        "@pytest.mark.anyio",
        "shared",
        '@pytest.fixture(scope="module")\ndef anyio_backend():\n    return "asyncio"\n' + SHARED,
    ),
}


@pytest.mark.parametrize(("options", "ini", "mark", "fixture", "before"), ASYNC_WAYS.values(), ids=ASYNC_WAYS)
def test_asynchronous_tests_are_isolated_too(
    pytester: pytest.Pytester, options: str, ini: str, mark: str, fixture: str, before: str
) -> None:
    """Their body sees the id, though its task may be older than the fixture, and leaves no other one in the task."""
    source = ASYNCHRONOUS.format(mark=mark, arguments=fixture and f"{fixture}, ", also=fixture and f", {fixture}")
    pytester.makeini(f"[pytest]\n{ini}\nasyncio_default_fixture_loop_scope = module")
    if "asyncio" in options:
        pytester.makeini(f"[pytest]\n{ini}")
    pytester.makepyfile(f"import pytest\n{OURS}\n{before}{source}")
    result = pytester.runpytest_subprocess("-p", "no:randomly", "-p", "no:xdist", *options.split())
    result.assert_outcomes(passed=6)


def test_an_asynchronous_unittest_class_is_isolated(pytester: pytest.Pytester) -> None:
    """Its context is older than the fixtures, and the id is seen in it all the same."""
    source = """
    import unittest

    @pytest.mark.flext(correlation_id="req-1")
    class TestIt(unittest.IsolatedAsyncioTestCase):
        async def asyncSetUp(self):
            assert X.Error("m").correlation_id == "req-1"

        async def test_first(self):
            assert X.Error("m").correlation_id == "req-1"
            assert X.get_metrics() == {"Error": 2}
            X.correlation("left").__enter__()

        def test_second(self):
            assert X.Error("m").correlation_id == "req-1"
            assert X.get_metrics() == {"Error": 2}

    @pytest.mark.usefixtures("flext_metrics", "flext_correlation_id")
    class TestOther(unittest.IsolatedAsyncioTestCase):
        async def test_it(self):
            assert X.Error("m").correlation_id.startswith("TestOther.test_it-")
            assert X.get_metrics() == {"Error": 1}

    def test_last():
        assert X.Error("m").correlation_id.startswith("flext_")
        assert X.get_metrics() == {"Error": 1}
    """
    run(pytester, source).assert_outcomes(passed=4)


def test_an_asynchronous_test_is_itself_again_afterwards(pytester: pytest.Pytester) -> None:
    """So that it may be run anew, by a plugin that does so."""
    source = """
    import unittest

    async def test_it():
        pass

    class TestIt(unittest.IsolatedAsyncioTestCase):
        async def test_it(self):
            pass
    """
    module = pytester.getmodulecol(textwrap.dedent(source), configargs=ALONE)
    function, method = pytester.genitems([module])
    assert isinstance(function, pytest.Function) and isinstance(method, pytest.Function) and method.instance
    test, context = function.obj, method.instance._asyncioTestContext
    with bind_id(function, "req-1"), bind_id(method, "req-2"):
        assert function.obj is not test and context[binding][:2] == ("req-2", None)
    assert function.obj is test and context[binding] is None
