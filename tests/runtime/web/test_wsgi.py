"""WSGI applications answer errors with problem documents, and every answer has the id of its request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from wsgiref.validate import validator

import pytest
from flask import Response
from flask import request as current_request

from flext_exceptions import FlextExceptions
from flext_exceptions.web.responses import problem_response
from flext_exceptions.web.wsgi import ProblemMiddleware
from tests.runtime.web.servers import ask, ask_at_once, werkzeug_server, wsgiref_server
from tests.runtime.web.shops import AT_ONCE, bound, shop, wrapped
from tests.runtime.web.test_responses import TRACE, TRACEPARENT


@pytest.fixture(scope="module", params=[werkzeug_server, wsgiref_server], ids=["werkzeug", "wsgiref"])
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    """The application under a threaded server."""
    with request.param(wrapped(shop())) as number:
        yield number


def test_an_id_given_is_bound_and_sent_back(port: int) -> None:
    """Else it is the trace id, else fresh: new for each request."""
    answer = ask(port, "/fine", X_Request_ID="req-1")
    assert (answer.id, answer.body) == ("req-1", b'{"bound":"req-1","environ":"req-1"}\n')
    assert ask(port, "/fine", traceparent=TRACEPARENT).id == TRACE
    fresh = [ask(port, "/fine", traceparent="00-nonsense").id, ask(port, "/fine").id, ask(port, "/fine").id]
    assert len(set(fresh)) == 3 and all(name.startswith("flext_") for name in fresh)


def test_the_headers_that_an_error_asks_for_are_sent(port: int) -> None:
    """How long to wait, and how to log in."""
    answer = ask(port, "/busy")
    assert (answer.status, answer.headers["Retry-After"], answer.document["code"]) == (503, "3", "FLEXT_2001")
    answer = ask(port, "/login")
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="shop"')


@pytest.mark.parametrize(("path", "status"), [("/http", 418), ("/nowhere", 404)])
def test_what_flask_answers_itself_stays_and_has_the_id(port: int, path: str, status: int, entries: list[Any]) -> None:
    """It is no error that reached the middleware."""
    answer = ask(port, path, X_Request_ID="req-1")
    assert (answer.status, answer.id, answer.headers["Content-Type"]) == (status, "req-1", "text/html; charset=utf-8")
    assert not entries


def test_a_head_request_gets_the_headers_alone(port: int) -> None:
    """They are those of the document that a GET would get (RFC 9110 section 9.3.2)."""
    head, full = (ask(port, "/typed", method, X_Request_ID="req-1") for method in ("HEAD", "GET"))
    assert (head.status, head.id, head.body) == (404, "req-1", b"")
    assert head.headers["Content-Length"] == full.headers["Content-Length"] == str(len(full.body))


def test_a_streamed_body_has_the_id_to_its_end(port: int) -> None:
    """And Flask's own context, which is bound and released in the same one."""
    answer = ask(port, "/streamed/never", X_Request_ID="req-1")
    assert (answer.id, answer.body) == ("req-1", b"req-1req-1/streamed/never")


def test_an_error_before_the_first_of_a_body_is_answered(port: int, entries: list[Any]) -> None:
    """Though the application has begun an answer: nothing of it was sent."""
    answer = ask(port, "/streamed/before", X_Request_ID="req-1")
    assert (answer.status, answer.id, answer.document["detail"]) == (500, "req-1", "at once")
    assert entries[0].getMessage() == "ProcessingError: at once"


def test_an_error_within_a_streamed_body_ends_the_connection(port: int, entries: list[Any]) -> None:
    """What came before is there; the next request is answered as ever."""
    try:
        body = ask(port, "/streamed/within", X_Request_ID="req-1").body
    except Exception as error:
        body = error.partial  # type: ignore[attr-defined]
    assert body == b"req-1"
    (entry,) = entries
    assert entry.getMessage() == "after the response had begun: ProcessingError: half way"
    assert ask(port, "/fine").status == 200


def test_a_file_is_sent(port: int) -> None:
    """With its length."""
    answer = ask(port, "/file", X_Request_ID="req-1")
    assert (answer.id, answer.body, answer.headers["Content-Length"]) == ("req-1", b"content", "7")


@pytest.mark.parametrize("server", [werkzeug_server, wsgiref_server])
def test_requests_at_once_keep_their_ids(server: Any, entries: list[Any]) -> None:
    """All are open before the first is answered; two thirds of them fail."""
    with server(wrapped(shop())) as port:
        answers = ask_at_once(port, lambda index: f"/together/{index}", AT_ONCE)
    for index, answer in enumerate(answers):
        assert answer.id == f"req-{index}"
        assert f'"correlation_id": "req-{index}"'.encode() in answer.body.replace(b'":"', b'": "')
        assert answer.status == (500 if index % 3 else 200)
    assert sorted(entry.request_id for entry in entries) == sorted(f"req-{n}" for n in range(AT_ONCE) if n % 3)
    assert all(entry.correlation_id == entry.request_id for entry in entries)


def test_with_flasks_own_handlers_what_follows_an_answer_is_done_for_errors_too() -> None:
    """Such as adding the headers of CORS: what the setting PROPAGATE_EXCEPTIONS passes by."""
    app = shop()
    app.register_error_handler(FlextExceptions, problem_response)
    app.register_error_handler(500, problem_response)

    @app.after_request
    def after(response: Response) -> Response:
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    app.wsgi_app = ProblemMiddleware(app.wsgi_app)  # type: ignore[method-assign]
    with werkzeug_server(app) as port:
        for path, status in (("/typed", 404), ("/busy", 503), ("/unknown", 500)):
            answer = ask(port, path, X_Request_ID="req-1")
            assert (answer.status, answer.id, answer.document["correlation_id"]) == (status, "req-1", "req-1")
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert set(answer.document) == {"type", "title", "status", "instance", "correlation_id"}


def test_without_setting_and_handlers_flasks_own_page_has_the_id() -> None:
    """The error does not reach the middleware."""
    app = shop()
    app.wsgi_app = ProblemMiddleware(app.wsgi_app)  # type: ignore[method-assign]
    with werkzeug_server(app) as port:
        answer = ask(port, "/typed", X_Request_ID="req-1")
    assert (answer.status, answer.id, answer.headers["Content-Type"]) == (500, "req-1", "text/html; charset=utf-8")


def test_flasks_test_client_works_as_before() -> None:
    """Also where it keeps the context of a request."""
    client = wrapped(shop()).test_client()
    with client:
        assert client.get("/fine", headers={"X-Request-ID": "req-1"}).headers["X-Request-ID"] == "req-1"
        assert current_request.path == "/fine"
    assert client.get("/unknown").status_code == 500
    assert bound().startswith("flext_")


def test_the_middleware_keeps_to_the_rules_of_pep_3333() -> None:
    """As the standard library's validator sees them, from both sides; an error's answer as well."""

    def app(environ: Any, start_response: Any) -> Any:
        if environ["PATH_INFO"] == "/fails":
            raise FlextExceptions.NotFoundError("m")
        start_response("200 OK", [("Content-Type", "text/plain")])
        return iter([b"a", b"b"])

    with wsgiref_server(validator(ProblemMiddleware(validator(app)))) as port:
        assert ask(port, "/").body == b"ab"
        assert ask(port, "/fails").document["detail"] == "m"
