"""The options of the command line."""

from __future__ import annotations

from typing import NamedTuple

from flext_codemods.model.recipe import REVERT
from flext_codemods.project.usage import usage
from flext_codemods.recipes import all_recipes

__all__ = ["Options", "chosen_recipes"]


class Options(NamedTuple):
    """The options of the command line."""

    diff: bool
    check: bool
    recipes: tuple[str, ...]
    unsafe: bool
    tests: bool
    include: tuple[str, ...]
    jobs: str
    output: str
    allow_dirty: bool
    allow_no_vcs: bool
    retarget_to: str
    cache: bool = True
    quiet: bool = False
    interactive: bool = False
    add_dependency: bool = False

    @property
    def writes(self) -> bool:
        """Whether the run writes files."""
        return not (self.diff or self.check)


def chosen_recipes(select: str | None, ignore: str | None, unsafe: bool, retarget_to: str) -> tuple[str, ...]:
    """Return the names of the recipes to run: the safe ones or all, or those selected; without those ignored.

    A name with a leading ``+`` is added: to the other selected ones, or to those that run anyway.

    Raises:
        FlextExceptions.ConfigurationError: a recipe is unknown, or unsafe and not requested.
    """
    known = all_recipes()
    if retarget_to != "flext_exceptions" and select is None:
        select = "retarget"
    for option, text in (("--select", select), ("--ignore", ignore)):
        if text is not None and not text.replace(",", "").strip():
            raise usage(f"{option}: no recipe given; available: {', '.join(sorted(known))}")
    selected = [name.strip() for name in (select or "").split(",")]
    dropped = [name.strip() for name in (ignore or "").split(",")]
    wanted = {name.removeprefix("+") for name in selected}
    for option, names in (("--select", wanted), ("--ignore", dropped)):
        for name in names:
            if name and name not in known:
                raise usage(f"{option}: no such recipe: {name!r}; available: {', '.join(sorted(known))}")
            if name and option == "--select" and known[name].safety == "unsafe" and not unsafe:
                raise usage(f"--select: {name} may change what the program does; add --unsafe to run it")
    if all(name.startswith("+") or not name for name in selected):
        usual = (recipe for recipe in known.values() if recipe.by_default)
        wanted.update(recipe.name for recipe in usual if unsafe or recipe.safety == "safe")
    chosen = tuple(name for name in sorted(known) if name in wanted and name not in dropped)
    if REVERT in chosen and len(chosen) > 1:
        raise usage(f"--select: {REVERT} reverses the other recipes; run it alone, as flext-codemods revert")
    return chosen
