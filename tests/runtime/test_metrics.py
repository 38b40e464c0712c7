"""Every error is counted once, under its public name, and no count is lost."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from flext_exceptions import FlextExceptions, metrics


def test_errors_are_counted_by_public_name_without_zero_entries() -> None:
    """A leading underscore is no part of a name."""

    class _Private(FlextExceptions.ValidationError):
        pass

    for _ in range(3):
        FlextExceptions.ValidationError("m")
    _Private("m")
    assert FlextExceptions.get_metrics() == {"ValidationError": 3, "Private": 1}


def test_a_lookup_finds_the_name_with_an_underscore_too() -> None:
    """Old code uses both."""
    FlextExceptions.ValidationError("m")
    counts = FlextExceptions.get_metrics()
    assert counts["_ValidationError"] == counts["ValidationError"] == 1
    assert counts.get("_ValidationError") == counts.get("ValidationError") == 1
    assert "_ValidationError" in counts and "_Error" not in counts and 3 not in counts
    assert counts.get("_Error") is None and counts.get("_Error", 0) == 0
    with pytest.raises(KeyError, match="_Error"):
        counts["_Error"]
    assert isinstance(counts, dict) and sum(counts.values()) == 1


def test_a_snapshot_does_not_change() -> None:
    """Nor does changing it change the counts."""
    before = FlextExceptions.get_metrics()
    FlextExceptions.Error("m")
    assert before == {}
    before["Error"] = 99
    assert FlextExceptions.get_metrics() == {"Error": 1}


def test_clear_moves_a_baseline_and_totals_never_go_back() -> None:
    """A monotonic counter reads the totals."""
    FlextExceptions.Error("m")
    total = metrics.totals()["Error"]
    FlextExceptions.clear_metrics()
    assert FlextExceptions.get_metrics() == {}
    FlextExceptions.Error("m")
    assert FlextExceptions.get_metrics() == {"Error": 1}
    assert metrics.totals()["Error"] == total + 1


def test_counting_by_hand() -> None:
    """Of any name, with or without an underscore."""
    FlextExceptions.Metrics.record_exception("_Foreign")
    FlextExceptions.Metrics.record_exception("Foreign")
    assert FlextExceptions.get_metrics() == {"Foreign": 2}


def test_isolated_starts_empty_and_puts_the_earlier_counts_back() -> None:
    """Also within itself, and after an error."""
    FlextExceptions.Error("m")
    isolated = FlextExceptions.Metrics.isolated()
    with isolated:
        assert FlextExceptions.get_metrics() == {}
        FlextExceptions.Error("m")
        FlextExceptions.ValidationError("m")
        with isolated:
            assert FlextExceptions.get_metrics() == {}
            FlextExceptions.TypeError("m")
            FlextExceptions.clear_metrics()
        assert FlextExceptions.get_metrics() == {"Error": 1, "ValidationError": 1}
    assert FlextExceptions.get_metrics() == {"Error": 1}
    with pytest.raises(ZeroDivisionError), isolated:
        _ = 1 / 0
    assert FlextExceptions.get_metrics() == {"Error": 1}


def test_unpickling_copying_and_raising_again_count_nothing() -> None:
    """Exactly one count an error."""
    error = FlextExceptions.ValidationError("m", field="f")
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error), error):
        for _ in range(2):
            with pytest.raises(ValueError):
                raise other
    assert FlextExceptions.get_metrics() == {"ValidationError": 1}


def test_turned_off_nothing_is_counted() -> None:
    """Not by hand either."""
    FlextExceptions.configure_error_handling({"enable_metrics": False}).unwrap()
    FlextExceptions.Error("m")
    FlextExceptions.Metrics.record_exception("Foreign")
    assert FlextExceptions.get_metrics() == {}


def test_counts_outlive_their_class() -> None:
    """They are kept by name."""

    def make() -> None:
        class Passing(FlextExceptions.Error):
            pass

        Passing("m")

    make()
    make()
    assert FlextExceptions.get_metrics() == {"Passing": 2}


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads give way to one another after a microsecond."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def test_eight_threads_lose_no_count(hasty: None) -> None:
    """Nor do those who count by hand beside them, while others read."""
    number = 4000

    def work() -> None:
        for _ in range(number):
            FlextExceptions.ValidationError("m", field="f")
            FlextExceptions("m", service="s")
            FlextExceptions.Metrics.record_exception("Foreign")

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        FlextExceptions.get_metrics()
    for thread in threads:
        thread.join()
    expected = 8 * number
    assert FlextExceptions.get_metrics() == dict.fromkeys(("ValidationError", "ConnectionError", "Foreign"), expected)


def test_taking_the_counts_loses_none_and_gives_none_twice(hasty: None) -> None:
    """Two take at once, beside six that make errors."""
    number = 4000
    taken: list[int] = []

    some_taken, made = threading.Event(), threading.Event()

    def make() -> None:
        for step in range(number):
            FlextExceptions.ValidationError("m")
            if step == number // 2:
                some_taken.wait()

    def take() -> None:
        while not made.is_set():
            taken.append(metrics.take().get("ValidationError", 0))
            if taken[-1]:
                some_taken.set()

    takers = [threading.Thread(target=take) for _ in range(2)]
    makers = [threading.Thread(target=make) for _ in range(6)]
    for thread in takers + makers:
        thread.start()
    for thread in makers:
        thread.join()
    made.set()
    for thread in takers:
        thread.join()
    assert sum(taken) + metrics.take().get("ValidationError", 0) == 6 * number
    assert FlextExceptions.get_metrics() == metrics.take() == {}


def test_what_was_taken_is_gone_for_all_and_from_the_totals_never() -> None:
    """As after a clear; within isolated() the earlier counts are not taken."""
    FlextExceptions.Error("m")
    total = metrics.totals()["Error"]
    with FlextExceptions.Metrics.isolated():
        FlextExceptions.TypeError("m")
        assert metrics.take() == {"TypeError": 1}
    assert FlextExceptions.get_metrics() == {"Error": 1} == metrics.take()
    assert FlextExceptions.get_metrics() == {} and metrics.totals()["Error"] == total


def test_where_there_is_no_gil_a_locked_count_loses_nothing(hasty: None) -> None:
    """It steps and reads as an itertools.count does."""
    steps = metrics._LockedCount()

    def work() -> None:
        for _ in range(5000):
            next(steps)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert repr(steps) == "Count(40000)"
    assert next(steps) == 40000


def _child(queue: Any, isolated: Any) -> None:
    at_start = dict(FlextExceptions.get_metrics()), sum(metrics.totals().values())
    FlextExceptions.Error("m")
    isolated.__exit__(None, None, None)
    after = dict(FlextExceptions.get_metrics())
    FlextExceptions.Error("m")
    FlextExceptions.configure_error_handling({"environment": "local"}).unwrap()
    queue.put((at_start, after, dict(FlextExceptions.get_metrics()), metrics.totals()["Error"]))


@pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning")
def test_a_forked_child_starts_at_zero_and_holds_no_inherited_lock() -> None:
    """Also one that was forked within isolated(), and while another thread holds the locks."""
    from flext_exceptions import configuration

    FlextExceptions.Error("m")
    context = multiprocessing.get_context("fork")
    queue = context.SimpleQueue()
    isolated = FlextExceptions.Metrics.isolated()
    with isolated, metrics._lock, configuration._lock:
        FlextExceptions.Error("m")
        child = context.Process(target=_child, args=(queue, isolated))
        child.start()
    assert queue.get() == (({}, 0), {}, {"Error": 1}, 2)
    child.join()
    assert child.exitcode == 0
    assert FlextExceptions.get_metrics() == {"Error": 1}


def test_the_process_reads_its_own_counts_at_exit() -> None:
    """Nothing of the machinery is gone before the interpreter is."""
    code = (
        "import atexit\n"
        "from flext_exceptions import FlextExceptions\n"
        "atexit.register(lambda: print(FlextExceptions.get_metrics()))\n"
        "FlextExceptions('m', field='f')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "{'ValidationError': 1}\n"


def test_the_counts_are_read_and_cleared_by_the_class_of_metrics_too() -> None:
    """Programs use either name."""
    FlextExceptions.ValidationError("m")
    assert FlextExceptions.Metrics.get_metrics() == FlextExceptions.get_metrics() == {"ValidationError": 1}
    FlextExceptions.Metrics.clear_metrics()
    assert not FlextExceptions.get_metrics()
