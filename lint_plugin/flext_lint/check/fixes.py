"""Fix findings with the recipes of ``flext_codemods``, which is only imported here, and only when it is needed."""

from __future__ import annotations

import difflib
import importlib.util
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from flext_exceptions import FlextExceptions
from flext_lint.check.violation import Violation
from flext_lint.rule import all_rules

__all__ = ["fix_text", "fixable", "is_available", "require"]

NEEDED = ("libcst", "flext_codemods")
BESIDE = {"raises": ("raise-class",)}  # a raise with a call and one without have different recipes
Hunk = tuple[int, int, list[bytes]]  # the first line (from 0), the line after the last, the replacement


def is_available() -> bool:
    """Return whether the recipes are installed."""
    return all(importlib.util.find_spec(name) is not None for name in NEEDED)


def require() -> None:
    """Raise ConfigurationError, with one line that says what to install, if the recipes are not installed."""
    if not is_available():
        raise FlextExceptions.ConfigurationError(
            "--fix needs the recipes: pip install 'flext-exceptions[codemods]'", config_key="--fix"
        )


def fixable(code: str, *, unsafe: bool) -> bool:
    """Return whether a rule has a recipe that may be used; one that may change behaviour only if that is allowed."""
    rule = all_rules().get(code)
    return rule is not None and bool(rule.recipe) and (unsafe or not rule.unsafe)


def fix_text(path: Path, raw: bytes, violations: Iterable[Violation]) -> bytes:
    """Return the bytes of a file with some findings fixed, each by the recipe that its rule names.

    Only the lines of these findings change, and the imports that they need: what a comment silences is unchanged.
    """
    by_recipe: dict[str, set[int]] = {}
    for one in violations:
        recipe = all_rules()[one.code].recipe
        for name in (recipe, *BESIDE.get(recipe, ())):
            by_recipe.setdefault(name, set()).add(one.line - 1)
    lines = raw.splitlines(keepends=True)
    for recipe, places in by_recipe.items():
        new = apply_recipe(path, b"".join(lines), recipe).splitlines(keepends=True)
        lines, moved = with_hunks(lines, list(chosen(hunks_of(lines, new), places)))
        for name, others in by_recipe.items():
            by_recipe[name] = {moved(line) for line in others}
    return b"".join(lines)


def hunks_of(old: Sequence[bytes], new: Sequence[bytes]) -> Iterator[Hunk]:
    """Yield the differences between two texts."""
    for tag, first, last, start, end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield first, last, list(new[start:end])


def chosen(hunks: Iterable[Hunk], places: set[int]) -> Iterator[Hunk]:
    """Yield the hunks that change one of some lines, and, if there are any, those that add imports."""
    all_of_them = list(hunks)
    wanted = [hunk for hunk in all_of_them if any(hunk[0] <= line < hunk[1] for line in places)]
    for hunk in all_of_them if wanted else ():
        imports = any(
            line.lstrip().startswith((b"import ", b"from ")) or b"FlextExceptions," in line for line in hunk[2]
        )
        if hunk in wanted or imports:
            yield hunk


def with_hunks(lines: list[bytes], hunks: Sequence[Hunk]) -> tuple[list[bytes], Moved]:
    """Return the lines with some of them replaced, and a function that maps old line numbers to new ones."""
    new = list(lines)
    for first, last, text in reversed(hunks):
        new[first:last] = text
    return new, Moved(hunks)


class Moved:
    """Maps line numbers to those after some hunks were applied."""

    def __init__(self, hunks: Sequence[Hunk]) -> None:
        self.hunks = hunks

    def __call__(self, line: int) -> int:
        return line + sum(len(text) - (last - first) for first, last, text in self.hunks if last <= line)


def apply_recipe(path: Path, raw: bytes, recipe: str) -> bytes:
    """Return the bytes of a file after one recipe of ``flext_codemods``, including all of its checks.

    This is the only place where the linter uses the codemods: their LibCST commands, whose names are stable.
    """
    import libcst
    from libcst.codemod import CodemodContext, SkipFile

    from flext_codemods import commands

    command = getattr(commands, "".join(part.capitalize() for part in recipe.split("-")))
    try:
        tree = libcst.parse_module(raw)
        new: libcst.Module = command(CodemodContext(filename=str(path))).transform_module(tree)
    except (SkipFile, libcst.ParserSyntaxError):
        return raw
    return new.bytes
