"""Ways to send a request, with requests and httpx, sync and async, and their results."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextvars import copy_context
from typing import Any
from unittest import mock

import httpx
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from flext_exceptions import FlextExceptions
from flext_exceptions.patterns.http import HTTPClientWithFlextExceptions
from flext_exceptions.patterns.httpx import correlation_headers, result_of, translated

Ask = Callable[..., Any]


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
