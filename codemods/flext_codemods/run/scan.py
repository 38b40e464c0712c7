"""Read every file of a repository once: which files may hold a site, and what files say about one another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from flext_codemods.project.files import DOCUMENTS, read_bytes
from flext_codemods.project.paths import Location
from flext_codemods.repository.class_readers import ClassReadingHandler, readers_by_name
from flext_codemods.repository.file_scan import FileScan, ScannedFile, Scanner, lost_scan, scan_files, scan_further
from flext_codemods.repository.repository import Repository
from flext_codemods.repository.source_readers import read_elsewhere
from flext_codemods.repository.type_tables import names_to_read, type_tables
from flext_codemods.run.cache import Cache
from flext_codemods.workers.executors import Workers

__all__ = ["Scan", "scan"]

FillIn = Callable[[str, list[Path]], None]  # reads some files for a part of their scan that is still open


class Scan(NamedTuple):
    """What reading a repository brings.

    ``files`` says whether a Python file may hold a site, or why it cannot be read; ``lines`` is how many were read.
    """

    repository: Repository
    files: Mapping[Path, bool | str]
    lines: int


def scan(files: Iterable[Path], scanner: Scanner, cache: Cache, workers: Workers) -> Scan:
    """Scan every file of a repository once, or take from the cache what an earlier scan of its bytes brought."""
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

    def fill_in(part: str, paths: list[Path]) -> None:
        known = {path: scans[path] for path in paths}
        work = partial(scan_further, known=known, part=part)
        for one in workers.spread(paths, work, lambda path: ScannedFile(path, scan=known[path])):
            scans[one.path] = one.scan
            cache.learn(one)

    repository = Repository(
        {},  # each project has its own
        tables_read_by_type(scans, fill_in),
        tuple(one._replace(path=str(path)) for path, each in scans.items() for one in each.typed_handlers),
        tuple(one._replace(path=str(path)) for path, each in scans.items() for one in each.shown),
        top_modules(states),
        class_readers(scans, fill_in),
        read_elsewhere({path: each.source_readers for path, each in scans.items() if each.source_readers}, states),
    )
    return Scan(repository, states, sum(each.lines for each in scans.values()))


def class_readers(scans: Mapping[Path, FileScan], fill_in: FillIn) -> dict[str, tuple[ClassReadingHandler, ...]]:
    """Return the names of the functions whose errors have their class read by a handler, with these handlers."""
    handing = {name for each in scans.values() for name in each.handing}
    fill_in("readers", [path for path, each in scans.items() if each.readers is None and handing & {*each.reading}])
    readers = handing.intersection(name for each in scans.values() for name in each.readers or ())
    fill_in("handed", [path for path, each in scans.items() if each.handed is None and readers & {*each.handing}])
    found = [one._replace(path=str(path)) for path, each in scans.items() for one in each.watching]
    for path, each in scans.items():
        for one in each.handed or ():
            handed = tuple(name for name in one.handed if name in readers)
            found += [one._replace(path=str(path), handed=handed)] if handed else []
    return readers_by_name(found, readers)


def tables_read_by_type(scans: Mapping[Path, FileScan], fill_in: FillIn) -> dict[str, Location]:
    """Return the builtins whose table is read by type, each with where the table stands."""
    tables = [table._replace(path=str(path)) for path, each in scans.items() for table in each.tables]
    names = names_to_read(tables)
    words = None if names is None else [name.encode() for name in names]

    def may_read(path: Path) -> bool:
        raw = b"" if words is None else read_bytes(path)[0]
        return words is None or any(word in raw for word in words)

    fill_in("reads", [path for path, each in scans.items() if tables and each.reads is None and may_read(path)])
    return type_tables(tables, (one for each in scans.values() for one in each.reads or ()))


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
