"""What is known about a mapping's key: how JSON writes it, and whether its value is a secret.

A program has few keys and writes them often, so each is judged once under the current settings.
"""

from __future__ import annotations

from json.encoder import encode_basestring_ascii as encoded
from typing import Any

from .. import settings
from .._internal.redaction import MAX_NAME, NAMED, NAMING, hidden, is_secret

# Flags: the value is a secret; the value is one if a name beside it says so; the value may be the name of a secret.
SECRET, NAMED_BESIDE, NAMES = 1, 2, 4

Key = tuple[str, str, int, int]  # as a text; as JSON, with ": "; the characters of that and of ", "; the flags

_MAX_KEYS = 1000  # that are remembered
table: tuple[settings.Settings | None, dict[str, Key]] = None, {}
"""Settings, and the keys that were seen while they were in force."""


def known_keys() -> dict[str, Key]:
    """The keys that were seen under the current settings."""
    global table
    if table[0] is not settings.current:
        table = settings.current, {}
    return table[1]


def learn(key: Any, name: str, known: dict[str, Key]) -> Key:
    """Judge a key, whose text is ``name``, and remember it."""
    flags = SECRET * is_secret(name) | NAMED_BESIDE * (name in NAMED) | NAMES * (name in NAMING)
    name = hidden(name)
    head = encoded(name) + ": "
    learned = name, head, len(head) + 2, flags
    if type(key) is str and len(key) <= MAX_NAME:
        if len(known) >= _MAX_KEYS:  # keys that clients made up
            known.clear()
        known[key] = learned
    return learned
