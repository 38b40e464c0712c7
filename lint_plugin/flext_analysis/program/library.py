"""The types of the library by their dotted names, whichever way they are imported."""

from __future__ import annotations

from functools import cache

from flext_exceptions import FlextExceptions
from flext_exceptions.catalogue import ROWS, Row

__all__ = ["BASE", "LIBRARIES", "ROOT", "TYPES", "library_class", "library_path"]

ROOT = "flext_exceptions.FlextExceptions"
BASE = f"{ROOT}.BaseError"
TYPES: dict[str, Row] = {f"{ROOT}.{row.name}": row for row in ROWS}
LIBRARIES = frozenset(["flext_exceptions", "flext_core"])  # the library, and the system that it is the reference for


@cache
def library_path(path: str) -> str | None:
    """Return the canonical dotted name of a library type, however it was imported; None for any other name.

    >>> library_path("flext_core.FlextValidationError"), library_path("flext_exceptions.errors.TypeError")
    ('flext_exceptions.FlextExceptions.ValidationError', 'flext_exceptions.FlextExceptions.TypeError')
    """
    package, *parts = path.split(".")
    if package not in LIBRARIES:
        return None
    while parts and parts[0].islower():  # a module of the library
        parts.pop(0)
    if parts == ["FlextExceptions"]:
        return ROOT
    outer, name = parts[:-1], parts[-1] if parts else ""
    known = f"{ROOT}.{name.removeprefix('Flext')}"
    return known if known in TYPES and outer in ([], ["FlextExceptions"]) else None


@cache
def library_class(path: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the dotted names of a library type and of all its bases; None for any other name.

    >>> library_class("flext_exceptions.FlextExceptions.KeyError")[1][:2]
    ('flext_exceptions.FlextExceptions.KeyError', 'flext_exceptions.FlextExceptions.LookupError')
    """
    known = library_path(path)
    if known is None:
        return None
    cls = FlextExceptions if known == ROOT else TYPES[known].type
    return known, tuple(f"{base.__module__}.{base.__qualname__}" for base in cls.__mro__)
