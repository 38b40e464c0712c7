"""Whatever a server answers and a URL contains, the result is a typed error without secrets."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flext_exceptions import FlextExceptions
from flext_exceptions._internal.raised_within import raised_within
from flext_exceptions.web.upstream import (
    Request,
    Response,
    correlation_headers,
    error_for_failure,
    error_for_response,
    result,
    retry_after,
)
from flext_exceptions.web.urls import hide, shown_url

REQUEST = Request("GET", "http://stock/A-1", None)
WORDS = st.text(max_size=20)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)
MEMBERS = st.sampled_from(
    "type title status detail instance code correlation_id context retry_after stack_trace".split()
)


@given(status=st.integers(100, 999), body=st.binary(max_size=50) | JSON.map(lambda value: json.dumps(value).encode()))
@settings(deadline=None, max_examples=100)
def test_any_answer_has_a_result_or_a_typed_error(status: int, body: bytes) -> None:
    """Nothing else comes out."""
    try:
        found = result(REQUEST, Response(status, {}, body))
    except FlextExceptions.BaseError as error:
        assert error.context["status_code"] == status
        assert status >= 400 or type(error) is FlextExceptions.ProcessingError
        json.dumps(error.to_dict(), allow_nan=False)
    else:
        assert status < 400
        assert found is None or json.dumps(found) == json.dumps(json.loads(body))


@given(document=st.dictionaries(MEMBERS | WORDS, JSON, max_size=8), status=st.integers(400, 599))
@settings(deadline=None, max_examples=100)
def test_any_problem_document_becomes_a_typed_error(document: dict[str, Any], status: int) -> None:
    """With what was asked and answered."""
    headers = {"Content-Type": "application/problem+json"}
    error = error_for_response(REQUEST, Response(status, headers, json.dumps(document).encode()), passthrough=True)
    assert (error.http_status, error.context["status_code"], error.context["method"]) == (status, status, "GET")
    assert error.context["url"] == "http://stock/A-1"
    assert error.correlation_id == error.context["correlation_id"] != ""
    json.dumps(error.to_dict(), allow_nan=False)


@given(
    key=st.sampled_from(["token", "access_token", "apiKey", "db-password", "user[secret]", "X-Api-Key"]),
    secret=st.text(min_size=1, max_size=20).map(lambda text: f"zq{text}zq"),
    others=st.dictionaries(st.sampled_from(["page", "q", "sort"]), st.integers(), max_size=3),
)
def test_no_secret_of_a_url_is_shown_and_the_rest_stays(key: str, secret: str, others: dict[str, int]) -> None:
    """However it is written."""
    value = quote(secret, safe="", errors="backslashreplace")
    rest = urlencode(others)
    url = f"https://{value}:{value}@shop.example:8443/a/b?{rest}&{quote(key)}={value}#{value}"
    shown = shown_url(url)
    assert shown == f"https://shop.example:8443/a/b?{rest}&{quote(key)}=[redacted]"
    error = FlextExceptions.Error("m")
    error.__class__ = type("Foreign", (FlextExceptions.Error,), {"__module__": "httpx"})
    error.args = (f"failed: {url.partition('#')[0]}", 3)
    hide(error, url)
    assert error.args == (f"failed: {shown}", 3)


URLS = {
    "http://a/b": "http://a/b",
    "http://a/b?": "http://a/b",
    "http://a/b?x": "http://a/b?x",
    "http://a/b?token": "http://a/b?token",
    "http://a/b?token=": "http://a/b?token=[redacted]",
    "http://a/b?token_count=3": "http://a/b?token_count=3",
    "http://a/b?a=1&a=2&x=%20": "http://a/b?a=1&a=2&x=%20",
    "http://a/b?next=/c%3Ftoken%3D1": "http://a/b?next=[redacted]",
    "http://u@a/@b": "http://a/@b",
    "http://u:p@x@a/b": "http://a/b",
    "http://[::1]:8/b": "http://[::1]:8/b",
    "http://[::1/b": "[redacted]",
    "": "",
}


@pytest.mark.parametrize("url", URLS)
def test_a_url_is_shown_as_it_is_but_for_secrets(url: str) -> None:
    """Nothing is sorted or written otherwise."""
    assert shown_url(url) == URLS[url]


def test_the_words_that_are_secret_are_those_of_the_settings() -> None:
    """At once."""
    assert shown_url("http://a/?pin=1&token=2") == "http://a/?pin=1&token=[redacted]"
    FlextExceptions.configure_error_handling({"redact_keys": ["pin"]}).unwrap()
    assert shown_url("http://a/?pin=1&token=2") == "http://a/?pin=[redacted]&token=2"


def test_only_what_the_libraries_said_is_changed() -> None:
    """Not what the program says, and nothing where the url holds no secret."""
    own = ValueError("http://a/?token=1")
    hide(own, "http://a/?token=1")
    assert own.args == ("http://a/?token=1",)
    foreign = type("Foreign", (Exception,), {"__module__": "urllib3.exceptions"})("http://[::1?token=1", own)
    foreign.__cause__ = own
    hide(foreign, "http://a/?page=1")
    assert foreign.args[0] == "http://[::1?token=1"
    hide(foreign, "http://[::1?token=1")
    assert foreign.args == ("[redacted]", own) and own.args == ("http://a/?token=1",)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0), ("120", 120), (" 7 ", 7), ("1.5", 1.5), ("00", 0), ("", None), ("-1", None), ("1e3", None),
        ("inf", None), ("nan", None), ("1_0", None), ("٣", None), ("9" * 400, None), ("soon", None), ("1,2", None),
        ("Fri, 31 Dec 1999 23:59:59 GMT", 59), ("Friday, 31-Dec-99 23:59:59 GMT", 59), ("Fri Dec 31 23:59:59 1999", 59),
        ("Fri, 31 Dec 1999 23:58:00 GMT", 0), ("Fri, 99 Dec 1999 23:58:00 GMT", None), ("Fri, 31 Dec", None),
        ("Fri, 31 Dec 99999 23:59:59 GMT", None),
    ],
)  # fmt: skip
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    """In each of the three forms that RFC 9110 has for dates; anything else is as if it were not there."""
    assert retry_after({"Retry-After": value, "Date": "Fri, 31 Dec 1999 23:59:00 GMT"}) == seconds


def test_a_date_without_a_zone_is_greenwich_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the program runs."""
    headers = {"Retry-After": "Fri Dec 31 23:59:59 1999", "Date": "Fri, 31 Dec 1999 23:59:00 GMT"}
    monkeypatch.setenv("TZ", "America/Chicago")
    time.tzset()
    try:
        assert retry_after(headers) == 59
    finally:
        monkeypatch.undo()
        time.tzset()


@given(st.integers(0, 10**9), st.integers(0, 10**6))
def test_a_date_is_held_against_the_date_of_the_answer(now: int, wait: int) -> None:
    """Whatever the clock says here."""
    dates = [format_datetime(datetime.fromtimestamp(time, UTC), usegmt=True) for time in (now, now + wait)]
    assert retry_after({"Date": dates[0], "Retry-After": dates[1]}) == wait
    assert retry_after({"Date": dates[1], "Retry-After": dates[0]}) == 0


@given(st.text(min_size=1))
def test_any_id_can_be_sent(name: str) -> None:
    """In visible ASCII characters; an id of these is not changed."""
    sent = correlation_headers(name)["X-Request-ID"]
    assert sent.isascii() and sent.isprintable() and " " not in sent
    assert correlation_headers(sent)["X-Request-ID"] == sent


def test_without_an_id_no_header_is_sent() -> None:
    """Nor for an empty one; a bound one is the default."""
    assert correlation_headers() == correlation_headers("") == {}
    with FlextExceptions.correlation("bound"):
        assert correlation_headers() == {"X-Request-ID": "bound"}
        assert correlation_headers("") == {}


def test_an_id_of_the_server_is_cut() -> None:
    """Anybody may answer."""
    error = error_for_response(REQUEST, Response(404, {"X-Request-ID": "x" * 10_000}, b""))
    assert error.correlation_id == "x" * 200


def test_with_correlation_off_there_is_no_fresh_id() -> None:
    """The context says so."""
    FlextExceptions.configure_error_handling({"error_correlation_enabled": False}).unwrap()
    assert error_for_response(REQUEST, Response(404, {}, b"")).context["correlation_id"] == ""


def test_a_status_that_nobody_knows_is_an_error() -> None:
    """The context has the original."""
    error = error_for_response(REQUEST, Response(999, {}, b""))
    assert (type(error), error.http_status, error.context["status_code"]) == (FlextExceptions.ProcessingError, 500, 999)
    assert str(error) == "Server error: Internal server error"


def test_a_failure_without_a_url_says_so() -> None:
    """An error without a message is named by its class."""
    request = Request("", "", None)
    error = error_for_failure(request, FlextExceptions.ConnectionError, OSError(), None)
    assert (str(error), error.context["original_error"]) == ("Failed to connect to the server", "OSError")


@pytest.mark.parametrize("kind", ["urn:flext-exceptions:type:ConnectionError", "https://users.example/busy"])
def test_a_problem_without_a_detail_says_its_title(kind: str) -> None:
    """As our own middlewares leave it out of a fault that another library explained."""
    body = json.dumps({"type": kind, "title": "Connection error", "status": 503}).encode()
    answer = Response(503, {"Content-Type": "application/problem+json"}, body)
    error = error_for_response(Request("GET", "http://users/42", "req-1"), answer)
    if "flext" in kind:
        assert (type(error), str(error)) == (FlextExceptions.ConnectionError, "Connection error")
    else:
        assert (type(error), str(error)) == (FlextExceptions.ProcessingError, "Server error: Connection error")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 418, 422, 429, 499])
def test_a_refusal_of_another_service_is_a_502_to_our_caller(status: int) -> None:
    """Whether it is a problem document or not; with passthrough it is what it is."""
    problem = FlextExceptions.PermissionError("not yours").to_problem()
    headers = {"Content-Type": "application/problem+json"}
    for answer in (Response(status, {}, b"no"), Response(status, headers, json.dumps(problem).encode())):
        error = error_for_response(REQUEST, answer)
        assert (error.http_status, error.context["status_code"]) == (502, status)
        assert error_for_response(REQUEST, answer, passthrough=True).http_status == status


def test_a_fault_of_another_service_keeps_its_status() -> None:
    """It was none of our caller's doing in the first place."""
    for status in (500, 503, 504, 599):
        assert error_for_response(REQUEST, Response(status, {}, b"")).http_status == status


def test_what_answered_is_kept_for_the_log_without_its_secrets() -> None:
    """Headers and body."""
    headers = {"X-Trace": "7", "Set-Cookie": "sid=hunter2"}
    error = error_for_response(REQUEST, Response(404, headers, b'{"message": "no", "token": "hunter2"}'))
    assert error.context["response_headers"] == {"X-Trace": "7", "Set-Cookie": "[redacted]"}
    assert error.context["response_body"] == {"message": "no", "token": "[redacted]"}


def test_another_services_alarm_is_not_ours() -> None:
    """A critical error of the upstream is an ordinary error here."""
    problem = FlextExceptions.CriticalError("disk full").to_problem()
    headers = {"Content-Type": "application/problem+json"}
    error = error_for_response(REQUEST, Response(500, headers, json.dumps(problem).encode()))
    assert isinstance(error, FlextExceptions.CriticalError) and error.severity == "error"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"message": "no", "detail": "x"}', "no"), (b'{"detail": "gone"}', "gone"), (b'{"title": "No"}', "No"),
        (b'{"message": 3}', "Invalid request"), (b"[1]", "Invalid request"), (b"plain", "plain"),
        (b"", "Invalid request"), (b'{"message": "{}{0}%s"}', "{}{0}%s"),
        (b'{"message": "' + b"x" * 999 + b'"}', "x" * 195 + "..."),
    ],
)  # fmt: skip
def test_the_message_is_what_the_service_says(body: bytes, said: str) -> None:
    """Cut where it is long; else words of our own."""
    assert str(error_for_response(REQUEST, Response(400, {}, body))) == f"Bad request: {said}"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json; charset=iso-8859-1", '{"a": "é"}'.encode("latin-1")),
        ("application/json; charset=ISO-8859-1", '{"a": "é"}'.encode("latin-1")),
        ('application/json; charset="cp1252"', '{"a": "é"}'.encode("cp1252")),
        ("application/json; charset=utf-16", '{"a": "é"}'.encode("utf-16")),
        ("application/json; charset=utf-8", '{"a": "é"}'.encode("utf-8-sig")),
        ("application/json; charset=UTF_8", '{"a": "é"}'.encode()),
        ("application/json; charset=nonsense", '{"a": "é"}'.encode()),
        ("application/json; charset=ascii", '{"a": "é"}'.encode()),
        ("application/json", '{"a": "é"}'.encode("utf-32")),
        ("", '{"a": "é"}'.encode()),
    ],
)
def test_a_declared_charset_is_used(kind: str, body: bytes) -> None:
    """One that is unknown, or is not what the body is in, is as if it were not there."""
    assert result(REQUEST, Response(200, {"Content-Type": kind}, body)) == {"a": "é"}
    assert error_for_response(REQUEST, Response(400, {"Content-Type": kind}, body)).context["response_body"] == {
        "a": "é"
    }


def test_a_body_that_was_not_read_says_so() -> None:
    """It is not taken for an empty one."""
    unread = r"^The response is streamed and has not been read: call read\(\)"
    with pytest.raises(FlextExceptions.ProcessingError, match=unread) as caught:
        result(REQUEST, Response(200, {}, None))
    assert (caught.value.code, caught.value.operation) == ("PROCESSING_ERROR", "json_decode")
    assert (caught.value.context["status_code"], caught.value.context["url"]) == (200, REQUEST.url)
    error = error_for_response(REQUEST, Response(503, {}, None))
    assert "not been read" in str(error) and "not been read" in error.context["response_body"]["message"]


def test_who_raised_an_error_is_told_by_the_last_frame_that_is_not_pythons_own() -> None:
    """The library's failure may show in a module that it uses, and a hook's within the library's call."""
    library: dict[str, Any] = {"__name__": "requests.models", "json": json}
    exec("def send(value, hook=None): return json.dumps(value) if hook is None else hook(value)", library)
    with pytest.raises(TypeError) as caught:
        library["send"](object())
    assert raised_within(caught.value, {"requests"}) and not raised_within(caught.value, {"httpx"})
    with pytest.raises(TypeError) as caught:
        library["send"](object(), hook=json.dumps)
    assert raised_within(caught.value, {"requests"})
    with pytest.raises(TypeError) as caught:
        library["send"](object(), hook=lambda value: json.dumps(value))
    assert not raised_within(caught.value, {"requests"})
