"""Whatever a server says, and whatever stands in a url, it becomes a typed error and tells no secret."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flext_exceptions import FlextExceptions
from flext_exceptions.web.upstream import (
    Request,
    Response,
    correlation_headers,
    error_for_failure,
    error_for_response,
    hide,
    host,
    result,
    retry_after,
    shown_url,
)

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
    error = error_for_response(REQUEST, Response(status, headers, json.dumps(document).encode()))
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


@given(st.integers(0, 10**9), st.integers(0, 10**6))
def test_a_date_is_held_against_the_date_of_the_answer(now: int, wait: int) -> None:
    """Whatever the clock says here."""
    dates = [format_datetime(datetime.fromtimestamp(time, UTC), usegmt=True) for time in (now, now + wait)]
    assert retry_after({"Date": dates[0], "Retry-After": dates[1]}) == wait
    assert retry_after({"Date": dates[1], "Retry-After": dates[0]}) == 0


@given(st.text(min_size=1))
def test_any_id_can_be_sent(name: str) -> None:
    """In visible characters of ASCII; such an id as it is."""
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
    """Of no type that says more; what it was stands in the context."""
    error = error_for_response(REQUEST, Response(999, {}, b""))
    assert (type(error), error.http_status, error.context["status_code"]) == (FlextExceptions.Error, 500, 999)
    assert str(error) == "GET http://stock/A-1: 999 is no status that is known"


def test_a_failure_without_a_url_says_so() -> None:
    """And the system's word is only its own: an error without a number is a library's."""
    request = Request("", "", None)
    error = error_for_failure(request, FlextExceptions.ConnectionError, OSError("all failed"), None)
    assert str(error) == "the request: no connection: OSError"
    assert host("http://[::1") == "[redacted]"


@pytest.mark.parametrize("kind", ["urn:flext-exceptions:type:ConnectionError", "https://users.example/busy"])
def test_a_problem_without_a_detail_says_its_title(kind: str) -> None:
    """As our own middlewares leave it out of a fault that another library explained."""
    body = json.dumps({"type": kind, "title": "Connection error", "status": 503}).encode()
    answer = Response(503, {"Content-Type": "application/problem+json"}, body)
    error = error_for_response(Request("GET", "http://users/42", "req-1"), answer)
    assert (type(error), str(error)) == (FlextExceptions.ConnectionError, "Connection error")
