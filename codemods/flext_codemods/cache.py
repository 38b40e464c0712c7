"""What earlier runs found out about files, kept by the bytes of each: a file is looked at again only when it changed.

A run with the cache reports what it would report without. So whatever a result depends on is in the key under which it
is kept; a cache that is damaged, of another version or somebody else's is not used, and no word is lost about it.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import flext_analysis
import flext_codemods
import flext_exceptions
from flext_analysis.modules import package_of
from flext_codemods.facts import Facts, Looked, read_bytes
from flext_codemods.findings import FileResult, Finding
from flext_codemods.keeping import PLACE
from flext_codemods.packing import digest, fingerprint, packed, unpacker
from flext_codemods.state import make_state_folder, state_folder

if TYPE_CHECKING:
    from flext_codemods.run import Job
    from flext_codemods.surroundings import Surroundings

__all__ = ["Cache"]

FILE = "clean.json"
unpack_facts = unpacker(Facts)
unpack_findings = unpacker(tuple[Finding, ...])


@cache
def code_key() -> str:
    """Return a digest of what finds things: our own code, LibCST and Python."""
    ours = [Path(str(package.__file__)).parent for package in (flext_analysis, flext_codemods, flext_exceptions)]
    files = [file for folder in ours for file in sorted(folder.rglob("*.py"))]
    spec = importlib.util.find_spec("libcst")
    libcst = Path(str(spec.origin if spec else "")).parent / "_version.py"
    seen = [digest(read_bytes(file)[0]) for file in (*files, libcst)]
    return fingerprint([sys.version, seen])


def without_lines(around: Surroundings) -> Surroundings:
    """Return what surrounds a file without the lines on which it stands: they move with anything put in above."""
    return around._replace(
        tables=dict.fromkeys(around.tables, ""),
        handled=tuple(one._replace(line=0, lines=(0, 0) if one.lines else ()) for one in around.handled),
        shown=tuple(one._replace(line=0) for one in around.shown),
        read_in={name: tuple(one._replace(line=0) for one in found) for name, found in around.read_in.items()},
        caught=dict.fromkeys(around.caught, ""),
        family={name: PLACE.sub("", why) for name, why in around.family.items()},
        said={name: tuple(one._replace(place="") for one in said) for name, said in around.said.items()},
    )


def as_mapping(data: object) -> dict[str, Any]:
    """Return data as the JSON object that it should be, an empty one where it is something else."""
    return data if isinstance(data, dict) else {}


def read_projects(file: Path) -> dict[str, Any]:
    """Return what is kept for each project of a repository, nothing where no sense can be made of the file."""
    try:
        return as_mapping(json.loads(read_bytes(file)[0]))
    except (ValueError, RecursionError):
        return {}


def unpacked(entry: object, stamps: Iterable[str], unpack: Callable[[object], Any]) -> Any:
    """Return what an entry holds, None where it has none of the stamps or is damaged."""
    if not isinstance(entry, list) or len(entry) != 2 or entry[0] not in stamps:
        return None
    try:
        return unpack(entry[1])
    except ValueError:
        return None


def is_project(folder: Path) -> bool:
    """Say whether a folder still is the root of a project or a repository."""
    return (folder / "pyproject.toml").is_file() or (folder / ".git").exists()


class Cache:
    """What is known about the files of a project in a repository: the facts about each, the findings in those kept.

    ``look`` is what the facts depend on beside the bytes of a file. Without ``reads`` nothing is known before, without
    ``writes`` nothing is kept for the next run.
    """

    def __init__(
        self, repository: Path, project: Path, look: object, *, reads: bool = True, writes: bool = True
    ) -> None:
        self.repository = repository
        self.project = project.relative_to(repository).as_posix()
        self.writes = writes
        self.look = fingerprint([code_key(), look])
        kept = as_mapping(read_projects(self.file()).get(self.project)) if reads else {}
        self.before = kept if kept.get("look") == self.look else {}
        self.facts_before = as_mapping(self.before.get("facts"))
        self.findings_before = as_mapping(self.before.get("findings"))
        self.facts_now: dict[str, list[object]] = {}
        self.findings_now: dict[str, list[object]] = {}
        self.keys: tuple[str, str] = ("", "")

    def file(self) -> Path:
        """Return the file that holds the cache of the repository."""
        return state_folder(self.repository) / FILE

    def name(self, path: Path) -> str:
        """Return the name under which a file is kept."""
        return str(path).removeprefix(f"{self.repository}{os.sep}")

    def facts(self, path: Path) -> Looked | None:
        """Return what is known about a file as it is now, None where it is to be looked at."""
        name = self.name(path)
        entry = self.facts_before.get(name)
        raw, problem = read_bytes(path) if entry else (b"", "not known")
        seen = digest(raw)
        known: Facts | None = None if problem else unpacked(entry, [seen], unpack_facts)
        if known is None:
            return None
        self.facts_now[name] = self.facts_before[name]
        return Looked(path, seen, known)

    def learn(self, looked: Looked) -> None:
        """Take in what a look at a file brought; what a closer look brings only where it saw the same bytes."""
        entry = self.facts_now.get(self.name(looked.path))
        if looked.digest and (entry is None or entry[0] == looked.digest):
            self.facts_now[self.name(looked.path)] = [looked.digest, packed(looked.facts)]

    def begin(self, job: Job) -> None:
        """Take in what the findings depend on beside the bytes of a file and where it stands.

        Lines are part of the exact key alone: under the lasting one stand findings that name none elsewhere.
        """
        # Whose a module is decides where an import goes, in files that change: those are never taken from here.
        around = job.around._replace(first_party=frozenset())
        same = [self.look, self.repository, Path.cwd()]
        same += [value for name, value in job._asdict().items() if name not in ("placement", "around", "look")]
        exact, lasting = (fingerprint([same, around]) for around in (around, without_lines(around)))
        self.keys = exact, lasting

    def stamps(self, path: Path, digest: str, verdict: object, package: str) -> list[str]:
        """Return what the findings in a file may be kept under: with the exact key, and with the lasting one.

        ``verdict`` is whether the file is left whole.
        """
        same = [self.name(path), digest, verdict, package]
        return [fingerprint([key, same]) for key in self.keys]

    def known(self, paths: Iterable[Path], job: Job) -> Iterator[FileResult]:
        """Yield the results for the files whose findings are known."""
        for path in paths:
            name = self.name(path)
            entry = self.findings_before.get(name)
            raw, problem = read_bytes(path) if entry else (b"", "not known")
            verdict = ("", "") if problem else job.placement.reason(path, raw)
            stamps = () if problem else self.stamps(path, digest(raw), verdict, package_of(path))
            findings = unpacked(entry, stamps, unpack_findings)
            if findings is not None:
                self.findings_now[name] = self.findings_before[name]
                yield FileResult(str(path), findings, lines=raw.count(b"\n"))

    def keep(self, result: FileResult) -> None:
        """Keep what is known of a file as it stays, or will be: the next run sees by its bytes whether it is so."""
        path, kept = Path(result.path), result.kept
        name = self.name(path)
        # Named on the command line, and not listed: a link, or ignored by git.
        if kept is None or name not in self.facts_now:
            return
        if kept.facts is not None:
            self.facts_now[name] = [kept.digest, kept.facts]
        exact, lasting = self.stamps(path, kept.digest, kept.verdict, kept.package)
        self.findings_now[name] = [exact if kept.exact else lasting, kept.findings]

    def save(self) -> None:
        """Write what is known now for the next run, where it is more or less than before; where it can be written."""
        old = {name: kept for name, kept in self.findings_before.items() if name in self.facts_now}
        now = {"look": self.look, "facts": self.facts_now, "findings": old | self.findings_now}
        if not self.writes or now == self.before:
            return
        with contextlib.suppress(OSError):
            make_state_folder(self.repository)
            # Another run may have written since: for another project, or for this one, which does no harm.
            there = read_projects(self.file()).items()
            projects = {name: kept for name, kept in there if is_project(self.repository / name)}
            replace(self.file(), json.dumps(projects | {self.project: now}, separators=(",", ":")))


def replace(file: Path, text: str) -> None:
    """Put a text in the place of a file's at one moment; raise OSError where it cannot be done."""
    handle, name = tempfile.mkstemp(prefix=f".{file.stem}-", suffix=".tmp", dir=file.parent)
    spare = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(text)
        spare.replace(file)
    finally:
        spare.unlink(missing_ok=True)
