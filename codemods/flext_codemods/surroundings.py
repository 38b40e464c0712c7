"""What the rest of the repository says about a raise: tables keyed by type, typed handlers, texts that are shown.

One look at the bytes of every file; only those whose text hints at something are parsed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from flext_analysis.modules import is_test
from flext_analysis.source import Unreadable, read_source
from flext_codemods.discover import DOCUMENTS
from flext_codemods.paths import relative
from flext_codemods.recipe import Recipe
from flext_codemods.targets import Target
from flext_codemods.texts_shown import TRACEBACK, Shown, shown_in_document, shown_in_test, shown_tracebacks
from flext_codemods.type_tables import Table, may_hold_a_table, tables_in, type_tables
from flext_codemods.typed_handlers import Handled, Watch, typed_handlers

__all__ = ["Surroundings", "Survey", "may_hold_a_site", "survey"]

DOCUMENT_BYTES = 1_000_000  # of a larger one (a log, a table of data) the rest is not looked at


class Surroundings(NamedTuple):
    """What holds for the whole repository, whichever file is looked at."""

    targets: Mapping[str, Target]
    tables: Mapping[str, str] = {}
    handled: tuple[Handled, ...] = ()
    shown: tuple[Shown, ...] = ()
    first_party: frozenset[str] = frozenset()


class Survey(NamedTuple):
    """What one look at a repository brings: the surroundings, and what is to be done about each Python file.

    ``files`` says whether a file may hold a site, or why it cannot be read; ``lines`` is how many were looked at.
    """

    around: Surroundings
    files: Mapping[Path, bool | str]
    lines: int


def may_hold_a_site(raw: bytes, recipes: Iterable[Recipe], retarget_to: str = "flext_exceptions") -> bool:
    """Say whether a file can hold anything for one of the recipes, by its bytes alone."""
    return any(hint(raw, retarget_to) for hint in {recipe.hint for recipe in recipes})


def survey(
    root: Path,
    files: Iterable[Path],
    targets: Mapping[str, Target],
    recipes: Sequence[Recipe],
    retarget_to: str = "flext_exceptions",
) -> Survey:
    """Look at every file of a repository once."""
    watch = Watch(targets)
    tables: list[Table] = []
    handled: list[Handled] = []
    shown: list[Shown] = []
    states: dict[Path, bool | str] = {}
    lines = 0
    for path in files:
        raw, problem = read_bytes(path)
        if path.suffix in DOCUMENTS:
            shown += shown_in_document(raw, path)
            continue
        states[path] = problem or path.suffix != ".py" or may_hold_a_site(raw, recipes, retarget_to)
        if path.suffix != ".py" or problem:
            continue
        lines += raw.count(b"\n")
        if is_test(path.relative_to(root).parts):
            shown += shown_in_test(raw, path)
        elif TRACEBACK in raw:
            shown += shown_tracebacks(raw, path)
        tabled, watched = may_hold_a_table(raw), watch.may_name(raw)
        if tabled or watched:
            try:
                source = read_source(raw)
            except Unreadable:
                continue  # said when its own turn comes
            tables += tables_in(source.tree, relative(path)) if tabled else ()
            handled += typed_handlers(source, path, None, watch) if watched else ()
    read_by_type = type_tables(tables, (path for path in states if path.suffix == ".py"))
    around = Surroundings(targets, read_by_type, tuple(handled), tuple(shown), top_modules(states))
    return Survey(around, states, lines)


def read_bytes(path: Path) -> tuple[bytes, str]:
    """Return the bytes of a file (of a document, the first of them), and why it cannot be read ("" where it can)."""
    try:
        if not path.is_file():
            return b"", "is no regular file"
        with path.open("rb") as file:
            return file.read(DOCUMENT_BYTES if path.suffix in DOCUMENTS else -1), ""
    except OSError as error:
        return b"", f"cannot be read: {error.strerror}"


def top_modules(files: Iterable[Path]) -> frozenset[str]:
    """Return the names under which the project's own packages and modules are imported."""
    python = [path for path in files if path.suffix == ".py"]
    packages = {path.parent for path in python if path.name == "__init__.py"}
    found = set()
    for path in python:
        top = path
        while top.parent in packages:
            top = top.parent
        found.add(top.stem)
    return frozenset(found)
