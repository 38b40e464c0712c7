"""The workers of a dask.distributed cluster as an executor. They must see the files under the same paths."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import platform
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from importlib.metadata import version
from typing import Any, TypeVar

from flext_codemods.project.usage import usage
from flext_exceptions import FlextExceptions

__all__ = ["cluster"]

R = TypeVar("R")

CONNECT = 5  # seconds in which a scheduler answers, if it is one
ARRIVE = 30  # seconds in which its first worker appears
RETURN = 10  # seconds in which one of its workers returns after all have died


def wrong(address: str, what: str) -> FlextExceptions.ConfigurationError:
    """Build the one-line error for a cluster that cannot be used."""
    return usage(f"--scheduler {address}: {what}")


async def answer(address: str) -> None:
    """Wait until a scheduler identifies itself."""
    from distributed.core import rpc

    async with rpc(address) as scheduler:  # type: ignore[no-untyped-call]
        await scheduler.identity()


def connected(address: str) -> Any:
    """Return a distributed.Client of the scheduler at an address.

    Raises:
        FlextExceptions.ConfigurationError: one line, for each way in which that fails.
    """
    try:
        from distributed import Client
    except ImportError:
        raise usage("--executor dask: distributed is missing: pip install 'flext-exceptions[dask]'") from None
    try:
        # A client waits for ever if something else listens, and twice if the address is not valid.
        asyncio.run(asyncio.wait_for(answer(address), CONNECT))
    except OSError as error:
        raise wrong(address, f"no scheduler answered within {CONNECT} seconds") from error
    except (ValueError, TypeError) as error:
        raise wrong(address, f"is not an address such as tcp://host:8786: {error}") from error
    return Client(address, timeout=CONNECT, set_as_default=False)  # type: ignore[no-untyped-call]


def versions() -> list[str]:
    """Return what has to be the same here and where the work is done."""
    python = ".".join(platform.python_version_tuple()[:2])
    return [f"Python {python}", *(f"{name} {version(name)}" for name in ("flext-exceptions", "libcst"))]


def check_workers(address: str, client: Any) -> None:
    """Raise if there is no worker, or one with a different environment."""
    try:
        client.wait_for_workers(1, ARRIVE)
        theirs: dict[str, list[str]] = client.run(versions)
    except TimeoutError as error:
        raise wrong(address, f"no worker joined within {ARRIVE} seconds") from error
    except Exception as error:  # raised there: it may lack our packages
        raise wrong(address, f"a worker cannot do the work: {str(error) or type(error).__name__}") from error
    for worker, found in theirs.items():
        if found != versions():
            raise wrong(
                address, f"the worker {worker} has {', '.join(found)}; this machine has {', '.join(versions())}"
            )


@contextlib.contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """Yield an executor whose processes are the workers of the cluster with this scheduler.

    Raises:
        FlextExceptions.ConfigurationError: it cannot be used; one line that says why.
    """
    logging.disable()  # dask's messages about dying workers are in the report
    try:
        with connected(address) as client:
            check_workers(address, client)
            executor = ClusterExecutor(client)
            with given_up_without_workers(client, executor):
                yield executor
    finally:
        logging.disable(logging.NOTSET)


class ClusterExecutor(Executor):
    """The workers of a cluster as an executor whose every future ends.

    Those of ``Client.get_executor()`` do not: one whose result was lost with a worker, on its way here, stays pending
    if the task is cancelled or abandoned after that (seen with distributed 2026.8.0).
    """

    def __init__(self, client: Any) -> None:
        self.client = client
        self.pending: dict[Future[Any], Any] = {}
        self.lock = threading.Lock()
        self.given_up = False

    def submit(self, work: Callable[..., R], /, *arguments: Any, **keywords: Any) -> Future[R]:
        """Submit some work to the cluster."""
        # otherwise it would cache what a file contained
        theirs = self.client.submit(work, *arguments, **keywords, pure=False)
        ours: Future[R] = Future()
        with self.lock:
            if self.given_up:
                raise BrokenExecutor("the cluster was given up")
            self.pending[ours] = theirs
        self.client.loop.add_callback(self.bring, theirs, ours)
        return ours

    async def bring(self, theirs: Any, ours: Future[Any]) -> None:
        """Wait for the cluster's result, and complete our future with it."""
        result, failure = None, None
        try:
            result = await self.client.gather(theirs, asynchronous=True)
        except (Exception, asyncio.CancelledError) as error:  # noqa: FLX209 (the future that waits for it says so)
            failure = BrokenExecutor(str(error))
        with self.lock:
            if self.pending.pop(ours, None) is None:
                return  # abandoned in the meantime
        if failure is None:
            ours.set_result(result)
        else:
            ours.set_exception(failure)

    def give_up(self) -> None:
        """End everything that is pending and accept no more."""
        with self.lock:
            self.given_up = True
            left, self.pending = self.pending, {}
        for ours in left:
            ours.set_exception(BrokenExecutor("the cluster was given up"))
        with contextlib.suppress(Exception):  # noqa: FLX202 (without its scheduler there is nothing to cancel)
            self.client.cancel(list(left.values()))


def has_workers(client: Any) -> bool:
    """Return whether the scheduler has workers; one that does not answer, even for a moment, has none."""
    try:
        return bool(client.nthreads())
    except Exception:  # noqa: FLX202 (it is gone)
        return False


@contextlib.contextmanager
def given_up_without_workers(client: Any, executor: ClusterExecutor) -> Iterator[None]:
    """Abandon an executor when all its workers are gone for good: it would wait for new ones for ever."""
    ended = threading.Event()

    def watch() -> None:
        missing = 0
        while missing < RETURN and not ended.wait(1):
            missing = 0 if has_workers(client) else missing + 1
        executor.give_up()  # at the end as well: it may be that of an interrupted run

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
