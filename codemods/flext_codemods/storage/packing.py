"""Tuples, sets and mappings of plain values as JSON data and back: untrusted input is checked.

Only data: reading it runs no code, as unpickling would.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import PurePath
from typing import Any

from flext_analysis.digest import digest
from flext_exceptions import FlextExceptions

__all__ = ["fingerprint", "packed", "unpacker"]

PLAIN = (str, int, bool, types.NoneType)


def packed(value: object) -> object:
    """Return a JSON form of a value: the same for equal values, whatever the iteration order of a set.

    >>> packed((1, frozenset("ba"), {"x": None}))
    [1, ['a', 'b'], {'x': None}]
    """
    if type(value) in PLAIN:
        return value
    if isinstance(value, list | tuple):
        return [packed(part) for part in value]
    if isinstance(value, Mapping):
        return {str(key): packed(part) for key, part in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(packed(part) for part in value)  # type: ignore[type-var]  # of one kind, in all that is packed
    if isinstance(value, PurePath):
        return str(value)
    raise FlextExceptions.TypeError("no plain value", expected_type="plain", actual_type=type(value).__name__)


def fingerprint(value: object) -> str:
    """Return a digest of a value, equal for equal values."""
    try:  # most values are tuples of texts and numbers, which json goes through much faster
        text = json.dumps(value, sort_keys=True, default=packed)
    except TypeError:  # the keys of a mapping are no texts
        text = json.dumps(packed(value), sort_keys=True)
    return digest(text.encode())


@cache
def unpacker(kind: Any) -> Callable[[Any], Any]:
    """Return a function that builds a value of a type from packed data, and raises ValueError if it does not fit.

    >>> unpacker(tuple[int, ...])([1, 2])
    (1, 2)
    """
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if kind in PLAIN:
        return plain(kind)
    if origin in (typing.Union, types.UnionType):
        return either([unpacker(each) for each in inner])
    if origin is frozenset:
        member = unpacker(inner[0])
        return lambda data: frozenset([member(part) for part in as_list(data)])
    if origin is Mapping:
        key, value = unpacker(inner[0]), unpacker(inner[1])
        return lambda data: {key(name): value(part) for name, part in as_dict(data).items()}
    if origin is tuple and inner[1:] == (...,):
        each = unpacker(inner[0])
        return lambda data: tuple([each(part) for part in as_list(data)])
    fields = typing.get_type_hints(kind).values() if origin is None else inner
    parts = [unpacker(each) for each in fields]
    make = tuple if origin is tuple else kind._make

    def fixed(data: Any) -> Any:
        return make([part(value) for part, value in zip(parts, as_list(data), strict=True)])

    return fixed


def plain(kind: type) -> Callable[[Any], Any]:
    """Return a function that accepts values of one plain type."""

    def check(data: Any) -> Any:
        if type(data) is not kind:
            raise FlextExceptions.ValidationError("not of the plain type that was packed", value=data)
        return data

    return check


def either(choices: list[Callable[[Any], Any]]) -> Callable[[Any], Any]:
    """Return a function that uses the first of several that fits."""

    def first(data: Any) -> Any:
        for choice in choices:
            try:
                return choice(data)
            except ValueError:
                continue
        raise FlextExceptions.ValidationError("of none of the types that were packed", value=data)

    return first


def as_dict(data: Any) -> dict[str, Any]:
    """Return a dict unchanged; raise ValueError for anything else."""
    if not isinstance(data, dict):
        raise FlextExceptions.ValidationError("no dict", value=data)
    return data


def as_list(data: Any) -> list[Any]:
    """Return a list unchanged; raise ValueError for anything else."""
    if not isinstance(data, list):
        raise FlextExceptions.ValidationError("no list", value=data)
    return data
