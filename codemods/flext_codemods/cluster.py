"""The workers of a dask.distributed cluster as an executor. They have to see the files under the same paths."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import platform
import threading
from collections.abc import Iterator
from concurrent.futures import Executor
from importlib.metadata import version
from typing import Any

from flext_codemods.places import usage
from flext_exceptions import FlextExceptions

__all__ = ["cluster"]

CONNECT = 5  # seconds in which a scheduler answers, if it is one
ARRIVE = 30  # seconds in which its first worker comes
RETURN = 10  # seconds in which one of its workers is back when all have died


def wrong(address: str, what: str) -> FlextExceptions.ConfigurationError:
    """Build the one-line error for a cluster that cannot be used."""
    return usage(f"--scheduler {address}: {what}")


async def answer(address: str) -> None:
    """Wait until a scheduler says who it is."""
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
        # A client waits for ever where something else listens, and twice where the address is none.
        asyncio.run(asyncio.wait_for(answer(address), CONNECT))
    except (OSError, TimeoutError) as error:
        raise wrong(address, f"no scheduler answers within {CONNECT} seconds") from error
    except (ValueError, TypeError) as error:
        raise wrong(address, f"is no address such as tcp://host:8786: {error}") from error
    return Client(address, timeout=CONNECT, set_as_default=False)  # type: ignore[no-untyped-call]


def versions() -> list[str]:
    """Return what has to be the same here and where the work is done."""
    python = ".".join(platform.python_version_tuple()[:2])
    return [f"Python {python}", *(f"{name} {version(name)}" for name in ("flext-exceptions", "libcst"))]


def check_workers(address: str, client: Any) -> None:
    """Raise where there is no worker, or one that would not do what is done here."""
    try:
        client.wait_for_workers(1, ARRIVE)
        theirs: dict[str, list[str]] = client.run(versions)
    except TimeoutError as error:
        raise wrong(address, f"no worker comes within {ARRIVE} seconds") from error
    except Exception as error:  # raised there: it may lack our packages
        raise wrong(address, f"a worker cannot do the work: {str(error) or type(error).__name__}") from error
    for worker, found in theirs.items():
        if found != versions():
            raise wrong(address, f"the worker {worker} has {', '.join(found)}; here are {', '.join(versions())}")


@contextlib.contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """Give an executor whose processes are the workers of the cluster with this scheduler.

    Raises:
        FlextExceptions.ConfigurationError: it cannot be used; one line that says why.
    """
    logging.disable()  # what dask says of workers that die is said in the report
    try:
        with connected(address) as client:
            check_workers(address, client)
            executor = client.get_executor(pure=False)  # else it would remember what a file held
            with given_up_without_workers(client, executor):
                yield executor
    finally:
        logging.disable(logging.NOTSET)


@contextlib.contextmanager
def given_up_without_workers(client: Any, executor: Any) -> Iterator[None]:
    """Cancel the work of an executor when all workers are gone for good: it would wait for new ones for ever."""
    ended = threading.Event()

    def watch() -> None:
        missing = 0
        # Without its scheduler a client fails whatever it waits for by itself.
        with contextlib.suppress(Exception):
            while missing < RETURN and not ended.wait(1):
                missing = 0 if client.nthreads() else missing + 1
            executor.shutdown(wait=False)  # at the end as well: it may be that of an interrupted run

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
