"""What each file's imports lead to, kept between runs: true as long as nothing changed that was looked at for it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from flext_analysis.digest import digest
from flext_analysis.row_cache import RowCache
from flext_analysis.semantics.error_names import ErrorNames, Leading
from flext_lint.own_version import version

__all__ = ["KeptLeads"]

FILE = "leads.sqlite"
KEY = "leads"
Stamp = list[int]  # when something was changed last, and its size


def stamp(path: str) -> Stamp | None:
    """Return what tells whether a file or a folder has changed, None for one that is not there."""
    try:
        found = os.stat(path)  # noqa: PTH116 (for every module of a project, and several times as fast)
    except OSError:
        return None
    return [found.st_mtime_ns, found.st_size]


class KeptLeads:
    """The leads of the files of a project, by path and by the text of each; ``folder`` is where they are kept.

    One row holds them all, with the stamps of all that was looked at: to check a thousand takes less time
    than to read ten modules.
    """

    def __init__(self, folder: Path, names: ErrorNames) -> None:
        self.names = names
        self.rows = RowCache(folder / FILE, version())
        self.stamps, self.leads = self.load()
        if any(stamp(path) != known for path, known in self.stamps.items()):
            self.stamps, self.leads = {}, {}
        self.new: dict[str, list[object]] = {}

    def load(self) -> tuple[dict[str, Stamp | None], dict[str, list[object]]]:
        """Return what is kept, nothing where it cannot be read."""
        try:
            stamps, leads = json.loads(self.rows.get(KEY, version()) or "[{}, {}]")
            return dict(stamps), dict(leads)
        except (ValueError, TypeError, RecursionError):
            return {}, {}

    def imported_by(self, text: str, path: Path) -> Leading:
        """Do what ErrorNames does."""
        name = str(path)
        known = self.leads.get(name)
        seal = digest(text.encode("utf-8", "surrogatepass"))
        if known is not None and known[0] == seal:
            return Leading(*map(frozenset, known[1:]))  # type: ignore[arg-type]
        found = self.names.imported_by(text, path)
        self.new[name] = self.leads[name] = [seal, *map(sorted, found)]
        return found

    def close(self) -> None:
        """Write what is new, beside what other processes wrote meanwhile."""
        if not self.new:
            return
        looked_at: Iterable[str] = self.names.looked_at()
        stamps = {path: stamp(path) for path in looked_at}
        others, leads = self.load()
        if any(others.get(path, known) != known for path, known in (self.stamps | stamps).items()):
            others, leads = {}, {}
        text = json.dumps([others | self.stamps | stamps, leads | self.leads])
        self.rows.put([(KEY, version(), text)])
        self.rows.close()
        self.new = {}
