"""The error of a Celery task arrives with its result, from a worker in a separate process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import Celery

from flext_exceptions import FlextExceptions
from flext_exceptions.patterns.celery import MEMBER
from tests.runtime.patterns.celery_app import OutOfStock, application

ROOT = Path(__file__).parents[3]
MODULE = "tests.runtime.patterns.celery_app"
KINDS = ("own", "catalogue", "foreign", "fine")


@pytest.fixture(scope="module", params=["json", "pickle"])
def ask(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Any]]:
    """Asks a worker to fail in some way, and waits for the result."""
    folder = tmp_path_factory.mktemp("celery")
    app = application(folder, request.param)
    results = {kind: app.send_task("fail", [kind]) for kind in KINDS}
    command = [sys.executable, "-m", "celery", "-A", MODULE, "worker", "--without-gossip", "--without-mingle"]
    environment = os.environ | {
        "CELERY_FOLDER": str(folder), "CELERY_SERIALIZER": request.param, "C_FORCE_ROOT": "1",
        "PYTHONWARNINGS": "ignore",
    }  # fmt: skip
    with (folder / "log").open("wb") as log:
        worker = subprocess.Popen([*command, "--without-heartbeat"], cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        yield lambda kind: results[kind].get(timeout=30, interval=0.05)
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(20)
        app.close()


def test_a_type_with_a_constructor_of_its_own_comes_through(ask: Callable[[str], Any]) -> None:
    """With its code, context, fields and id."""
    with pytest.raises(OutOfStock) as caught:
        ask("own")
    error = caught.value
    assert (str(error), error.code, error.sku, error.correlation_id) == ("A-1 sold out", "SHOP-1", "A-1", "req-1")
    assert error.context["left"] == 3 and error.context["sku"] == "A-1"


def test_a_type_of_the_catalogue_comes_through(ask: Callable[[str], Any]) -> None:
    """With all its arguments, and a code that is its own."""
    with pytest.raises(FlextExceptions.NotFoundError) as caught:
        ask("catalogue")
    error = caught.value
    assert (error.args, error.code, error.correlation_id) == (("no such order", 7), "SHOP-9", "req-2")
    assert error.resource_id == "7"


def test_what_is_no_typed_error_is_as_ever(ask: Callable[[str], Any]) -> None:
    """As are invalid results."""
    with pytest.raises(LookupError, match="not here"):
        ask("foreign")
    assert ask("fine") == "fine"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Celery]:
    """An application without a worker."""
    made = application(tmp_path)
    yield made
    made.close()


def test_a_result_hides_secrets_and_is_read_without_us_too(app: Celery) -> None:
    """The members that Celery writes itself are there as ever."""
    error = OutOfStock("A-1", 3)
    result = app.backend.prepare_exception(error)
    assert (result["exc_type"], result["exc_module"]) == ("OutOfStock", OutOfStock.__module__)
    assert result[MEMBER]["context"]["api_key"] == "[redacted]" and "hunter2" not in app.backend.encode(result)


@pytest.mark.parametrize("document", [{}, {"type": 3}, [], "x", None])
def test_a_document_that_cannot_be_read_leaves_what_celery_makes(app: Celery, document: Any) -> None:
    """A result is data from outside."""
    result = app.backend.prepare_exception(FlextExceptions.NotFoundError("m")) | {MEMBER: document}
    assert isinstance(app.backend.exception_to_python(result), FlextExceptions.NotFoundError)
    assert app.backend.exception_to_python(None) is None


def test_a_backend_is_changed_once(app: Celery) -> None:
    """And keeps its name."""
    from flext_exceptions.patterns.celery import install

    install(app)
    names = [cls.__name__ for cls in type(app.backend).__mro__]
    assert names[0] == "FilesystemBackend" and names.count("TypedResults") == 1
