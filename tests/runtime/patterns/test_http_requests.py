"""The HTTP client on requests: base, session, timeouts, subclasses, retries by an adapter, threads."""

from __future__ import annotations

import json
from typing import Any
from unittest import mock

import httpx
import pytest
import requests
from pytest_httpserver import HTTPServer
from urllib3.util import Retry
from werkzeug import Response

from flext_exceptions import FlextExceptions
from flext_exceptions.patterns.http import HTTPClientWithFlextExceptions
from flext_exceptions.patterns.httpx import result_of, translated
from flext_exceptions.patterns.recovery import ExceptionRecoveryManager
from tests.runtime.patterns import hostile
from tests.runtime.patterns.http_calls import (
    TLS,
    Ask,
    answering,
    caught,
)
from tests.runtime.patterns.loopback import serving

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
    """A number or a pair; 30 by default."""
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
