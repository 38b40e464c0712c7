"""The errors of the standard library and what catches them, from a table: no module is imported to find out."""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

__all__ = ["standard_error"]

# Builtin errors under the names that modules give them as well (Python 3.11 and later).
BUILTINS = {
    "asyncio.TimeoutError": "TimeoutError",
    "asyncio.exceptions.TimeoutError": "TimeoutError",
    "concurrent.futures.TimeoutError": "TimeoutError",
    "os.error": "OSError",
    "select.error": "OSError",
    "socket.error": "OSError",
    "socket.timeout": "TimeoutError",
}


@cache
def table() -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, str]]:
    """Return the bases of each class by its dotted name, and the classes that have further names."""
    bases: dict[str, tuple[str, ...]] = {}
    names: dict[str, str] = dict(BUILTINS)
    text = files(__package__ or "flext_analysis").joinpath("standard_errors.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        name, colon, given = line.partition(": ")
        if colon:
            bases[name] = tuple(base.strip() for base in given.split(","))
        else:
            other, _, same = line.partition(" = ")
            names[other] = same
    return bases, names


@cache
def standard_error(path: str) -> tuple[str, ...]:
    """Return the dotted names of a standard error and of those above it, itself first; () for any other class.

    >>> standard_error("json.JSONDecodeError")[:2], standard_error("socket.timeout")[0], standard_error("shop.Late")
    (('json.decoder.JSONDecodeError', 'builtins.ValueError'), 'builtins.TimeoutError', ())
    """
    bases, names = table()
    first = names.get(path, path)
    if first not in bases:
        return tuple(_above(first)) if path in names and "." not in first else ()
    found = [first]
    for base in bases[first]:
        if base in bases or base in names:
            found += [one for one in standard_error(base) if one not in found]
        else:
            found += [one for one in _above(base) if one not in found]
    return tuple(found)


def _above(name: str) -> list[str]:
    """Return the dotted names of a builtin and of the classes above it; of an unknown class its own and Exception's."""
    known = vars(builtins).get(name)
    if isinstance(known, type):
        return [f"builtins.{cls.__name__}" for cls in known.__mro__]
    return [name, *_above("Exception")]
