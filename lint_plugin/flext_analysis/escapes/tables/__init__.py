"""What functions outside the repository raise: one text file a package, read when it is needed.

A line is the dotted name of a function, a colon, and the dotted names of the classes it may raise, as its documentation
says. ``#`` begins a comment. Only what is certain and useful stands there: what a function raises for its input, not
what is raised for wrong types.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from flext_exceptions import FlextExceptions

__all__ = ["built_in_raises", "read_table"]


def read_table(text: str) -> dict[str, tuple[str, ...]]:
    """Return a table by function.

    Raises:
        ValueError: a line is no ``function: class class``; the message names it.

    >>> read_table("json.loads: json.decoder.JSONDecodeError  # no JSON")
    {'json.loads': ('json.decoder.JSONDecodeError',)}
    """
    found: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        plain = line.partition("#")[0].strip()
        if plain:
            function, colon, classes = plain.partition(":")
            if not colon or not classes.split():
                message = f"line {number} of a table is no 'function: class class': {plain!r}"
                raise FlextExceptions.ValidationError(message, field="table", value=plain, line=number)
            found[function.strip()] = tuple(classes.split())
    return found


@cache
def built_in_raises() -> dict[str, tuple[str, ...]]:
    """Return what the tables here say, by function."""
    found: dict[str, tuple[str, ...]] = {}
    for file in sorted(files(str(__package__)).iterdir(), key=lambda one: one.name):
        if file.name.endswith(".txt"):
            found |= read_table(file.read_text("utf-8"))
    return found
