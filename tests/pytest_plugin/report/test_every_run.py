"""Counts add up across workers, in any order, with asynchronous and isolated tests."""

from __future__ import annotations

import json
import textwrap
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flext_exceptions import FlextExceptions
from flext_pytest.report.counts import ErrorCounts, Place
from flext_pytest.report.json_document import document
from flext_pytest.report.terminal import summary
from tests.pytest_plugin.plugins import alone, only
from tests.pytest_plugin.report.runs import OURS, SHOP, lines, read, report

pytest_plugins = ["pytester"]


def test_the_counts_of_workers_add_up(pytester: pytest.Pytester) -> None:
    """The tests of each are the same as in one process; what every worker makes for itself is made by each."""
    source = """
        @pytest.fixture(scope="session")
        def shop():
            X.ConnectionError("m")

        @pytest.mark.parametrize("sku", range(8))
        def test_order(sku, shop):
            for _ in range(sku):
                X.KeyError("m")
            with pytest.raises(X.TimeoutError):
                raise X.TimeoutError("m")
        """
    single = report(pytester, source)
    pytester.runpytest_subprocess(*alone("--flext-report=json:report.json", "-n", "2", "--dist=each")).assert_outcomes(
        passed=16
    )
    each = read(pytester)
    pytester.runpytest_subprocess(*alone("--flext-report=json:report.json", "-n", "2")).assert_outcomes(passed=8)
    spread = read(pytester)
    assert single["made"] == 1 + 28 + 8
    assert each["made"] == 2 * single["made"]
    assert spread["types"][1:] == single["types"][1:]
    assert spread["types"][0]["elsewhere"] == {"session fixture shop": 2}


def test_a_crashed_worker_is_named_and_the_counts_of_others_are_kept(pytester: pytest.Pytester) -> None:
    """In the terminal, and in the file."""
    source = """
        import os, time
        def test_crash():
            X.KeyError("lost")
            os._exit(1)
        def test_kept():
            time.sleep(0.2)
            X.TimeoutError("kept")
        """
    pytester.makepyfile(test_shop=f"{OURS}\n{textwrap.dedent(source)}")
    result = pytester.runpytest_subprocess(*alone("--flext-report=json:report.json", "-n", "2"))
    result.assert_outcomes(passed=1, failed=1)
    [said] = [line for line in lines(result) if "ended before" in line]
    assert said.startswith("--flext-report: worker gw") and said.endswith("its counts are lost")
    found = read(pytester)
    assert found["lost"] == [said]
    assert [each["error"] for each in found["types"]] == ["TimeoutError"]


@pytest.mark.parametrize("plugin", ["asyncio", "anyio"])
def test_asynchronous_tests_count(pytester: pytest.Pytester, plugin: str) -> None:
    """With their fixtures; a fixture of a wider scope for itself."""
    mark = "asyncio(loop_scope='session')" if plugin == "asyncio" else "anyio"
    fixture = "import pytest_asyncio\n@pytest_asyncio.fixture(scope='session', loop_scope='session')"
    source = f"""
{fixture if plugin == "asyncio" else "@pytest.fixture(scope='session')"}
async def shop(anyio_backend):
    X.ConnectionError("m")
    yield
    X.TimeoutError("m")

@pytest.fixture(scope="session")
def anyio_backend():
    return "asyncio"

@pytest.mark.{mark}
async def test_it(shop):
    async with flext_raises(X.KeyError):
        raise X.KeyError("m")
"""
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = session")
    pytester.makepyfile(test_shop=OURS + source)
    result = pytester.runpytest_subprocess(*only(plugin), "-W", "ignore", "--flext-report=json:report.json")
    result.assert_outcomes(passed=1)
    found = {each["error"]: (each["tests"], each["elsewhere"]) for each in read(pytester)["types"]}
    assert found == {
        "ConnectionError": ({}, {"session fixture shop": 1}),
        "KeyError": ({"test_shop.py::test_it": 1}, {}),
        "TimeoutError": ({}, {"session fixture shop": 1}),
    }


def test_the_order_of_tests_does_not_matter(pytester: pytest.Pytester) -> None:
    """The document is the same, whichever way they are shuffled."""
    pytester.makepyfile(test_shop=OURS + SHOP)
    documents = []
    for seed in ("1", "2"):
        options = (*only("randomly"), f"--randomly-seed={seed}", "--flext-report=json:report.json")
        pytester.runpytest_subprocess(*options).assert_outcomes(passed=5)
        documents.append((pytester.path / "report.json").read_bytes())
    assert documents[0] == documents[1]


def test_isolation_does_not_hide_errors(pytester: pytest.Pytester) -> None:
    """Nor does an environment in which nothing is counted."""
    source = """
        def test_it(flext_metrics, flext_config):
            flext_config(environment="test")
            X.KeyError("m")
        """
    [row] = report(pytester, source)["types"]
    assert row["tests"] == {"test_shop.py::test_it": 1}


MADE = st.lists(
    st.tuples(
        st.builds(Place, st.sampled_from(["a", "b", "c"]), st.booleans()),
        st.sampled_from([FlextExceptions.KeyError, FlextExceptions.ValidationError, FlextExceptions.TimeoutError]),
        st.sampled_from(["E1", "E2"]),
        st.booleans(),
        st.integers(0, 2),
    )
)


@given(MADE, st.randoms(use_true_random=False))
def test_counts_add_up_however_they_are_spread(made: list[Any], random: Any) -> None:
    """Over workers and in any order: rows, document and table are the same."""

    def note(counts: ErrorCounts, events: list[Any]) -> ErrorCounts:
        for place, kind, code, asserted, _ in events:
            counts.place = place
            error = kind("m", error_code=code)
            counts.make(error)
            if asserted:
                counts.accept(error, None)
        return counts

    single = note(ErrorCounts(), made)
    shuffled = random.sample(made, len(made))
    together = ErrorCounts()
    for worker in range(3):
        output = note(ErrorCounts(), [each for each in shuffled if each[-1] == worker]).output()
        together.add(json.loads(json.dumps(output)))
    assert together.rows() == single.rows()
    assert list(summary(together.rows())) == list(summary(single.rows()))
    assert json.dumps(document(together.rows(), [])) == json.dumps(document(single.rows(), []))
    assert sum(row.made for row in single.rows()) == len(made)
    for row in single.rows():
        assert sum(row.codes.values()) == sum(row.tests.values()) + sum(row.elsewhere.values())
