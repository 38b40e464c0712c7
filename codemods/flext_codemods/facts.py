"""What one look at the bytes of a file brings; only a file whose text hints at something is parsed."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from flext_analysis.modules import is_test
from flext_analysis.source import Source, Unreadable, read_source
from flext_codemods.class_readers import (
    Watching,
    handed_names,
    may_watch,
    readers_in,
    reading_names,
    watching_in,
)
from flext_codemods.discover import DOCUMENTS, NO_PYTHON
from flext_codemods.packing import digest
from flext_codemods.recipe import Recipe
from flext_codemods.targets import Target
from flext_codemods.texts_shown import Shown, shown_in_document, shown_in_test, shown_tracebacks
from flext_codemods.type_tables import Read, Table, may_hold_a_table, may_read_by_type, reads_in, tables_in
from flext_codemods.typed_handlers import Handled, Watch, typed_handlers

__all__ = ["Facts", "Look", "Looked", "look_at", "look_closer", "lost_look", "may_hold_a_site", "read_bytes"]

NOWHERE = Path()
DOCUMENT_BYTES = 1_000_000  # of a larger one (a log, a table of data) the rest is not looked at


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
    """What is looked for: sites of some recipes, handlers of what some targets derive from, tables and texts.

    Test code is known by where it stands below ``root``.
    """

    def __init__(
        self, root: Path, targets: Mapping[str, Target], recipes: Collection[Recipe], retarget_to: str
    ) -> None:
        self.root = root
        self.watch = Watch(targets)
        self.recipes = recipes
        self.retarget_to = retarget_to

    def at(self, path: Path, raw: bytes) -> Facts:
        """Return the facts about the bytes of a file that stands there."""
        if path.suffix in DOCUMENTS:
            return Facts(shown=tuple(shown_in_document(raw, NOWHERE)))
        if path.suffix in NO_PYTHON:
            return Facts(site=True)  # named in the report
        shown = shown_in_test if is_test(path.relative_to(self.root).parts) else shown_tracebacks
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


class Looked(NamedTuple):
    """What a look at a file brought: the facts about bytes with this digest, or why it cannot be read."""

    path: Path
    digest: str = ""
    facts: Facts = Facts()
    problem: str = ""


def look_at(paths: list[Path], look: Look) -> list[Looked]:
    """Look at some files."""
    found = []
    for path in paths:
        raw, problem = read_bytes(path)
        found.append(Looked(path, problem=problem) if problem else Looked(path, digest(raw), look.at(path, raw)))
    return found


def lost_look(path: Path) -> Looked:
    """Return what is known of a file that ended the process that looked at it: who works on it will say so."""
    return Looked(path, facts=Facts(site=True))


def look_closer(paths: list[Path], known: Mapping[Path, Facts], part: str) -> list[Looked]:
    """Look at some files for a part that the facts about them leave open: "reads", "readers" or "handed"."""
    found = []
    for path in paths:
        raw, _ = read_bytes(path)
        source = parsed(raw)
        facts = known[path]
        found.append(Looked(path, digest(raw), CLOSER[part](source.tree, facts) if source else facts))
    return found


# What a closer look at a tree adds, by the part of the facts: what a module looks up by type; those of some functions
# that read the class of what they are given; the handlers that hand what they caught to one of some functions.
CLOSER: Mapping[str, Callable[[ast.Module, Facts], Facts]] = {
    "reads": lambda tree, facts: facts._replace(reads=tuple(reads_in(tree))),
    "readers": lambda tree, facts: facts._replace(readers=tuple(readers_in(tree, facts.reading))),
    "handed": lambda tree, facts: facts._replace(
        handed=tuple(one for one in watching_in(tree, facts.handing) if one.handed)
    ),
}


def parsed(raw: bytes) -> Source | None:
    """Return the source of a file, None where it cannot be read: that is said when its own turn comes."""
    try:
        return read_source(raw)
    except Unreadable:
        return None


def read_bytes(path: Path) -> tuple[bytes, str]:
    """Return the bytes of a file, of a document the first, and why it cannot be read ("" where it can)."""
    try:
        if not path.is_file():
            return b"", "is no regular file"
        with path.open("rb") as file:
            return file.read(DOCUMENT_BYTES if path.suffix in DOCUMENTS else -1), ""
    except OSError as error:
        return b"", f"cannot be read: {error.strerror}"
