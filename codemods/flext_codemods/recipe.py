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

__all__ = ["Recipe", "all_recipes"]


class Recipe(NamedTuple):
    """One kind of change.

    ``safety`` is "safe" (the program does the same) or "unsafe"; ``before`` and ``after`` are an example; ``find``
    yields a finding for each place that the recipe has something to say about; ``rewrite`` gives what stands for the
    statement of one finding, each on a line of its own, from the expression that names its target there.
    """

    name: str
    safety: str
    summary: str
    before: str
    after: str
    find: Callable[[Module], Iterator[Finding]]
    rewrite: Callable[[cst.BaseSmallStatement, Finding, str], list[cst.BaseSmallStatement]]


@functools.cache
def all_recipes() -> Mapping[str, Recipe]:
    """Return every recipe by its name.

    >>> sorted(all_recipes())
    ['raise-class', 'raises', 'retarget']
    """
    package = importlib.import_module("flext_codemods.recipes")
    modules = (
        importlib.import_module(f"{package.__name__}.{info.name}") for info in pkgutil.iter_modules(package.__path__)
    )
    return {module.RECIPE.name: module.RECIPE for module in modules}
