"""Servers that misbehave: they hang, reset, break off, and have untrusted certificates."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

CERTIFICATE = Path(__file__).with_name("untrusted.pem")


@contextmanager
def serving(answer: bytes = b"", then: str = "close", tls: bool = False) -> Iterator[str]:
    """The url of a server that sends these bytes once something has come, and closes, resets or hangs."""
    done = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    kept: list[socket.socket] = []
    context = None
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)

    def serve() -> None:
        while True:
            connection, _ = listener.accept()
            if done.is_set():
                connection.close()
                return
            kept.append(connection)
            with suppress(OSError):  # the client leaves when it likes
                if context is not None:
                    connection = context.wrap_socket(connection, server_side=True)
                    kept.append(connection)
                connection.recv(65536)
                connection.sendall(answer)
                if then == "reset":
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                if then != "hang":
                    connection.close()

    thread = threading.Thread(target=serve)
    thread.start()
    port = listener.getsockname()[1]
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{port}"
    finally:
        done.set()
        socket.create_connection(("127.0.0.1", port)).close()  # wakes the thread
        thread.join()
        for each in [*kept, listener]:
            each.close()


def refusing() -> str:
    """Return the URL of a port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"
