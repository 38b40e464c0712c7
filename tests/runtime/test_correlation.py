"""An incident keeps one correlation id."""

from __future__ import annotations

import asyncio
import contextvars
import sys
import threading
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flext_exceptions import FlextExceptions
from flext_exceptions.correlation import fresh, trace_id

TRACE = "0af7651916cd43dd8448eb211c80319c"
HEADER = f"00-{TRACE}-b7ad6b7169203331-01"


def test_the_callers_id_outranks_the_bound_one() -> None:
    """Which outranks all others."""
    with FlextExceptions.correlation("bound") as name:
        assert name == "bound"
        assert FlextExceptions.Error("m", correlation_id="mine").correlation_id == "mine"
        error = FlextExceptions.Error("m")
    assert error.correlation_id == "bound"


def test_the_bound_id_is_read_when_the_error_is_made() -> None:
    """Not when it is looked at."""
    error = FlextExceptions.Error("m")
    with FlextExceptions.correlation("later"):
        assert error.correlation_id != "later"


def test_bindings_nest_and_may_be_used_again_within_themselves() -> None:
    """Each end restores what was around."""
    outer, inner = FlextExceptions.correlation("outer"), FlextExceptions.correlation("inner")
    for _ in range(2):
        with outer, inner, outer:
            assert FlextExceptions.Error().correlation_id == "outer"
        with outer, inner:
            assert FlextExceptions.Error().correlation_id == "inner"
    with outer:
        with pytest.raises(ZeroDivisionError), inner:
            _ = 1 / 0
        assert FlextExceptions.Error().correlation_id == "outer"
    assert FlextExceptions.Error().correlation_id not in ("outer", "inner")


def in_a_block(name: str) -> Iterator[str]:
    """A generator that gives way within a block."""
    with FlextExceptions.correlation(name):
        yield FlextExceptions.Error("m").correlation_id


def test_a_forgotten_block_takes_no_other_binding_away() -> None:
    """A generator leaves its block wherever it is collected: within that of another request, as it happens."""
    forgotten = in_a_block("forgotten")
    assert contextvars.copy_context().run(next, forgotten) == "forgotten"
    with FlextExceptions.correlation("outer"), FlextExceptions.correlation("inner"):
        forgotten.close()
        assert FlextExceptions.Error("m").correlation_id == "inner"
    assert FlextExceptions.Error("m").correlation_id.startswith("flext_")


def test_blocks_that_end_in_another_order_end_their_own_bindings() -> None:
    """As those of generators that are read in turns."""
    first, second, third = in_a_block("first"), in_a_block("second"), in_a_block("third")
    for generator in (first, second, third):
        next(generator)
    for generator, left in ((second, "third"), (third, "first")):
        generator.close()
        assert FlextExceptions.Error("m").correlation_id == left
    first.close()
    assert FlextExceptions.Error("m").correlation_id.startswith("flext_")


def test_a_binding_without_an_id_makes_a_fresh_one_each_time() -> None:
    """It yields the one that its errors have."""
    binding = FlextExceptions.correlation()
    with binding as first:
        assert FlextExceptions.Error().correlation_id == first
    with binding as second:
        assert FlextExceptions.Error().correlation_id == second
    assert first != second and first.startswith("flext_")


def test_asyncio_tasks_and_threads_with_a_copied_context_see_their_own() -> None:
    """One binding object may be entered by all of them at once."""
    shared = FlextExceptions.correlation("shared")

    async def task(name: str) -> list[str]:
        seen = [FlextExceptions.Error().correlation_id]
        with shared, FlextExceptions.correlation(name):
            await asyncio.sleep(0)
            seen.append(FlextExceptions.Error().correlation_id)
        await asyncio.sleep(0)
        return [*seen, FlextExceptions.Error().correlation_id]

    async def run() -> list[list[str]]:
        with FlextExceptions.correlation("request"):
            return await asyncio.gather(*(task(f"task-{number}") for number in range(5)))

    assert asyncio.run(run()) == [["request", f"task-{number}", "request"] for number in range(5)]
    seen: list[str] = []
    with FlextExceptions.correlation("request"):
        context = contextvars.copy_context()
        make = FlextExceptions.Error
        thread = threading.Thread(target=context.run, args=(lambda: seen.append(make().correlation_id),))
        thread.start()
        thread.join()
        bare = threading.Thread(target=lambda: seen.append(FlextExceptions.Error().correlation_id))
        bare.start()
        bare.join()
    assert seen[0] == "request" and seen[1] != "request"


def test_the_id_is_found_along_causes_then_contexts_past_foreign_errors() -> None:
    """The nearest one; causes go before contexts."""
    by_cause = FlextExceptions.Error(correlation_id="cause")
    by_context = FlextExceptions.Error(correlation_id="context")
    foreign = ValueError("foreign")
    foreign.__cause__ = by_cause
    foreign.__context__ = by_context
    error = FlextExceptions.Error("m")
    error.__cause__ = foreign
    assert error.correlation_id == "cause"
    error = FlextExceptions.Error("m")
    error.__cause__ = ValueError()
    error.__context__ = by_context
    assert error.correlation_id == "context"


def test_errors_passed_on_the_way_get_the_same_id() -> None:
    """Whichever is read first, and when none has one yet."""
    errors = [FlextExceptions.Error(str(number)) for number in range(4)]
    for outer, inner in pairwise(errors):
        outer.__cause__ = ValueError()
        outer.__cause__.__context__ = inner
    first = errors[1].correlation_id
    assert [error.correlation_id for error in errors] == [first] * 4


def test_a_suppressed_context_is_followed_too() -> None:
    """``raise ... from None`` hides the cause from the reader, and is one incident all the same."""
    with pytest.raises(FlextExceptions.Error) as caught:
        try:
            raise FlextExceptions.ValidationError("inner", correlation_id="one")
        except ValueError:
            raise FlextExceptions.Error("outer") from None
    assert caught.value.correlation_id == "one"


def test_an_error_not_raised_yet_looks_at_the_one_being_handled() -> None:
    """Logging reads the id before the raise."""
    try:
        raise FlextExceptions.ValidationError("inner")
    except ValueError as inner:
        outer = FlextExceptions.Error("outer")
        assert outer.correlation_id == inner.correlation_id  # type: ignore[attr-defined]  # pyright: ignore


def test_cycles_end() -> None:
    """Also that of an error that is its own cause."""
    one, other = FlextExceptions.Error("1"), FlextExceptions.Error("2")
    one.__cause__, other.__cause__ = other, one
    one.__context__ = one
    assert one.correlation_id == other.correlation_id


def test_an_id_once_read_never_changes() -> None:
    """Whatever becomes of its causes."""
    error = FlextExceptions.Error("m")
    name = error.correlation_id
    error.__cause__ = FlextExceptions.Error("c", correlation_id="other")
    with FlextExceptions.correlation("bound"):
        assert error.correlation_id == name


def test_threads_that_read_one_error_agree() -> None:
    """Two of them may both find that it has none."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(50):
            inner, outer = FlextExceptions.Error("inner"), FlextExceptions.Error("outer")
            outer.__cause__ = inner
            seen: list[str] = []
            start = threading.Barrier(4)

            def read(error: FlextExceptions, start: threading.Barrier = start, seen: list[str] = seen) -> None:
                start.wait()
                seen.append(error.correlation_id)

            threads = [threading.Thread(target=read, args=(error,)) for error in (inner, outer) * 2]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert len(set(seen)) == 1 and len(seen) == 4
    finally:
        sys.setswitchinterval(interval)


def test_an_id_that_another_thread_gave_a_cause_meanwhile_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The farthest error decides, so that the incident has one id."""
    inner, outer = FlextExceptions.Error("inner"), FlextExceptions.Error("outer")
    outer.__cause__ = inner

    def meanwhile(prefix: str) -> str:
        inner.correlation_id = "theirs"
        return "ours"

    monkeypatch.setattr("flext_exceptions.correlation.fresh", meanwhile)
    assert [outer.correlation_id, inner.correlation_id, outer.correlation_id] == ["theirs"] * 3


def test_a_million_ids_hold_no_duplicate() -> None:
    """They are random."""
    assert len({fresh() for _ in range(1_000_000)}) == 1_000_000


def test_with_correlation_off_no_fresh_id_is_made() -> None:
    """Given, bound and found ones stay."""
    FlextExceptions.configure_error_handling({"error_correlation_enabled": False}).unwrap()
    assert FlextExceptions.Error("m").correlation_id == ""
    assert FlextExceptions.Error("m", correlation_id="mine").correlation_id == "mine"
    with FlextExceptions.correlation("bound"):
        assert FlextExceptions.Error("m").correlation_id == "bound"
    error = FlextExceptions.Error("m")
    error.__cause__ = FlextExceptions.Error("m", correlation_id="found")
    assert error.correlation_id == "found"


@pytest.mark.parametrize(
    "header",
    [
        HEADER,
        f" {HEADER}\t",
        f"cc-{TRACE}-b7ad6b7169203331-01",
        f"cc-{TRACE}-b7ad6b7169203331-01-what-ever",
        f"{HEADER[:-2]}ff",
    ],
)
def test_a_traceparent_gives_its_trace_id(header: str) -> None:
    """Of this version, and as far as it is known of a future one."""
    assert trace_id(header) == TRACE
    with FlextExceptions.correlation(traceparent=header) as name:
        assert name == TRACE


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("", "empty"),
        (f"ff-{TRACE}-b7ad6b7169203331-01", "version ff is forbidden"),
        (f"00-{'0' * 32}-b7ad6b7169203331-01", "an all-zero trace id"),
        (f"00-{TRACE}-{'0' * 16}-01", "an all-zero parent id"),
        (HEADER.upper(), "upper case"),
        (HEADER + "-more", "version 00 has no more fields"),
        (HEADER + "0", "too long"),
        (HEADER[:-1], "too short"),
        (f"cc-{TRACE}-b7ad6b7169203331-01.what", "more must follow a dash"),
        (f"0-0{TRACE}-b7ad6b7169203331-01", "parts of the wrong length"),
        (f"00-{TRACE}-b7ad6b7169203331-0g", "no hex digit"),
        (f"00-{TRACE}-b7ad6b716920333²-01", "a digit that is none"),
    ],
)
def test_a_wrong_traceparent_is_ignored(header: str, why: str) -> None:
    """A fresh id is bound in its stead."""
    assert trace_id(header) is None, why
    with FlextExceptions.correlation(traceparent=header) as name:
        assert name.startswith("flext_")
    with FlextExceptions.correlation("mine", traceparent=HEADER) as name:
        assert name == "mine"


@given(st.text())
def test_any_text_is_read_as_a_traceparent_without_raising(header: str) -> None:
    """Headers come from strangers."""
    assert trace_id(header) is None


@given(st.text())
def test_a_traceparent_made_of_any_id_is_valid_and_its_trace_id_always_the_same(name: str) -> None:
    """The span id differs."""
    one, other = FlextExceptions.traceparent(name), FlextExceptions.traceparent(name)
    assert one != other and trace_id(one) == trace_id(other) is not None


def test_a_traceparent_carries_the_id_itself_where_it_can() -> None:
    """What came in goes out; so does a fresh id."""
    with FlextExceptions.correlation(traceparent=HEADER):
        assert trace_id(FlextExceptions.traceparent()) == TRACE
    with FlextExceptions.correlation() as name:
        assert trace_id(FlextExceptions.traceparent()) == name.removeprefix("flext_")
    assert trace_id(FlextExceptions.traceparent()) is not None
    assert trace_id(FlextExceptions.traceparent("0" * 32)) is not None
