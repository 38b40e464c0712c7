"""The result for one file."""

from __future__ import annotations

from typing import NamedTuple

from flext_codemods.model.finding import Edit, Finding
from flext_codemods.project.skip import Skip

__all__ = ["CacheEntry", "FileResult"]


class CacheEntry(NamedTuple):
    """The findings in a file after a run, packed, and its scan if it changed.

    Valid for bytes with this digest, in this package, as long as the file is skipped for the same reason; ``exact``
    means that a finding names a line of another file.
    """

    digest: str
    package: str
    exclusion: Skip | None
    exact: bool
    findings: object
    scan: object = None


class FileResult(NamedTuple):
    """The result for one file: its findings, its old and new bytes if it changes, and the edits between their texts.

    ``skip`` is set if the whole file is skipped, ``failure`` if the rewrite failed its verification: then nothing is
    written. ``after`` are the findings in the new bytes, None if they were not computed; ``cache_entry`` is what the
    next run may know about the file, None for nothing.
    """

    path: str
    findings: tuple[Finding, ...] = ()
    old: bytes = b""
    new: bytes | None = None
    skip: Skip | None = None
    failure: str = ""
    lines: int = 0
    edits: tuple[Edit, ...] = ()
    after: tuple[Finding, ...] | None = None
    cache_entry: CacheEntry | None = None

    @property
    def reason(self) -> str:
        """The code of the reason why the whole file is skipped, "" if it is not."""
        return self.skip.reason if self.skip else ""

    @property
    def detail(self) -> str:
        """The reason as it applies here, for people."""
        return self.skip.detail if self.skip else ""
