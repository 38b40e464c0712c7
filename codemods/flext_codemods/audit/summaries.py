"""The summaries of files: made by worker processes where there are many, kept by the bytes of each for the next run."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

from flext_analysis.summaries.summarize import summarize
from flext_analysis.summaries.summary import FORMAT, FileSummary, dump_summary, load_summary
from flext_analysis.summaries.summary_cache import reader_version

__all__ = ["SummaryStore"]

BATCH_BYTES = 1_000_000
SERIAL_BYTES = 2_000_000  # below, starting workers costs more than they save
KEPT = 4  # times as many summaries as the last run used are kept: branches are switched back and forth
FILE = "summaries.sqlite"


@cache
def reader_digest() -> str:
    """Return a digest of the code that makes summaries, and of the Python that parses."""
    return hashlib.sha256(f"{FORMAT} {reader_version()}".encode()).hexdigest()


def key_of(raw: bytes) -> str:
    """Return the key under which the summary of a file with these bytes is kept."""
    return hashlib.sha256(reader_digest().encode() + raw).hexdigest()


def summarize_all(raws: list[bytes]) -> list[str]:
    """Return the summaries of some files as JSON."""
    return [dump_summary(summarize(raw)) for raw in raws]


def batches(raws: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Group files into batches of about equal bytes."""
    batch: list[bytes] = []
    held = 0
    for raw in raws:
        batch.append(raw)
        held += len(raw)
        if held >= BATCH_BYTES:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def processors() -> int:
    """Return how many processors this process may use."""
    with contextlib.suppress(AttributeError):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class SummaryStore:
    """The summaries that earlier runs kept in a folder. A store that cannot be read or written is done without."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def read(self, raws: list[bytes]) -> list[FileSummary]:
        """Return the summaries of files with these bytes, in their order."""
        keys = [key_of(raw) for raw in raws]
        known = self.kept(keys)
        found = {key: one for key, text in known.items() if (one := loaded(text)) is not None}
        missing = {key: raw for key, raw in zip(keys, raws, strict=True) if key not in found}
        made = dict(zip(missing, self.make(list(missing.values())), strict=True))
        found.update((key, load_summary(text)) for key, text in made.items())
        self.keep(made, keys)
        return [found[key] for key in keys]

    def make(self, raws: list[bytes]) -> list[str]:
        """Make the summaries of some files."""
        workers = min(processors(), 8)
        if workers < 2 or sum(map(len, raws)) < SERIAL_BYTES:
            return summarize_all(raws)
        with ProcessPoolExecutor(workers) as pool:
            return [one for batch in pool.map(summarize_all, batches(raws)) for one in batch]

    def kept(self, keys: list[str]) -> dict[str, str]:
        """Return the summaries that are kept under some keys."""
        found: dict[str, str] = {}
        with self.opened() as database:
            if database is not None:
                for start in range(0, len(keys), 500):
                    part = keys[start : start + 500]
                    marks = ",".join("?" * len(part))
                    found.update(database.execute(f"SELECT key, text FROM summaries WHERE key IN ({marks})", part))
        return found

    def keep(self, made: dict[str, str], used: list[str]) -> None:
        """Keep the summaries that were made, and forget those that were not used for long."""
        if not made:
            return
        with self.opened() as database:
            if database is None:
                return
            database.executemany("INSERT OR REPLACE INTO summaries VALUES (?, ?)", made.items())
            (count,) = database.execute("SELECT COUNT(*) FROM summaries").fetchone()
            if count > KEPT * len(used) + 1000:
                oldest = "SELECT key FROM summaries ORDER BY rowid LIMIT ?"
                database.execute(f"DELETE FROM summaries WHERE key IN ({oldest})", [count - KEPT * len(used)])
            database.commit()

    @contextlib.contextmanager
    def opened(self) -> Iterator[sqlite3.Connection | None]:
        """Open the database for a block; it is None where that fails, and what fails in the block is given up."""
        if self.folder is None:
            yield None
            return
        database = None
        file = self.folder / FILE
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            database = sqlite3.connect(file, timeout=5)
            database.execute("CREATE TABLE IF NOT EXISTS summaries (key TEXT PRIMARY KEY, text TEXT NOT NULL)")
        except (OSError, sqlite3.Error) as error:
            if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
                with contextlib.suppress(OSError):
                    file.unlink()  # damaged: the next run begins a new one
            if database is not None:
                database.close()
            yield None
            return
        try:
            with contextlib.suppress(sqlite3.Error):
                yield database
        finally:
            database.close()


def loaded(text: str) -> FileSummary | None:
    """Return a summary that was kept, None where it is damaged."""
    try:
        return load_summary(text)
    except (ValueError, TypeError, RecursionError):
        return None
