"""Errors and correlation ids of a WSGI application (PEP 3333), such as one of Flask or Django. Needs no framework.

    app = Flask(__name__)
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.wsgi_app = ProblemMiddleware(app.wsgi_app)

Without this setting Flask answers all errors itself, with its own page and 500, before a middleware sees them. Django
does the same without the corresponding setting:

    DEBUG_PROPAGATE_EXCEPTIONS = True
    application = ProblemMiddleware(get_wsgi_application())

For Django there is also a native middleware, which needs no setting: :mod:`flext_exceptions.web.django`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

from flext_exceptions import FlextExceptions

from ..documents.problem_details import phrase
from .responses import KEY, REQUEST_ID, problem_response, report, request_id

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


class ProblemMiddleware:
    """Binds the id of each request, sends it back, and answers errors with problem documents.

    The id is that of :func:`flext_exceptions.web.responses.request_id`; it is bound while the application works and its
    body is read, and found in ``environ["flext_exceptions.request_id"]``. Every answer has it as ``X-Request-ID``,
    unless the application set one itself. Errors are answered as in
    :func:`flext_exceptions.web.responses.problem_response` and logged, once, by the logger ``flext_exceptions.web``;
    also those that occur before the first part of the body is sent. A later one is logged and raised again, which makes
    the server close the connection. Ctrl-C and the like pass.

    Each request runs in its own context, so that nothing it binds is visible to the next one on its thread.

    ``challenge`` is the ``WWW-Authenticate`` header of a 401, such as ``Basic realm="shop"``.

    >>> def app(environ, start_response):
    ...     raise FlextExceptions.NotFoundError("no such user")
    >>> def start_response(status, headers, exc_info=None):
    ...     print(status, headers[-1])
    >>> body = ProblemMiddleware(app)({"HTTP_X_REQUEST_ID": "req-1"}, start_response)
    404 Not Found ('X-Request-ID', 'req-1')
    """

    def __init__(self, app: WSGIApplication, challenge: str = "Bearer") -> None:
        self.app = app
        self.challenge = challenge

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        exchange = _Exchange(environ, start_response, self.challenge)
        return exchange.answer(self.app)


class _Exchange:
    """A request and its answer, which the server iterates over and closes."""

    def __init__(self, environ: WSGIEnvironment, start_response: StartResponse, challenge: str) -> None:
        given = environ.get("HTTP_X_REQUEST_ID", ""), environ.get("HTTP_TRACEPARENT", "")
        self.id: str = environ.get(KEY) or request_id(*given)
        self.environ = environ
        self.challenge = challenge
        self.begun = False
        self.failure: Exception | None = None  # from the server: the client disconnected
        self.sent = False  # whether the server has sent the headers: it does so with the first part of the body
        self._start_response = start_response
        self._context = copy_context()
        self._context.run(FlextExceptions.correlation(self.id).__enter__)
        self._result: Any = ()
        self._chunks: Iterator[bytes] | None = None
        environ[KEY] = self.id

    def answer(self, app: WSGIApplication) -> Iterable[bytes]:
        try:
            self._result = self._context.run(app, self.environ, self._start)
        except Exception as error:
            return [self._answer_to(error)]
        files = self.environ.get("wsgi.file_wrapper")
        if type(self._result) in (list, tuple) or (isinstance(files, type) and isinstance(self._result, files)):
            return self._result  # type: ignore[no-any-return]  # of which servers make more: a length, sendfile
        return self

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            chunks = self._chunks
            if chunks is None:
                chunks = self._chunks = self._context.run(iter, self._result)
            chunk: bytes = self._context.run(next, chunks)
        except StopIteration:
            raise
        except Exception as error:
            chunk = self._answer_to(error)
            self._chunks = iter(())
        self.sent = self.sent or bool(chunk)
        return chunk

    def close(self) -> None:
        try:
            if hasattr(self._result, "close"):
                self._context.run(self._result.close)
        except Exception as error:
            self._report(error, answered=False)
            raise

    def _start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None, /) -> Callable[[bytes], object]:
        if not any(key.lower() == REQUEST_ID.lower() for key, _ in headers):
            headers = [*headers, (REQUEST_ID, self.id)]
        self.begun = True
        write = self._start_response(status, headers, exc_info)

        def write_noticed(chunk: bytes) -> None:
            self.sent = self.sent or bool(chunk)
            try:
                write(chunk)
            except Exception as error:
                self.failure = error
                raise

        return write_noticed

    def _answer_to(self, error: Exception) -> bytes:
        """Restart the answer, which is allowed as long as nothing is sent, and return its body."""
        if error is self.failure:
            raise error
        self._report(error, answered=not self.sent)
        if self.sent:
            raise error
        body, status, headers = self._context.run(problem_response, error, self.challenge)
        line = f"{status} {phrase(status) or 'Error'}"
        # Servers want the error when an answer is restarted, and Werkzeug's test client raises one that it receives.
        exc_info = (type(error), error, error.__traceback__) if self.begun else None
        self._start(line, list(headers.items()), exc_info)
        return b"" if self.environ.get("REQUEST_METHOD") == "HEAD" else body

    def _report(self, error: Exception, answered: bool) -> None:
        method, path = self.environ.get("REQUEST_METHOD"), self.environ.get("PATH_INFO")
        self._context.run(report, error, self.id, method, path, answered)
