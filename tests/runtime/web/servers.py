"""Real servers on loopback, and a client that does not change headers and bodies."""

from __future__ import annotations

import asyncio
import io
import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import Message
from email.parser import BytesHeaderParser
from http.client import HTTPConnection
from typing import Any, NamedTuple
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import uvicorn
import werkzeug.serving


class Answer(NamedTuple):
    """An answer as it came."""

    status: int
    headers: Message
    body: bytes

    @property
    def document(self) -> dict[str, Any]:
        """The body as the problem document that it says to be."""
        assert self.headers["Content-Type"] == "application/problem+json"
        assert int(self.headers["Content-Length"]) == len(self.body)
        document: dict[str, Any] = json.loads(self.body)
        assert document["status"] == self.status
        return document

    @property
    def id(self) -> str:
        """The one id that it is sent back with."""
        (name,) = self.headers.get_all("X-Request-ID", [])
        return str(name)


def ask(port: int, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
    """Send a request; a header's name is given with underscores."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


async def _ask_later(port: int, path: str, name: str) -> Answer:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Request-ID: {name}\r\n\r\n".encode())
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    finally:
        writer.close()
        await writer.wait_closed()
    line, _, rest = head.partition(b"\r\n")
    return Answer(int(line.split()[1]), BytesHeaderParser().parsebytes(rest), body)


def ask_at_once(port: int, path: Callable[[int], str], number: int) -> list[Answer]:
    """Send this many requests that are all open at the same time, with the ids ``req-0``, ``req-1``, ..."""

    async def all_at_once() -> list[Answer]:
        return await asyncio.gather(*(_ask_later(port, path(index), f"req-{index}") for index in range(number)))

    return asyncio.run(all_at_once())


@contextmanager
def uvicorn_server(app: Any) -> Iterator[int]:
    """An ASGI application under uvicorn; yields the port."""
    config = uvicorn.Config(app, port=0, log_config=None, lifespan="auto", ws="none", loop="asyncio", http="h11")
    config.backlog = 512
    server = uvicorn.Server(config)
    started = threading.Event()
    startup = server.startup

    async def tell_startup(sockets: Any = None) -> None:
        await startup(sockets)
        started.set()

    server.startup = tell_startup  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert started.wait(10)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)


class _Threaded(socketserver.ThreadingMixIn, WSGIServer):
    request_queue_size = 512
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass

    def get_stderr(self) -> Any:
        return io.StringIO()


@contextmanager
def wsgiref_server(app: Any) -> Iterator[int]:
    """A WSGI application under the standard library's server, with a thread for each request; yields the port."""
    with _serving(make_server("127.0.0.1", 0, app, _Threaded, _Quiet)) as port:
        yield port


class _QuietToo(werkzeug.serving.WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        pass


@contextmanager
def werkzeug_server(app: Any) -> Iterator[int]:
    """A WSGI application under Flask's own server, with threads; yields the port."""
    server = werkzeug.serving.make_server("127.0.0.1", 0, app, threaded=True, request_handler=_QuietToo)
    server.socket.listen(512)
    with _serving(server) as port:
        yield port


@contextmanager
def _serving(server: Any) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
