"""A Celery application with folders as its broker, for a worker in a separate process; its results are JSON."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from celery import Celery

from flext_exceptions import FlextExceptions
from flext_exceptions.patterns.celery import install


class OutOfStock(FlextExceptions.ValidationError):
    """A type of the project with a constructor of its own."""

    code = "SHOP-1"
    sku: str | None = None

    def __init__(self, sku: str, left: int) -> None:
        super().__init__(f"{sku} sold out", sku=sku, context={"left": left, "api_key": "hunter2"})


def application(folder: Path, serializer: str = "json") -> Celery:
    """Return an application whose messages and results lie in a folder."""
    for name in ("messages", "processed", "results"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    app = Celery("shop", broker="filesystem://", backend=f"file://{folder / 'results'}", set_as_current=False)
    app.conf.update(
        broker_transport_options={
            "data_folder_in": str(folder / "messages"),
            "data_folder_out": str(folder / "messages"),
            "processed_folder": str(folder / "processed"),
            "control_folder": str(folder / "control"),
        },
        result_serializer=serializer,
        accept_content=["json", "pickle"],
        worker_pool="solo",
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
    )
    install(app)
    app.task(fail, name="fail")
    return app


def fail(kind: str) -> Any:
    """Fail, in this way."""
    if kind == "own":
        with FlextExceptions.correlation("req-1"):
            raise OutOfStock("A-1", 3) from KeyError("A-1")
    if kind == "catalogue":
        raise FlextExceptions.NotFoundError("no such order", 7, resource_id="7", code="SHOP-9", correlation_id="req-2")
    if kind == "foreign":
        raise LookupError("not here")
    return "fine"


if "CELERY_FOLDER" in os.environ:
    app = application(Path(os.environ["CELERY_FOLDER"]), os.environ["CELERY_SERIALIZER"])
