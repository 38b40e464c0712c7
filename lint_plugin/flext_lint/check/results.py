"""The findings in each file, cached under the bytes of the file and of those that define errors."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from flext_analysis.row_cache import RowCache
from flext_analysis.settings import Settings
from flext_analysis.state_dir import state_dir
from flext_lint.own_version import version

__all__ = ["Results", "world_of"]

FILE = "lint.sqlite"
Found = list[tuple[int, int, str]]
# A module-level name that is assigned an error or a tuple of errors.
DEFINING = (b"Error", b"Exception", b"flext_", b"code")
CLASS_LINES = re.compile(rb"\n[ \t]*class [^\n]*")
NAMED = re.compile(rb"\n[A-Z]\w*[^=\n]*=[ \t]*[(\[]?\s*[\w.]*(?:Error|Exception)\b")


def seen_by_others(name: str, raw: bytes) -> bytes:
    """Return what others may see of a file: all of one that defines errors, otherwise imports and class lines."""
    if name in ("__init__.py", "conftest.py") or b"import *" in raw or NAMED.search(raw) is not None:
        return raw
    if b"class " in raw and any(word in raw for word in DEFINING):
        return raw
    ends = [at for at in (raw.find(b"\ndef "), raw.find(b"\nclass ")) if at >= 0]
    return raw[: min(ends, default=len(raw))] + b"".join(CLASS_LINES.findall(raw))


def world_of(files: Mapping[str, bytes]) -> bytes:
    """Return a digest of everything that a project's files may see of each other."""
    found = hashlib.blake2b(digest_size=16)
    for path, raw in sorted(files.items()):
        found.update(path.encode("utf-8", "surrogateescape"))
        found.update(hashlib.blake2b(seen_by_others(path.rpartition("/")[2], raw), digest_size=16).digest())
    return found.digest()


class Results:
    """The findings of a project's files. A cache that is damaged, locked or not writable is ignored.

    ``others`` is what else findings depend on.
    """

    def __init__(self, root: Path, settings: Settings, world: bytes, *others: object) -> None:
        said = json.dumps([settings._replace(select=(), ignore=()), *others], default=str, sort_keys=True)
        self.salt = world + hashlib.blake2b(said.encode(), digest_size=16).digest()
        self.rows = RowCache(state_dir(root) / FILE, version())

    def key(self, path: str, raw: bytes) -> str:
        """Return the key of a file under a path."""
        name = path.encode("utf-8", "surrogateescape")
        return hashlib.blake2b(raw, digest_size=20, key=hashlib.blake2b(self.salt + name).digest()).hexdigest()

    def get(self, key: str) -> Found | None:
        """Return the findings under a key, None if they are not cached."""
        text = self.rows.get(key, version())
        try:
            found = None if text is None else json.loads(text)
            return None if found is None else [(int(line), int(column), str(said)) for line, column, said in found]
        except (ValueError, TypeError):
            return None  # it is computed again

    def learn(self, items: Iterable[tuple[str, Found]]) -> None:
        """Store the findings under some keys."""
        self.rows.put((key, version(), json.dumps(found)) for key, found in items)
