"""A small catalogue, and real servers on the loopback interface."""

import contextlib
import socketserver
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from shop.catalog import read_csv

CSV = """\
sku,name,price,category
BK-1001,The Tin Drum,19.99,books
BK-1002,Tin Soldiers,7.50,books
TOY-300,Spinning top,12.00,
"""


@pytest.fixture
def csv_file(tmp_path):
    path = tmp_path / "catalog.csv"
    path.write_text(CSV)
    return path


@pytest.fixture
def catalog(csv_file):
    return read_csv(csv_file)


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
    """A web server; tests say in ``pages`` what a path answers: status, content type, body."""
    pages = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            status, content_type, body = pages.get(self.path, (404, "text/plain", b""))
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    with running(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as (host, port):
        yield f"http://{host}:{port}", pages


@pytest.fixture
def carrier():
    """A server of the tracking protocol; tests say in ``parcels`` what it answers."""
    parcels = {}

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            number = self.rfile.readline().decode().split()[1]
            self.wfile.write(parcels.get(number, b"UNKNOWN\n"))

    with running(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)) as address:
        yield address, parcels
