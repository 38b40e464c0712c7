"""The exceptions of the standard library: their names, other names for them, and their bases.

Read from the modules of Python 3.11 to 3.13 by importing each; ``standard_errors.txt`` has one class per line with its
bases, and one alias per line with the class that it refers to. A name without a module is a builtin's.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

__all__ = ["standard_error"]


@cache
def table() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return for each dotted name the class that it refers to, and the bases of that class."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    text = files("flext_analysis.program").joinpath("standard_errors.txt").read_text("utf-8")
    aliases = []
    for line in text.splitlines():
        name, same, stands_for = line.partition(" = ")
        if same:
            aliases.append((name, full(stands_for)))
            continue
        name, _, bases = line.partition(": ")
        found[name] = name, tuple(map(full, bases.split()))
    for name, stands_for in aliases:
        found[name] = stands_for, found.get(stands_for, ("", ()))[1]
    return found


def full(name: str) -> str:
    """Return the dotted name of a class: a builtin's has no module in the table."""
    return name if "." in name else f"builtins.{name}"


def standard_error(path: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the class that a dotted name refers to, with its bases; None if it is not an error of the library.

    >>> standard_error("json.JSONDecodeError")
    ('json.decoder.JSONDecodeError', ('builtins.ValueError',))
    >>> standard_error("socket.timeout")
    ('builtins.TimeoutError', ())
    """
    return table().get(path)
