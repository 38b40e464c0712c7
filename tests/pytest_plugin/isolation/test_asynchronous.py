"""Asynchronous tests are isolated in the context in which they run."""

from __future__ import annotations

import textwrap

import pytest

from flext_exceptions.correlation import bound as binding
from flext_pytest.isolation import bind_id
from tests.pytest_plugin.isolation.runs import OURS, run
from tests.pytest_plugin.plugins import ALONE, only

pytest_plugins = ["pytester"]

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
    assert X.get_error_handling_config().value["environment"] == "development"
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
    "pytest-asyncio, strict": ("asyncio", "asyncio_mode = strict", "@pytest.mark.asyncio", "", ""),
    "pytest-asyncio, auto": ("asyncio", "asyncio_mode = auto", "", "", ""),
    "pytest-asyncio, one loop": (
        "asyncio",
        "asyncio_mode = auto",
        '@pytest.mark.asyncio(loop_scope="module")',
        "shared",
        SHARED,
    ),
    "anyio": ("anyio", "", "@pytest.mark.anyio", "", ""),
    "anyio, one task": (
        "anyio",
        "",
        "@pytest.mark.anyio",
        "shared",
        '@pytest.fixture(scope="module")\ndef anyio_backend():\n    return "asyncio"\n' + SHARED,
    ),
}


@pytest.mark.parametrize(("plugin", "ini", "mark", "fixture", "before"), ASYNC_WAYS.values(), ids=ASYNC_WAYS)
def test_asynchronous_tests_are_isolated_too(
    pytester: pytest.Pytester, plugin: str, ini: str, mark: str, fixture: str, before: str
) -> None:
    """Their body sees the id, though its task may be older than the fixture, and leaves no other one in the task."""
    source = ASYNCHRONOUS.format(mark=mark, arguments=fixture and f"{fixture}, ", also=fixture and f", {fixture}")
    pytester.makeini(f"[pytest]\n{ini}\nasyncio_default_fixture_loop_scope = module")
    if plugin == "anyio":
        pytester.makeini(f"[pytest]\n{ini}")
    pytester.makepyfile(f"import pytest\n{OURS}\n{before}{source}")
    result = pytester.runpytest_subprocess(*only(plugin))
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
