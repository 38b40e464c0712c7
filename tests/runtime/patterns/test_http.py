"""Whatever a server does or fails to do, requests and httpx give the same typed error."""

from __future__ import annotations

import json
import re
import socket
import traceback
import warnings
from datetime import UTC, datetime
from email.utils import format_datetime
from errno import ECONNREFUSED
from typing import Any
from unittest import mock

import httpx
import pytest
import requests
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from flext_exceptions import FlextExceptions
from tests.runtime.patterns.http_calls import (
    Ask,
    answering,
    caught,
)
from tests.runtime.patterns.loopback import refusing, serving

BY_STATUS: dict[int, tuple[type[FlextExceptions.BaseError], str, dict[str, Any]]] = {
    400: (FlextExceptions.ValidationError, "Bad request: no", {"field": "request_data"}),
    401: (FlextExceptions.AuthenticationError, "Authentication failed", {"auth_method": "api_key"}),
    403: (FlextExceptions.PermissionError, "Access denied", {"required_permission": "api_access"}),
    404: (FlextExceptions.NotFoundError, "Resource not found", {"resource_type": "api_resource"}),
    409: (FlextExceptions.AlreadyExistsError, "Resource already exists", {"resource_type": "api_resource"}),
}


# What is well


def test_the_answer_is_its_json(httpserver: HTTPServer, ask: Ask) -> None:
    """Whatever that is; None where there is no body."""
    for method in ("get", "post", "put", "delete"):
        for value in ({"a": [1, None, "é"]}, [], 0, "text", None):
            httpserver.expect_oneshot_request("/a", method=method.upper()).respond_with_json(value)
            assert ask(httpserver.url_for("/a"), method) == value
    for status in (200, 201, 202, 204, 205):
        httpserver.expect_oneshot_request("/a").respond_with_data("", status=status)
        assert ask(httpserver.url_for("/a")) is None
    assert FlextExceptions.get_metrics() == {}


def test_a_body_is_sent(httpserver: HTTPServer, ask: Ask) -> None:
    """As JSON, with the parameters of the library."""
    httpserver.expect_request("/a", json={"sku": "A-1"}, query_string="page=2").respond_with_json({"id": 1})
    assert ask(httpserver.url_for("/a"), "post", json={"sku": "A-1"}, params={"page": 2}) == {"id": 1}


def test_redirects_are_followed(httpserver: HTTPServer, ask: Ask) -> None:
    """And the url of an error is the one that answered."""
    httpserver.expect_request("/old").respond_with_data(status=307, headers={"Location": "/new"})
    httpserver.expect_request("/new").respond_with_data(status=404)
    assert caught(ask, httpserver.url_for("/old")).context["url"] == httpserver.url_for("/new")


# What is answered


def test_every_status_has_its_type(httpserver: HTTPServer, ask: Ask) -> None:
    """From 400 to 599."""

    def answer(request: Request) -> Response:
        return Response("no", int(request.path[1:]), {"X-Request-ID": "theirs"})

    httpserver.expect_request(re.compile("/.*")).respond_with_handler(answer)
    for status in range(400, 600):
        url = httpserver.url_for(f"/{status}")
        error = caught(ask, url)
        text = f"HTTP error {status}: no" if status < 500 else "Server error: no"
        other = (FlextExceptions.ProcessingError, text, {"operation": "api_request"})
        kind, message, keywords = BY_STATUS.get(status, other)
        assert (type(error), str(error)) == (kind, message)
        assert {name: getattr(error, name) for name in keywords} == keywords
        assert error.http_status == (status if status >= 500 else 502)
        assert error.retryable is (status in (408, 425, 429, 502, 503, 504))
        said = {"message": "no"}
        if isinstance(error, FlextExceptions.ValidationError):
            assert error.validation_details == said
            keywords = {**keywords, "validation_details": said}
        expected = {"method": "GET", "url": url, "status_code": status, "response_body": said, **keywords}
        assert expected.items() <= error.context.items()
        assert error.context.keys() - expected.keys() == {"correlation_id", "response_headers"}
        headers = {name.lower(): value for name, value in error.context["response_headers"].items()}
        assert headers["x-request-id"] == "theirs"
        assert error.correlation_id == error.context["correlation_id"] == "theirs"
        assert error.retry_after is None
    assert sum(FlextExceptions.get_metrics().values()) == 200


@pytest.mark.parametrize("status", [429, 500, 503, 418])
def test_retry_after_is_kept(httpserver: HTTPServer, ask: Ask, status: int) -> None:
    """In seconds, and as a date: by the server's clock, which may be wrong, else by the one here."""
    url = answering(httpserver, "", status, {"Retry-After": "120"})
    assert caught(ask, url).retry_after == 120
    httpserver.clear()
    answered = b"HTTP/1.1 %d No\r\nContent-Length: 0\r\nConnection: close\r\n" % status
    later = b"Retry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\n"
    with serving(answered + later + b"Date: Fri, 31 Dec 1999 23:59:00 GMT\r\n\r\n") as url:
        assert caught(ask, url).retry_after == 59
    with serving(answered + later + b"\r\n") as url:
        assert caught(ask, url).retry_after == 0
    soon = format_datetime(datetime.fromtimestamp(datetime.now(UTC).timestamp() + 300, UTC), usegmt=True).encode()
    with serving(answered + b"Retry-After: " + soon + b"\r\n\r\n") as url:
        wait = caught(ask, url).retry_after
        assert wait is not None and 280 < wait <= 300
    with serving(answered + b"Retry-After: soon\r\n\r\n") as url:
        assert caught(ask, url).retry_after is None


def test_a_problem_document_becomes_the_error_that_it_describes(httpserver: HTTPServer, ask: Ask) -> None:
    """With its fields, code and id; the context also has the request and the response."""
    problem = FlextExceptions.PermissionError(
        "not yours", required_permission="orders:read", code="SHOP_9", correlation_id="theirs", order=7, url="elsewhere"
    ).to_problem()
    kind = "Application/Problem+JSON; charset=utf-8"
    url = answering(httpserver, json.dumps(problem), 403, content_type=kind)
    error = caught(ask, url)
    assert isinstance(error, FlextExceptions.PermissionError) and error.required_permission == "orders:read"
    assert (error.message, error.code, error.correlation_id) == ("not yours", "SHOP_9", "theirs")
    assert (error.context["order"], error.context["url"], error.context["status_code"]) == (7, url, 403)
    assert error.context["response_body"]["detail"] == "not yours"
    assert caught(ask, url, correlation_id="ours").correlation_id == "ours"


def test_the_status_and_the_wait_of_a_problem_are_those_of_the_answer(httpserver: HTTPServer, ask: Ask) -> None:
    """The document's status is advice (RFC 9457, section 3.1.2); its wait stands where the header is missing."""
    body = json.dumps({"title": "Busy", "status": 404, "retry_after": 5})
    error = caught(ask, answering(httpserver, body, 503, content_type="application/problem+json"))
    assert (type(error), error.http_status) == (FlextExceptions.ProcessingError, 503)
    assert (error.message, error.retry_after) == ("Server error: Busy", 5)
    httpserver.clear()
    url = answering(httpserver, body, 503, {"Retry-After": "7"}, content_type="application/problem+json")
    assert caught(ask, url).retry_after == 7


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b"{}", b"[" * 100_000])
def test_what_only_says_that_it_is_a_problem_is_an_answer_like_any(
    httpserver: HTTPServer, ask: Ask, body: bytes
) -> None:
    """Its status decides."""
    error = caught(ask, answering(httpserver, body, 409, content_type="application/problem+json"))
    assert type(error) is FlextExceptions.AlreadyExistsError and str(error) == "Resource already exists"


def test_json_that_is_no_problem_is_not_taken_for_one(httpserver: HTTPServer, ask: Ask) -> None:
    """It is the body and nothing else."""
    body = {"type": "urn:flext-exceptions:type:CriticalError", "status": 500, "detail": "x"}
    error = caught(ask, answering(httpserver, json.dumps(body), 400, content_type="application/json"))
    assert type(error) is FlextExceptions.ValidationError and error.context["response_body"] == body


@pytest.mark.parametrize("body", [b"<html>", b'{"a": ', b"\xff\xfe\xfd", b"nul", b"[" * 100_000])
def test_a_body_that_is_no_json_is_a_processing_error(httpserver: HTTPServer, ask: Ask, body: bytes) -> None:
    """With the body, and what the decoder said as its cause."""
    url = answering(httpserver, body, 200, content_type="application/json")
    error = caught(ask, url)
    assert isinstance(error, FlextExceptions.ProcessingError) and error.operation == "json_decode"
    assert (str(error), error.code) == ("Invalid JSON response from API", "PROCESSING_ERROR")
    assert isinstance(error.__cause__, ValueError | RecursionError)
    assert (error.context["status_code"], error.context["url"]) == (200, url)
    assert error.context["response_body"] == {"message": body.decode("utf-8", "backslashreplace")} or len(body) > 1000
    assert error.context["original_error"] == str(error.__cause__)


# What is not answered


def test_no_answer_in_time_is_a_timeout(ask: Ask) -> None:
    """Whether nothing comes, or only a part."""
    for start in (b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"):
        with serving(start, then="hang") as url:
            error = caught(ask, url, timeout=0.05)
        assert isinstance(error, FlextExceptions.TimeoutError) and error.timeout_seconds == 0.05
        assert str(error) == "HTTP request timed out after 0.05 seconds" and error.context["original_error"]
        assert isinstance(error.__cause__, requests.RequestException | httpx.TimeoutException)
        assert "status_code" not in error.context and error.context["timeout_seconds"] == 0.05
        assert error.code == "FLEXT_2002"


BROKEN = {
    "closed": (b"", "close"),
    "reset": (b"", "reset"),
    "cut within the status": (b"HTTP/1.1 2", "close"),
    "cut short": (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}", "close"),
    "reset within the body": (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{}", "reset"),
    "cut within a chunk": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{}", "close"),
    "no http": (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "close"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_connection_that_breaks_is_a_connection_error(ask: Ask, kind: str) -> None:
    """Wherever it does."""
    with serving(*BROKEN[kind]) as url:
        error = caught(ask, url)
    assert isinstance(error, FlextExceptions.ConnectionError) and error.retryable
    assert error.service == "http_api" and error.endpoint == error.context["url"]
    assert str(error) == f"Failed to connect to {error.endpoint}"
    assert error.context["url"].rstrip("/") == url
    assert isinstance(error.__cause__, requests.RequestException | httpx.TransportError)


def test_where_nobody_listens_the_library_is_quoted(ask: Ask) -> None:
    """Without the secrets of the url, which it may show."""
    url = refusing()
    error = caught(ask, f"{url}/a", params={"token": "1234", "page": "2"})
    assert type(error) is FlextExceptions.ConnectionError
    assert str(error) == f"Failed to connect to {url}/a?token=[redacted]&page=2"
    assert f"[Errno {ECONNREFUSED}]" in error.context["original_error"]
    assert "1234" not in error.context["original_error"]


def test_a_name_that_there_is_not_is_a_connection_error(ask: Ask) -> None:
    """RFC 6761 promises that this name never is; no server is asked here."""

    def refuse(*args: object, **keywords: object) -> object:
        raise socket.gaierror(-2, "Name or service not known")

    with mock.patch("socket.getaddrinfo", refuse):
        error = caught(ask, "http://nowhere.invalid/a")
    assert type(error) is FlextExceptions.ConnectionError and "Name or service" in error.context["original_error"]
    assert str(error) == "Failed to connect to http://nowhere.invalid/a"


def test_a_certificate_that_nobody_trusts_is_not_tried_again(ask: Ask) -> None:
    """It will not be trusted the next time."""
    with serving(tls=True) as url:
        error = caught(ask, url)
    assert type(error) is FlextExceptions.ConnectionError and error.retryable is False
    assert "CERTIFICATE_VERIFY_FAILED" in error.context["original_error"]


def test_a_port_that_speaks_no_tls_is_a_connection_error(ask: Ask) -> None:
    """As a server that restarts may."""
    with serving(b"HTTP/1.1 400 Bad Request\r\n\r\n") as url:
        error = caught(ask, url.replace("http", "https"))
    assert type(error) is FlextExceptions.ConnectionError and error.retryable


def test_an_answer_that_leads_nowhere_is_a_processing_error(httpserver: HTTPServer, ask: Ask) -> None:
    """Redirects in a circle, and a body that is not packed as it says."""
    url = answering(httpserver, "", 302, {"Location": "/a"})
    error = caught(ask, url)
    assert type(error) is FlextExceptions.ProcessingError and error.operation == "http_request"
    assert str(error) == f"HTTP request failed: {error.context['original_error']}" and "edirects" in str(error)
    httpserver.clear()
    error = caught(ask, answering(httpserver, "plain", 200, {"Content-Encoding": "gzip"}))
    assert type(error) is FlextExceptions.ProcessingError and error.operation == "http_request"


LABEL = "a" * 64


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1/a", "http://127.0.0.1:port/a", "http://[::1/a", "nothing", "http://.example.com/a",
        f"http://{LABEL}.invalid/a", "http://127.0.0.1:99999/a", "http://\x00/a",
    ],
)  # fmt: skip
def test_a_url_that_cannot_be_asked_is_typed(ask: Ask, url: str) -> None:
    """Of whatever kind the library's own error is, or that of what it is made of."""
    error = caught(ask, url)
    assert isinstance(error, FlextExceptions.ProcessingError | FlextExceptions.ConnectionError)
    assert error.__cause__ is not None
    assert error.correlation_id == error.context["correlation_id"] != ""


@pytest.mark.parametrize(
    "options",
    [
        {"json": {"a": object()}}, {"json": float("nan")}, {"data": object()}, {"params": {"a": "\ud800"}},
        {"cookies": 3}, {"files": 3}, {"auth": 3},
    ],
    ids=["json", "nan", "data", "params", "cookies", "files", "auth"],
)  # fmt: skip
def test_what_cannot_be_sent_is_typed(httpserver: HTTPServer, ask: Ask, options: dict[str, Any]) -> None:
    """The libraries make errors of many kinds of it, or send it after all."""
    url = answering(httpserver, "1", 200)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            assert ask(url, "post", **options) == 1
        except FlextExceptions.ProcessingError as error:
            assert error.operation == "http_request" and error.__cause__ is not None


def test_a_location_that_cannot_be_asked_is_no_foreign_error(httpserver: HTTPServer, ask: Ask) -> None:
    """The server's fault, of which the libraries make errors of several kinds."""
    caught(ask, answering(httpserver, "", 302, {"Location": "http://[::1/a"}))


# Ids


def test_the_id_that_is_given_is_sent_and_kept(httpserver: HTTPServer, ask: Ask) -> None:
    """Rather than the bound one, and than what the answer names."""

    def answer(request: Request) -> Response:
        return Response(request.headers.get("X-Request-ID", "none"), 404, {"X-Request-ID": "theirs"})

    httpserver.expect_request("/a").respond_with_handler(answer)
    url = httpserver.url_for("/a")
    with FlextExceptions.correlation("bound"):
        error = caught(ask, url, correlation_id="given")
        assert (error.context["response_body"]["message"], error.correlation_id) == ("given", "given")
        error = caught(ask, url)
        assert (error.context["response_body"]["message"], error.correlation_id) == ("bound", "bound")
    error = caught(ask, url)
    assert (error.context["response_body"]["message"], error.correlation_id) == ("none", "theirs")
    assert error.context["correlation_id"] == "theirs"


def test_where_nobody_has_an_id_a_fresh_one_says_that_a_request_made_it(httpserver: HTTPServer, ask: Ask) -> None:
    """Of an answer, and of none."""
    ids = [caught(ask, url).context["correlation_id"] for url in (answering(httpserver, "", 500), refusing())]
    assert len(set(ids)) == 2 and all(name.startswith("http_") for name in ids)


def test_an_id_that_no_header_holds_is_encoded(httpserver: HTTPServer, ask: Ask) -> None:
    """So it can add no header, and does not keep the request from being sent."""
    httpserver.expect_request("/a").respond_with_handler(
        lambda request: Response(request.headers["X-Request-ID"], 404, content_type="text/plain")
    )
    for name, sent in {
        "é": "%C3%A9",
        "a\r\nX-Role: b": "a%0D%0AX-Role:%20b",
        "\ud800": "\\ud800",
        "50%": "50%",
    }.items():
        error = caught(ask, httpserver.url_for("/a"), correlation_id=name)
        assert (error.context["response_body"]["message"], error.correlation_id) == (sent, name)


def test_failures_and_broken_json_keep_the_id(httpserver: HTTPServer, ask: Ask) -> None:
    """Given, else bound."""
    for url in (refusing(), answering(httpserver, "{", 200)):
        assert caught(ask, url, correlation_id="given").correlation_id == "given"
        with FlextExceptions.correlation("bound"):
            error = caught(ask, url)
        assert error.correlation_id == error.context["correlation_id"] == "bound"


# Secrets


def test_no_secret_comes_out(httpserver: HTTPServer, ask: Ask) -> None:
    """Of the url, its credentials and query, and of a body that is JSON, or was to be."""
    port = httpserver.port
    secret = "hunter2"
    bodies = [json.dumps({"user": [{"apiKey": secret}]}), f'{{"password": "{secret}", ', "fine"]
    for status, body in [(400, bodies[0]), (400, bodies[1]), (200, bodies[1]), (503, bodies[2])]:
        httpserver.clear()
        answering(httpserver, body, status)
        url = f"http://ada:{secret}@127.0.0.1:{port}/a?access_token={secret}&user[password]={secret}&q=1"
        error = caught(ask, url)
        texts = [str(error), repr(error), repr(error.context), json.dumps(error.to_dict()), str(error.to_problem())]
        texts += traceback.format_exception_only(error)
        assert not [text for text in texts if secret in text]
        assert "q=1" in error.context["url"] and "ada" not in error.context["url"]
    error = caught(ask, f"{refusing().replace('//', f'//ada:{secret}@')}/a?token={secret}")
    assert secret not in f"{error!s} {error!r} {error.context} {json.dumps(error.to_dict())}"


def test_a_body_is_bounded(httpserver: HTTPServer, ask: Ask) -> None:
    """To what max_error_details says, as JSON and as text."""
    FlextExceptions.configure_error_handling({"max_error_details": 200}).unwrap()
    for body in ("x" * 1_000_000, json.dumps({"rows": list(range(100_000))})):
        httpserver.clear()
        error = caught(ask, answering(httpserver, body, 500))
        assert 20 < len(json.dumps(error.context["response_body"])) <= 202 + len('{"message": }')
