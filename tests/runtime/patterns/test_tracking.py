"""Errors are tracked without keeping them alive, and created with cheap context."""

from __future__ import annotations

import asyncio
import copy
import gc
import itertools
import multiprocessing
import pickle
import threading
import time
import weakref
from collections import Counter, deque
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flext_exceptions import FlextExceptions
from flext_exceptions.catalogue import ROWS, Row
from flext_exceptions.patterns.tracking import MemoryEfficientExceptionTracker, OptimizedFlextException
from tests.runtime.patterns import hostile

optimizer = OptimizedFlextException()


def test_what_is_tracked_is_not_kept() -> None:
    """It is followed while it is in memory."""
    tracker = MemoryEfficientExceptionTracker()
    errors: list[BaseException] = [FlextExceptions.Error("m"), FlextExceptions.KeyError("m")]
    for error in errors:
        tracker.track_exception(error)
    assert tracker.get_active_exceptions_count() == 2
    error = errors.pop()
    assert tracker.get_active_exceptions_count() == 2
    del error
    assert tracker.get_active_exceptions_count() == 1
    errors.clear()
    gc.collect()
    assert tracker.get_active_exceptions_count() == 0


def test_counts_are_flushed_once_there_are_enough() -> None:
    """By class name; the next begin at zero. There are enough once there are more than the largest number."""
    flushed: list[dict[str, int]] = []
    tracker = MemoryEfficientExceptionTracker(max_exceptions=2, flush=flushed.append)
    for kind in (FlextExceptions.Error, FlextExceptions.TypeError):
        tracker.track_exception(kind("m"))
    assert flushed == []
    tracker.track_exception(FlextExceptions.Error("m"))
    assert flushed == [{"Error": 2, "TypeError": 1}]
    for _ in range(4):
        tracker.track_exception(FlextExceptions.Error("m"))
    assert flushed[1:] == [{"Error": 3}] and tracker._buffer_size == 1
    tracker.cleanup()
    assert flushed[2:] == [{"Error": 1}]
    tracker.cleanup()
    assert len(flushed) == 3


def test_a_subclass_may_write_the_counts_itself() -> None:
    """Where it likes: it reads the buffer and empties it."""
    rows: list[dict[str, int]] = []

    class ToDatabase(MemoryEfficientExceptionTracker):
        def _flush_metrics_buffer(self) -> None:
            rows.append(self._metrics_buffer)
            self._metrics_buffer.clear()
            self._buffer_size = 0

    tracker = ToDatabase(max_exceptions=2)
    sizes = []
    for _ in range(4):
        tracker.track_exception(FlextExceptions.Error("m"))
        sizes.append(tracker._buffer_size)
    tracker.cleanup()
    assert (sizes, rows) == ([1, 2, 0, 1], [{"Error": 3}, {"Error": 1}])


def test_there_may_be_a_thousand_before_they_are_flushed() -> None:
    """By default."""
    flushed: list[dict[str, int]] = []
    tracker = MemoryEfficientExceptionTracker(flush=flushed.append)
    for _ in range(1000):
        tracker.track_exception(FlextExceptions.Error("m"))
    assert flushed == []
    tracker.track_exception(FlextExceptions.Error("m"))
    assert flushed == [{"Error": 1001}]


def test_an_error_that_comes_by_again_is_counted_once() -> None:
    """As it is when it is raised through two services that track."""
    flushed: list[dict[str, int]] = []
    tracker = MemoryEfficientExceptionTracker(flush=flushed.append)
    error = FlextExceptions.Error("m")
    for _ in range(3):
        tracker.track_exception(error)
    assert tracker.get_active_exceptions_count() == 1
    tracker.cleanup()
    assert flushed == [{"Error": 1}] and tracker.get_active_exceptions_count() == 0
    assert FlextExceptions.get_metrics() == {"Error": 1}


def test_foreign_errors_are_counted_and_followed_where_they_can_be() -> None:
    """A builtin one itself cannot."""

    class Foreign(Exception):
        pass

    flushed: list[dict[str, int]] = []
    tracker = MemoryEfficientExceptionTracker(flush=flushed.append)
    errors = [ValueError("m"), Foreign("m"), KeyboardInterrupt()]
    for error in errors:
        tracker.track_exception(error)
    assert tracker.get_active_exceptions_count() == 1
    tracker.cleanup()
    assert flushed == [{"ValueError": 1, "Foreign": 1, "KeyboardInterrupt": 1}]


def test_without_a_function_the_counts_are_logged(entries: list[Any]) -> None:
    """At INFO."""
    tracker = MemoryEfficientExceptionTracker(max_exceptions=1)
    tracker.track_exception(FlextExceptions.Error("m"))
    assert entries == []
    tracker.track_exception(FlextExceptions.Error("m"))
    (entry,) = entries
    assert (entry.name, entry.levelname, entry.counts) == ("flext_exceptions.tracking", "INFO", {"Error": 2})
    assert entry.getMessage() == "errors since the last flush: {'Error': 2}"


def test_a_flush_that_fails_loses_nothing(entries: list[Any]) -> None:
    """Whatever it did to what it was given; and the buffer does not grow meanwhile."""
    flushed: list[dict[str, int]] = []

    def fail(counts: dict[str, int]) -> None:
        counts.clear()
        raise OSError("disk full")

    tracker = MemoryEfficientExceptionTracker(max_exceptions=3, flush=fail)
    for _ in range(100):
        tracker.track_exception(FlextExceptions.Error("m"))
        assert len(tracker._buffer) <= 3
    assert entries and all("OSError: disk full" in entry.getMessage() for entry in entries)
    tracker.flush = flushed.append
    tracker.cleanup()
    assert flushed == [{"Error": 100}]


def test_a_flush_may_track_errors_itself() -> None:
    """They are in the next one."""
    flushed: list[dict[str, int]] = []

    def flush(counts: dict[str, int]) -> None:
        flushed.append(counts)
        if len(flushed) < 3:
            tracker.track_exception(FlextExceptions.TypeError("m"))

    tracker = MemoryEfficientExceptionTracker(max_exceptions=0, flush=flush)
    tracker.track_exception(FlextExceptions.Error("m"))
    assert flushed == [{"Error": 1}, {"TypeError": 1}, {"TypeError": 1}]


def test_what_another_thread_has_flushed_is_not_flushed_again() -> None:
    """It may be faster between the look at the buffer and the taking."""

    class Raced(deque[tuple[str, int]]):
        def __len__(self) -> int:
            return super().__len__() + 1

    flushed: list[dict[str, int]] = []
    tracker = MemoryEfficientExceptionTracker(flush=flushed.append)
    tracker._buffer = Raced([("Error", 2)])
    tracker.cleanup()
    assert flushed == [{"Error": 2}]


def test_errors_without_a_hash_and_hostile_ones_are_tracked() -> None:
    """Nothing of them is asked."""

    class Equal(FlextExceptions.Error):
        def __eq__(self, other: object) -> bool:
            raise LookupError("eq")

        __hash__ = None  # type: ignore[assignment]

    tracker = MemoryEfficientExceptionTracker()
    errors = [*hostile.errors(), Equal("m"), Equal("m")]
    for error in [*errors, *errors]:
        tracker.track_exception(error)
    assert tracker.get_active_exceptions_count() == len(errors)


def test_eight_threads_and_their_tasks_lose_no_count() -> None:
    """However the flushes fall."""
    flushed: list[dict[str, int]] = []
    tracker = MemoryEfficientExceptionTracker(max_exceptions=7, flush=flushed.append)

    async def track(kind: type[FlextExceptions.BaseError]) -> None:
        for _ in range(100):
            tracker.track_exception(kind("m"))
            await asyncio.sleep(0)

    async def many() -> None:
        await asyncio.gather(track(FlextExceptions.Error), track(FlextExceptions.ValidationError))

    hostile.in_threads(lambda index: asyncio.run(many()))
    tracker.cleanup()
    total: Counter[str] = Counter()
    for counts in flushed:
        total.update(counts)
    assert total == {"Error": 800, "ValidationError": 800} == FlextExceptions.get_metrics()
    assert tracker.get_active_exceptions_count() == 0


@given(st.lists(st.sampled_from(ROWS)), st.integers(-1, 9), st.lists(st.booleans(), min_size=1))
def test_flushed_counts_add_up_to_what_was_tracked(rows: list[Row], most: int, succeeds: list[bool]) -> None:
    """Whatever is tracked, however much is buffered, and whichever flushes fail."""
    flushed: Counter[str] = Counter()
    outcomes = itertools.cycle(succeeds)

    def flush(counts: dict[str, int]) -> None:
        if not next(outcomes):
            raise OSError("disk full")
        flushed.update(counts)

    tracker = MemoryEfficientExceptionTracker(most, flush)
    tracker.logger.disabled = True
    for row in rows:
        tracker.track_exception(row.type("m"))
    tracker.flush = flushed.update
    tracker.cleanup()
    tracker.logger.disabled = False
    assert flushed == Counter(row.name for row in rows)


def _child(queue: Any, tracker: MemoryEfficientExceptionTracker) -> None:
    flushed: list[dict[str, int]] = []
    tracker.flush = flushed.append
    tracker.track_exception(FlextExceptions.TypeError("m"))
    tracker.cleanup()
    queue.put(flushed)


@pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning")
def test_a_forked_child_flushes_its_own_counts_alone() -> None:
    """So that the sum over processes is right."""
    flushed: list[dict[str, int]] = []
    tracker = MemoryEfficientExceptionTracker(flush=flushed.append)
    tracker.track_exception(FlextExceptions.Error("m"))
    context = multiprocessing.get_context("fork")
    queue = context.SimpleQueue()
    child = context.Process(target=_child, args=(queue, tracker))
    child.start()
    assert queue.get() == [{"TypeError": 1}]
    child.join()
    tracker.cleanup()
    assert flushed == [{"Error": 1}]


def test_a_tracker_that_nobody_has_any_more_is_freed() -> None:
    """With what it knew."""
    tracker = MemoryEfficientExceptionTracker()
    gone = weakref.ref(tracker)
    tracker.track_exception(FlextExceptions.Error("m"))
    del tracker
    assert gone() is None


def test_common_context_is_added_to_what_the_call_says() -> None:
    """It goes over the call's context and under its other keywords; neither mapping is changed."""
    common, own = {"batch": 1, "step": "common", "field": "common"}, {"step": "own", "row": 7}
    optimizer.cache_common_context("batch", common)
    common["batch"] = 2
    error = optimizer.create_cached_exception(
        FlextExceptions.ValidationError, "m", cache_key="batch", field="f", context=own, code="C"
    )
    assert (error.context, error.field, error.code) == (
        {"step": "common", "row": 7, "field": "f", "batch": 1},
        "f",
        "C",
    )
    error.context["batch"] = 3
    assert optimizer.create_cached_exception(FlextExceptions.Error, "m", "batch").context["batch"] == 1
    assert own == {"step": "own", "row": 7}
    assert optimizer.create_cached_exception(FlextExceptions.Error, "m", "batch", context=3).context["context"] == 3


def test_without_a_known_key_nothing_is_added() -> None:
    """Names of parameters are contexts' too."""
    assert optimizer.create_cached_exception(FlextExceptions.Error, "m").context == {}
    assert optimizer.create_cached_exception(FlextExceptions.Error, "m", "unknown").context == {}
    optimizer.cache_common_context("names", {"error": 1, "self": 2, "message": 3})
    error = optimizer.create_cached_exception(FlextExceptions.Error, "m", "names")
    assert (error.context, str(error)) == ({"error": 1, "self": 2, "message": 3}, "m")


def test_a_context_that_nobody_reads_is_never_made() -> None:
    """Raising, catching, showing and handling the message do not read it."""
    error = optimizer.lazy_context_exception(FlextExceptions.ValidationError, "m", pytest.fail, field="f")
    with pytest.raises(ValueError):
        raise error
    assert (str(error), error.message, error.field, error.code) == ("m", "m", "f", "FLEXT_3001")
    assert repr(error) == "ValidationError('m', field='f')" and type(error) is FlextExceptions.ValidationError
    assert FlextExceptions.get_metrics() == {"ValidationError": 1}


def test_it_is_made_once_when_it_is_read() -> None:
    """What the call says goes before it; it is a dict like any other then."""
    made: list[int] = []

    def make() -> dict[str, object]:
        made.append(1)
        return {"rows": 3, "step": "lazy"}

    error = optimizer.lazy_context_exception(FlextExceptions.ValidationError, "m", make, field="f", step="own")
    assert made == []
    assert error.context == {"rows": 3, "field": "f", "step": "own"} and type(error.context) is dict
    assert error.with_context(more=1).context["more"] == 1 and error.context is error.context
    assert made == [1] and "_later" not in vars(error)
    assert optimizer.lazy_context_exception(FlextExceptions.Error, "m", None, a=1).context == {"a": 1}
    given = {"step": "given", "row": 7}
    error = optimizer.lazy_context_exception(FlextExceptions.ValidationError, "m", make, context=given)
    assert error.context == {"step": "lazy", "rows": 3, "row": 7} and given == {"step": "given", "row": 7}


def test_pickles_and_copies_have_the_whole_context() -> None:
    """It is made for them; original and copy are apart."""
    copied: Callable[[Any], Any]
    for copied in (copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))):
        error = optimizer.lazy_context_exception(FlextExceptions.Error, "m", lambda: {"rows": 3}, step=1)
        other = copied(error)
        assert other.context == {"rows": 3, "step": 1} == error.context
        assert other.context is not error.context and "_later" not in vars(other)


def test_a_function_that_fails_says_so_in_the_context() -> None:
    """What is known otherwise is there."""

    class Unprintable(Exception):
        __repr__ = hostile.Broken._fail

    def broken() -> dict[str, object]:
        raise Unprintable

    fails: Any
    for fails in (lambda: 1 / 0, lambda: 3, hostile.Broken, broken):
        error = optimizer.lazy_context_exception(FlextExceptions.Error, "m", fails, step=1)
        assert error.context["step"] == 1 and error.context["context_func"].startswith("<failed: ")
    assert FlextExceptions.get_metrics() == {"Error": 4}


def test_a_lazy_error_is_freed_at_once() -> None:
    """Nothing in it refers back to it."""
    error = optimizer.lazy_context_exception(FlextExceptions.Error, "m", dict)
    gone = weakref.ref(error)
    del error
    assert gone() is None


def test_eight_threads_read_one_context() -> None:
    """All read the same dict, which is whole: also those that come while the first one waits for it."""
    called: list[int] = []
    all_read = threading.Event()

    def make() -> dict[str, object]:
        called.append(1)
        all_read.wait()
        return {"rows": 3}

    error = optimizer.lazy_context_exception(FlextExceptions.Error, "m", make, step=1)
    seen: list[dict[str, Any]] = []
    threads = [threading.Thread(target=lambda: seen.append(error.context)) for _ in range(8)]
    for thread in threads:
        thread.start()
    while len(called) + len(seen) < 8:
        time.sleep(0.001)
    all_read.set()
    for thread in threads:
        thread.join()
    assert seen == [{"rows": 3, "step": 1}] * 8 and all(context is error.context for context in seen)
