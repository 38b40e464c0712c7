"""What was found in each file, kept between runs by the bytes of the file and of those that define errors."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import sqlite3
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import flext_analysis
import flext_exceptions
import flext_lint
from flext_analysis.settings import Settings
from flext_analysis.state_dir import state_dir

__all__ = ["Results", "world_of"]

FILE = "lint.sqlite"
MAX_ROWS = 100_000
Found = list[tuple[int, int, str]]
# A module-level name that is given an error or a tuple of them.
DEFINING = (b"Error", b"Exception", b"flext_", b"code")
CLASS_LINES = re.compile(rb"\n[ \t]*class [^\n]*")
NAMED = re.compile(rb"\n[A-Z]\w*[^=\n]*=[ \t]*[(\[]?\s*[\w.]*(?:Error|Exception)\b")


@cache
def version() -> bytes:
    """Return a digest of what findings depend on beside the code that is linted: our own, and Python's version."""
    found = hashlib.blake2b(sys.version.encode(), digest_size=16)
    for package in (flext_exceptions, flext_analysis, flext_lint):
        for file in sorted(Path(next(iter(package.__path__))).rglob("*.py")):
            stat = file.stat()
            found.update(f"{file}:{stat.st_size}:{stat.st_mtime_ns}".encode())
    return found.digest()


def seen_by_others(name: str, raw: bytes) -> bytes:
    """Return what other files may see of a file: all of one that defines errors, else its imports and class lines."""
    if name in ("__init__.py", "conftest.py") or b"import *" in raw or NAMED.search(raw) is not None:
        return raw
    if b"class " in raw and any(word in raw for word in DEFINING):
        return raw
    ends = [at for at in (raw.find(b"\ndef "), raw.find(b"\nclass ")) if at >= 0]
    return raw[: min(ends, default=len(raw))] + b"".join(CLASS_LINES.findall(raw))


def world_of(files: Mapping[str, bytes]) -> bytes:
    """Return a digest of all that a project's files may see of each other."""
    found = hashlib.blake2b(digest_size=16)
    for path, raw in sorted(files.items()):
        found.update(path.encode("utf-8", "surrogateescape"))
        found.update(hashlib.blake2b(seen_by_others(path.rpartition("/")[2], raw), digest_size=16).digest())
    return found.digest()


class Results:
    """The findings of a project's files. A cache that is damaged, locked or cannot be written is done without."""

    def __init__(self, root: Path, settings: Settings, world: bytes, *, noqa: bool = True) -> None:
        said = json.dumps([settings._replace(select=(), ignore=()), noqa], default=str, sort_keys=True)
        self.salt = version() + world + hashlib.blake2b(said.encode(), digest_size=16).digest()
        self.new: list[tuple[str, str]] = []
        self.database = open_results(state_dir(root) / FILE)

    def key(self, path: str, raw: bytes) -> str:
        """Return the key of a file under a path."""
        name = path.encode("utf-8", "surrogateescape")
        return hashlib.blake2b(raw, digest_size=20, key=hashlib.blake2b(self.salt + name).digest()).hexdigest()

    def get(self, key: str) -> Found | None:
        """Return what was found under a key, None where that is not known."""
        if self.database is None:
            return None
        try:
            row = self.database.execute("SELECT found FROM results WHERE key = ?", (key,)).fetchone()
            return (
                None
                if row is None
                else [(int(line), int(column), str(text)) for line, column, text in json.loads(row[0])]
            )
        except (sqlite3.Error, ValueError, TypeError):
            return None  # it is found anew

    def learn(self, items: Iterable[tuple[str, Found]]) -> None:
        """Keep what was found under some keys."""
        if self.database is None:
            return
        rows = [(key, json.dumps(found)) for key, found in items]
        with contextlib.suppress(sqlite3.Error), self.database:  # another process writes, or the disk is full
            self.database.executemany("INSERT OR REPLACE INTO results VALUES (?, ?)", rows)
            self.database.execute(
                "DELETE FROM results WHERE rowid <= (SELECT max(rowid) FROM results) - ?", (MAX_ROWS,)
            )

    def close(self) -> None:
        """Let go of the file."""
        if self.database is not None:
            self.database.close()
            self.database = None


def open_results(file: Path) -> sqlite3.Connection | None:
    """Return the open cache, None where it cannot be used; a damaged one is made anew."""
    for attempt in range(2):
        database = None
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            database = sqlite3.connect(file, timeout=2)
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = OFF")
            database.execute("CREATE TABLE IF NOT EXISTS results (key TEXT PRIMARY KEY, found TEXT)")
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
