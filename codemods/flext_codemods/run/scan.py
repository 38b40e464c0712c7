"""Read every file of a repository once: which files may hold a site, and what they reveal about others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from flext_codemods.project.files import DOCUMENTS
from flext_codemods.repository.file_scan import ScannedFile, Scanner, lost_scan, scan_files
from flext_codemods.repository.repository import Repository
from flext_codemods.repository.source_readers import read_elsewhere
from flext_codemods.run.cache import Cache
from flext_codemods.workers.executors import Workers

__all__ = ["Scan", "scan"]


class Scan(NamedTuple):
    """The result of reading a repository.

    ``files`` has for each Python file whether it may hold a site, or why it cannot be read; ``lines`` is how many were
    read; ``digests`` are those of the Python modules.
    """

    repository: Repository
    files: Mapping[Path, bool | str]
    lines: int
    digests: Mapping[Path, str] = {}


def scan(files: Iterable[Path], scanner: Scanner, cache: Cache, workers: Workers) -> Scan:
    """Scan every file of a repository once, or take the results of an earlier scan of the same bytes from the cache."""
    scanned: dict[Path, ScannedFile] = {}
    unknown: list[Path] = []
    for path in files:
        known = cache.scanned(path)
        scanned[path] = known or ScannedFile(path)  # also keeps the order of the files
        if known is None:
            unknown.append(path)
    for one in workers.spread(unknown, partial(scan_files, scanner=scanner), lost_scan):
        scanned[one.path] = one
        cache.learn(one)
    scans = {path: one.scan for path, one in scanned.items() if not one.problem}
    states = {path: one.problem or one.scan.site for path, one in scanned.items() if path.suffix not in DOCUMENTS}
    repository = Repository(
        {},  # each project has its own
        tuple(one._replace(path=str(path)) for path, each in scans.items() for one in each.shown),
        top_modules(states),
        read_elsewhere({path: each.source_readers for path, each in scans.items() if each.source_readers}, states),
    )
    digests = {path: one.digest for path, one in scanned.items() if path.suffix == ".py" and not one.problem}
    return Scan(repository, states, sum(each.lines for each in scans.values()), digests)


def top_modules(files: Iterable[Path]) -> frozenset[str]:
    """Return the names under which the project's own packages and modules are imported."""
    python = [path for path in files if path.suffix == ".py"]
    packages = {path.parent for path in python if path.name == "__init__.py"}
    found = set()
    for path in python:
        top = path
        while top.parent in packages:
            top = top.parent
        found.add(top.stem)
    return frozenset(found)
