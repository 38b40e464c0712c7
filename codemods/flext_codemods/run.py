"""Take files through reading, analysis, editing and verification."""

from __future__ import annotations

import gc
import traceback
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from flext_analysis.source import Unreadable, read_source
from flext_codemods.analyse import Module, analyse
from flext_codemods.edit import apply_edits, plan_edits
from flext_codemods.findings import NOT_MIGRATABLE, FileResult, Finding
from flext_codemods.placement import Placement
from flext_codemods.recipe import Recipe, all_recipes
from flext_codemods.surroundings import Surroundings, may_hold_a_site
from flext_codemods.verify import verify

__all__ = ["Job", "rewrite", "rewrite_batch"]


class Job(NamedTuple):
    """What is the same for every file of a run. Travels to worker processes."""

    recipes: tuple[str, ...]
    placement: Placement
    around: Surroundings
    retarget_to: str = "flext_exceptions"

    def chosen(self) -> Mapping[str, Recipe]:
        """Return the recipes of this run by name."""
        return {name: recipe for name, recipe in all_recipes().items() if name in self.recipes}


def rewrite(path: Path, raw: bytes, job: Job) -> FileResult:
    """Return what the recipes find in a file, and its new bytes where they change it. Writes nothing."""
    lines = raw.count(b"\n")
    reason, detail = job.placement.reason(path, raw)
    if path.suffix != ".py":
        return FileResult(str(path), reason=reason, detail=detail)
    try:
        source = read_source(raw)
    except Unreadable as error:
        return FileResult(str(path), reason="unreadable", detail=str(error), lines=lines)
    recipes = job.chosen()
    module = Module(path, source, job.around, job.retarget_to)
    findings = analyse(module, recipes.values())
    if reason:
        return FileResult(str(path), tuple(left_whole(findings, reason, detail)), lines=lines)
    findings, edits = plan_edits(module, findings, recipes)
    if not edits:
        return FileResult(str(path), tuple(findings), lines=lines)
    text = apply_edits(source.text, edits)
    try:
        new, problem = verify(source, text, edits)
    except Unreadable as error:
        return FileResult(str(path), reason="unreadable", detail=str(error), lines=lines)
    if new is not None and not problem and may_hold_a_site(source.encode(text), job.retarget_to):
        again = Module(path, new, job.around, job.retarget_to)
        _, more = plan_edits(again, analyse(again, recipes.values()), recipes)
        problem = "a second run would change it again" if more else ""
    if problem:
        return FileResult(str(path), tuple(findings), failure=problem, lines=lines)
    return FileResult(str(path), tuple(findings), raw, source.encode(text), lines=lines, edits=tuple(edits))


def left_whole(findings: Iterable[Finding], reason: str, detail: str) -> Iterator[Finding]:
    """Yield the findings of a file that is left whole: each with the file's reason."""
    countable = reason not in NOT_MIGRATABLE
    for finding in findings:
        yield finding._replace(reason=reason, detail=detail, migratable=finding.migratable and countable)


def rewrite_file(path: Path, job: Job) -> FileResult:
    """Do what rewrite does, for a file on disk."""
    if path.suffix != ".py":
        return rewrite(path, b"", job)
    try:
        if not path.is_file():
            return FileResult(str(path), reason="unreadable", detail="is no regular file")
        return rewrite(path, path.read_bytes(), job)
    except OSError as error:
        return FileResult(str(path), reason="unreadable", detail=f"cannot be read: {error.strerror}")
    except Exception as error:
        # A mistake of ours in one file must not cost the others; it is reported and ends the run with status 2.
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(last.filename).name}:{last.lineno}"
        return FileResult(
            str(path), failure=f"internal error, please report: {type(error).__name__} at {where}: {error}"
        )


def rewrite_batch(paths: list[Path], job: Job) -> list[FileResult]:
    """Rewrite several files with the cycle collector off: trees have no cycles, and it would walk them for nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        return [rewrite_file(path, job) for path in paths]
    finally:
        if was_on:
            gc.enable()
