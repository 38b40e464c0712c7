"""A program of two processes that serves its metrics: the parent serves and a child works; another child was killed.

It prints the port, then creates more errors in each process for each line that it reads.
"""

from __future__ import annotations

import os
import signal
import sys
from threading import Thread

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector

from flext_exceptions import FlextExceptions
from flext_exceptions.exporters.prometheus import register

CODE = 'a "quoted"\\ code\nof Köln'


def in_threads() -> None:
    """800 errors, by eight threads at once."""

    def work() -> None:
        for _ in range(100):
            FlextExceptions.ConnectionError("m")

    threads = [Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def killed_child() -> None:
    """Fork a child that ends in the hardest way, after its last error."""
    child = os.fork()
    if not child:
        in_threads()
        FlextExceptions.ValidationError("m", code=CODE)
        os.kill(os.getpid(), signal.SIGKILL)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL


def working_child(orders: int, answers: int) -> None:
    """Make an error, and one more for each byte that comes."""
    FlextExceptions.ValidationError("m", code=CODE)
    while True:
        os.write(answers, b".")
        if not os.read(orders, 1):
            os._exit(0)
        FlextExceptions.clear_metrics()
        FlextExceptions.TimeoutError("m")
        FlextExceptions.Metrics.record_exception("ByHand")


def main() -> None:
    """Run until the input ends."""
    FlextExceptions.EOFError("made before anybody asked for the counts")
    register()
    register()
    FlextExceptions.TimeoutError("m")
    killed_child()
    orders, answers = os.pipe(), os.pipe()
    child = os.fork()
    if not child:
        os.close(orders[1])
        working_child(orders[0], answers[1])
    in_threads()
    os.read(answers[0], 1)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    server, _ = start_http_server(0, "127.0.0.1", registry)
    print(server.server_port, flush=True)
    for _ in sys.stdin:
        FlextExceptions.clear_metrics()
        in_threads()
        FlextExceptions.TimeoutError("m")
        os.write(orders[1], b".")
        os.read(answers[0], 1)
        print("done", flush=True)
    os.close(orders[1])
    os.waitpid(child, 0)
    server.shutdown()


if __name__ == "__main__":
    main()
