"""Which imports of each file refer to errors, cached between runs until one of the files that were read changes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from flext_analysis.digest import digest
from flext_analysis.row_cache import RowCache
from flext_analysis.semantics.error_names import ErrorImports, ErrorNames
from flext_lint.own_version import version

__all__ = ["ImportCache"]

FILE = "imports.sqlite"
KEY = "imports"
Stamp = list[int]  # when something was changed last, and its size


def stamp(path: str) -> Stamp | None:
    """Return a stamp that shows whether a file or a folder has changed, None if it does not exist."""
    try:
        found = os.stat(path)  # noqa: PTH116 (for every module of a project, and several times as fast)
    except OSError:
        return None
    return [found.st_mtime_ns, found.st_size]


class ImportCache:
    """The errors that the files of a project import, by path and text; ``folder`` is where they are stored.

    One row holds them all, with the stamps of every file that was read: checking a thousand stamps takes less time than
    reading ten modules.
    """

    def __init__(self, folder: Path, names: ErrorNames) -> None:
        self.names = names
        self.rows = RowCache(folder / FILE, version())
        self.stamps, self.imports = self.load()
        if any(stamp(path) != known for path, known in self.stamps.items()):
            self.stamps, self.imports = {}, {}
        self.new: dict[str, list[object]] = {}

    def load(self) -> tuple[dict[str, Stamp | None], dict[str, list[object]]]:
        """Return what is stored, nothing if it cannot be read."""
        try:
            stamps, imports = json.loads(self.rows.get(KEY, version()) or "[{}, {}]")
            return dict(stamps), dict(imports)
        except (ValueError, TypeError, RecursionError):
            return {}, {}

    def imported_by(self, text: str, path: Path) -> ErrorImports:
        """Do the same as ErrorNames, with the cache."""
        name = str(path)
        known = self.imports.get(name)
        seal = digest(text.encode("utf-8", "surrogatepass"))
        if known is not None and known[0] == seal:
            return ErrorImports(*map(frozenset, known[1:]))  # type: ignore[arg-type]
        found = self.names.imported_by(text, path)
        self.new[name] = self.imports[name] = [seal, *map(sorted, found)]
        return found

    def close(self) -> None:
        """Write new entries, merged with those that other processes wrote meanwhile."""
        if not self.new:
            return
        looked_at: Iterable[str] = self.names.looked_at()
        stamps = {path: stamp(path) for path in looked_at}
        others, imports = self.load()
        if any(others.get(path, known) != known for path, known in (self.stamps | stamps).items()):
            others, imports = {}, {}
        text = json.dumps([others | self.stamps | stamps, imports | self.imports])
        self.rows.put([(KEY, version(), text)])
        self.rows.close()
        self.new = {}
