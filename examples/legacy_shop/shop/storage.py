"""Orders in a SQLite file."""

import json
import logging
import sqlite3
import time

from shop.money import parse_money
from shop.orders import Order

log = logging.getLogger(__name__)

VERSION = 3
SCHEMA = """
CREATE TABLE orders (
    number TEXT PRIMARY KEY,
    lines TEXT NOT NULL,
    total TEXT NOT NULL,
    state TEXT NOT NULL
)
"""


class Storage:
    """The order book; use it in a ``with`` statement, or close it."""

    def __init__(self, path):
        self._connection = sqlite3.connect(path)
        try:
            self._prepare(path)
        except:
            self._connection.close()
            raise

    def _prepare(self, path):
        try:
            (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        except sqlite3.DatabaseError as err:
            raise OSError(f"{path} is no order book") from err
        if version > VERSION:
            raise RuntimeError("%s was written by a newer version of the shop" % path)
        if 0 < version < VERSION:
            raise Exception("schema %d is too old, upgrade with release 2.9 first" % version)
        if version == 0:
            with self._connection:
                self._connection.execute(SCHEMA)
                self._connection.execute("PRAGMA user_version = %d" % VERSION)

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.close()

    def close(self):
        self._connection.close()

    def save(self, order):
        row = (order.number, json.dumps(order.lines), str(order.total), order.state)
        try:
            with self._connection:
                self._connection.execute("INSERT INTO orders VALUES (?, ?, ?, ?)", row)
        except sqlite3.IntegrityError as err:
            if "UNIQUE" in str(err):
                raise ValueError(f"order {order.number} is in the book already") from err
            raise
        except sqlite3.ProgrammingError as err:
            log.error("order %s was not saved", order.number)
            raise err

    def load(self, number):
        row = self._connection.execute(
            "SELECT number, lines, total, state FROM orders WHERE number = ?", (number,)
        ).fetchone()
        if row is None:
            raise LookupError("order {} is not in the book".format(number))
        number, lines, total, state = row
        return Order(number, [tuple(line) for line in json.loads(lines)], parse_money(total), state)

    def numbers(self):
        return [number for (number,) in self._connection.execute(
            "SELECT number FROM orders ORDER BY number")]


def retrying(action, attempts=3, pause=0.05):
    """Return ``action()``; try again while another process has the file locked."""
    for _ in range(attempts):
        try:
            return action()
        except sqlite3.OperationalError as err:
            log.warning("database is busy: %s", err)
            time.sleep(pause)
    raise
