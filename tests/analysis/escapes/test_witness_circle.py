"""A witness path ends even if parameters stand for each other."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flext_analysis.escapes.propagation.errors import Symbol
from flext_analysis.escapes.propagation.witness import Search


def test_parameters_that_stand_for_each_other_are_followed_once() -> None:
    """Each passes all its values to the other, and one of them adds an error of its own."""
    definition: Any = object()
    given, one, other = (Symbol("call", definition, (), name, None) for name in ("given", "one", "other"))
    stands_for = {
        one: SimpleNamespace(mask=0, instances=(), caught=(), totals={other: None}),
        other: SimpleNamespace(mask=8, instances=(), caught=(), totals={one: None}),
    }
    propagation: Any = SimpleNamespace(
        errors=SimpleNamespace(entries=[given]),
        leaves={one: 8, other: 8},
        total_of=stands_for.__getitem__,
    )
    first = SimpleNamespace(mask=0, instances=(), caught=(), totals={one: None})
    edges = list(Search(propagation, 8).resolution(first, 0, 4096, 8))
    assert [edge.place for edge in edges] == [4096]
