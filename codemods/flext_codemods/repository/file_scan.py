"""What the bytes of a file say; only a file whose text hints at something is parsed."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from flext_analysis.modules import is_test, package_of
from flext_analysis.source import Source, Unreadable, read_source
from flext_codemods.project.files import DOCUMENTS, NO_PYTHON, digest, read_bytes
from flext_codemods.repository.class_readers import (
    ClassReadingHandler,
    handed_names,
    may_watch,
    readers_in,
    reading_names,
    watching_in,
)
from flext_codemods.repository.shown_texts import ShownText, shown_in_document, shown_in_test, shown_tracebacks
from flext_codemods.repository.source_readers import SourceReader, may_read_source, source_readers
from flext_codemods.repository.targets import Target
from flext_codemods.repository.type_tables import Read, Table, may_hold_a_table, may_read_by_type, reads_in, tables_in
from flext_codemods.repository.typed_handlers import TypedClasses, TypedHandler, typed_handlers

__all__ = ["FileScan", "Hint", "ScannedFile", "Scanner", "lost_scan", "may_hold_a_site", "scan_files", "scan_further"]

Hint = Callable[[bytes, str], bool]  # may a file with these bytes hold a site, given where imports are retargeted to

NOWHERE = Path()


class FileScan(NamedTuple):
    """What the bytes of a file say, wherever it stands: no path is in it, and no other file has a part in it.

    ``site`` says whether a recipe may find something; ``reads`` are look-ups by type, ``readers`` those of the
    functions ``reading`` that read the class of what they are given, ``handed`` the handlers that give what they caught
    to one of ``handing``: each None where the bytes hint at some and scan_further has not read them yet.
    """

    lines: int = 0
    site: bool = False
    tables: tuple[Table, ...] = ()
    reads: tuple[Read, ...] | None = ()
    typed_handlers: tuple[TypedHandler, ...] = ()
    shown: tuple[ShownText, ...] = ()
    watching: tuple[ClassReadingHandler, ...] = ()
    reading: tuple[str, ...] = ()
    readers: tuple[str, ...] | None = ()
    handing: tuple[str, ...] = ()
    handed: tuple[ClassReadingHandler, ...] | None = ()
    source_readers: tuple[SourceReader, ...] = ()


def may_hold_a_site(raw: bytes, hints: Iterable[Hint], retarget_to: str = "flext_exceptions") -> bool:
    """Say whether a file can hold a site, by its bytes alone and the hints of the recipes that run."""
    return any(hint(raw, retarget_to) for hint in set(hints))


class Scanner:
    """What is looked for: sites of some recipes, handlers of what some targets derive from, tables and texts.

    Test code is known by where it stands below ``root``.
    """

    def __init__(self, root: Path, targets: Iterable[Target], hints: Collection[Hint], retarget_to: str) -> None:
        self.root = root
        self.typed = TypedClasses(targets)
        self.hints = frozenset(hints)
        self.retarget_to = retarget_to

    def scan(self, path: Path, raw: bytes) -> FileScan:
        """Return what the bytes of a file that stands there say."""
        if path.suffix in DOCUMENTS:
            return FileScan(shown=tuple(shown_in_document(raw, NOWHERE)))
        if path.suffix in NO_PYTHON:
            return FileScan(site=True)  # named in the report
        shown = shown_in_test if is_test(path.relative_to(self.root).parts) else shown_tracebacks
        tabled, typed = may_hold_a_table(raw), self.typed.may_name(raw)
        watching, reading, handing = may_watch(raw), reading_names(raw), handed_names(raw)
        reading_source = may_read_source(raw)
        source = parsed(raw) if tabled or typed or watching or reading_source else None
        return FileScan(
            lines=raw.count(b"\n"),
            site=may_hold_a_site(raw, self.hints, self.retarget_to),
            tables=tuple(tables_in(source.tree)) if source and tabled else (),
            reads=None if may_read_by_type(raw) else (),
            typed_handlers=tuple(typed_handlers(source, NOWHERE, None, self.typed)) if source and typed else (),
            shown=tuple(shown(raw, NOWHERE)),
            watching=tuple(watching_in(source.tree)) if source and watching else (),
            reading=reading,
            readers=None if reading else (),
            handing=handing,
            handed=None if handing else (),
            source_readers=tuple(source_readers(source, package_of(path))) if source and reading_source else (),
        )


class ScannedFile(NamedTuple):
    """The scan of a file whose bytes have this digest, or why it cannot be read."""

    path: Path
    digest: str = ""
    scan: FileScan = FileScan()
    problem: str = ""


def scan_files(paths: list[Path], scanner: Scanner) -> list[ScannedFile]:
    """Scan some files."""
    found = []
    for path in paths:
        raw, problem = read_bytes(path)
        known = (
            ScannedFile(path, problem=problem) if problem else ScannedFile(path, digest(raw), scanner.scan(path, raw))
        )
        found.append(known)
    return found


def lost_scan(path: Path) -> ScannedFile:
    """Return what is known of a file that ended the process that scanned it: who works on it will say so."""
    return ScannedFile(path, scan=FileScan(site=True))


def scan_further(paths: list[Path], known: Mapping[Path, FileScan], part: str) -> list[ScannedFile]:
    """Scan some files for a part that their scans leave open: "reads", "readers" or "handed"."""
    found = []
    for path in paths:
        raw, _ = read_bytes(path)
        source = parsed(raw)
        scan = known[path]
        found.append(ScannedFile(path, digest(raw), FURTHER[part](source.tree, scan) if source else scan))
    return found


# What a tree adds to a scan, by its open part: what a module looks up by type; those of some functions
# that read the class of what they are given; the handlers that hand what they caught to one of some functions.
FURTHER: Mapping[str, Callable[[ast.Module, FileScan], FileScan]] = {
    "reads": lambda tree, scan: scan._replace(reads=tuple(reads_in(tree))),
    "readers": lambda tree, scan: scan._replace(readers=tuple(readers_in(tree, scan.reading))),
    "handed": lambda tree, scan: scan._replace(
        handed=tuple(one for one in watching_in(tree, scan.handing) if one.handed)
    ),
}


def parsed(raw: bytes) -> Source | None:
    """Return the source of a file, None where it cannot be read: that is said when its own turn comes."""
    try:
        return read_source(raw)
    except Unreadable:
        return None
