"""What a recipe is: a file in ``recipes`` that holds a RECIPE, found by being there."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import libcst as cst

    from flext_codemods.analyse import Module
    from flext_codemods.findings import Finding

__all__ = ["Pairs", "Recipe", "all_recipes"]

Pairs = list[tuple[object, object]]


class Recipe(NamedTuple):
    """One kind of change.

    ``safety`` is "safe" (the program does the same) or "unsafe"; ``before`` and ``after`` are an example. ``hint`` says
    by a file's bytes alone whether there may be something to find, given where imports are retargeted to; ``find``
    yields a finding for each place that the recipe has something to say about; ``rewrite`` gives what stands for the
    statement or expression of one finding (several statements: each on a line of its own). ``permits`` is asked, when a
    rewritten file is verified, about two parts of the trees that differ: it gives the pairs inside them that have to be
    equal where the change is the recipe's own, None where it is not. ``replaces`` names the recipes whose rewriting
    gives way to this one's at the same place; ``in_tests`` says that it is made for test code.
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


@functools.cache
def all_recipes() -> Mapping[str, Recipe]:
    """Return every recipe by its name.

    >>> [name for name, recipe in all_recipes().items() if recipe.safety == "safe"]
    ['injections', 'raise-class', 'raises', 'retarget']
    """
    package = importlib.import_module("flext_codemods.recipes")
    modules = (
        importlib.import_module(f"{package.__name__}.{info.name}") for info in pkgutil.iter_modules(package.__path__)
    )
    return {module.RECIPE.name: module.RECIPE for module in modules}
