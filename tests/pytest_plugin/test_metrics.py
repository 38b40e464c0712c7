"""``flext_metrics`` counts the errors of one test, and names the counts that differ from the expected ones."""

from __future__ import annotations

import gc
import sys
import textwrap
import threading
import weakref
from collections import Counter
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flext_exceptions import FlextExceptions, settings
from flext_pytest import FlextMetrics
from flext_pytest.metrics import MOST, record_metrics
from tests.pytest_plugin.plugins import ALONE

pytest_plugins = ["pytester"]


@pytest.fixture(autouse=True)
def nobody_watches_afterwards() -> Iterator[None]:
    """Nor are settings left, which the tests would not see for themselves."""
    before = settings.current
    yield
    assert settings.current.values() == before.values() and settings.current.watchers == before.watchers


def test_it_is_a_mapping_of_what_was_made(flext_metrics: FlextMetrics) -> None:
    """Up to date, with a leading underscore or not."""
    assert isinstance(flext_metrics, Mapping)
    assert flext_metrics == {} and not flext_metrics and flext_metrics.total == 0
    for _ in range(3):
        FlextExceptions.ValidationError("m")
    FlextExceptions("m", service="x")
    assert flext_metrics == {"ValidationError": 3, "ConnectionError": 1} and flext_metrics.total == 4
    assert flext_metrics["ValidationError"] == flext_metrics["_ValidationError"] == 3
    assert "ConnectionError" in flext_metrics and "_ConnectionError" in flext_metrics and len(flext_metrics) == 2
    assert flext_metrics.get("KeyError") is None and flext_metrics.get("KeyError", 0) == 0
    assert repr(flext_metrics) == "FlextMetrics({'ValidationError': 3, 'ConnectionError': 1})"


def test_a_name_that_is_not_there_is_a_key_error(flext_metrics: FlextMetrics) -> None:
    """Which shows those that are."""
    FlextExceptions.ValidationError("m")
    with pytest.raises(KeyError, match=r"no KeyError was created in this test; created were {'ValidationError': 1}"):
        flext_metrics["_KeyError"]


def test_a_type_of_a_project_is_counted_under_its_public_name(flext_metrics: FlextMetrics) -> None:
    """Without the underscore."""

    class _OutOfStock(FlextExceptions.ValidationError):
        pass

    _OutOfStock("m")
    flext_metrics.assert_counts(OutOfStock=1)
    flext_metrics.assert_counts(_OutOfStock=1)


def test_counting_is_switched_on_for_the_test(pytester: pytest.Pytester) -> None:
    """And off again where it was."""
    pytester.makepyfile(
        """
        from flext_exceptions import FlextExceptions as X

        X.configure_error_handling({"enable_metrics": False})

        def test_first(flext_metrics):
            X.ValidationError("m")
            flext_metrics.assert_counts(ValidationError=1)

        def test_second():
            X.ValidationError("m")
            assert X.get_metrics() == {}
        """
    )
    pytester.runpytest_subprocess(*ALONE).assert_outcomes(passed=2)


def test_the_errors_themselves_are_there_in_their_order(flext_metrics: FlextMetrics) -> None:
    """Even if nothing else refers to them any longer; the list is a copy."""
    for number in range(3):
        try:
            raise FlextExceptions.ValidationError("no", field=f"f{number}")
        except FlextExceptions.ValidationError:
            pass
    FlextExceptions.Error("last")
    gc.collect()
    assert [str(error) for error in flext_metrics.errors] == ["no", "no", "no", "last"]
    assert [getattr(error, "field", None) for error in flext_metrics.errors] == ["f0", "f1", "f2", None]
    flext_metrics.errors.clear()
    assert len(flext_metrics.errors) == 4


def test_the_newest_thousand_are_kept(flext_metrics: FlextMetrics) -> None:
    """All are counted."""
    for number in range(MOST + 5):
        FlextExceptions.Error(number)
    assert MOST == 1_000 and [error.args[0] for error in flext_metrics.errors] == list(range(5, MOST + 5))
    flext_metrics.assert_counts(Error=MOST + 5)


def test_the_errors_are_dropped_after_the_test(request: pytest.FixtureRequest) -> None:
    """Whatever ended it, so that frames and what they hold can go."""
    error = FlextExceptions.Error("m")
    with record_metrics(request.node) as metrics:
        error = FlextExceptions.Error("m")
        gone = weakref.ref(error)
    del error
    assert metrics.errors == [] and gone() is None
    with pytest.raises(KeyError), record_metrics(request.node) as metrics:
        FlextExceptions.Error("m")
        raise KeyError
    assert metrics.errors == []
    FlextExceptions.Error("m")
    assert metrics.errors == []


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """Let threads take turns as often as can be."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hasty_threads")
def test_the_errors_of_all_threads_are_there(flext_metrics: FlextMetrics) -> None:
    """And they can be read while more are made."""
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            FlextExceptions.Error("m")

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(100):
            assert len(flext_metrics.errors) <= MOST
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert flext_metrics.total == flext_metrics["Error"] > 0
    assert len(flext_metrics.errors) == min(MOST, flext_metrics.total)


def test_one_within_another_counts_from_zero(request: pytest.FixtureRequest, flext_metrics: FlextMetrics) -> None:
    """And the outer one does not see what the inner one counted, but holds its errors."""
    FlextExceptions.Error("m")
    with record_metrics(request.node) as inner:
        inner.assert_none()
        FlextExceptions.TimeoutError("m")
        inner.assert_counts(TimeoutError=1)
    flext_metrics.assert_counts(Error=1)
    assert [type(error).__name__ for error in flext_metrics.errors] == ["Error", "TimeoutError"]


NAMES = ["ValidationError", "ConnectionError", "TimeoutError", "NotFoundError"]
COUNTS = st.dictionaries(st.sampled_from(NAMES), st.integers(0, 3))


@given(COUNTS, COUNTS)
def test_exactly_the_expected_counts_pass(made: dict[str, int], expected: dict[str, int]) -> None:
    """And else each name that differs has a line, in the order of the names."""
    metrics = FlextMetrics()
    with FlextExceptions.Metrics.isolated():
        for name, number in made.items():
            for _ in range(number):
                getattr(FlextExceptions, name)("m")
        lines = [
            f"  {name}: expected {expected.get(name, 0)}, got {made.get(name, 0)}"
            for name in sorted(NAMES)
            if Counter(expected)[name] != Counter(made)[name]
        ]
        if not lines:
            metrics.assert_counts(**expected)
        else:
            with pytest.raises(AssertionError) as caught:
                metrics.assert_counts(**expected)
            assert str(caught.value).splitlines() == ["the errors created differ from those expected:", *lines]
        if +Counter(made):
            with pytest.raises(AssertionError, match="expected 0, got"):
                metrics.assert_none()
        else:
            metrics.assert_none()


def test_counts_that_are_no_numbers_differ(flext_metrics: FlextMetrics) -> None:
    """And are shown as they are."""
    FlextExceptions.Error("m")
    with pytest.raises(AssertionError, match=r"\n  Error: expected '1', got 1$"):
        flext_metrics.assert_counts(Error="1")  # type: ignore[arg-type]


def test_counting_that_was_switched_off_is_hinted_at(flext_metrics: FlextMetrics) -> None:
    """By the test itself: its counts are then none."""
    FlextExceptions.configure_error_handling({"environment": "test"})
    FlextExceptions.Error("m")
    with pytest.raises(AssertionError, match=r"Error: expected 1, got 0\n  hint: counting was switched off"):
        flext_metrics.assert_counts(Error=1)
    flext_metrics.assert_none()
    assert len(flext_metrics.errors) == 1


@pytest.mark.parametrize("option", ["--assert=rewrite", "--assert=plain"])
def test_a_failing_test_shows_each_name_that_differs(pytester: pytest.Pytester, option: str) -> None:
    """At the line of the test, with no frame of ours."""
    source = """
        from flext_exceptions import FlextExceptions

        def test_counts(flext_metrics):
            FlextExceptions.ValidationError("m")
            FlextExceptions.TimeoutError("m")
            flext_metrics.assert_counts(ValidationError=3, _KeyError=1)

        def test_none(flext_metrics):
            FlextExceptions.ValidationError("m")
            flext_metrics.assert_none()

        def test_name(flext_metrics):
            flext_metrics["ValidationError"]
        """
    pytester.makepyfile(test_shop=textwrap.dedent(source))
    result = pytester.runpytest_inprocess(*ALONE, option)
    result.assert_outcomes(failed=3)
    assert [line for line in result.outlines if line.startswith("E ")] == [
        "E       AssertionError: the errors created differ from those expected:",
        "E         KeyError: expected 1, got 0",
        "E         TimeoutError: expected 0, got 1",
        "E         ValidationError: expected 3, got 1",
        "E       AssertionError: the errors created differ from those expected:",
        "E         ValidationError: expected 0, got 1",
        "E       KeyError: 'no ValidationError was created in this test; created were {}'",
    ]
    assert [line for line in result.outlines if line.startswith("test_shop.py:")] == [
        "test_shop.py:6: AssertionError",
        "test_shop.py:10: AssertionError",
        "test_shop.py:13: KeyError",
    ]
    result.stdout.no_fnmatch_line("*metrics.py*")
