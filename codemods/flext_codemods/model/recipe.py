"""What a recipe is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from flext_codemods.model.finding import Finding
from flext_codemods.model.module import Module

if TYPE_CHECKING:
    import libcst as cst

__all__ = ["OBSERVERS", "REVERT", "Pairs", "Recipe"]

OBSERVERS = "observers"  # the recipe that frees sites of others, which are never rewritten without it
REVERT = "revert"  # the recipe that takes back what the others do

Pairs = list[tuple[object, object]]


class Recipe(NamedTuple):
    """One kind of change.

    ``safety`` is "safe" (the program does the same) or "unsafe"; ``before`` and ``after`` are an example. ``hint`` says
    by a file's bytes alone whether there may be something to find, given where imports are retargeted to; ``find``
    yields a finding for each place that the recipe has something to say about; ``rewrite`` gives what stands for the
    statement or expression of one finding (several statements: each on a line of its own). ``permits`` is asked, when a
    rewritten file is verified, about two parts of the trees that differ: it gives the pairs inside them that have to be
    equal where the change is the recipe's own, None where it is not. ``replaces`` names the recipes whose rewriting
    gives way to this one's at the same place; ``in_tests`` says that it is made for test code,
    ``by_default`` that it runs where its name is not said.
    """

    name: str
    safety: str
    summary: str
    before: str
    after: str
    hint: Callable[[bytes, str], bool]
    find: Callable[[Module], Iterator[Finding]]
    rewrite: Callable[[cst.CSTNode, Finding], list[cst.CSTNode]]
    permits: Callable[[object, object, Finding], Pairs | None]
    replaces: tuple[str, ...] = ()
    in_tests: bool = False
    by_default: bool = True
