"""The definition of a recipe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from flext_codemods.model.finding import Finding
from flext_codemods.model.module import Module

if TYPE_CHECKING:
    import libcst as cst

__all__ = ["OBSERVERS", "REVERT", "Pairs", "Recipe"]

OBSERVERS = "observers"  # the recipe that frees sites of others, which are never rewritten without it
REVERT = "revert"  # the recipe that reverses the others

Pairs = list[tuple[object, object]]


class Recipe(NamedTuple):
    """One kind of change.

    ``safety`` is "safe" (the program does the same) or "unsafe"; ``before`` and ``after`` are an example. ``hint``
    decides by a file's bytes alone whether there may be something to find, given the module that imports are retargeted
    to; ``find`` yields a finding for each site that the recipe applies to; ``rewrite`` returns the replacement of the
    statement or expression of one finding (several statements: one per line). When a rewritten file is verified,
    ``permits`` is asked about two parts of the trees that differ: it returns the pairs inside them that have to be
    equal if the change is the recipe's own, otherwise None. ``replaces`` names the recipes that yield to this one at
    the same site; ``in_tests`` means that it is made for test code, ``by_default`` that it runs without being named.
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
