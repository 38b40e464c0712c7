"""What observers of one program share: the search for errors in what values hold, and the calls of a scope."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flext_analysis.escapes.propagation.errors import bits
from flext_analysis.escapes.values import Order, Value, Values
from flext_analysis.observers.error_flow import ErrorFlow
from tests.analysis.programs import project_of

KEPT = """
seen = []
deep = [[seen]]
names = ["a", "b"]
def fill():
    try:
        raise ValueError("bad")
    except ValueError as err:
        seen.append(err)
"""


def values_of(flow: ErrorFlow, name: str) -> set[Value]:
    """Return what a name of the module holds."""
    top = flow.project.by_path["m.py"].top
    return set(flow.engine.slots[top, (), name].values)


def test_errors_in_nested_containers_are_searched_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many observers show the same collection; what holds no error is not looked through at all."""
    flow = ErrorFlow(project_of(m=KEPT))
    searched: list[Values] = []
    search = flow.search

    def counted(values: Values) -> list[Value]:
        searched.append(values)
        return search(values)

    monkeypatch.setattr(flow, "search", counted)
    first, second = (flow.each_error(values_of(flow, "deep")) for _ in range(2))
    assert [one[0] for one in first] == ["caught"]
    assert first == second
    assert len(searched) == 1
    assert flow.each_error({("instance", "builtins.str", True), ("unknown",)}) == []
    assert len(searched) == 1


def test_what_a_container_gets_later_is_found() -> None:
    """Reading an expression may add to what is known; a search done before does not hide it."""
    flow = ErrorFlow(project_of(m=KEPT))
    names, deep = values_of(flow, "names"), values_of(flow, "deep")
    assert flow.each_error(names) == []
    ((_, site),) = names
    flow.engine.write((site, "items"), deep)
    assert flow.each_error(names) == flow.each_error(deep) != []


@given(st.sets(st.integers(0, 5_000), max_size=60))
def test_bits_are_those_that_are_set(numbers: set[int]) -> None:
    """Few and many bits are taken in two ways."""
    assert list(bits(sum(1 << number for number in numbers))) == sorted(numbers)


@given(st.sets(st.integers(0, 50)))
def test_values_are_in_the_same_order_however_they_are_given(numbers: set[int]) -> None:
    """A set has its order from the hashes; larger ones are put into order once, and callers may change the result."""
    order = Order()
    values: set[Value] = {("external", f"m.f{number}") for number in numbers}
    first = order(values)
    expected = list(first)
    first.clear()
    assert order(values) == order(list(values)) == order(frozenset(values)) == expected
