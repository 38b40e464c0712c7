"""Spread the files of a run over processes, here or in a cluster, largest first; one that dies costs one file."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, as_completed
from pathlib import Path
from typing import TYPE_CHECKING

from flext_codemods.findings import FileResult
from flext_codemods.paths import seen_from
from flext_codemods.run import Job, rewrite_batch

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

__all__ = ["elsewhere", "pool", "run_files", "workers_for"]

BATCH_BYTES = 400_000  # small enough that two workers end together, large enough that sending costs nothing
MOST_WORKERS = 61  # what Windows can wait for; a pool starts all of them at once
SERIAL_BYTES = 3_000_000  # below, starting a worker costs more than it saves (measured in benchmarks/codemods.py)


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

    ``executor`` is any concurrent.futures executor; without one the files are taken one after the other, here. What
    one of its futures raises is the executor's own, be it a process that died or a cluster that is gone: rewrite_batch
    lets nothing out.
    """
    if executor is None:
        for batch in batches(paths):
            yield from rewrite_batch(batch, job)
        return
    waiting: dict[Future[list[FileResult]], list[Path]] = {}
    lost: list[Path] = []
    for batch in batches(paths):
        try:
            waiting[executor.submit(rewrite_there, batch, job, Path.cwd())] = batch
        except Exception:
            lost += batch
    for done in as_completed(waiting):
        try:
            yield from done.result()
        except Exception:
            lost += waiting[done]
    if lost:
        from concurrent.futures import ProcessPoolExecutor

        # Of a process in which threads run, a fork may inherit a lock that nobody will ever release.
        yield from one_by_one(lost, job, None if isinstance(executor, ProcessPoolExecutor) else "spawn")


def rewrite_there(paths: list[Path], job: Job, here: Path) -> list[FileResult]:
    """Rewrite several files in a worker, for somebody who is in the folder ``here``."""
    with seen_from(here):
        return rewrite_batch(paths, job)


def start_pool(workers: int, method: str | None = None) -> ProcessPoolExecutor:
    """Start a pool of processes that end at once and in silence on Ctrl-C: the parent says what it means."""
    import multiprocessing  # late: a small run needs neither
    from concurrent.futures import ProcessPoolExecutor

    context = multiprocessing.get_context(method)
    return ProcessPoolExecutor(workers, context, begin_worker)


def begin_worker() -> None:
    """Let a worker end on Ctrl-C, and with its parent: one whose parent was killed would wait for work for ever."""
    from multiprocessing import parent_process
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    parent = parent_process()
    assert parent is not None  # this is a worker

    def end_with_parent() -> None:
        parent.join()
        os._exit(1)

    Thread(target=end_with_parent, daemon=True).start()


def one_by_one(paths: Iterable[Path], job: Job, method: str | None) -> Iterator[FileResult]:
    """Yield the results of files whose worker was lost; give up only the one that ends a process once more."""
    alone: ProcessPoolExecutor | None = None
    try:
        for path in paths:
            alone = alone or start_pool(1, method)
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


def elsewhere(scheduler: str) -> contextlib.AbstractContextManager[Executor | None]:
    """Give the workers of the cluster with this scheduler as an executor, None where none is named."""
    if not scheduler:
        return contextlib.nullcontext()
    from flext_codemods.cluster import cluster  # late, as it brings dask along

    return cluster(scheduler)


@contextlib.contextmanager
def pool(workers: int) -> Iterator[Executor | None]:
    """Give an executor of so many processes, None for one."""
    if workers < 2:
        yield None
        return
    executor = start_pool(workers)
    try:
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)
