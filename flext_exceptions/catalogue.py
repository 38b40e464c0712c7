"""The catalogue: every type with its facts, read from the classes. It is for tools; the runtime does not import it.

>>> TARGETS["ValueError"].name, TARGETS["ValueError"].http_status
('ValidationError', 400)
"""

from __future__ import annotations

import builtins
from typing import NamedTuple

from . import FlextExceptions

BaseError = FlextExceptions.BaseError


class Row(NamedTuple):
    """The facts of one type."""

    name: str
    type: builtins.type[BaseError]
    builtin: builtins.type[Exception]
    code: str
    title: str
    category: str
    keywords: tuple[str, ...]
    http_status: int
    grpc_status: str
    severity: str
    retryable: bool


def _row(name: str, cls: type[BaseError]) -> Row:
    builtin = next(base for base in cls.__mro__ if base.__module__ == "builtins")
    return Row(
        name,
        cls,
        builtin,
        cls.code,
        cls.title,
        cls.category,
        (*cls._keywords, *cls._native_keywords),
        cls.http_status,
        cls.grpc_status,
        cls.severity,
        cls.retryable,
    )


ROWS: tuple[Row, ...] = tuple(
    _row(name, cls)
    for name, cls in vars(FlextExceptions).items()
    if isinstance(cls, type) and issubclass(cls, BaseError) and cls.__name__ == name
)
"""One row for each type, in the order of definition."""

# The first type with a builtin as its base is the one that the same except clauses catch.
TARGETS: dict[str, Row] = {row.builtin.__name__: row for row in reversed(ROWS)}
"""The catch-equivalent type of each builtin, by the builtin's name."""
