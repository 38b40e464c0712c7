"""Summaries kept between runs, by the digest of the bytes of each file and by the version of what reads them."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import sys
from functools import cache
from pathlib import Path
from types import TracebackType

from flext_analysis.summaries.summarize import summarize
from flext_analysis.summaries.summary import FileSummary, dump_summary, load_summary
from flext_analysis.syntax import source

__all__ = ["SummaryCache", "digest_of", "reader_version"]

FILE = "summaries.sqlite"
MAX_ROWS = 200_000  # the newest are kept


def digest_of(raw: bytes) -> str:
    """Return a digest of some bytes, which no two files share."""
    return hashlib.blake2b(raw, digest_size=16).hexdigest()


@cache
def reader_version() -> str:
    """Return a digest of what makes summaries: our own code and the version of Python."""
    here, syntax = Path(__file__).parent, Path(str(source.__file__)).parent
    found = hashlib.blake2b(sys.version.encode(), digest_size=8)
    ours = [here / "summary.py", here / "summarize.py", here / "summarize_expressions.py", here / "tree_parts.py"]
    for file in (*ours, syntax / "source.py", syntax / "statements.py"):
        found.update(file.read_bytes())
    return found.hexdigest()


class SummaryCache:
    """Summaries by the bytes of each file. One that is damaged, locked or cannot be written is done without.

    ``bodies`` says whether the code of functions is read; see summarize.
    """

    def __init__(self, folder: Path | None, *, bodies: bool = True) -> None:
        self.bodies = bodies
        self.version = f"{reader_version()}{'' if bodies else '-interface'}"
        self.new: list[tuple[str, str, str]] = []
        self.database = None if folder is None else open_database(folder / FILE)

    def __enter__(self) -> SummaryCache:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def get(self, raw: bytes) -> FileSummary:
        """Return the summary of a file with these bytes, made now where it is not known."""
        digest = digest_of(raw)
        known = self.known(digest)
        if known is None:
            known = summarize(raw, bodies=self.bodies)
            self.learn(digest, known)
        return known

    def known(self, digest: str) -> FileSummary | None:
        """Return the summary of a file with this digest, None where it is not known."""
        if self.database is None:
            return None
        try:
            row = self.database.execute(
                "SELECT summary FROM summaries WHERE digest = ? AND version = ?", (digest, self.version)
            ).fetchone()
            return None if row is None else load_summary(row[0])
        except (sqlite3.Error, ValueError, TypeError, IndexError, RecursionError):
            return None  # it is made anew

    def learn(self, digest: str, summary: FileSummary) -> None:
        """Keep a summary for the next run."""
        if self.database is not None:
            with contextlib.suppress(RecursionError):  # nested too deeply for JSON: it is made anew each time
                self.new.append((digest, self.version, dump_summary(summary)))

    def close(self) -> None:
        """Write what is new."""
        if self.database is None:
            return
        with contextlib.suppress(sqlite3.Error), self.database:  # another process writes, or the disk is full
            if self.new:
                self.database.execute("DELETE FROM summaries WHERE version NOT LIKE ?", (f"{reader_version()}%",))
                self.database.executemany("INSERT OR REPLACE INTO summaries VALUES (?, ?, ?)", self.new)
                self.database.execute(
                    "DELETE FROM summaries WHERE rowid <= (SELECT max(rowid) FROM summaries) - ?", (MAX_ROWS,)
                )
        self.database.close()
        self.database, self.new = None, []


def open_database(file: Path) -> sqlite3.Connection | None:
    """Return the open cache, None where it cannot be used; a damaged one is made anew."""
    for attempt in range(2):
        database = None
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            database = sqlite3.connect(file, timeout=2, check_same_thread=False)
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = OFF")
            database.execute(
                "CREATE TABLE IF NOT EXISTS summaries"
                " (digest TEXT, version TEXT, summary TEXT, PRIMARY KEY (digest, version))"
            )
            return database
        except sqlite3.DatabaseError:
            if database is not None:
                database.close()
            if attempt or not file.is_file():
                return None
            with contextlib.suppress(OSError):
                file.unlink()
        except OSError:
            return None
    return None
