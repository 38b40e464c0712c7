"""What earlier runs found out about files, kept by the bytes of each: a file is looked at again only when it changed.

A run with the cache reports what it would report without. So whatever a result depends on is in the key under which it
is kept; a cache that is damaged, of another version or somebody else's is not used, and no word is lost about it.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import re
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
from flext_analysis.source import detect_encoding
from flext_codemods.facts import Facts, read_bytes
from flext_codemods.findings import FileResult, Finding
from flext_codemods.packing import digest, fingerprint, packed, unpacker
from flext_codemods.state import make_state_folder, state_folder

if TYPE_CHECKING:
    from flext_codemods.run import Job
    from flext_codemods.surroundings import Surroundings

__all__ = ["Cache"]

FILE = "clean.json"
PLACE = re.compile(r":\d+")
STAR = re.compile(rb"import[\s\\]*\*")
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


def stands_alone(raw: bytes) -> bool:
    """Say whether what is found in a file depends on no other: what a star imports stands elsewhere.

    In an encoding that is not UTF-8 the bytes may hide a star.
    """
    return not STAR.search(raw) and detect_encoding(raw) in ("utf-8", "utf-8-sig")


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
        self.looks: dict[str, Callable[[bytes], Facts]] = {}
        self.keys: tuple[str, str] = ("", "")

    def file(self) -> Path:
        """Return the file that holds the cache of the repository."""
        return state_folder(self.repository) / FILE

    def name(self, path: Path) -> str:
        """Return the name under which a file is kept."""
        return str(path).removeprefix(f"{self.repository}{os.sep}")

    def facts(self, path: Path, raw: bytes, look: Callable[[bytes], Facts]) -> Facts:
        """Return the facts about a file: those that are known, else what a look at its bytes brings."""
        name, seen = self.name(path), digest(raw)
        self.looks[name] = look
        known: Facts | None = unpacked(self.facts_before.get(name), [seen], unpack_facts)
        found = known or look(raw)
        self.facts_now[name] = self.facts_before[name] if known else [seen, packed(found)]
        return found

    def learn(self, path: Path, raw: bytes, facts: Facts) -> None:
        """Put other facts about a file in the place of those that a look brought, unless its bytes have changed."""
        name, seen = self.name(path), digest(raw)
        if self.facts_now[name][0] == seen:
            self.facts_now[name] = [seen, packed(facts)]

    def begin(self, job: Job) -> None:
        """Take in what the findings depend on beside the bytes of a file and where it stands.

        Lines are part of the exact key alone: under the lasting one stand findings that name none elsewhere.
        """
        # Whose a module is decides where an import goes, in files that change: those are never taken from here.
        around = job.around._replace(first_party=frozenset())
        same = [self.look, self.repository, Path.cwd()]
        same += [value for name, value in job._asdict().items() if name not in ("placement", "around")]
        exact, lasting = (fingerprint([same, around]) for around in (around, without_lines(around)))
        self.keys = exact, lasting

    def stamps(self, path: Path, raw: bytes, verdict: object) -> list[str]:
        """Return what the findings in a file may be kept under: with the exact key, and with the lasting one.

        ``verdict`` is whether the file is left whole.
        """
        same = [self.name(path), digest(raw), verdict, package_of(path)]
        return [fingerprint([key, same]) for key in self.keys]

    def known(self, paths: Iterable[Path], job: Job) -> Iterator[FileResult]:
        """Yield the results for the files whose findings are known."""
        for path in paths:
            name = self.name(path)
            entry = self.findings_before.get(name)
            raw, problem = read_bytes(path) if entry else (b"", "not known")
            stamps = () if problem else self.stamps(path, raw, job.placement.reason(path, raw))
            findings = unpacked(entry, stamps, unpack_findings)
            if findings is not None:
                self.findings_now[name] = self.findings_before[name]
                yield FileResult(str(path), findings, lines=raw.count(b"\n"), digest=digest(raw))

    def keep(self, result: FileResult, job: Job) -> None:
        """Keep the findings in a file that stays as it is; of one that changes the facts about what it becomes, too."""
        if not self.writes or result.reason or result.failure:
            return
        if self.name(Path(result.path)) not in self.looks:
            return  # named on the command line, and not listed: a link, or ignored by git
        path, name = Path(result.path), self.name(Path(result.path))
        raw = read_bytes(path)[0] if result.new is None else result.new
        findings = result.findings if result.new is None else result.after
        verdict = job.placement.reason(path, raw)
        if result.new is None:
            same = digest(raw) == result.digest
        else:
            self.facts(path, raw, self.looks[name])
            same = job.placement.reason(path, result.old) == verdict
        if findings is not None and same and stands_alone(raw):
            exact, lasting = self.stamps(path, raw, verdict)
            stamp = exact if any(PLACE.search(finding.detail) for finding in findings) else lasting
            self.findings_now[name] = [stamp, packed(findings)]

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
