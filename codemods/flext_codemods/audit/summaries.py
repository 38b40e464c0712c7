"""The summaries of files: those known from earlier runs, and new ones, made by worker processes if there are many."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from flext_analysis.digest import digest
from flext_analysis.processes import worker_context
from flext_analysis.summaries.summarize import summarize
from flext_analysis.summaries.summary import FileSummary, dump_summary, load_summary
from flext_analysis.summaries.summary_cache import SummaryCache

__all__ = ["read_summaries"]

BATCH_BYTES = 1_000_000
SERIAL_BYTES = 2_000_000  # below, starting workers costs more than it saves


def read_summaries(raws: list[bytes], folder: Path | None) -> list[FileSummary]:
    """Return the summaries of files with these bytes, in their order.

    ``folder`` contains the cache; None: nothing is known, and nothing is stored.
    """
    keys = [digest(raw) for raw in raws]
    with SummaryCache(folder) as cache:
        found = {key: one for key in dict.fromkeys(keys) if (one := cache.known(key)) is not None}
        missing = {key: raw for key, raw in zip(keys, raws, strict=True) if key not in found}
        for key, text in zip(missing, summaries_of(list(missing.values())), strict=True):
            found[key] = load_summary(text)
            cache.keep(key, text)
    return [found[key] for key in keys]


def summaries_of(raws: list[bytes]) -> Iterable[str]:
    """Return the summaries of some files as JSON, computed now."""
    workers = min(processors(), 8)
    if workers < 2 or sum(map(len, raws)) < SERIAL_BYTES:
        return summarize_all(raws)
    with ProcessPoolExecutor(workers, worker_context()) as pool:
        return [one for batch in pool.map(summarize_all, batches(raws)) for one in batch]


def summarize_all(raws: list[bytes]) -> list[str]:
    """Return the summaries of some files as JSON."""
    return [summary_text(raw) for raw in raws]


def summary_text(raw: bytes) -> str:
    """Return the summary of a file as JSON that can be read again."""
    summary = summarize(raw)
    try:
        text = dump_summary(summary)
    except RecursionError:
        return dump_summary(FileSummary((), None, summary.lines, "is nested too deeply"))
    return text


def batches(raws: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Group files into batches of about equal bytes."""
    batch: list[bytes] = []
    held = 0
    for raw in raws:
        batch.append(raw)
        held += len(raw)
        if held >= BATCH_BYTES:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def processors() -> int:
    """Return how many processors this process may use."""
    with contextlib.suppress(AttributeError):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
