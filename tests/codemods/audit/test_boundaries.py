"""The audit's answers about the library's patterns, compared with what these let pass when they run."""

from __future__ import annotations

import importlib
import json
import sqlite3
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType

import pytest

from flext_analysis.escapes import OPEN
from flext_codemods.audit.boundaries import boundary_files

from .auditing import audit_of, write

TEXT = """
import httpx
from flext_exceptions import FlextExceptions
from flext_exceptions.patterns.database import DatabaseExceptionTranslator
from flext_exceptions.patterns.enrichment import ExceptionEnricher
from flext_exceptions.patterns.handlers import flext_exception_handler
from flext_exceptions.patterns.http import HTTPClientWithFlextExceptions
from flext_exceptions.patterns.httpx import result_of, translated
from flext_exceptions.patterns.recovery import ExceptionRecoveryManager
from flext_exceptions.patterns.services import ServiceExceptionWrapper

service = ServiceExceptionWrapper("orders")
database = DatabaseExceptionTranslator("sqlite")
recovery = ExceptionRecoveryManager(sleeping=False)
plain, telling = HTTPClientWithFlextExceptions("@"), HTTPClientWithFlextExceptions("@", passthrough=True)
open_client = httpx.Client(base_url="@")


def fails(error):
    if error == "typed":
        raise FlextExceptions.ValidationError("typed")
    if error == "own":
        raise OverflowError("own")


def fails_so(error):
    fails(error)
    raise error


@service.wrap_operation
def wrapped(error):
    fails(error)


@service.wrap_operation("named")
def named(error):
    fails(error)


@database.translated
def in_database(error):
    fails_so(error)


@database.translated()
def in_database_too(error):
    fails_so(error)


def executed(error):
    database.translate_and_execute(fails_so, error)


@recovery.with_recovery
def tried(error):
    fails(error)


@recovery.with_recovery(max_attempts=2)
def tried_twice(error):
    fails(error)


@flext_exception_handler
def handled(error):
    fails(error)


@flext_exception_handler("sorry")
def answered(error):
    fails(error)


def enriched(error):
    with ExceptionEnricher("orders"):
        fails(error)


@translated
def in_httpx(error):
    fails(error)


def within_httpx(error):
    with translated():
        fails(error)


def ask(path):
    return plain.get(path)


def tell(path):
    return telling.post(path)


@translated(passthrough=True)
def ask_httpx(path):
    return result_of(open_client.get(path))
"""
TYPED, OWN = "ValidationError", "OverflowError"
LEAVES = {
    "wrapped": {TYPED, "ProcessingError"},
    "named": {TYPED, "ProcessingError"},
    "tried": {TYPED, OWN},
    "tried_twice": {TYPED, OWN},
    "handled": set(),
    "answered": set(),
    "enriched": {TYPED, OWN},
}
HTTPX = {TYPED, OWN, "ConnectionError", "TimeoutError", "ProcessingError"}
DATABASE = {"AlreadyExistsError", "ConnectionError", "NotFoundError", "ProcessingError", "TimeoutError"}
DATABASE |= {TYPED}


class Service(BaseHTTPRequestHandler):
    """Answers with the status that the path names; below ``/problem`` with a problem document."""

    def answer(self) -> None:
        status = int(self.path.rpartition("/")[2])
        problem = {"type": "urn:flext:error:quota", "title": "no more", "status": status, "code": "QUOTA"}
        body = json.dumps(problem).encode() if "problem" in self.path else b"no JSON"
        self.send_response(status)
        self.send_header("Content-Type", "application/problem+json" if "problem" in self.path else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of a service."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory, address: str) -> dict[str, set[str]]:
    """The names of the classes that may leave each function, as the audit says."""
    folder = write(tmp_path_factory.mktemp("code"), bounded_app=TEXT.replace('@"', f'{address}"'))
    audit = audit_of(folder)
    return {
        one.scope.qualname: {path.rpartition(".")[2] for path in audit.ways.leaving(one, decorated=True)} - {OPEN}
        for one in audit.program.definitions("function")
    }


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory, address: str) -> Iterator[ModuleType]:
    """The same code, imported."""
    folder = write(tmp_path_factory.mktemp("code"), bounded_app=TEXT.replace('@"', f'{address}"'))
    patch = pytest.MonkeyPatch()
    patch.syspath_prepend(folder)
    yield importlib.import_module("bounded_app")
    patch.undo()
    sys.modules.pop("bounded_app", None)


def left(application: ModuleType, function: str, given: object) -> str:
    """Return the name of the class that leaves a function of the application, "" for none."""
    try:
        getattr(application, function)(given)
    except Exception as error:
        return type(error).__name__
    return ""


@pytest.mark.parametrize("function", LEAVES)
def test_what_passes_a_pattern_is_what_the_audit_says(
    said: dict[str, set[str]], application: ModuleType, function: str
) -> None:
    assert said[function] == LEAVES[function]
    assert {left(application, function, one) for one in ("typed", "own")} - {""} == LEAVES[function]


@pytest.mark.parametrize("function", ["in_httpx", "within_httpx"])
def test_a_block_for_httpx_lets_errors_of_others_pass(
    said: dict[str, set[str]], application: ModuleType, function: str
) -> None:
    assert {left(application, function, one) for one in ("typed", "own")} == {TYPED, OWN}
    assert said[function] >= HTTPX


@pytest.mark.parametrize("function", ["in_database", "in_database_too", "executed"])
def test_what_a_translator_makes_of_errors_is_what_the_audit_says(
    said: dict[str, set[str]], application: ModuleType, function: str
) -> None:
    assert said[function] == DATABASE
    errors: list[object] = ["typed", "own", sqlite3.OperationalError("no such table"), TimeoutError()]
    with sqlite3.connect(":memory:") as shop:
        shop.execute("CREATE TABLE users (email TEXT UNIQUE NOT NULL)")
        shop.execute("INSERT INTO users VALUES ('a')")
        for value in ("a", None):
            try:
                shop.execute("INSERT INTO users VALUES (?)", (value,))
            except sqlite3.IntegrityError as error:
                errors.append(error)
    shop.close()
    assert {left(application, function, one) for one in errors} <= DATABASE


@pytest.mark.parametrize("function", ["ask", "tell", "ask_httpx"])
def test_what_a_client_makes_of_answers_is_what_the_audit_says(
    said: dict[str, set[str]], application: ModuleType, function: str
) -> None:
    assert OWN not in said[function]
    statuses = (200, 400, 401, 403, 404, 409, 418, 500, 503)
    for path in [f"/{status}" for status in statuses] + ["/problem/429"]:
        name = left(application, function, path)
        assert not name or name in said[function], path


def test_each_boundary_stands_for_a_module_of_the_library_with_its_public_names() -> None:
    for module, (file, _) in boundary_files().items():
        own, real = (
            importlib.import_module(f"flext_codemods.audit.boundaries.{file.stem}"),
            importlib.import_module(module),
        )
        for name, value in vars(own).items():
            if getattr(value, "__module__", "") != own.__name__ or not isinstance(value, type):
                continue
            assert hasattr(real, name), (module, name)
            public = {one for one in vars(value) if not one.startswith("_")}
            assert public <= set(dir(getattr(real, name))), (module, name)


def test_an_audit_of_the_library_itself_reads_its_own_code() -> None:
    root = Path(__file__).parents[3] / "flext_exceptions" / "patterns"
    names = {one.name for one in audit_of(root).report.functions}
    assert any(name.endswith("http.py::HTTPClientWithFlextExceptions.get") for name in names)
    assert not [name for name in names if name.startswith("<")]
