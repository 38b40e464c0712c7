"""An ordinary context as JSON: a few short texts, numbers and flags under plain keys.

The result is that of :func:`flext_exceptions.documents.json_values.bounded`, in a third of the time; None if a value
needs the general way, or more room than there is.
"""

from __future__ import annotations

from json.encoder import JSONEncoder
from json.encoder import encode_basestring_ascii as encoded
from typing import Any

from .. import settings
from .._internal.redaction import MAX_NAME, hidden, names_secret
from .._internal.safe_text import REDACTED, clean
from . import key_table
from .key_table import NAMED_BESIDE, NAMES, SECRET, known_keys, learn

_NUMBER = 25  # characters of a number below 10**18 at most

encode = JSONEncoder(allow_nan=False).encode
"""A document, or a part of one, as text."""

_CONSTANTS = {None: "null", True: "true", False: "false"}


def plain(held: dict[Any, Any], room: int) -> dict[str, Any] | None:
    """A dict as JSON of which ``json.dumps`` makes at most ``room`` characters.

    >>> plain({"user": "ada", "attempt": 2, "password": "x"}, 100)
    {'user': 'ada', 'attempt': 2, 'password': '[redacted]'}
    >>> plain({"items": [1]}, 100) is None, plain({"user": "ada"}, 10) is None
    (True, True)
    """
    if len(held) > room:
        return None
    met, known = key_table.table
    if met is not settings.current:
        known = known_keys()
    whole: dict[str, Any] = held.copy()  # in one step, since another thread may be changing it
    names: int | bool = False
    beside: tuple[str, ...] | None = None
    item: Any
    for key, item in whole.items():
        entry = known.get(key)
        if entry is None:
            if type(key) is not str or len(key) > room:
                return None
            entry = learn(key, clean(key), known)
        name, _, size, flags = entry
        if name is not key and (type(key) is not str or name != key):
            return None
        kind = type(item)
        if flags:
            if flags & NAMES and not names:
                if kind is str and len(item) <= MAX_NAME:
                    names = (known.get(item) or learn(item, clean(item), known))[3] & SECRET
                else:
                    names = names_secret(item)
            if flags & SECRET:
                whole[key] = item = REDACTED
                kind = str
            elif flags & NAMED_BESIDE:
                beside = (key,) if beside is None else (*beside, key)
        if kind is str:
            length = len(item)
            if length < 12:
                if not item.isascii():
                    return None
                if ":" in item or "=" in item:  # otherwise there is nothing to hide
                    whole[key] = hidden(item)
                room -= 6 * length + 26 + size
            elif length > room or not item.isascii():
                return None
            else:
                whole[key] = item = hidden(item)
                room -= len(encoded(item)) + size
        elif kind is int or kind is float:
            if not -1_000_000_000_000_000_000 < item < 1_000_000_000_000_000_000:  # which holds for NaN as well
                return None
            room -= _NUMBER + size
        elif item is None or kind is bool:
            room -= 5 + size
        else:
            return None
    if room < 0:
        return None
    if names and beside is not None:
        whole |= dict.fromkeys(beside, REDACTED)
    return whole


def written(whole: dict[str, Any]) -> str:
    """The result of :func:`plain` or ``bounded``, as ``json.dumps`` writes it.

    >>> written({"user": "ada", "attempt": 2, "at": None})
    '{"user": "ada", "attempt": 2, "at": null}'
    """
    known = known_keys()
    parts = []
    for name, value in whole.items():
        head = (known.get(name) or learn(name, name, known))[1]
        kind = type(value)
        if kind is str:
            parts.append(head + encoded(value))
        elif kind is int or kind is float:
            parts.append(head + repr(value))
        elif value is None or kind is bool:
            parts.append(head + _CONSTANTS[value])
        else:
            parts.append(head + encode(value))
    return "{" + ", ".join(parts) + "}"
