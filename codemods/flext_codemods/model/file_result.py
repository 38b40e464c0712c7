"""What came of one file."""

from __future__ import annotations

from typing import NamedTuple

from flext_codemods.model.finding import Edit, Finding
from flext_codemods.project.skip import Skip

__all__ = ["CacheEntry", "FileResult"]


class CacheEntry(NamedTuple):
    """What is found in a file as a run leaves it, packed: its findings, and its scan where it changed.

    It holds for bytes with this digest, in this package, and as long as the file is left whole for the same reason;
    ``exact`` says that a finding names a line of another file.
    """

    digest: str
    package: str
    exclusion: Skip | None
    exact: bool
    findings: object
    scan: object = None


class FileResult(NamedTuple):
    """What came of one file: its findings, its old and new bytes where it changes, and the edits between their texts.

    ``skip`` stands where the whole file is left, ``failure`` where the rewrite failed its verification: then nothing
    of it is written. ``after`` are the findings in the new bytes, None where they were not looked for;
    ``cache_entry`` is what the next run may know of the file, None where that is nothing.
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
        """The code of the reason why the whole file is left, "" where it is not."""
        return self.skip.reason if self.skip else ""

    @property
    def detail(self) -> str:
        """What that reason is about here, for people."""
        return self.skip.detail if self.skip else ""
