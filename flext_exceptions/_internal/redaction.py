"""What counts as a secret: by its own name, by a name beside it, or by its form within a text.

There is one list of names, the setting ``redact_keys``, and one function that judges a name, :func:`is_secret`. Every
document, repr, log entry and report of this distribution uses it, and so does the linter.
"""

from __future__ import annotations

from .. import settings
from .beginnings import DEEPEST, MAX_BITS, Texts, pairs_at_once
from .safe_text import REDACTED, name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

MOST_SHOWN = 10_000  # containers and objects: one that holds another twice, and so on for 40 levels, would never end
MOST_CHARACTERS = 100_000  # for all texts of one repr together
MAX_NAME = 200  # characters of a name that is judged: no program has a longer one
_KEPT_NAMES = 1000
_SIMPLE = frozenset((int, float, bool, type(None)))
_TEXTS = frozenset((str, bytes, bytearray))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 2 and word[-1] == "s" and word[-2] != "s" else word


def _set(words: str) -> frozenset[str]:
    return frozenset(map(_singular, words.split()))


# A name that ends in one of these describes a secret and is not one: token_count, password_policy, access_key_id.
_ABOUT = _set(
    "accepted age algorithm arn at attempt audience banner byte class column consent count created day disabled domain "
    "enabled endpoint error expired expires expiry field file format history id in index invalid issuer kind label "
    "left length level lifetime limit manager max method min missing name notice page param parameter path per policy "
    "position provider question remaining required rotated rotation rules schema scheme scope seconds service set size "
    "status store strength template total ttl type updated uri url usage used valid validator version view"
)
# A name that begins with one of these asks about a secret: is_token, has_password, requires_credentials.
_ASKING = _set("has have is missing need no require use valid without wrong")
# And these count: max_tokens, prompt_tokens, the tokens of a language model.
_COUNTING = _set(
    "audio billed cached completion image input max min n num number output per prompt reasoning remaining text "
    "thinking total used"
)
# The id of one of these is itself the secret.
_BY_ID = frozenset(("secret", "session"))
_SHORT = 4  # letters: a shorter word counts only as the last of a name; otherwise "pass_rate" would match
_WITHIN = 5  # minimum letters of a word that counts as the end of a longer one: "dbpassword", "authtoken"

# The first are keys that hold the name of something, the second the thing itself, as in a rejected value.
NAMING = frozenset(
    "argument attribute attribute_name column config_key field field_name header key loc location name option param "
    "parameter path property setting var variable".split()
)
NAMED = frozenset(
    "actual actual_value bad_value content current current_value default example given got input invalid_value "
    "new_value old_value previous provided raw received rejected_value val value values".split()
)

_MARKS_WITH_DASH = ("sk-", "xox", "glpat-", "pypi-")
_MARKS_WITH_UNDERSCORE = ("sk_", "rk_", "gh", "npm_", "hf_", "shp", "whsec_", "_v1_")

Words = tuple[str, ...]

_hide: Callable[[str, Callable[[str], bool], tuple[str, ...], bool], str] | None = None

# Verdicts on names under the current settings: a program has few names, and asks often.
_judged: tuple[settings.Settings | None, dict[str, bool], tuple[Words, ...], tuple[str, ...]] = None, {}, (), ()


def is_secret(key: object) -> bool:
    """Whether a value under this name must not be shown.

    That is so if the words of one of ``redact_keys``, singular or plural, are among the words of the name, however
    these are joined, unless the name only describes a secret.

    >>> is_secret("apiKey"), is_secret("DB-PASSWORD"), is_secret("user[passwords][1]"), is_secret("AccessTokens")
    (True, True, True, True)
    >>> is_secret("token_count"), is_secret("tokenizer"), is_secret("has_password"), is_secret("author")
    (False, False, False, False)
    """
    if type(key) is bytes:  # HTTP headers, as servers pass them on
        key = key[: MAX_NAME + 1].decode("latin-1")
    if not issubclass(type(key), str):
        return False
    key = str.__str__(key)  # pyright: ignore  # a subclass may define a hash, which may raise
    found = judged()
    known = found.get(key)
    if known is None:
        known = _judge(key[-MAX_NAME:])
        if len(key) <= MAX_NAME:
            found[key] = known
    return known


def is_surely_secret(key: object) -> bool:
    """Whether a value under this name is certainly a secret, so that a linter may report it.

    ``tokens`` alone is as often a language model's count: it is hidden to be safe, and not reported.

    >>> is_surely_secret("access_tokens"), is_surely_secret("tokens"), is_secret("tokens")
    (True, False, True)
    """
    return is_secret(key) and str(key).lower() != "tokens"


def judged() -> dict[str, bool]:
    """The verdicts of :func:`is_secret` on keys under the current settings, for callers with many keys."""
    global _judged
    if _judged[0] is not settings.current or len(_judged[1]) > _KEPT_NAMES:
        words = {_words(key) for key in settings.current.redact_keys} - {()}
        longest = {max(each, key=len) for each in words}
        parts = tuple(part for part in longest if not any(other in part for other in longest - {part}))
        _judged = settings.current, {}, tuple(words), parts
    return _judged[1]


def _judge(key: str) -> bool:
    words = _words(key)
    return bool(words) and any(_means(words, secret) for secret in _judged[2])


def _means(words: Words, secret: Words) -> bool:
    """Whether the words of a name include those of a secret, and the name does not merely describe it."""
    if len(secret) == 1 and len(secret[0]) <= _SHORT:
        return words[-1] == secret[0] and words[0] not in _ASKING
    joined = "".join(secret)
    for start, word in enumerate(words):
        if words[start : start + len(secret)] == secret:
            end = start + len(secret)
        elif (
            word == joined
            or (len(joined) >= _WITHIN and word.endswith(joined))
            or (word.startswith(joined) and word[len(joined) :] in ("hash", "digest", "salt"))
        ):
            end = start + 1
        else:
            continue
        return not _is_about(words, start, end, secret)
    return len(joined) > _WITHIN and "".join(words).endswith(joined)  # pass_word


def _is_about(words: Words, start: int, end: int, secret: Words) -> bool:
    last = words[-1]
    if end < len(words) and last in _ABOUT and not (last == "id" and secret[-1] in _BY_ID):
        return True
    return bool(start) and (words[0] in _ASKING or (secret == ("token",) and not _COUNTING.isdisjoint(words[:start])))


def _words(name: str) -> Words:
    """The words of a name, each in the singular, as in accessTokens, HTTPToken, user[api-keys][0]."""
    import re  # once for each name

    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return tuple(_singular(word) for word in re.findall(r"[^\W\d_]+", parted.lower()))


def names_secret(value: object) -> bool:
    """Whether the value of one of :data:`NAMING` names a secret: a text, or a path of several parts, as in pydantic."""
    if type(value) is str or type(value) is bytes:
        return is_secret(value)
    if type(value) is list or type(value) is tuple:
        return any(is_secret(part) for part in value[-DEEPEST:])
    return False


def beside_secret(pairs: Iterable[tuple[object, object]]) -> bool:
    """Whether one of the members of a mapping names a secret, which makes the value of :data:`NAMED` one."""
    for key, value in pairs:  # noqa: SIM110  # any() takes twice as long
        if type(key) is str and key in NAMING and names_secret(value):
            return True
    return False


def is_pair(value: object) -> bool:
    """Whether a pair is the name of a secret and the secret, as in a list of headers."""
    return (
        (type(value) is tuple or type(value) is list)
        and len(value) == 2
        and type(value[0]) in _TEXTS
        and type(value[1]) in _TEXTS
        and is_secret(value[0])
    )


def without_secrets(members: Any, value: object) -> Any:
    """The members of a list or tuple without those that their neighbours mark as secrets.

    These are the second of a pair whose first names a secret, if the pair is a tuple or stands in a list, as headers
    do, and the argument of a command-line option.
    """
    if type(value) is tuple and is_pair(value):
        return (members[0], REDACTED)
    if not any(is_option(item) or is_pair(item) for item in members):
        return members
    return [
        REDACTED if at and is_option(members[at - 1]) else (item[0], REDACTED) if is_pair(item) else item
        for at, item in enumerate(members)
    ]


def is_option(value: object) -> bool:
    """Whether a text is a command-line option whose argument is a secret, such as ``--password``.

    >>> is_option("--api-key"), is_option("--password=x"), is_option("password")
    (True, False, False)
    """
    return type(value) is str and value[:2] == "--" and "=" not in value and is_secret(value)


def hidden(text: str) -> str:
    """A text without the secrets within it; :mod:`flext_exceptions._internal.secret_texts` lists them.

    >>> hidden("postgresql://shop:hunter2@db/orders"), hidden("12:30, the author: nobody")
    ('postgresql://shop:[redacted]@db/orders', '12:30, the author: nobody')
    """
    global _hide
    if len(text) < 12 and ":" not in text and "=" not in text:  # no secret without a name is as short as this
        return text
    named = ":" in text or "=" in text or "'" in text or '"' in text or "--" in text or "</" in text
    marked = _is_marked(text)
    if not named and not marked:
        return text
    if _hide is None:
        from .secret_texts import hide  # imports regular expressions, and most errors are never shown

        _hide = hide
    judged()
    return _hide(text, is_secret, _judged[3] if named else (), marked)


def _is_marked(text: str) -> bool:
    """Whether a text contains what every secret without a name contains."""
    if "earer" in text or "asic" in text or "EARER" in text or "ASIC" in text:
        return True
    return len(text) > 16 and (  # no key is shorter
        "eyJ" in text
        or "AIza" in text
        or "BEGIN " in text
        or "SG." in text
        or "ya29." in text
        or "/bot" in text
        or "hooks." in text
        or ("-" in text and any(mark in text for mark in _MARKS_WITH_DASH))
        or ("_" in text and any(mark in text for mark in _MARKS_WITH_UNDERSCORE))
    )


def tells_secret(text: str) -> bool:
    """Whether a text shows a secret, in the part of it that is ever looked at.

    >>> tells_secret("User(name='x', password='y')"), tells_secret("User(name='x')")
    (True, False)
    """
    text = text[:MOST_SHOWN]
    return hidden(text) != text


def withheld(value: object, text: str) -> str:
    """A text that shows a value; if it shows a secret too, the name of its class instead.

    Only the beginning of a long text is returned, since no more is looked at.
    """
    text = text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + "..."
    return f"<{name_of(type(value))}: {REDACTED}>" if tells_secret(text) else text


class _Shown:
    """Stands in for an object within the output."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


class Room:
    """How much may still be shown, and the texts of objects."""

    __slots__ = ("characters", "members", "texts")

    def __init__(self, characters: int = MOST_CHARACTERS) -> None:
        self.members = min(MOST_SHOWN, characters)  # each takes at least one character
        self.characters = characters
        self.texts = Texts(MOST_SHOWN)

    def is_full(self) -> bool:
        return self.members < 0 or self.characters <= 0


def redacted(value: object, characters: int = MOST_CHARACTERS) -> object:
    """The value with the secrets replaced at any depth of its dicts, lists and tuples.

    A container within itself, or 50 levels deep, or anything past the first 10,000 members or those characters is shown
    as "...". Any other object that shows a secret, such as a dataclass with a password, is replaced by the name of its
    class.
    """
    return _redacted(value, (), Room(characters))


def _redacted(value: object, around: tuple[int, ...], room: Room) -> object:
    kind = type(value)
    room.members -= 1
    if room.is_full():
        return _Shown("...")
    if kind in _SIMPLE and not (kind is int and value.bit_length() > MAX_BITS):  # type: ignore[attr-defined]
        return value
    if kind is str or kind is bytes:
        return _text(value, room)  # type: ignore[arg-type]
    if id(value) in around or len(around) >= DEEPEST:
        return "..."
    around = (*around, id(value))
    if issubclass(kind, dict):
        return _pairs(value, around, room)  # type: ignore[arg-type]
    if kind is list or kind is tuple:
        return kind(_members(value, around, room))  # type: ignore[arg-type]
    text = withheld(value, room.texts.repr_of(value))
    room.characters -= len(text)
    return _Shown(text)


def _text(value: str | bytes, room: Room) -> object:
    cut = value[: min(max(room.characters, 0), MOST_SHOWN)]
    room.characters -= len(cut)
    text = cut if type(cut) is str else cut.decode("latin-1")  # type: ignore[union-attr]
    shown = hidden(text)
    if shown == text:
        return cut if len(cut) == len(value) else _Shown(f"{cut!r}...")
    return shown if len(cut) == len(value) else shown + "..."


def _pairs(value: dict[object, object], around: tuple[int, ...], room: Room) -> dict[object, object]:
    pairs: dict[object, object] = {}
    held = pairs_at_once(value, MOST_SHOWN + 1)
    beside = beside_secret(held)
    for key, item in held:
        if room.is_full():
            pairs[_Shown("...")] = _Shown("...")
            break
        if is_secret(key) or (beside and type(key) is str and key in NAMED):
            item = REDACTED
        else:
            item = _redacted(item, around, room)
        pairs[_redacted(key, around, room)] = item
    return pairs


def _members(value: list[object] | tuple[object, ...], around: tuple[int, ...], room: Room) -> Iterable[object]:
    members: list[object] = []
    for item in without_secrets(value[: max(room.members, 0) + 1], value):
        if room.is_full():
            members.append(_Shown("..."))
            break
        members.append(_redacted(item, around, room))
    return members


def shown(value: object, room: Room | None = None) -> str:
    """The repr of a value without its secrets, within what is left of a shared limit."""
    try:
        return repr(_redacted(value, (), room or Room()))
    except Exception:
        return f"<unprintable {name_of(type(value))}>"
