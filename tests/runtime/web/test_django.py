"""Django answers typed errors with problem documents, under gunicorn and under uvicorn, with either middleware."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.runtime.web.servers import ask

ROOT = Path(__file__).parents[3]
SHOP = "tests.runtime.web.django_shop"
COMMANDS = {
    "gunicorn": ["gunicorn", "--bind", "127.0.0.1:0", "--threads", "4", f"{SHOP}:application"],
    "uvicorn": ["uvicorn", "--port", "0", "--log-level", "info", f"{SHOP}:asgi"],
}


class Server(NamedTuple):
    """Where a project listens, and what it logs."""

    port: int
    log: Path

    def entries(self) -> list[Any]:
        """What was logged, a line at a time."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]


@contextmanager
def project(name: str, folder: Path, **environment: str) -> Iterator[Server]:
    """Start the project under a server, in a process of its own."""
    log = folder / f"{name}.log"
    process = subprocess.Popen(
        [sys.executable, "-m", *COMMANDS[name]],
        cwd=ROOT,
        env=os.environ | {"LOG": str(log), "PYTHONWARNINGS": "ignore"} | environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        said = ""
        while not (found := re.search(r"http://127\.0\.0\.1:(\d+)", said)):
            line = process.stderr.readline()
            assert line, f"{name} did not start: {said}"
            said += line
        yield Server(int(found[1]), log)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Server]]:
    """Each server with Django's own kind of middleware, and with ours around it."""
    with ExitStack() as stack:
        yield {
            f"{name}{kind}": stack.enter_context(project(name, tmp_path_factory.mktemp("django"), **environment))
            for name in COMMANDS
            for kind, environment in {"": {}, " propagating": {"PROPAGATE": "1"}}.items()
        }


@pytest.fixture(params=["gunicorn", "uvicorn", "gunicorn propagating", "uvicorn propagating"])
def server(request: pytest.FixtureRequest, projects: dict[str, Server]) -> Server:
    """Each of them."""
    return projects[request.param]


@pytest.fixture(params=["gunicorn", "uvicorn"])
def own(request: pytest.FixtureRequest, projects: dict[str, Server]) -> Server:
    """Those with Django's own kind of middleware."""
    return projects[request.param]


def test_a_typed_error_is_a_problem_document(server: Server) -> None:
    """Of a view that is a function; logged once, by its id."""
    answer = ask(server.port, "/typed", X_Request_ID="req-typed")
    assert (answer.status, answer.id) == (404, "req-typed")
    assert answer.document["context"] == {"resource_id": "7", "api_key": "[redacted]"}
    (entry,) = [entry for entry in server.entries() if entry["correlation_id"] == "req-typed"]
    assert (entry["level"], entry["error_code"], entry["path"]) == ("INFO", "NOT_FOUND", "/typed")


def test_a_typed_error_of_a_coroutine_is_one_too(server: Server) -> None:
    """With the challenge of the project, or the usual one."""
    answer = ask(server.port, "/typed_later", X_Request_ID="req-1")
    assert (answer.status, answer.id, answer.document["correlation_id"]) == (401, "req-1", "req-1")
    assert answer.headers["WWW-Authenticate"] in ('Basic realm="shop"', "Bearer")


def test_an_unknown_error_tells_its_id_alone(server: Server) -> None:
    """The log has all of it."""
    answer = ask(server.port, "/unknown", X_Request_ID="req-unknown")
    assert (answer.status, answer.document["correlation_id"]) == (500, "req-unknown")
    assert b"hunter2" not in answer.body
    (entry,) = [entry for entry in server.entries() if entry["correlation_id"] == "req-unknown"]
    assert (entry["level"], entry["error"]["type"]) == ("ERROR", "builtins.KeyError")


def test_every_answer_has_the_id_and_it_is_bound(server: Server) -> None:
    """In functions and coroutines, in streams, and in what Django answers itself."""
    for path in ("/fine", "/fine_later"):
        answer = ask(server.port, path, X_Request_ID="req-1")
        assert (answer.id, json.loads(answer.body)["bound"]) == ("req-1", "req-1")
    fresh = {ask(server.port, path).id for path in ("/fine", "/streamed", "/logged")}
    assert len(fresh) == 3 and all(name.startswith("flext_") for name in fresh)
    assert ask(server.port, "/own_id").id == "mine"
    assert ask(server.port, "/streamed").body == b"ab"


def test_what_django_answers_itself_is_left_to_it(own: Server) -> None:
    """Pages that are missing and what is not allowed; with the id."""
    for path, status in (("/missing", 404), ("/nowhere", 404), ("/denied", 403)):
        answer = ask(own.port, path, X_Request_ID="req-1")
        assert (answer.status, answer.id) == (status, "req-1")
        assert answer.headers["Content-Type"].startswith("text/html")


def test_who_listens_to_errors_hears_of_an_unknown_one(own: Server) -> None:
    """As error trackers do; the id is found in META."""
    ask(own.port, "/unknown")
    known = json.loads(ask(own.port, "/fine", X_Request_ID="req-1").body)
    assert "/unknown" in known["signals"] and "/typed" not in known["signals"] and known["meta"] == "req-1"


def test_the_logging_of_the_project_is_json_with_the_id(own: Server) -> None:
    """As the documentation configures it; without secrets."""
    ask(own.port, "/logged", X_Request_ID="req-logged")
    (entry,) = [entry for entry in own.entries() if entry["correlation_id"] == "req-logged"]
    assert (entry["message"], entry["sku"], entry["token"]) == ("sold out", "A-1", "[redacted]")


def test_where_debug_is_on_django_explains_an_unknown_error(tmp_path: Path) -> None:
    """And typed ones are answered as ever."""
    with project("gunicorn", tmp_path, DEBUG="1") as server:
        answer = ask(server.port, "/unknown", X_Request_ID="req-1")
        assert (answer.status, answer.id) == (500, "req-1") and b"Traceback" in answer.body
        assert ask(server.port, "/typed").document["code"] == "NOT_FOUND"
