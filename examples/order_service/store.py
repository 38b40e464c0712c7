"""Orders in a database: the SQLite file or the PostgreSQL server of ``DATABASE_URL``."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import Any

from flext_exceptions.patterns.database import DatabaseExceptionTranslator

URL = os.environ.get("DATABASE_URL", "orders.sqlite")
POSTGRESQL = URL.startswith("postgresql:")
TABLE = "demo_orders"
COLUMNS = "number TEXT PRIMARY KEY, sku TEXT NOT NULL, quantity INTEGER NOT NULL CHECK (quantity > 0)"

translator = DatabaseExceptionTranslator("postgresql" if POSTGRESQL else "sqlite")


def connect() -> Any:
    """Return a new connection."""
    if POSTGRESQL:
        import psycopg

        return psycopg.connect(URL, connect_timeout=2)
    return sqlite3.connect(URL)


@translator.translated
def execute(statement: str, *values: object) -> None:
    """Execute one statement in a transaction of its own; ``?`` stands for a value."""
    with closing(connect()) as connection, connection:
        connection.execute(statement.replace("?", "%s") if POSTGRESQL else statement, values)


def create() -> None:
    """Start with an empty table."""
    execute(f"DROP TABLE IF EXISTS {TABLE}")
    execute(f"CREATE TABLE {TABLE} ({COLUMNS})")


def insert(number: str, sku: str, quantity: int) -> None:
    """Store an order."""
    execute(f"INSERT INTO {TABLE} (number, sku, quantity) VALUES (?, ?, ?)", number, sku, quantity)
