"""One recipe per file; every file here is registered."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Mapping

from flext_codemods.model.recipe import Recipe

__all__ = ["all_recipes"]


@functools.cache
def all_recipes() -> Mapping[str, Recipe]:
    """Return every recipe by its name.

    >>> [name for name, recipe in all_recipes().items() if recipe.safety == "safe"]
    ['injections', 'observers', 'raise-class', 'raises', 'retarget', 'revert']
    """
    modules = (importlib.import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__))
    return {module.RECIPE.name: module.RECIPE for module in modules}
