"""Blocks and functions under ``translated``: the errors of httpx as typed ones, sync and async."""

from __future__ import annotations

import asyncio
import inspect
import json
import threading
import traceback

import httpx
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from flext_exceptions import FlextExceptions
from flext_exceptions.patterns.httpx import correlation_headers, result_of, translated
from tests.runtime.patterns import hostile
from tests.runtime.patterns.http_calls import (
    TLS,
)

# httpx alone


def test_raise_for_status_is_translated() -> None:
    """Also of an answer that is streamed and was not read, and of a redirect that is not followed."""
    with httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(404, text="x"))) as client:
        with pytest.raises(FlextExceptions.NotFoundError) as info, translated():
            client.get("http://ada:1234@a/b?token=1234").raise_for_status()
        assert isinstance(info.value.__cause__, httpx.HTTPStatusError)
        assert "1234" not in "".join(traceback.format_exception_only(info.value.__cause__)) + str(info.value)
    stream = httpx.Response(503, stream=httpx.ByteStream(b"x"), request=httpx.Request("GET", "http://a/b"))
    with pytest.raises(FlextExceptions.ProcessingError, match="not been read"), translated():
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
            with pytest.raises(FlextExceptions.ProcessingError, match="not been read"):
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
