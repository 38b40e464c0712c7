"""What the next run may know about a file, computed where the file is processed: the cache only stores it."""

from __future__ import annotations

import re
from pathlib import Path

from flext_analysis.digest import digest
from flext_analysis.modules import package_of
from flext_analysis.syntax.source import detect_encoding
from flext_codemods.model.file_result import CacheEntry, FileResult
from flext_codemods.model.finding import Finding
from flext_codemods.project.exclusions import Exclusions
from flext_codemods.project.skip import Skip
from flext_codemods.repository.file_scan import Scanner
from flext_codemods.storage.packing import packed

__all__ = ["cache_entry"]

STAR = re.compile(rb"import[\s\\]*\*")


def cache_entry(
    raw: bytes, whole: Skip | None, result: FileResult, exclusions: Exclusions, scanner: Scanner
) -> CacheEntry | None:
    """Return what may be cached for a file with these bytes; for one that changes, about the result.

    ``whole`` is why the file is skipped. None if nothing may be known the next time: the file could not be read or
    rewritten, its findings depend on other files, or it becomes another kind of file.
    """
    path = Path(result.path)
    now = raw if result.new is None else result.new
    findings = result.findings if result.new is None else result.after
    if result.skip or result.failure or findings is None or not stands_alone(now):
        return None
    if result.new is not None and exclusions.skip(path, now) != whole:
        return None
    scan = None if result.new is None else packed(scanner.scan(path, now))
    exact = any(names_another_file(finding, result.path) for finding in findings)
    return CacheEntry(digest(now), package_of(path), whole, exact, packed(findings), scan)


def names_another_file(finding: Finding, path: str) -> bool:
    """Return whether the reason of a finding is in another file than the finding."""
    location = finding.skip.location if finding.skip else None
    return location is not None and location.path != path


def stands_alone(raw: bytes) -> bool:
    """Return whether the findings in a file depend on no other: star imports do.

    In an encoding that is not UTF-8 the bytes may hide a star.
    """
    return not STAR.search(raw) and detect_encoding(raw) in ("utf-8", "utf-8-sig")
