"""An error is counted for the test, the fixture or the collection that creates it."""

from __future__ import annotations

import pytest

from tests.pytest_plugin.report.runs import lines, report, run

pytest_plugins = ["pytester"]

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
