"""Distribute the files of a run over processes, here or in a cluster, largest first; one that dies costs one file."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, as_completed
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from flext_analysis.collector import collector_off
from flext_analysis.processes import worker_context
from flext_codemods.project.paths import seen_from

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

__all__ = ["Workers", "elsewhere", "workers_for"]

R = TypeVar("R")

BATCH_BYTES = 400_000  # small enough that two workers end together, large enough that sending costs nothing
BATCHES = 8  # minimum, if there are as many files
MOST_WORKERS = 61  # the limit of waiting on Windows; a pool starts all of them at once
SERIAL_BYTES = 3_000_000  # below, starting a worker costs more than it saves (measured in benchmarks/codemods.py)


def size_of(path: Path) -> int:
    """Return the size of a file in bytes, 0 if it does not exist (any more)."""
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0  # reported when its own turn comes


def batches(paths: Iterable[Path]) -> Iterator[list[Path]]:
    """Group files into batches of about equal bytes, the largest files first."""
    sized = sorted(((size_of(path), path) for path in paths), reverse=True)
    enough = min(BATCH_BYTES, sum(size for size, _ in sized) // BATCHES)
    batch: list[Path] = []
    held = 0
    for size, path in sized:
        batch.append(path)
        held += size
        if held >= enough:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


class Workers:
    """The processes of a run: started when there is enough to do, ended with the block.

    ``jobs`` is how many, or "auto"; ``remote`` is any concurrent.futures executor that does the work instead.
    """

    def __init__(self, jobs: str, remote: Executor | None = None) -> None:
        self.jobs = jobs
        self.remote = remote
        self.pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.pool is not None:
            self.pool.shutdown(cancel_futures=True)

    def executor_for(self, paths: Collection[Path]) -> Executor | None:
        """Return what works on some files, None if that is this process itself."""
        if self.remote is not None:
            return self.remote
        number = workers_for(self.jobs, paths)
        if self.pool is not None and is_broken(self.pool):
            self.pool.shutdown()  # its thread has to end before another pool forks
            self.pool = None
        if self.pool is None and number > 1:
            self.pool = start_pool(number)
        return self.pool

    def spread(
        self, paths: Collection[Path], work: Callable[[list[Path]], list[R]], lost: Callable[[Path], R]
    ) -> Iterator[R]:
        """Yield the result of ``work`` for each file, unordered; for one that ends a process, that of ``lost``.

        An exception of a future is the executor's own, whether a process died or a cluster is gone: ``work`` raises
        nothing.
        """
        executor = self.executor_for(paths)
        if executor is None:
            for batch in batches(paths):
                yield from without_collector(work, batch)
            return
        waiting: dict[Future[list[R]], list[Path]] = {}
        missing: list[Path] = []
        for batch in batches(paths):
            try:
                waiting[executor.submit(work_there, work, batch, Path.cwd())] = batch
            except Exception:
                missing += batch
        for done in as_completed(waiting):
            try:
                yield from done.result()
            except Exception:
                missing += waiting[done]
        if missing:
            from concurrent.futures import ProcessPoolExecutor

            # A forked child of a process with threads may inherit a lock that is never released. A pool of this
            # process is broken here, and its thread ends; a client of a cluster has more.
            if isinstance(executor, ProcessPoolExecutor):
                executor.shutdown()
                yield from one_by_one(missing, work, lost, None)
            else:
                yield from one_by_one(missing, work, lost, "spawn")


def is_broken(pool: Executor) -> bool:
    """Return whether a pool accepts no more work, as after the death of one of its processes."""
    try:
        pool.submit(int)
    except RuntimeError:  # BrokenExecutor is one; a plain one says that the pool was shut down
        return True
    return False


def without_collector(work: Callable[[list[Path]], list[R]], paths: list[Path]) -> list[R]:
    """Do some work with the cycle collector off: trees have no cycles, and it would walk them in vain."""
    with collector_off():
        return work(paths)


def work_there(work: Callable[[list[Path]], list[R]], paths: list[Path], here: Path) -> list[R]:
    """Do some work in a worker, for a run in the folder ``here``."""
    with seen_from(here):
        return without_collector(work, paths)


def start_pool(workers: int, method: str | None = None) -> ProcessPoolExecutor:
    """Start a pool of processes that end at once and silently on Ctrl-C: the parent reports it."""
    from concurrent.futures import ProcessPoolExecutor  # late: a small run needs none

    return ProcessPoolExecutor(workers, worker_context(method), begin_worker)


def begin_worker() -> None:
    """Make a worker end on Ctrl-C, and with its parent: if that were killed, it would wait for work for ever."""
    from multiprocessing import parent_process
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    parent = parent_process()
    assert parent is not None  # this is a worker

    def end_with_parent() -> None:
        parent.join()
        os._exit(1)

    Thread(target=end_with_parent, daemon=True).start()


def one_by_one(
    paths: Iterable[Path], work: Callable[[list[Path]], list[R]], lost: Callable[[Path], R], method: str | None
) -> Iterator[R]:
    """Yield the results of files whose worker was lost; give up only the one that ends a process again."""
    alone: ProcessPoolExecutor | None = None
    try:
        for path in paths:
            alone = alone or start_pool(1, method)
            try:
                yield from alone.submit(without_collector, work, [path]).result()
            except BrokenExecutor:
                yield lost(path)
                alone.shutdown()
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
    """Yield the workers of the cluster with this scheduler as an executor, None if none is named."""
    if not scheduler:
        return contextlib.nullcontext()
    from flext_codemods.workers.dask import cluster  # late, as it imports dask

    return cluster(scheduler)
