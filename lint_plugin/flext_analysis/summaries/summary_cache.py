"""Summaries kept between runs, by the digest of the bytes of each file and by the version of what reads them."""

from __future__ import annotations

import contextlib
import hashlib
import sys
from functools import cache
from pathlib import Path
from types import TracebackType

from flext_analysis.digest import digest
from flext_analysis.row_cache import RowCache
from flext_analysis.summaries.summarize import summarize
from flext_analysis.summaries.summary import FileSummary, dump_summary, load_summary
from flext_analysis.syntax import source

__all__ = ["SummaryCache", "reader_version"]

FILE = "summaries.sqlite"


@cache
def reader_version() -> str:
    """Return a digest of what produces summaries: our own code and the version of Python."""
    here, syntax = Path(__file__).parent, Path(str(source.__file__)).parent
    found = hashlib.blake2b(sys.version.encode(), digest_size=8)
    for file in (*sorted(here.glob("*.py")), *sorted(syntax.glob("*.py"))):
        found.update(file.read_bytes())
    return found.hexdigest()


class SummaryCache:
    """Summaries by the bytes of each file. A cache that is damaged, locked or not writable is not used.

    ``bodies`` is whether the code of functions is read; see summarize.
    """

    def __init__(self, folder: Path | None, *, bodies: bool = True) -> None:
        self.bodies = bodies
        self.version = f"{reader_version()}{'' if bodies else '-interface'}"
        self.new: list[tuple[str, str, str]] = []
        self.rows = RowCache(None if folder is None else folder / FILE, reader_version())

    def __enter__(self) -> SummaryCache:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def get(self, raw: bytes) -> FileSummary:
        """Return the summary of a file with these bytes, computed now if it is not stored."""
        key = digest(raw)
        known = self.known(key)
        if known is None:
            known = summarize(raw, bodies=self.bodies)
            self.learn(key, known)
        return known

    def known(self, key: str) -> FileSummary | None:
        """Return the summary of a file with this digest, None if it is not stored."""
        text = self.rows.get(key, self.version)
        try:
            return None if text is None else load_summary(text)
        except (ValueError, TypeError, IndexError, RecursionError):
            return None  # it is computed again

    def learn(self, key: str, summary: FileSummary) -> None:
        """Store a summary for the next run."""
        if self.rows.database is not None:
            with contextlib.suppress(RecursionError):  # nested too deeply for JSON: it is computed again each time
                self.keep(key, dump_summary(summary))

    def keep(self, key: str, text: str) -> None:
        """Store a summary that is JSON already, as dump_summary writes it."""
        if self.rows.database is not None:
            self.new.append((key, self.version, text))

    def close(self) -> None:
        """Write the new entries."""
        if self.new:
            self.rows.put(self.new)
        self.new = []
        self.rows.close()
