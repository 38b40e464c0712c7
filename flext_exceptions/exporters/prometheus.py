"""The counts of errors for Prometheus: ``flext_exceptions_total{type,code}``.

``type`` is the public class name and ``code`` the code that the error had when it was constructed; a code that no class
has, as with errors counted by hand, is "". A series exists from its first error on, and ``clear_metrics()`` does not
remove it.

>>> from prometheus_client import CollectorRegistry
>>> from flext_exceptions import FlextExceptions
>>> registry = CollectorRegistry()
>>> register(registry)
>>> labels = {"type": "ValidationError", "code": "FLEXT_3001"}
>>> before = registry.get_sample_value("flext_exceptions_total", labels) or 0
>>> error = FlextExceptions.ValidationError("sold out")
>>> registry.get_sample_value("flext_exceptions_total", labels) - before
1

In the multiprocess mode of prometheus_client (``PROMETHEUS_MULTIPROC_DIR``) each error is written to the file of its
process as it is constructed, so that the sum over all processes is exact however any of them ends.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable
from threading import Lock
from weakref import WeakSet

from flext_exceptions import FlextExceptions

from .. import metrics
from .._internal.safe_text import repr_of
from .._internal.usage_warning import warn_about
from ..base import BaseError, counted_as
from ..observers import watched

try:
    from prometheus_client import REGISTRY, CollectorRegistry, Counter, values
    from prometheus_client.core import CounterMetricFamily
    from prometheus_client.registry import Collector
except ModuleNotFoundError as missing:
    raise FlextExceptions.ModuleNotFoundError(
        f"{missing.name} is missing: pip install 'flext-exceptions[prometheus]'", name=missing.name
    ) from None

NAME = "flext_exceptions"
HELP = "Typed errors that were created, by public class name and code."
LABELS = ("type", "code")


class ErrorCollector(Collector):
    """Reads the counts of this process on each scrape; it keeps none, and adds nothing to the cost of an error."""

    def collect(self) -> Iterable[CounterMetricFamily]:
        """The single metric family, without zero entries."""
        family = CounterMetricFamily(NAME, HELP, labels=LABELS)
        for label, number in metrics.totals_by_code().items():
            if number:
                family.add_metric(label, number)
        yield family

    def describe(self) -> Iterable[CounterMetricFamily]:
        """The family by name, so that a registry refuses another of this name."""
        yield CounterMetricFamily(NAME, HELP, labels=LABELS)


_registered: WeakSet[CollectorRegistry] = WeakSet()
_registering = Lock()


def register(registry: CollectorRegistry = REGISTRY) -> None:
    """Add the counts to what is scraped from a registry; calling it again for the same one does nothing.

    In multiprocess mode call it in each process, or before the fork; nothing is put into the registry, since
    ``prometheus_client.multiprocess.MultiProcessCollector`` reads the files instead. The mode is the one that
    prometheus_client found when it was imported.

    Raises ValueError if the registry has a metric of the same name that is not ours.
    """
    with _registering:
        if values.ValueClass is not values.MutexValue:
            _start_writing()
        elif registry not in _registered:
            registry.register(ErrorCollector())
            _registered.add(registry)


# Multiprocess mode. Constructing an error must not block, least of all on itself: a finaliser may construct one in the
# middle of a write. So a thread that finds another one writing leaves the label to that thread.
_counter: Counter | None = None
_writing = Lock()
_pending: deque[metrics.Pair] = deque()
_series: dict[metrics.Pair, Counter] = {}
_written: dict[metrics.Pair, int] = {}  # in this process
_held_for_fork = False


def _start_writing() -> None:
    global _counter
    if _counter is not None:
        return
    _counter = Counter(NAME, HELP, LABELS, registry=None)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_begin_child)
    metrics.recorded += (_write,)
    watched(_write_error).__enter__()
    for label in metrics.totals_by_code():  # made before, or just now by another thread
        _write(label)


def _write_error(error: BaseError) -> None:
    _write(counted_as(error))


def _write(label: metrics.Pair) -> None:
    """Write how many errors of a label there are so far."""
    _pending.append(label)
    _write_pending()


def _write_pending() -> None:
    while _pending and _writing.acquire(blocking=False):
        try:
            if _pending:  # the thread that was writing may have written this one meanwhile
                _add(_pending.popleft())
        except Exception as failure:  # the next error of this label tries again
            warn_about(failure, f"the counts cannot be written to PROMETHEUS_MULTIPROC_DIR: {repr_of(failure)}")
        finally:
            _writing.release()


def _add(label: metrics.Pair) -> None:
    before = _written.get(label, 0)
    now = metrics.total(label)
    if _counter is not None and now > before:
        series = _series.get(label)
        if series is None:  # kept, since looking it up costs as much as writing to it
            series = _series[label] = _counter.labels(*label)
        # Not set: the file may belong to a dead process whose number the system has reused.
        series.inc(now - before)
        _written[label] = now


def _before_fork() -> None:
    """Wait until no thread holds prometheus_client's lock; the child would find it locked for ever."""
    global _held_for_fork
    _held_for_fork = _writing.acquire(timeout=1)  # not for ever: below a signal handler this thread may hold it


def _after_fork() -> None:
    if _held_for_fork:
        _writing.release()
    _write_pending()


def _begin_child() -> None:
    global _writing
    _writing = Lock()
    _written.clear()
