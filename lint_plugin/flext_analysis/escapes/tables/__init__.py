"""What functions outside the repository raise and return: one text file per package, read on demand.

A line is the dotted name of a function, the class of its result after an arrow if that class's methods are in a table,
a colon, and the dotted names of the classes it may raise, as its documentation says. ``#`` begins a comment. The tables
hold only what is certain and useful: what a function raises for its input, not what is raised for wrong types.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

from flext_exceptions import FlextExceptions

__all__ = ["Row", "built_in_raises", "built_in_results", "read_table"]


class Row(NamedTuple):
    """The row of a function: the classes it may raise, and that of its result, "" if not listed."""

    raises: tuple[str, ...]
    result: str = ""


def read_table(text: str) -> dict[str, Row]:
    """Return a table by function.

    Raises:
        ValueError: a line does not have the form ``function -> class: class class``; the message names it.

    >>> read_table("json.loads: json.decoder.JSONDecodeError  # no JSON")
    {'json.loads': Row(raises=('json.decoder.JSONDecodeError',), result='')}
    >>> read_table("sqlite3.Connection.cursor -> sqlite3.Cursor:")["sqlite3.Connection.cursor"].result
    'sqlite3.Cursor'
    """
    found: dict[str, Row] = {}
    for number, line in enumerate(text.splitlines(), 1):
        plain = line.partition("#")[0].strip()
        if plain:
            head, colon, classes = plain.partition(":")
            function, arrow, result = head.partition("->")
            if not colon or not (classes.split() or result.strip()) or (arrow and not result.strip()):
                message = f"line {number} of a table is no 'function -> class: class class': {plain!r}"
                raise FlextExceptions.ValidationError(message, field="table", value=plain, line=number)
            found[function.strip()] = Row(tuple(classes.split()), result.strip())
    return found


@cache
def built_in_table() -> dict[str, Row]:
    """Return the content of the tables here, by function."""
    found: dict[str, Row] = {}
    for file in sorted(files(str(__package__)).iterdir(), key=lambda one: one.name):
        if file.name.endswith(".txt"):
            found |= read_table(file.read_text("utf-8"))
    return found


@cache
def built_in_raises() -> dict[str, tuple[str, ...]]:
    """Return what functions raise, according to the tables here.

    >>> built_in_raises()["json.loads"]
    ('json.decoder.JSONDecodeError',)
    """
    return {name: row.raises for name, row in built_in_table().items()}


@cache
def built_in_results() -> dict[str, str]:
    """Return the classes of the results of functions, according to the tables here.

    >>> built_in_results()["sqlite3.connect"]
    'sqlite3.Connection'
    """
    return {name: row.result for name, row in built_in_table().items() if row.result}
