"""A small catalogue, files of it, and real servers on the loopback interface."""

import contextlib
import socketserver
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from shop.catalog import Catalog, Product
from shop.money import Money

CSV = """\
sku,name,price,category
BK-1001,The Tin Drum,19.99,books
BK-1002,Tin Soldiers,7.50,books
TOY-300,Spinning top,12.00,
"""


@pytest.fixture
def catalog():
    return Catalog([
        Product("BK-1001", "The Tin Drum", Money(1999), "books"),
        Product("BK-1002", "Tin Soldiers", Money(750), "books"),
        Product("TOY-300", "Spinning top", Money(1200)),
    ])


@pytest.fixture
def csv_file(tmp_path):
    path = tmp_path / "catalog.csv"
    path.write_text(CSV)
    return path


@contextlib.contextmanager
def running(server):
    """Run a socket server in a thread and give its address."""
    with server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_address
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def supplier():
    """An http server; tests say in ``pages`` what a path answers: status, content type, body."""
    pages = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            status, content_type, body = pages.get(self.path, (404, "text/plain", b"no such page"))
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    with running(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as (host, port):
        yield f"http://{host}:{port}", pages


@pytest.fixture
def carrier():
    """A server that answers one line of the tracking protocol from ``parcels``."""
    parcels = {}

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            _, _, number = self.rfile.readline().decode().strip().partition(" ")
            self.wfile.write(parcels.get(number, b"UNKNOWN\n"))

    with running(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)) as address:
        yield address, parcels
