"""Talking to others: the supplier's price feed (http) and the carrier's tracking (a socket)."""

import json
import socket
import urllib.error
import urllib.request

from .money import parse_money


class FeedError(Exception):
    """The supplier answered, but not with a feed."""


def fetch_feed(url, timeout=5):
    """Return the supplier's prices: SKU to Money."""
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"not a web address: {url!r}")
    try:
        with urllib.request.urlopen(url, timeout=timeout) as answer:
            if answer.headers.get_content_type() != "application/json":
                raise FeedError("the supplier sent " + answer.headers.get_content_type())
            prices = json.load(answer)
    except urllib.error.HTTPError as err:
        with err:
            if err.code == 404:
                raise FileNotFoundError(f"the supplier has no feed at {url}")
            raise FeedError("the supplier failed with status %d" % err.code) from err
    except TimeoutError as err:
        raise TimeoutError(f"the supplier took longer than {timeout} seconds") from err
    except urllib.error.URLError as err:
        raise ConnectionError("the supplier cannot be reached") from err
    except json.JSONDecodeError as err:
        raise FeedError("the feed is broken in line {}".format(err.lineno)) from err
    return {sku: parse_money(price) for sku, price in prices.items()}


def track(address, tracking, timeout=5):
    """Ask the carrier where a parcel is; ``address`` is (host, port)."""
    try:
        connection = socket.create_connection(address, timeout=timeout)
    except ConnectionRefusedError as err:
        raise ConnectionRefusedError("the carrier at %s:%d does not answer" % address) from err
    with connection, connection.makefile("rw", encoding="ascii", newline="\n") as stream:
        stream.write(f"TRACK {tracking}\n")
        stream.flush()
        line = stream.readline()
    if not line:
        raise EOFError
    if not line.endswith("\n"):
        raise ConnectionResetError(f"the carrier stopped in the middle: {line!r}")
    status, _, rest = line.rstrip().partition(" ")
    if status == "OK":
        return rest
    if status == "UNKNOWN":
        raise LookupError(f"the carrier does not know {tracking}")
    raise OSError("the carrier answered %r" % line.rstrip())  # noqa
