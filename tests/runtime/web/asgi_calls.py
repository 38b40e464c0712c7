"""Applications, and calls of an ASGI application without a server."""

from __future__ import annotations

import asyncio
from typing import Any


def raising(error: BaseException, *first: dict[str, Any]) -> Any:
    """An application that sends these messages, and fails."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        for message in first:
            await send(message)
        raise error

    return app


def run(app: Any, type: str = "http", **scope: Any) -> list[dict[str, Any]]:
    """What an application sends to the server."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app({"type": type, "headers": [(b"x-request-id", b"req-1")], **scope}, None, send))
    return sent
