"""Results of earlier runs for files, by the bytes of each: only a file that changed is read again.

A run with the cache reports what it would report without it. So everything that a result depends on is in the key under
which it is stored; a cache that is damaged, of another version or another owner is silently ignored.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import flext_analysis
import flext_codemods
import flext_exceptions
from flext_analysis.digest import digest
from flext_analysis.modules import package_of
from flext_analysis.summaries.summary_cache import SummaryCache
from flext_analysis.syntax.source import read_source
from flext_codemods.model.file_result import FileResult
from flext_codemods.model.finding import Finding
from flext_codemods.model.job import Job
from flext_codemods.model.recipe import OBSERVERS
from flext_codemods.project.files import read_bytes
from flext_codemods.project.paths import Location
from flext_codemods.repository.file_scan import FileScan, ScannedFile
from flext_codemods.repository.observations import (
    NOTHING_OBSERVED,
    Observation,
    Observations,
    ObservedSite,
    line_mover,
)
from flext_codemods.repository.repository import Repository
from flext_codemods.storage.packing import fingerprint, packed, unpacker
from flext_codemods.storage.state_dir import make_state_folder, state_folder
from flext_exceptions import FlextExceptions

__all__ = ["Cache"]

FILE = "clean.json"
unpack_scan = unpacker(FileScan)
unpack_rest = unpacker(Observations)
unpack_observers = unpacker(tuple[Observation, ...])
unpack_members = unpacker(tuple[tuple[int, ...], ...])
unpack_sites = unpacker(Mapping[str, tuple[tuple[int, int, int], ...]])
unpack_findings = unpacker(tuple[Finding, ...])


@cache
def code_key() -> str:
    """Return a digest of everything that produces findings: our own code, LibCST and Python."""
    ours = [Path(str(package.__file__)).parent for package in (flext_analysis, flext_codemods, flext_exceptions)]
    files = [file for folder in ours for file in sorted(folder.rglob("*.py"))]
    spec = importlib.util.find_spec("libcst")
    libcst = Path(str(spec.origin if spec else "")).parent / "_version.py"
    seen = [digest(read_bytes(file)[0]) for file in (*files, libcst)]
    return fingerprint([sys.version, seen])


def without_lines(repository: Repository) -> Repository:
    """Return the facts from other files without line numbers, which change with anything inserted above."""
    nowhere = Location("", 0)
    return repository._replace(
        shown=tuple(one._replace(line=0) for one in repository.shown),
        read_elsewhere=dict.fromkeys(repository.read_elsewhere, nowhere),
        caught=dict.fromkeys(repository.caught, nowhere),
        families={name: one._replace(location=nowhere) for name, one in repository.families.items()},
        messages={
            name: tuple(one._replace(location=nowhere) for one in found) for name, found in repository.messages.items()
        },
    )


def as_mapping(data: object) -> dict[str, Any]:
    """Return data as the JSON object that it should be, an empty one if it is something else."""
    return data if isinstance(data, dict) else {}


def read_object(file: Path) -> dict[str, Any]:
    """Return the JSON object in a file, an empty one if it is not readable."""
    try:
        return as_mapping(json.loads(read_bytes(file)[0]))
    except (ValueError, RecursionError):
        return {}


def unpacked(entry: object, stamps: Iterable[str], unpack: Callable[[object], Any]) -> Any:
    """Return the content of an entry, None if it has none of the stamps or is damaged."""
    if not isinstance(entry, list) or len(entry) != 2 or entry[0] not in stamps:
        return None
    try:
        return unpack(entry[1])
    except ValueError:
        return None


def packed_observations(observed: Observations) -> list[object]:
    """Return what JSON holds of what is observed: each observer once, each group by their numbers, sites by group."""
    groups = {id(observers): observers for observers in observed.groups()}
    at = {group: number for number, group in enumerate(groups)}
    numbers: dict[Observation, int] = {}
    members = [[numbers.setdefault(one, len(numbers)) for one in observers] for observers in groups.values()]
    sites = {
        path: [[site.line, site.column, at[id(site.observers)]] for site in found]
        for path, found in observed.sites.items()
    }
    return [packed(tuple(numbers)), members, sites, packed(observed._replace(sites={}))]


def unpack_observations(data: object) -> Observations:
    """Return what was observed; raise ValueError where the data is damaged."""
    if not isinstance(data, list) or len(data) != 4:
        raise FlextExceptions.ValidationError("not what was packed", value=data)
    observers, members, rest = unpack_observers(data[0]), unpack_members(data[1]), unpack_rest(data[3])
    if any(not 0 <= number < len(observers) for numbers in members for number in numbers):
        raise FlextExceptions.ValidationError("no such observer", value=data[1])
    groups = [tuple([observers[number] for number in numbers]) for numbers in members]
    sites: dict[str, tuple[ObservedSite, ...]] = {}
    for path, found in unpack_sites(data[2]).items():
        if any(not 0 <= group < len(groups) for _, _, group in found):
            raise FlextExceptions.ValidationError("no such group of observers", value=path)
        sites[path] = tuple(ObservedSite(line, column, groups[group]) for line, column, group in found)
    known: Observations = rest._replace(sites=sites)
    return known


class Cache:
    """What is known about the files of a repository: the scan of each, and findings.

    ``settings`` is what a scan depends on besides the bytes of a file. Without ``reads`` nothing is known beforehand,
    without ``writes`` nothing is stored for the next run.
    """

    def __init__(self, repository: Path, settings: object, *, reads: bool = True, writes: bool = True) -> None:
        self.repository = repository
        self.writes = writes
        self.key = fingerprint([code_key(), settings])
        stored = read_object(self.file()) if reads else {}
        self.before = stored if stored.get("key") == self.key else {}
        self.scans_before = as_mapping(self.before.get("scans"))
        self.findings_before = as_mapping(self.before.get("findings"))
        self.scans_now: dict[str, list[object]] = {}
        self.observed = NOTHING_OBSERVED
        self.digests: dict[Path, str] = {}
        self.rewritten: list[FileResult] = []
        self.findings_now: dict[str, list[object]] = {}
        self.job_keys: dict[Path, tuple[str, str]] = {}
        self.group_keys: dict[int, tuple[tuple[Observation, ...], str]] = {}

    def file(self) -> Path:
        """Return the file that holds the cache of the repository."""
        return state_folder(self.repository) / FILE

    def name(self, path: Path) -> str:
        """Return the name under which a file is stored."""
        return str(path).removeprefix(f"{self.repository}{os.sep}")

    def scanned(self, path: Path) -> ScannedFile | None:
        """Return what is known about a file as it is now, None if it has to be scanned."""
        name = self.name(path)
        entry = self.scans_before.get(name)
        raw, problem = read_bytes(path) if entry else (b"", "not known")
        seen = digest(raw)
        known: FileScan | None = None if problem else unpacked(entry, [seen], unpack_scan)
        if known is None:
            return None
        self.scans_now[name] = self.scans_before[name]
        return ScannedFile(path, seen, known)

    def learn(self, scanned: ScannedFile) -> None:
        """Add the scan of a file; a second scan counts only if it saw the same bytes."""
        entry = self.scans_now.get(self.name(scanned.path))
        if scanned.digest and (entry is None or entry[0] == scanned.digest):
            self.scans_now[self.name(scanned.path)] = [scanned.digest, packed(scanned.scan)]

    def observations(
        self, digests: Mapping[Path, str], observe: Callable[[SummaryCache, Mapping[Path, str]], Observations]
    ) -> Observations:
        """Return the observers of files with these digests, from the last run if all are unchanged."""
        self.digests = dict(digests)
        key = self.observations_key()
        known: Observations | None = unpacked(self.before.get("observations"), [key], unpack_observations)
        if known is None:
            folder = make_state_folder(self.repository) if self.writes else None
            with SummaryCache(folder) as summaries:
                known = observe(summaries, digests)
        self.observed = known
        return known

    def observations_key(self) -> str:
        """Return the key of the observers: the bytes of all modules."""
        return fingerprint([[self.name(path), digest] for path, digest in self.digests.items()])

    def observations_after(self) -> list[object]:
        """Return the observers of the files as they are written, under their key.

        The safe recipes let every observer see what it saw, so only lines move; nothing if observers were rewritten.
        """
        if any(one.recipe == OBSERVERS and not one.left for each in self.rewritten for one in each.findings):
            return []
        before = self.before.get("observations")
        if not self.rewritten and isinstance(before, list) and before[:1] == [self.observations_key()]:
            return before
        edited = {}
        for result in self.rewritten:
            assert result.new is not None
            self.digests[Path(result.path)] = digest(result.new)
            edited[result.path] = read_source(result.old).text, result.edits
        move = line_mover(edited)
        return [self.observations_key(), packed_observations(self.observed.moved(move))]

    def keys(self, job: Job) -> tuple[str, str]:
        """Return an exact and a lasting key of what findings depend on besides the bytes and path of a file.

        Lines are part of the exact key only: the lasting one is for findings that name no line elsewhere.
        """
        project = job.exclusions.project
        if project not in self.job_keys:
            # A module's owner decides where an import goes, in files that change: those are never taken from here.
            # The observers of a file are part of its own stamp.
            observations = job.repository.observations._replace(sites={})
            repository = job.repository._replace(first_party=frozenset(), observations=observations)
            same = [self.key, self.repository, Path.cwd()]
            same += [
                value for name, value in job._asdict().items() if name not in ("exclusions", "repository", "scanner")
            ]
            exact, lasting = (fingerprint([same, each]) for each in (repository, without_lines(repository)))
            self.job_keys[project] = exact, lasting
        return self.job_keys[project]

    def stamps(self, path: Path, digest: str, whole: object, package: str, job: Job) -> list[str]:
        """Return the stamps for the findings in a file: with the exact key, and with the lasting one.

        ``whole`` is why the file is skipped.
        """
        found = job.repository.observations.sites.get(str(path), ())
        observed = [(site.line, site.column, self.group_key(site.observers)) for site in found]
        same = [self.name(path), digest, whole, package, observed]
        return [fingerprint([key, same]) for key in self.keys(job)]

    def group_key(self, observers: tuple[Observation, ...]) -> str:
        """Return a digest of the observers that sites share."""
        known = self.group_keys.get(id(observers))
        if known is None:  # stored with the tuple, which therefore keeps its identity
            known = self.group_keys[id(observers)] = observers, fingerprint(observers)
        return known[1]

    def known(self, paths: Iterable[Path], job: Job) -> Iterator[FileResult]:
        """Yield the results for the files whose findings are known."""
        for path in paths:
            name = self.name(path)
            entry = self.findings_before.get(name)
            raw, problem = read_bytes(path) if entry else (b"", "not known")
            whole = None if problem else job.exclusions.skip(path, raw)
            stamps = () if problem else self.stamps(path, digest(raw), whole, package_of(path), job)
            findings = unpacked(entry, stamps, unpack_findings)
            if findings is not None:
                self.findings_now[name] = self.findings_before[name]
                yield FileResult(str(path), findings, lines=raw.count(b"\n"))

    def add(self, result: FileResult, job: Job) -> None:
        """Add the entry of a file as it stays, or will be: the next run checks by its bytes whether it is current."""
        path, entry = Path(result.path), result.cache_entry
        if result.new is not None and not job.unsafe:
            self.rewritten.append(result)
        name = self.name(path)
        # Named on the command line, and not listed: a link, or ignored by git.
        if entry is None or name not in self.scans_now:
            return
        if entry.scan is not None:
            self.scans_now[name] = [entry.digest, entry.scan]
        exact, lasting = self.stamps(path, entry.digest, entry.exclusion, entry.package, job)
        self.findings_now[name] = [exact if entry.exact else lasting, entry.findings]

    def save(self) -> None:
        """Store what is known now for the next run, if it changed and can be written."""
        old = {name: each for name, each in self.findings_before.items() if name in self.scans_now}
        now: dict[str, object] = {"key": self.key, "scans": self.scans_now, "findings": old | self.findings_now}
        now["observations"] = self.observations_after()
        if not self.writes or now == self.before:
            return
        with contextlib.suppress(OSError):
            make_state_folder(self.repository)
            replace(self.file(), json.dumps(now, separators=(",", ":")))


def replace(file: Path, text: str) -> None:
    """Replace the content of a file in one step; raise OSError if that is not possible."""
    handle, name = tempfile.mkstemp(prefix=f".{file.stem}-", suffix=".tmp", dir=file.parent)
    spare = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(text)
        spare.replace(file)
    finally:
        spare.unlink(missing_ok=True)
