"""Texts kept on disk between runs under a key and the version of what produced them, in SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path

__all__ = ["RowCache"]

MAX_ROWS = 200_000  # the newest are kept


class RowCache:
    """Texts by key and version. A file that is damaged, locked or not writable is not used.

    ``family`` is the prefix of every version in use: rows of others are dropped on writing.
    """

    def __init__(self, file: Path | None, family: str) -> None:
        self.family = family
        self.database = None if file is None else open_database(file)

    def get(self, key: str, version: str) -> str | None:
        """Return the text under a key, None if there is none."""
        if self.database is None:
            return None
        try:
            row = self.database.execute("SELECT text FROM kept WHERE key = ? AND version = ?", (key, version))
            found = row.fetchone()
        except sqlite3.Error:
            return None  # it is computed again
        return None if found is None else str(found[0])

    def put(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """Store texts, each with its key and version: (key, version, text)."""
        if self.database is None:
            return
        # Another process may write, or the disk may be full.
        with suppress(sqlite3.Error), closing(self.database.cursor()) as cursor, self.database:
            cursor.execute("DELETE FROM kept WHERE substr(version, 1, ?) != ?", (len(self.family), self.family))
            cursor.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", rows)
            cursor.execute("DELETE FROM kept WHERE rowid <= (SELECT max(rowid) FROM kept) - ?", (MAX_ROWS,))

    def close(self) -> None:
        """Close the file."""
        if self.database is not None:
            self.database.close()
            self.database = None


def open_database(file: Path) -> sqlite3.Connection | None:
    """Return the open file, None if it cannot be used; a damaged one is replaced."""
    for attempt in range(2):
        database = None
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            database = sqlite3.connect(file, timeout=2, check_same_thread=False)
            with closing(database.cursor()) as cursor:
                cursor.execute("PRAGMA journal_mode = WAL")
                cursor.execute("PRAGMA synchronous = OFF")
                cursor.execute(
                    "CREATE TABLE IF NOT EXISTS kept (key TEXT, version TEXT, text TEXT, PRIMARY KEY (key, version))"
                )
                cursor.execute("SELECT key, version, text FROM kept LIMIT 0")  # fails on a table of another form
            return database
        except sqlite3.DatabaseError:
            if database is not None:
                database.close()
            if attempt or not file.is_file():
                return None
            with suppress(OSError):
                file.unlink()
        except OSError:
            return None
    return None
