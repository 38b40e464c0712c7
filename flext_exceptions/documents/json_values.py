"""Any value as JSON, without its secrets, in no more characters than the limit.

A value that fits is given whole, and only what does not fit is cut. So a value that went through here once comes out
unchanged the next time, which makes it possible to read a document and write the same one again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sized
from itertools import islice
from json.encoder import encode_basestring_ascii as encoded
from math import isfinite
from typing import Any

from .._internal.beginnings import DEEPEST, Texts, hexadecimal, members_at_once, pairs_at_once
from .._internal.redaction import MOST_SHOWN, beside_secret, hidden, withheld, without_secrets
from .._internal.safe_text import REDACTED, clean, name_of
from .key_table import NAMED_BESIDE, SECRET, Key, known_keys, learn
from .plain_values import plain

CUT = "..."
_BITS = 1024  # of an int: below the 640 digits that every setting of sys.set_int_max_str_digits allows to be shown
_LEAST = 32  # characters that a member of a crowded container may have; otherwise each would get almost none
_SMALLEST = len(encoded(CUT))
_LEAST_PAIR = len(encoded("")) + len(": 1, ")  # characters of a key and its value at least

AFTER = 400  # characters behind a cut that are looked at: the end of a secret may identify it

Pairs = tuple[tuple[object, object], ...]
Around = tuple[int, ...]  # the ids of the containers around a value


def bounded(value: object, room: int, texts: Texts | None = None) -> Any:
    """The value as JSON of which ``json.dumps`` makes at most ``room`` characters (and no fewer than an empty one).

    A number that JSON lacks becomes a text: "NaN", "Infinity", "-Infinity", as in the JSON mapping of protobuf. Bytes
    become text with escapes, sets sorted lists, and any other object its ``str``, or its repr if its class has no
    ``str``. A container within itself, or deeper than 50 levels, is "...". An object whose text is in ``texts`` is not
    asked for it again.

    >>> bounded({"at": {1.5, 2}, "raw": b"a\\xff", "password": "x"}, 100)
    {'at': [1.5, 2], 'raw': 'a\\\\xff', 'password': '[redacted]'}
    >>> bounded({"text": "a" * 100, "items": list(range(100)), "n": 1}, 100)
    {'text': 'aaaaaaaaaaaaaaaaa...', 'items': [0, '... 99 more'], 'n': 1}
    """
    try:
        if type(value) is dict and (simple := plain(value, room)) is not None:
            return simple
        texts = texts_within(room) if texts is None else texts
        whole, size = _whole(value, room, (), texts)
        return whole if size <= room else _cut(value, room, (), texts)
    except RecursionError:  # the caller had nearly used up the stack
        return CUT


def texts_within(room: int) -> Texts:
    """Gives the texts of objects for so many characters, plus what is looked at behind them."""
    return Texts(max(room, 0) + AFTER)


def _whole(value: object, room: int, around: Around, texts: Texts) -> tuple[Any, int]:
    """The value as JSON, uncut, and the characters that it takes; no JSON if those exceed the room."""
    kind = type(value)
    if kind is str:
        return _whole_text(value, room)  # type: ignore[arg-type]
    if value is None or value is True:
        return value, 4
    if kind is int and value.bit_length() <= _BITS:  # type: ignore[attr-defined]
        return value, len(str(value))
    opened = _opened(value, room, around, texts)
    if type(opened) is tuple:
        return _whole_pairs(opened, room, (*around, id(value)), texts)
    if type(opened) is list:
        return _whole_list(without_secrets(opened, value), room, (*around, id(value)), texts)
    return _whole_text(opened, room) if type(opened) is str else (opened, len(repr(opened)))


def _whole_text(text: str, room: int) -> tuple[str | None, int]:
    if len(text) > room:  # megabytes are not looked at
        return None, len(text)
    text = hidden(text if text.isascii() else clean(text))
    return text, len(encoded(text))


def _whole_pairs(pairs: Pairs, room: int, around: Around, texts: Texts) -> tuple[dict[str, Any] | None, int]:
    used = 0
    whole: dict[str, Any] = {}
    known = known_keys()
    for key, item in pairs:
        name, _, head, flags = (known.get(key) if type(key) is str else None) or _learned(key, room, known, texts)
        if head > room:
            return None, head
        if flags and _is_hidden(flags, pairs):
            item = REDACTED
        whole[name], size = _whole(item, room - used, around, texts)
        used += head + size
        if used > room:
            return None, used
    return whole, used or 2  # the two braces make up for the last ", "


def _is_hidden(flags: int, pairs: Pairs) -> bool:
    return bool(flags & SECRET) or (bool(flags & NAMED_BESIDE) and beside_secret(pairs))


def _whole_list(items: list[object], room: int, around: Around, texts: Texts) -> tuple[list[Any] | None, int]:
    used = 0
    whole = []
    for item in items:
        json, size = _whole(item, room - used, around, texts)
        used += size + 2
        if used > room:
            return None, used
        whole.append(json)
    return whole, used or 2


def _cut(value: object, room: int, around: Around, texts: Texts) -> Any:
    """The value as JSON, cut to the room."""
    opened = _opened(value, room, around, texts)
    if type(opened) is tuple:
        return _cut_pairs(opened, _length(value, opened), room, (*around, id(value)), texts)
    if type(opened) is list:
        return _cut_list(without_secrets(opened, value), _length(value, opened), room, (*around, id(value)), texts)
    if type(opened) is not str:
        return cut_text(CUT, room)
    beginning = opened[: max(room, 0) + AFTER]
    text = hidden(beginning)
    return text if len(beginning) == len(opened) and len(encoded(clean(text))) <= room else cut_text(text, room)


def cut_text(text: str, room: int) -> str:
    """As much of a text as ``json.dumps`` writes in ``room`` characters, with "..." at its end."""
    text = clean(text[: max(room, 0)])
    fitting = bisect_right(range(len(text) + 1), room - len(CUT), key=lambda end: len(encoded(text[:end]))) - 1
    return text[:fitting] + CUT if fitting >= 0 else ""


def _cut_pairs(pairs: Pairs, length: int, room: int, around: Around, texts: Texts) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    left = room - len(encoded(CUT)) - len(encoded(f"{length} more")) - 4
    for number, (key, item) in enumerate(pairs):
        # Keys are not cut, since a cut key could become a secret one; nor is the placeholder of a secret, since it
        # would be inserted again, and longer, the next time.
        if left < _LEAST_PAIR:
            break
        name, _, head, flags = _learned(key, left, {}, texts)
        share = _share(left, length - number) - head
        if share < 1:
            continue  # and an object that cannot be shown is not asked for its text
        secret = flags and _is_hidden(flags, pairs)
        json, size = _whole(REDACTED, share, (), texts) if secret else _fitted(item, share, around, texts)
        if size <= share:
            kept[name] = json
            left -= head + size
    if len(kept) < length and left >= 0:
        kept[CUT] = f"{length - len(kept)} more"
    return kept


def _cut_list(items: list[object], length: int, room: int, around: Around, texts: Texts) -> list[Any]:
    """As many whole members as fit; the first is cut if not even that one does."""
    kept: list[Any] = []
    left = room - len(encoded(f"{CUT} and {length} more")) - 2
    for item in items:
        json, size = (_whole if kept else _fitted)(item, left - 2, around, texts)
        if size > left - 2:
            break
        kept.append(json)
        left -= size + 2
    if len(kept) < length and left >= 0:
        kept.append(f"{CUT} and {length - len(kept)} more")
    return kept


def _share(left: int, members: int) -> int:
    """How much the next of some members may take: its share of the rest, but enough to be useful."""
    return min(max(left // members, _LEAST), left)


def _fitted(value: object, room: int, around: Around, texts: Texts) -> tuple[Any, int]:
    """The value, whole or cut, and the characters it takes: more than the room if that is too small for anything."""
    whole, size = _whole(value, room, around, texts)
    if size <= room or room < _SMALLEST:
        return whole, size
    return _whole(_cut(value, room, around, texts), room, (), texts)


def _length(value: Any, opened: Sized) -> int:
    """How many members a container has; those that cannot fit were not opened."""
    try:
        return max(len(value), len(opened))
    except Exception:
        return len(opened)


def _opened(value: Any, room: int, around: Around, texts: Texts) -> Any:
    """One step towards JSON: pairs as a tuple, a list, a text, or a JSON value; never an error."""
    try:
        return _open(value, room + 1, around, texts)
    except Exception:
        return f"<unprintable {name_of(type(value))}>"


def _open(value: Any, most: int, around: Around, texts: Texts) -> Any:
    kind = type(value)
    if (id(value) in around or len(around) >= DEEPEST) and not issubclass(kind, str | int | float | bytes):
        return CUT
    # A container is read in one step, since another thread may be changing it.
    if issubclass(kind, dict):
        return pairs_at_once(value, most)
    if issubclass(kind, tuple) and hasattr(value, "_fields"):  # a named tuple: its field names may be secret ones
        return tuple(zip(value._fields, tuple.__iter__(value), strict=False))
    if issubclass(kind, list | tuple):
        return list(islice((list if issubclass(kind, list) else tuple).__iter__(value), most))
    if issubclass(kind, set | frozenset):
        return sorted(members_at_once(value, most), key=texts.repr_of)
    if issubclass(kind, Mapping):
        return tuple((key, value[key]) for key in islice(iter(value), most))
    return _open_scalar(value, kind, most, texts)


def _open_scalar(value: Any, kind: type, most: int, texts: Texts) -> Any:
    if value is None or kind is bool:
        return value
    if issubclass(kind, str):
        return str.__getitem__(value, slice(most + AFTER))
    if issubclass(kind, int):
        return int.__int__(value) if int.bit_length(value) <= _BITS else hexadecimal(value, most)
    if issubclass(kind, float):
        number = float.__float__(value)
        return number if isfinite(number) else {"nan": "NaN", "inf": "Infinity"}.get(repr(number), "-Infinity")
    if issubclass(kind, bytes | bytearray):
        # JSON needs at least as many characters as there are bytes.
        return bytes(value[: most + AFTER]).decode("utf-8", "backslashreplace")
    return object_text(value, texts)


def _learned(key: object, room: int, known: dict[str, Key], texts: Texts) -> Key:
    """What is known about a key, as the text that JSON needs; a placeholder if it is too long."""
    text = key if type(key) is str else _open_scalar(key, type(key), room, texts)
    if type(text) is not str:
        text = str(text)
    if len(text) > room:  # megabytes are not looked at
        return "", "", len(text), 0
    return learn(key, text if text.isascii() else clean(text), known)


def object_text(value: Any, texts: Texts | None = None) -> str:
    """The text of an object: the name of a class, the ``str`` that its class defines, or the repr."""
    try:
        if issubclass(type(value), type):
            return value.__qualname__ if value.__module__ == "builtins" else f"{value.__module__}.{value.__qualname__}"
        kind: Any = type(value)
        texts = Texts(MOST_SHOWN) if texts is None else texts
        is_plain = kind.__str__ is object.__str__ or issubclass(kind, BaseException)
        return clean(withheld(value, texts.repr_of(value) if is_plain else texts.str_of(value)))
    except Exception:
        return f"<unprintable {name_of(type(value))}>"
