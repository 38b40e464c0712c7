import socket
import urllib.error

import pytest

from shop.money import Money
from shop.network import FeedError, fetch_feed, track


def unused_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def test_feed(supplier):
    url, pages = supplier
    pages["/feed"] = (200, "application/json", b'{"BK-1001": "9.80"}')
    assert fetch_feed(url + "/feed") == {"BK-1001": Money(980)}


@pytest.mark.parametrize(("page", "message"), [
    ((200, "text/html", b"<h1>Closed</h1>"), "the supplier sent text/html"),
    ((200, "application/json", b'{"BK-1001":\n'), "the feed is broken in line 2"),
    ((503, "text/plain", b""), "the supplier failed with status 503"),
])
def test_answer_that_is_no_feed(supplier, page, message):
    url, pages = supplier
    pages["/feed"] = page
    with pytest.raises(FeedError, match=message):
        fetch_feed(url + "/feed")


def test_feed_that_is_not_there(supplier):
    with pytest.raises(FileNotFoundError, match="the supplier has no feed at .*/feed"):
        fetch_feed(supplier[0] + "/feed")


def test_address_that_is_none():
    with pytest.raises(ValueError, match="not a web address: 'ftp://supplier'"):
        fetch_feed("ftp://supplier")


def test_supplier_that_is_down():
    with pytest.raises(ConnectionError, match="the supplier cannot be reached") as caught:
        fetch_feed(f"http://127.0.0.1:{unused_port()}/")
    assert isinstance(caught.value.__cause__, urllib.error.URLError)


def test_supplier_that_never_answers():
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = "http://127.0.0.1:%d/" % server.getsockname()[1]
        with pytest.raises(TimeoutError, match="the supplier took longer than 0.1 seconds"):
            fetch_feed(url, timeout=0.1)


def test_parcel(carrier):
    address, parcels = carrier
    parcels["DHL-7"] = b"OK in Bremen\n"
    assert track(address, "DHL-7") == "in Bremen"
    with pytest.raises(LookupError, match="the carrier does not know DHL-8"):
        track(address, "DHL-8")


@pytest.mark.parametrize(("answer", "kind", "message"), [
    (b"", EOFError, "^$"),
    (b"OK in Bre", ConnectionResetError, "stopped in the middle: 'OK in Bre'"),
    (b"BUSY later\n", OSError, "the carrier answered 'BUSY later'"),
])
def test_answer_that_is_none(carrier, answer, kind, message):
    address, parcels = carrier
    parcels["DHL-7"] = answer
    with pytest.raises(kind, match=message):
        track(address, "DHL-7")


def test_carrier_that_is_down():
    with pytest.raises(ConnectionRefusedError, match="the carrier at 127.0.0.1:.* does not answer"):
        track(("127.0.0.1", unused_port()), "DHL-7")
