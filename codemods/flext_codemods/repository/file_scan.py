"""What the bytes of a file reveal without parsing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import NamedTuple

from flext_analysis.digest import digest
from flext_analysis.modules import is_test, package_of
from flext_analysis.syntax.source import Source, Unreadable, read_source
from flext_codemods.project.build_files import is_build_script
from flext_codemods.project.files import DOCUMENTS, NO_PYTHON, read_bytes
from flext_codemods.repository.shown_texts import ShownText, shown_in_document, shown_in_test, shown_tracebacks
from flext_codemods.repository.source_readers import SourceReader, may_read_source, source_readers

__all__ = ["FileScan", "Hint", "ScannedFile", "Scanner", "lost_scan", "may_hold_a_site", "scan_files"]

# may a file with these bytes hold a site, given the module that imports are retargeted to
Hint = Callable[[bytes, str], bool]

NOWHERE = Path()


class FileScan(NamedTuple):
    """What the bytes of a file reveal, wherever it is: the result has no path, and depends on no other file.

    ``site`` is whether a recipe may find something; ``shown`` are the texts that show a builtin with a message,
    ``source_readers`` the code that reads the text of other files.
    """

    lines: int = 0
    site: bool = False
    shown: tuple[ShownText, ...] = ()
    source_readers: tuple[SourceReader, ...] = ()


def may_hold_a_site(raw: bytes, hints: Iterable[Hint], retarget_to: str = "flext_exceptions") -> bool:
    """Return whether a file can hold a site, judging by its bytes and the hints of the recipes that run."""
    return any(hint(raw, retarget_to) for hint in set(hints))


class Scanner:
    """What is looked for: sites of some recipes, and texts. Test code is recognised by its path below ``root``."""

    def __init__(self, root: Path, hints: Collection[Hint], retarget_to: str) -> None:
        self.root = root
        self.hints = frozenset(hints)
        self.retarget_to = retarget_to

    def scan(self, path: Path, raw: bytes) -> FileScan:
        """Return what the bytes of a file with this path reveal."""
        if path.suffix in DOCUMENTS:
            compared = path.suffix == ".txt" and is_test(path.relative_to(self.root).parts)
            return FileScan(shown=tuple(shown_in_document(raw, NOWHERE, compared=compared)))
        if path.suffix in NO_PYTHON:
            return FileScan(site=True)  # named in the report
        shown = shown_in_test if is_test(path.relative_to(self.root).parts) else shown_tracebacks
        site = may_hold_a_site(raw, self.hints, self.retarget_to)
        source = parsed(raw) if may_read_source(raw) else None
        readers = source_readers(source, package_of(path), builds=is_build_script(path, raw)) if source else ()
        return FileScan(raw.count(b"\n"), site, tuple(shown(raw, NOWHERE)), tuple(readers))


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
    """Return the result for a file that ended the process that scanned it: rewriting it will report that."""
    return ScannedFile(path, scan=FileScan(site=True))


def parsed(raw: bytes) -> Source | None:
    """Return the source of a file, None if it cannot be read: that is reported when its own turn comes."""
    try:
        return read_source(raw)
    except Unreadable:
        return None
