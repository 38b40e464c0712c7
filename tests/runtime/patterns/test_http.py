"""What a server does, or does not, comes out of requests and httpx as the same typed error."""

from __future__ import annotations

import asyncio
import inspect
import json
import re
import socket
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextvars import copy_context
from datetime import UTC, datetime
from email.utils import format_datetime
from errno import ECONNREFUSED
from typing import Any
from unittest import mock

import httpx
import pytest
import requests
from pytest_httpserver import HTTPServer
from urllib3.util import Retry
from werkzeug import Request, Response

from flext_exceptions import FlextExceptions
from flext_exceptions.patterns.http import HTTPClientWithFlextExceptions
from flext_exceptions.patterns.httpx import correlation_headers, result_of, translated
from flext_exceptions.patterns.recovery import ExceptionRecoveryManager
from tests.runtime.patterns import hostile
from tests.runtime.patterns.loopback import refusing, serving

Ask = Callable[..., Any]

BY_STATUS: dict[int, tuple[type[FlextExceptions.BaseError], str, dict[str, Any]]] = {
    400: (FlextExceptions.ValidationError, "Bad request: no", {"field": "request_data"}),
    401: (FlextExceptions.AuthenticationError, "Authentication failed", {"auth_method": "api_key"}),
    403: (FlextExceptions.PermissionError, "Access denied", {"required_permission": "api_access"}),
    404: (FlextExceptions.NotFoundError, "Resource not found", {"resource_type": "api_resource"}),
    409: (FlextExceptions.AlreadyExistsError, "Resource already exists", {"resource_type": "api_resource"}),
}
TLS = httpx.create_ssl_context()  # once: it takes longer than a test


def ask_requests() -> Iterator[Ask]:
    """By the client on requests."""
    client = HTTPClientWithFlextExceptions("")
    client.session.trust_env = False  # no proxy

    def ask(url: str, method: str = "get", correlation_id: str | None = None, **options: Any) -> Any:
        return getattr(client, method)(url, correlation_id=correlation_id, **options)

    with client.session, mock.patch.object(client, "_make_request", _absolute(client)):
        yield ask


def _absolute(client: HTTPClientWithFlextExceptions) -> Callable[..., Any]:
    """The same, of a url that is whole."""
    original = client._make_request

    def request(method: str, url: str, **options: Any) -> Any:
        client.base_url = url
        return original(method, "", **options)

    return request


def ask_httpx() -> Iterator[Ask]:
    """By httpx."""

    def ask(url: str, method: str = "get", correlation_id: str | None = None, **options: Any) -> Any:
        with translated(correlation_id):
            return result_of(client.request(method, url, headers=correlation_headers(), **options))

    with httpx.Client(verify=TLS, trust_env=False, follow_redirects=True, timeout=30) as client:
        yield ask


def ask_httpx_async() -> Iterator[Ask]:
    """By httpx, async."""
    with asyncio.Runner() as runner:
        client = httpx.AsyncClient(verify=TLS, trust_env=False, follow_redirects=True, timeout=30)

        def ask(url: str, method: str = "get", correlation_id: str | None = None, **options: Any) -> Any:
            async def run() -> Any:
                with translated(correlation_id):
                    return result_of(await client.request(method, url, headers=correlation_headers(), **options))

            return runner.run(run(), context=copy_context())

        yield ask
        runner.run(client.aclose())


@pytest.fixture(params=[ask_requests, ask_httpx, ask_httpx_async], ids=["requests", "httpx", "httpx_async"])
def ask(request: pytest.FixtureRequest) -> Iterator[Ask]:
    """Asks a url by one of the libraries."""
    yield from request.param()


@pytest.fixture
def client() -> Iterator[HTTPClientWithFlextExceptions]:
    """The client on requests, without proxies."""
    made = HTTPClientWithFlextExceptions("http://unset")
    made.session.trust_env = False
    with made.session:
        yield made


def caught(ask: Ask, *args: Any, **options: Any) -> FlextExceptions.BaseError:
    """The error of a call."""
    with pytest.raises(FlextExceptions.BaseError) as info:
        ask(*args, **options)
    return info.value


def answering(server: HTTPServer, *args: Any, **options: Any) -> str:
    """The url of a server that answers everything with this."""
    server.expect_request("/a").respond_with_response(Response(*args, **options))
    return server.url_for("/a")


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
    """With its fields, code and id; what was asked and answered here stands in the context too."""
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
    """It is the body and no more."""
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
    """RFC 6761 promises that this one never is; nobody is asked for it here."""

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


# The client on requests alone


def test_the_endpoint_is_below_the_base(httpserver: HTTPServer, client: HTTPClientWithFlextExceptions) -> None:
    """However many slashes stand there; no endpoint leads elsewhere."""
    httpserver.expect_request("/api/a", query_string="b=1").respond_with_json(1)
    httpserver.expect_request("/api").respond_with_json(2)
    for base in (httpserver.url_for("/api"), httpserver.url_for("/api/")):
        client.base_url = base
        assert client.get("a?b=1") == client.get("/a?b=1") == 1
    client.base_url = httpserver.url_for("/api")
    assert client.get("") == 2
    client.base_url = "http://127.0.0.1:1/api"
    assert caught(client.get, "http://other.example/").context["url"] == "http://127.0.0.1:1/api/http://other.example/"


def test_the_session_is_one_of_requests(httpserver: HTTPServer, client: HTTPClientWithFlextExceptions) -> None:
    """Its headers are sent, and those of the call."""
    assert type(client.session) is requests.Session
    client.base_url, client.session.headers["X-Api"] = httpserver.url_for("/"), "1"
    httpserver.expect_request("/a", headers={"X-Api": "1", "X-More": "2", "X-Request-ID": "3"}).respond_with_json(1)
    assert client.get("/a", headers={"X-More": "2", "x-request-id": "lost"}, correlation_id="3") == 1
    assert client.get("/a", headers={"X-More": "2", "x-request-id": "3"}) == 1


def test_the_timeout_is_that_of_the_client_or_of_the_call(client: HTTPClientWithFlextExceptions) -> None:
    """A number, or a pair; 30 where nothing is said."""
    assert client.timeout == 30
    with serving(then="hang") as client.base_url:
        for client.timeout, options, seconds in [(0.05, {}, 0.05), ((9, 0.06), {}, 0.06), (9, {"timeout": 0.07}, 0.07)]:
            error = caught(client.get, "/a", **options)
            assert isinstance(error, FlextExceptions.TimeoutError) and error.timeout_seconds == seconds


def test_a_session_that_is_mocked_will_do(client: HTTPClientWithFlextExceptions) -> None:
    """As tests in the wild do it."""
    with mock.patch.object(client.session, "request", side_effect=requests.exceptions.Timeout()):
        error = caught(client.get, "/users/123")
    assert isinstance(error, FlextExceptions.TimeoutError) and error.timeout_seconds == 30.0
    assert error.context["correlation_id"] == error.correlation_id
    with mock.patch.object(client.session, "request", side_effect=requests.exceptions.ConnectTimeout()):
        client.timeout = (2, 9)
        assert caught(client.get, "/a").context["timeout_seconds"] == 2
    client.timeout = None
    with mock.patch.object(client.session, "request", side_effect=requests.exceptions.Timeout()):
        assert str(caught(client.get, "/a")) == "HTTP request timed out"


class Answer:
    """What a test gives in place of an answer: no more than the guide reads."""

    text = "boom"

    def __init__(self, status_code: int) -> None:
        self.status_code = status_code

    def json(self) -> dict[str, str]:
        """Return the body."""
        return {"message": "boom"}


def test_an_answer_that_a_test_made_will_do(client: HTTPClientWithFlextExceptions) -> None:
    """A class with what is read of it, and a mock."""
    with mock.patch.object(client.session, "request", return_value=Answer(200)) as request:
        assert client.get("/a") == {"message": "boom"}
        assert request.call_args.kwargs["method"] == "GET" and request.call_args.kwargs["url"] == "http://unset/a"
    with mock.patch.object(client.session, "request") as request:
        request.return_value.status_code = 201
        request.return_value.json.return_value = {"id": 7}
        assert client.post("/a", json={}) == {"id": 7}
        request.return_value.status_code = 500
        request.return_value.json.side_effect = ValueError("no JSON")
        request.return_value.text = "boom"
        assert str(caught(client.get, "/a")) == "Server error: boom"
    for status in (400, 418, 500):
        error = caught(client._handle_http_error, Answer(status), "GET", "http://unset/a", "req-1")
        assert (error.context["status_code"], error.context["correlation_id"]) == (status, "req-1")


def test_a_client_of_the_programs_own_answers_for_the_service(httpserver: HTTPServer) -> None:
    """It overrides what is made of a refusal, or the request itself."""

    class Own(HTTPClientWithFlextExceptions):
        def _handle_http_error(self, response: requests.Response, method: str, url: str, correlation_id: Any) -> Any:
            if response.status_code == 404:
                return {"missing": url}
            return super()._handle_http_error(response, method, url, correlation_id)

        def _make_request(self, method: str, endpoint: str, **options: Any) -> Any:
            return super()._make_request(method, f"/v2{endpoint}", **options)

    httpserver.expect_request("/v2/a").respond_with_data(status=404)
    httpserver.expect_request("/v2/b").respond_with_data(status=403)
    own = Own(httpserver.url_for(""))
    with own.session:
        assert own.get("/a") == {"missing": httpserver.url_for("/v2/a")}
        assert type(caught(own.get, "/b")) is FlextExceptions.PermissionError


def test_a_service_may_speak_to_our_callers(httpserver: HTTPServer) -> None:
    """Where the program says so."""
    httpserver.expect_request("/a").respond_with_data(status=404)
    with HTTPClientWithFlextExceptions(httpserver.url_for(""), passthrough=True).session:
        assert (
            caught(HTTPClientWithFlextExceptions(httpserver.url_for(""), passthrough=True).get, "/a").http_status == 404
        )
    with httpx.Client(verify=TLS, trust_env=False) as other:
        with pytest.raises(FlextExceptions.NotFoundError) as info, translated(passthrough=True):
            other.get(httpserver.url_for("/a")).raise_for_status()
        assert info.value.http_status == 404
        with pytest.raises(FlextExceptions.NotFoundError) as info:
            result_of(other.get(httpserver.url_for("/a")), passthrough=True)
        assert info.value.http_status == 404


def test_an_adapter_may_try_again_itself(httpserver: HTTPServer, client: HTTPClientWithFlextExceptions) -> None:
    """Where it gives up, nothing of the answers is left."""
    client.base_url = answering(httpserver, "", 503)
    retry = Retry(total=2, status_forcelist=[503])
    client.session.mount("http://", requests.adapters.HTTPAdapter(max_retries=retry))
    error = caught(client.get, "")
    assert type(error) is FlextExceptions.ConnectionError and len(httpserver.log) == 3


def test_a_service_that_is_busy_is_asked_again(
    httpserver: HTTPServer, client: HTTPClientWithFlextExceptions, entries: list[Any]
) -> None:
    """Not before the time that it names; one that refuses is not."""
    recovery = ExceptionRecoveryManager(sleeping=False)
    fetch = recovery.with_recovery()(client.get)
    client.base_url = httpserver.url_for("/")
    busy = Response("", 503, {"Retry-After": "7"})
    for answer in (busy, Response("", 429, {"Retry-After": "9"}), Response('{"id": 1}')):
        httpserver.expect_ordered_request("/a").respond_with_response(answer)
    assert fetch("/a", correlation_id="req-1") == {"id": 1}
    assert [(int(entry.wait_seconds), entry.correlation_id) for entry in entries] == [(7, "req-1"), (9, "req-1")]
    httpserver.clear()
    httpserver.expect_request("/a").respond_with_data(status=403)
    error = caught(fetch, "/a")
    assert (len(httpserver.log), error.context["recovery_attempted"]) == (1, False)


def test_an_error_that_requests_forgets_is_typed_too(client: HTTPClientWithFlextExceptions) -> None:
    """It lets one of urllib3's through."""
    client.base_url = f"http://{'a' * 64}.invalid"
    error = caught(client.get, "/a")
    assert type(error) is FlextExceptions.ProcessingError
    assert not isinstance(error.__cause__, requests.RequestException)


def test_what_is_no_error_of_the_library_passes(client: HTTPClientWithFlextExceptions) -> None:
    """Ctrl-C, a hook of the program's, and a typed error."""
    for error in (KeyboardInterrupt(), ValueError("hook"), FlextExceptions.CriticalError("m")):
        with mock.patch.object(client.session, "request", side_effect=error), pytest.raises(type(error)) as info:
            client.get("/a")
        assert info.value is error and error.__cause__ is None


def test_an_error_being_handled_is_not_taken_for_the_reason(ask: Ask) -> None:
    """It is the context of what happened here, and lends it its id; what it says stays, secrets and all."""
    with serving(b"SSH-2.0\r\n\r\n") as url:
        try:
            raise OSError(5, "disk token=1") from FlextExceptions.Error("m", correlation_id="first")
        except OSError as handled:
            error = caught(ask, f"{url}/?token=1")
            assert handled.strerror == "disk token=1"
    assert type(error) is FlextExceptions.ConnectionError and error.correlation_id == "first"
    assert "disk" not in str(error) and "disk" not in error.context["original_error"]


def test_eight_threads_share_a_client(httpserver: HTTPServer, client: HTTPClientWithFlextExceptions) -> None:
    """Each has its own answers, errors and ids."""
    httpserver.expect_request("/ok").respond_with_handler(
        lambda request: Response(json.dumps(request.headers["X-Request-ID"]))
    )
    httpserver.expect_request("/no").respond_with_handler(
        lambda request: Response(request.headers["X-Request-ID"], 404)
    )
    client.base_url = httpserver.url_for("/")

    def work(index: int) -> None:
        for number in range(5):
            name = f"{index}-{number}"
            with FlextExceptions.correlation(name):
                assert client.get("/ok") == name
            error = caught(client.get, "/no", correlation_id=name)
            assert (error.correlation_id, error.context["response_body"]["message"]) == (name, name)

    hostile.in_threads(work)
    assert FlextExceptions.get_metrics() == {"NotFoundError": 40}


# httpx alone


def test_raise_for_status_is_translated() -> None:
    """Also of an answer that is streamed and was not read, and of a redirect that is not followed."""
    with httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(404, text="x"))) as client:
        with pytest.raises(FlextExceptions.NotFoundError) as info, translated():
            client.get("http://ada:1234@a/b?token=1234").raise_for_status()
        assert isinstance(info.value.__cause__, httpx.HTTPStatusError)
        assert "1234" not in "".join(traceback.format_exception_only(info.value.__cause__)) + str(info.value)
    stream = httpx.Response(503, stream=httpx.ByteStream(b"x"), request=httpx.Request("GET", "http://a/b"))
    with pytest.raises(FlextExceptions.ProcessingError, match="not read"), translated():
        stream.raise_for_status()
    other_id = httpx.Request("GET", "http://a/b", headers={"x-request-id": "sent"})
    with pytest.raises(FlextExceptions.NotFoundError) as fourth, translated("bound"):
        result_of(httpx.Response(404, request=other_id))
    assert fourth.value.correlation_id == "sent"
    moved = httpx.Response(302, request=httpx.Request("GET", "http://a/b"))
    with pytest.raises(FlextExceptions.ProcessingError) as third, translated():
        moved.raise_for_status()
    assert (third.value.http_status, third.value.context["status_code"]) == (500, 302)


def test_each_timeout_of_httpx_is_told() -> None:
    """There are four."""
    request = httpx.Request(
        "GET", "http://a/b", extensions={"timeout": {"connect": 1, "read": 2, "write": 3, "pool": 4}}
    )
    kinds = [httpx.ConnectTimeout, httpx.ReadTimeout, httpx.WriteTimeout, httpx.PoolTimeout]
    for seconds, kind in enumerate(kinds, 1):
        with pytest.raises(FlextExceptions.TimeoutError) as info, translated():
            raise kind("late", request=request)
        assert info.value.timeout_seconds == seconds
    with pytest.raises(FlextExceptions.TimeoutError, match=r"^HTTP request timed out$"), translated():
        raise httpx.ReadTimeout("late")


@pytest.mark.parametrize("later", [False, True], ids=["sync", "async"])
def test_a_typed_error_leaves_a_translated_function_as_it_is(later: bool) -> None:
    """The function's own say more than any translation."""
    error = FlextExceptions.NotFoundError("no such product", resource_id="A-1")

    def find() -> None:
        raise error

    async def find_later() -> None:
        raise error

    with pytest.raises(FlextExceptions.NotFoundError) as info:
        asyncio.run(translated(find_later)()) if later else translated(find)()
    assert info.value is error and error.__cause__ is None


def test_a_stream_that_is_misused_is_typed() -> None:
    """Read twice, or not at all."""
    with httpx.Client(
        transport=httpx.MockTransport(lambda request: httpx.Response(200, content=iter([b"1"])))
    ) as client:
        with pytest.raises(FlextExceptions.ProcessingError, match="HTTP request failed"), translated():  # noqa: SIM117
            with client.stream("GET", "http://a/b") as response:
                list(response.iter_raw())
                list(response.iter_raw())
        with client.stream("GET", "http://a/b") as response:
            with pytest.raises(FlextExceptions.ProcessingError, match="not read"):
                result_of(response)
            response.read()
            assert result_of(response) == 1


def test_a_function_may_be_translated_as_a_whole() -> None:
    """Sync or async, with parentheses or without; each call binds the id anew."""

    def fail() -> None:
        raise httpx.ReadTimeout("late")

    async def fail_later() -> None:
        await asyncio.sleep(0)
        raise httpx.ReadTimeout("late")

    for decorate in (translated, translated(), translated("given")):
        with pytest.raises(FlextExceptions.TimeoutError):
            decorate(fail)()
        decorated = decorate(fail_later)
        assert (decorated.__name__, inspect.iscoroutinefunction(decorated)) == ("fail_later", True)
        with pytest.raises(FlextExceptions.TimeoutError):
            asyncio.run(decorated())
    assert translated("given")(lambda: FlextExceptions.Error("m").correlation_id)() == "given"


def test_what_the_program_does_within_a_block_passes() -> None:
    """Its own code, and what the library calls of it."""

    def handle(request: httpx.Request) -> httpx.Response:
        raise ValueError("the program's")

    with httpx.Client(transport=httpx.MockTransport(handle)) as client:
        with pytest.raises(ValueError, match="the program's") as info, translated():
            client.get("http://a/b")
        assert not isinstance(info.value, FlextExceptions)
    with pytest.raises(json.JSONDecodeError), translated():
        json.loads("{")


def test_what_is_no_error_of_httpx_passes() -> None:
    """Typed errors, foreign ones, and the cancelling of a task; success leaves no trace."""
    for error in (FlextExceptions.CriticalError("m"), LookupError("k"), asyncio.CancelledError(), KeyboardInterrupt()):
        with pytest.raises(type(error)) as info, translated("id"):
            raise error
        assert info.value is error and error.__cause__ is None
    with translated("id"):
        assert FlextExceptions.Error("m").correlation_id == "id"
    assert correlation_headers() == {}


def test_eight_threads_share_a_client_of_httpx(httpserver: HTTPServer) -> None:
    """Each has its own ids."""
    httpserver.expect_request("/no").respond_with_handler(
        lambda request: Response(request.headers["X-Request-ID"], 404)
    )
    with httpx.Client(verify=TLS, trust_env=False) as shared:

        def work(index: int) -> None:
            for number in range(5):
                name = f"{index}-{number}"
                with pytest.raises(FlextExceptions.NotFoundError) as info, translated(name):
                    result_of(shared.get(httpserver.url_for("/no"), headers=correlation_headers()))
                assert (info.value.correlation_id, info.value.context["response_body"]["message"]) == (name, name)

        hostile.in_threads(work)
    assert FlextExceptions.get_metrics() == {"NotFoundError": 40}


def test_many_tasks_share_an_async_client(httpserver: HTTPServer) -> None:
    """Each has its own id."""
    httpserver.expect_request("/no").respond_with_handler(
        lambda request: Response(request.headers["X-Request-ID"], 404)
    )

    async def one(client: httpx.AsyncClient, name: str) -> None:
        with pytest.raises(FlextExceptions.NotFoundError) as info, translated(name):
            result_of(await client.get(httpserver.url_for("/no"), headers=correlation_headers()))
        assert (info.value.correlation_id, info.value.context["response_body"]["message"]) == (name, name)

    async def all_of_them() -> None:
        async with httpx.AsyncClient(verify=TLS, trust_env=False) as client:
            await asyncio.gather(*(one(client, str(number)) for number in range(20)))

    asyncio.run(all_of_them())
    assert threading.active_count() < 50
