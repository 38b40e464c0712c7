"""What the next run may know of a file, worked out by whoever works on the file: the cache only takes it in."""

from __future__ import annotations

import re
from pathlib import Path

from flext_analysis.modules import package_of
from flext_analysis.source import detect_encoding
from flext_codemods.facts import Look
from flext_codemods.findings import FileResult, Kept
from flext_codemods.packing import digest, packed
from flext_codemods.placement import Placement

__all__ = ["PLACE", "kept"]

PLACE = re.compile(r":\d+")
STAR = re.compile(rb"import[\s\\]*\*")


def kept(raw: bytes, verdict: tuple[str, str], result: FileResult, placement: Placement, look: Look) -> Kept | None:
    """Return what may be kept of a file with these bytes; of one that changes about what it becomes.

    ``verdict`` is whether the file is left whole. None where nothing may be known the next time: the file could not be
    read or rewritten, what is found there hangs on other files, or what it becomes is another kind of file.
    """
    path = Path(result.path)
    now = raw if result.new is None else result.new
    findings = result.findings if result.new is None else result.after
    if result.reason or result.failure or findings is None or not stands_alone(now):
        return None
    if result.new is not None and placement.reason(path, now) != verdict:
        return None
    facts = None if result.new is None else packed(look.at(path, now))
    exact = any(PLACE.search(finding.detail) for finding in findings)
    return Kept(digest(now), package_of(path), verdict, exact, packed(findings), facts)


def stands_alone(raw: bytes) -> bool:
    """Say whether what is found in a file depends on no other: what a star imports stands elsewhere.

    In an encoding that is not UTF-8 the bytes may hide a star.
    """
    return not STAR.search(raw) and detect_encoding(raw) in ("utf-8", "utf-8-sig")
