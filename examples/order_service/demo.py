"""Start the two services, send requests, and show the answers and the logs of both."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import requests


class Step(NamedTuple):
    """A request, and what it shows."""

    title: str
    method: str
    path: str
    body: object = None


def order(number: str, sku: str = "tea", quantity: int = 1) -> dict[str, object]:
    """Return an order."""
    return {"number": number, "sku": sku, "quantity": quantity}


STEPS = (
    Step("an order", "POST", "/orders", order("A-1")),
    Step("the same order again: the database refuses it", "POST", "/orders", order("A-1")),
    Step("an article that the warehouse does not know: its error, passed on", "POST", "/orders", order("A-2", "rum")),
    Step("the warehouse is busy: asked again", "POST", "/orders", order("A-3")),
    Step(
        "three orders, of which two fail", "POST", "/batches", [order("A-4"), order("A-1"), order("A-5", quantity=101)]
    ),
    Step("a bug in the program: the answer has only the id", "POST", "/orders", {"number": "A-6"}),
    Step("what Prometheus reads", "GET", "/metrics"),
)
LAST = Step("the warehouse is down: the answer of the handler", "GET", "/health")


def start(stack: ExitStack, module: str, log: Path, environment: dict[str, str]) -> tuple[subprocess.Popen[str], str]:
    """Start a service; return its process and its address."""
    with log.open("a") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", f"examples.order_service.{module}"],
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            env=environment,
        )
    stack.callback(process.communicate)
    stack.callback(process.kill)
    assert process.stdout is not None
    port = process.stdout.readline().strip()
    if not port:
        sys.exit(f"{module} did not start:\n{log.read_text()}")
    return process, f"http://127.0.0.1:{port}"


def show(step: Step, number: int, address: str, log: Path) -> None:
    """Send a request; print the answer and the new lines of the log."""
    seen = len(log.read_text())
    sent = {"X-Request-ID": f"req-{number}"}
    answer = requests.request(step.method, address + step.path, json=step.body, headers=sent, timeout=30)
    print(f"\n== {step.title}\n{step.method} {step.path}, X-Request-ID: {sent['X-Request-ID']}")
    print(f"{answer.status_code} {answer.reason}, X-Request-ID: {answer.headers['X-Request-ID']}")
    for line in answer.text.splitlines():
        if step.path != "/metrics" or line.startswith("flext_exceptions_total"):
            print(line)
    print(log.read_text()[seen:], end="")  # the services log before they answer


def main() -> None:
    """Run everything, with the environment and the database that the environment variables name."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        log = folder / "log"
        shared = {"ENVIRONMENT": "production", "DATABASE_URL": str(folder / "orders.sqlite")} | dict(os.environ)
        warehouse, address = start(stack, "warehouse", log, shared)
        _, address = start(stack, "web", log, shared | {"WAREHOUSE_URL": address})
        for number, step in enumerate(STEPS, 1):
            show(step, number, address, log)
        warehouse.kill()
        warehouse.wait()
        show(LAST, len(STEPS) + 1, address, log)


if __name__ == "__main__":
    main()
