"""What one look at the bytes of a file brings; only a file whose text hints at something is parsed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from flext_analysis.source import Source, Unreadable, read_source
from flext_codemods.class_readers import (
    Watching,
    handed_names,
    may_watch,
    readers_in,
    reading_names,
    watching_in,
)
from flext_codemods.recipe import Recipe
from flext_codemods.targets import Target
from flext_codemods.texts_shown import Shown, shown_in_document, shown_in_test, shown_tracebacks
from flext_codemods.type_tables import Read, Table, may_hold_a_table, may_read_by_type, reads_in, tables_in
from flext_codemods.typed_handlers import Handled, Watch, typed_handlers

__all__ = ["Facts", "Look", "handed_in", "may_hold_a_site", "read_bytes", "readers_of_classes", "reads_by_type"]

NOWHERE = Path()


class Facts(NamedTuple):
    """What the bytes of a file say, wherever it stands: no path is in it, and no other file has a part in it.

    ``site`` says whether a recipe may find something; ``reads`` are look-ups by type, ``readers`` those of the
    functions ``reading`` that read the class of what they are given, ``handed`` the handlers that give what they caught
    to one of ``handing``: each None where the bytes hint at some and nobody has yet looked closer.
    """

    lines: int = 0
    site: bool = False
    tables: tuple[Table, ...] = ()
    reads: tuple[Read, ...] | None = ()
    handled: tuple[Handled, ...] = ()
    shown: tuple[Shown, ...] = ()
    watching: tuple[Watching, ...] = ()
    reading: tuple[str, ...] = ()
    readers: tuple[str, ...] | None = ()
    handing: tuple[str, ...] = ()
    handed: tuple[Watching, ...] | None = ()


def may_hold_a_site(raw: bytes, recipes: Iterable[Recipe], retarget_to: str = "flext_exceptions") -> bool:
    """Say whether a file can hold anything for one of the recipes, by its bytes alone."""
    return any(hint(raw, retarget_to) for hint in {recipe.hint for recipe in recipes})


class Look:
    """What is looked for: sites of some recipes, handlers of what some targets derive from, tables and texts."""

    def __init__(self, targets: Mapping[str, Target], recipes: Collection[Recipe], retarget_to: str) -> None:
        self.watch = Watch(targets)
        self.recipes = recipes
        self.retarget_to = retarget_to

    def at(self, raw: bytes, kind: str) -> Facts:
        """Return the facts about the bytes of a document, a test or another module ("module")."""
        if kind == "document":
            return Facts(shown=tuple(shown_in_document(raw, NOWHERE)))
        shown = shown_in_test if kind == "test" else shown_tracebacks
        tabled, watched = may_hold_a_table(raw), self.watch.may_name(raw)
        watching, reading, handing = may_watch(raw), reading_names(raw), handed_names(raw)
        source = parsed(raw) if tabled or watched or watching else None
        return Facts(
            lines=raw.count(b"\n"),
            site=may_hold_a_site(raw, self.recipes, self.retarget_to),
            tables=tuple(tables_in(source.tree, "")) if source and tabled else (),
            reads=None if may_read_by_type(raw) else (),
            handled=tuple(typed_handlers(source, NOWHERE, None, self.watch)) if source and watched else (),
            shown=tuple(shown(raw, NOWHERE)),
            watching=tuple(watching_in(source.tree)) if source and watching else (),
            reading=reading,
            readers=None if reading else (),
            handing=handing,
            handed=None if handing else (),
        )


def reads_by_type(raw: bytes) -> tuple[Read, ...]:
    """Return what a module looks up by type."""
    source = parsed(raw)
    return reads_in(source.tree) if source else ()


def readers_of_classes(raw: bytes, reading: Collection[str]) -> tuple[str, ...]:
    """Return those of some functions of a module that read the class of what they are given."""
    source = parsed(raw)
    return tuple(readers_in(source.tree, reading)) if source else ()


def handed_in(raw: bytes, handing: Collection[str]) -> tuple[Watching, ...]:
    """Return the handlers of a module that hand what they caught to one of some functions."""
    source = parsed(raw)
    return tuple(one for one in watching_in(source.tree, handing) if one.handed) if source else ()


def parsed(raw: bytes) -> Source | None:
    """Return the source of a file, None where it cannot be read: that is said when its own turn comes."""
    try:
        return read_source(raw)
    except Unreadable:
        return None


def read_bytes(path: Path, most: int = -1) -> tuple[bytes, str]:
    """Return the (first) bytes of a file, and why it cannot be read ("" where it can)."""
    try:
        if not path.is_file():
            return b"", "is no regular file"
        with path.open("rb") as file:
            return file.read(most), ""
    except OSError as error:
        return b"", f"cannot be read: {error.strerror}"
