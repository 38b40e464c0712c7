"""Take files through reading, analysis, editing and verification, one after the other or spread over processes."""

from __future__ import annotations

import gc
import os
import signal
import traceback
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, as_completed
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

__all__ = ["Job", "run_files"]

BATCH_BYTES = 400_000  # small enough that two workers end together, large enough that sending costs nothing


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


def size_of(path: Path) -> int:
    """Return the bytes of a file, 0 where it is none (any more)."""
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0  # said when its own turn comes


def batches(paths: Iterable[Path]) -> Iterator[list[Path]]:
    """Group files into batches of about equal bytes, the largest files first."""
    sized = sorted(((size_of(path), path) for path in paths), reverse=True)
    batch: list[Path] = []
    held = 0
    for size, path in sized:
        batch.append(path)
        held += size
        if held >= BATCH_BYTES:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def run_files(paths: Iterable[Path], job: Job, executor: Executor | None = None) -> Iterator[FileResult]:
    """Yield the result of each file as it comes, in no order.

    ``executor`` is any concurrent.futures executor; without one the files are taken one after the other, here.
    """
    if executor is None:
        for batch in batches(paths):
            yield from rewrite_batch(batch, job)
        return
    waiting: dict[Future[list[FileResult]], list[Path]] = {}
    lost: list[Path] = []
    for batch in batches(paths):
        try:
            waiting[executor.submit(rewrite_batch, batch, job)] = batch
        except BrokenExecutor:
            lost += batch
    for done in as_completed(waiting):
        try:
            yield from done.result()
        except BrokenExecutor:
            lost += waiting[done]
    yield from one_by_one(lost, job)


def start_pool(workers: int) -> ProcessPoolExecutor:
    """Start a pool of processes that end at once and in silence on Ctrl-C: the parent says what it means."""
    return ProcessPoolExecutor(workers, initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_DFL))


def one_by_one(paths: Iterable[Path], job: Job) -> Iterator[FileResult]:
    """Yield the results of files that were in a pool whose worker died; give up only the one that does it again."""
    alone: ProcessPoolExecutor | None = None
    try:
        for path in paths:
            alone = alone or start_pool(1)
            try:
                yield from alone.submit(rewrite_batch, [path], job).result()
            except BrokenExecutor:
                yield FileResult(str(path), failure="the process that worked on it died")
                alone = None
    finally:
        if alone is not None:
            alone.shutdown(cancel_futures=True)


def workers_for(jobs: str, paths: Collection[Path]) -> int:
    """Return how many processes to use: the number asked for, or by the bytes to read; at most one for each file."""
    if jobs != "auto":
        return min(int(jobs), len(paths), MOST_WORKERS)
    return min(os.cpu_count() or 1, max(1, sum(map(size_of, paths)) // SERIAL_BYTES))


MOST_WORKERS = 61  # what Windows can wait for; a pool starts all of them at once
SERIAL_BYTES = 3_000_000  # below, starting a worker costs more than it saves (measured in benchmarks/codemods.py)
