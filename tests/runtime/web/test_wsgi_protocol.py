"""The WSGI middleware under a hand-written server: what PEP 3333 allows an application to do."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from typing import Any
from wsgiref.util import FileWrapper

import pytest

from flext_exceptions import FlextExceptions
from flext_exceptions.web.responses import KEY
from flext_exceptions.web.wsgi import ProblemMiddleware
from tests.runtime.web.shops import bound


class Server:
    """As strict as PEP 3333: it sends the headers with the first of the body."""

    def __init__(self, app: Any, **environ: str) -> None:
        self.started: list[Any] = []
        self.starts = 0
        self.sent: list[bytes] = []
        self.environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "HTTP_X_REQUEST_ID": "req-1", **environ}
        self.result = app(self.environ, self.start_response)

    def start_response(self, status: str, headers: list[Any], exc_info: Any = None) -> Callable[[bytes], object]:
        """Begin an answer; anew only with an error, and only while nothing is sent."""
        self.starts += 1
        if exc_info and self.sent:
            raise exc_info[1]
        assert exc_info or not self.started, "begun twice"
        self.started = [status, dict(headers)]
        return self.write

    def write(self, chunk: bytes) -> None:
        """Send something."""
        assert self.started, "not begun"
        if chunk:
            self.sent.append(chunk)

    def serve(self) -> Server:
        """Send all of the body."""
        try:
            for chunk in self.result:
                self.write(chunk)
        finally:
            if hasattr(self.result, "close"):
                self.result.close()
        return self


class Body:
    """A body that fails at one step, and knows whether it was closed."""

    def __init__(self, chunks: Iterable[bytes], fails: str = "", error: Exception | None = None) -> None:
        self.chunks, self.fails, self.error = iter(chunks), fails, error or FlextExceptions.NotFoundError("m")
        self.closed: list[str] = []

    def __iter__(self) -> Body:
        self.closed.append(f"read with {bound()}")
        if self.fails == "iter":
            raise self.error
        return self

    def __next__(self) -> bytes:
        for chunk in self.chunks:
            return chunk
        if self.fails == "next":
            raise self.error
        raise StopIteration

    def close(self) -> None:
        """Remember the id that is bound."""
        self.closed.append(bound())
        if self.fails == "close":
            raise self.error


def giving(body: Any, headers: Iterable[tuple[str, str]] = ()) -> Any:
    """An application that answers with this body."""

    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", list(headers))
        return body

    return ProblemMiddleware(app)


@pytest.mark.parametrize("body", [Body([], "iter"), Body([], "next"), Body([b"", b""], "next")])
def test_an_error_while_nothing_is_sent_is_answered_and_the_body_closed(body: Body, entries: list[Any]) -> None:
    """An empty chunk sends nothing."""
    server = Server(giving(body, [("Content-Type", "text/plain")])).serve()
    assert server.started[0] == "404 Not Found"
    assert server.started[1]["X-Request-ID"] == "req-1"
    assert server.started[1]["Content-Type"] == "application/problem+json"
    assert len(server.sent) == 1 and len(server.sent[0]) == int(server.started[1]["Content-Length"])
    assert body.closed == ["read with req-1", "req-1"] and len(entries) == 1


def test_an_error_after_something_is_sent_is_raised_and_the_body_closed(entries: list[Any]) -> None:
    """With the id still bound."""
    body = Body([b"a"], "next")
    server = Server(giving(body))
    with pytest.raises(FlextExceptions.NotFoundError) as caught:
        server.serve()
    assert caught.value is body.error and server.starts == 1
    assert (server.sent, server.started[0]) == ([b"a"], "200 OK")
    assert body.closed == ["read with req-1", "req-1"]
    assert [entry.getMessage() for entry in entries] == ["after the response had begun: NotFoundError: m"]


def test_an_error_of_close_is_logged_and_raised(entries: list[Any]) -> None:
    """The answer is sent by then."""
    server = Server(giving(Body([b"a"], "close")))
    with pytest.raises(FlextExceptions.NotFoundError):
        server.serve()
    assert server.sent == [b"a"] and entries[0].request_id == "req-1"


def test_what_is_written_by_hand_is_sent_too(entries: list[Any]) -> None:
    """With the older way of PEP 3333: after it an error cannot be answered, before it it can."""

    def app(environ: Any, start_response: Any) -> Any:
        write = start_response("200 OK", [])
        write(environ["written"].encode())
        raise FlextExceptions.NotFoundError("m")

    with pytest.raises(FlextExceptions.NotFoundError):
        Server(ProblemMiddleware(app), written="a")
    assert entries[0].getMessage().startswith("after the response had begun")
    assert Server(ProblemMiddleware(app), written="").serve().started[0] == "404 Not Found"


def test_an_application_that_is_a_generator_is_answered_for() -> None:
    """It begins its answer while its body is read."""

    def app(environ: Any, start_response: Any) -> Iterator[bytes]:
        if environ["fails"]:
            raise FlextExceptions.NotFoundError("m")
        start_response("200 OK", [])
        yield bound().encode()

    server = Server(ProblemMiddleware(app), fails="").serve()
    assert (server.started, server.sent) == (["200 OK", {"X-Request-ID": "req-1"}], [b"req-1"])
    assert Server(ProblemMiddleware(app), fails="yes").serve().started[0] == "404 Not Found"


def test_an_application_may_begin_its_answer_anew_itself() -> None:
    """With the error as the third argument, which reaches the server."""

    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [("X-Request-Id", "mine")])
        try:
            raise KeyError
        except KeyError:
            start_response("501 Never", [], sys.exc_info())
        return [b"a"]

    assert Server(ProblemMiddleware(app)).serve().started == ["501 Never", {"X-Request-ID": "req-1"}]


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_what_is_no_exception_goes_through(error: type[BaseException], entries: list[Any]) -> None:
    """From the call, and while the body is read."""

    def app(environ: Any, start_response: Any) -> Any:
        raise error

    def late(environ: Any, start_response: Any) -> Iterator[bytes]:
        yield from ()
        raise error

    with pytest.raises(error):
        Server(ProblemMiddleware(app))
    with pytest.raises(error):
        Server(ProblemMiddleware(late)).serve()
    assert not entries


def test_an_application_that_raises_what_ends_iterations_is_answered() -> None:
    """It is an error like any other."""

    def app(environ: Any, start_response: Any) -> Any:
        raise StopIteration

    assert Server(ProblemMiddleware(app)).serve().started[0] == "500 Internal Server Error"


def test_a_status_without_words_has_a_line_that_servers_take() -> None:
    """They want a text after the number."""

    def app(environ: Any, start_response: Any) -> Any:
        raise FlextExceptions.Error("m", http_status=499)

    assert Server(ProblemMiddleware(app)).serve().started[0] == "499 Error"


def test_what_is_set_around_the_server_is_there() -> None:
    """A request has a copy of its context, not an empty one."""
    around: ContextVar[bytes] = ContextVar("around")
    around.set(b"set")

    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [])
        return [around.get()]

    assert Server(ProblemMiddleware(app)).serve().sent == [b"set"]


def test_a_head_request_gets_no_body_whatever_the_server_does() -> None:
    """Some servers send what they get."""

    def app(environ: Any, start_response: Any) -> Any:
        raise FlextExceptions.NotFoundError("m")

    server = Server(ProblemMiddleware(app), REQUEST_METHOD="HEAD").serve()
    assert server.sent == [] and int(server.started[1]["Content-Length"]) > 0


def test_nothing_stays_bound_on_the_thread() -> None:
    """Not after the call, between two chunks, after the end, nor where the server forgets to close."""
    kept: ContextVar[str] = ContextVar("kept", default="nothing")

    def body() -> Iterator[bytes]:
        with FlextExceptions.correlation("inner"):  # never left where the body is not read to its end
            yield f"{bound()} {kept.get()}".encode()
            yield f"{bound()} {kept.get()}".encode()

    def app(environ: Any, start_response: Any) -> Any:
        FlextExceptions.correlation("never left").__enter__()
        kept.set("kept")
        start_response("200 OK", [])
        return body()

    for _ in range(2):
        server = Server(ProblemMiddleware(app))
        assert bound().startswith("flext_") and kept.get() == "nothing"
        chunks = iter(server.result)
        assert next(chunks) == b"inner kept"
        assert bound().startswith("flext_") and kept.get() == "nothing"
    assert next(chunks) == b"inner kept"
    assert list(chunks) == []
    assert bound().startswith("flext_")


def test_a_binding_around_the_server_is_not_that_of_its_requests() -> None:
    """Nor lost."""
    with FlextExceptions.correlation("around"):
        server = Server(giving(Body([b"a"])), HTTP_X_REQUEST_ID="")
        assert server.serve().started[1]["X-Request-ID"].startswith("flext_")
        assert bound() == "around"


def test_of_two_middlewares_the_outer_one_says_what_the_id_is() -> None:
    """Such as of a mounted application."""

    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [])
        return [f"{bound()} {environ[KEY]}".encode()]

    def between(environ: Any, start_response: Any) -> Any:
        outer.append(environ[KEY])
        return ProblemMiddleware(app)(environ, start_response)

    outer: list[str] = []
    server = Server(ProblemMiddleware(between), HTTP_X_REQUEST_ID="").serve()
    name = server.started[1]["X-Request-ID"]
    assert server.sent == [f"{name} {name}".encode()] and outer == [name]


def test_what_servers_make_more_of_reaches_them_as_it_is() -> None:
    """A list has a length, and a file may be sent by the system."""
    files: Any = {"wsgi.file_wrapper": FileWrapper}
    for body in ([b"a"], (b"a",), FileWrapper(io.BytesIO(b"a"))):
        assert Server(giving(body), **files).result is body
    assert Server(giving(Body([b"a"])), **files).serve().sent == [b"a"]
    assert Server(giving(Body([b"a"])), **{"wsgi.file_wrapper": lambda file: file}).serve().sent == [b"a"]  # type: ignore[arg-type]


def test_threads_at_once_share_one_middleware() -> None:
    """Each request has its own id, in its call and in its body."""

    def app(environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [])
        for _ in range(5):
            time.sleep(0)
            yield bound().encode()

    shared = ProblemMiddleware(app)

    def work(index: int) -> None:
        for number in range(50):
            name = f"req-{index}-{number}"
            assert Server(shared, HTTP_X_REQUEST_ID=name).serve().sent == [name.encode()] * 5

    from tests.runtime.patterns.hostile import in_threads

    in_threads(work)
