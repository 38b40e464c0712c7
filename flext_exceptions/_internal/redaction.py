"""Showing values without secrets, without end, and without ever raising."""

from __future__ import annotations

from .. import settings
from .safe_text import name_of, repr_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


REDACTED = "[redacted]"
MOST_SHOWN = 10_000  # containers and objects: one that holds another twice, and so on for 40 levels, has no end
DEEPEST = 50  # levels that are shown: Python and JSON take about a thousand, of a stack that others need as well
_SIMPLE = frozenset((str, int, float, bool, type(None), bytes))

# What was found of each key under these settings: a program has few keys, and asks often.
_judged: tuple[settings.Settings, dict[str, bool]] = settings.current, {}


def is_secret(key: object) -> bool:
    """Whether a value under this key is not for showing: a redacted key, or one that ends in it as a word.

    >>> is_secret("apiKey"), is_secret("db-password"), is_secret("accessToken"), is_secret("token_count")
    (True, True, True, False)
    """
    if type(key) is bytes:  # HTTP headers, as servers hand them on
        key = key.decode("latin-1")
    if not issubclass(type(key), str):
        return False
    key = str.__str__(key)  # pyright: ignore  # a subclass may have a hash of its own, which may raise
    found = judged()
    known = found.get(key)
    if known is None:
        known = found[key] = _judge(key, settings.current.redact_keys)
    return known


def judged() -> dict[str, bool]:
    """What :func:`is_secret` said of keys under the settings in force: for those who ask of many."""
    global _judged
    if _judged[0] is not settings.current or len(_judged[1]) > 1000:
        _judged = settings.current, {}
    return _judged[1]


def _judge(key: str, secrets: Iterable[str]) -> bool:
    import re  # once for each key

    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", key)  # accessToken, HTTPToken
    names = _folded(key), _folded(words)
    for secret in filter(None, map(_folded, secrets)):
        squeezed = secret.replace("_", "")
        endings = "_" + secret, "_" + squeezed
        if names[0].replace("_", "") == squeezed or any(name.endswith(endings) for name in names):
            return True
    return False


def _folded(name: str) -> str:
    return "".join(char if char.isalnum() else "_" for char in name.lower())


def tells_secret(text: str) -> bool:
    """Whether a text, such as the repr of an object, shows something under a redacted key.

    >>> tells_secret("User(name='x', password='y')"), tells_secret("User(name='x')")
    (True, False)
    """
    import re  # nobody needs it who shows no object

    keys = (re.sub(r"[\W_]", r"[\\W_]?", secret) for secret in settings.current.redact_keys if secret)
    names = "|".join(keys)
    return bool(names) and re.search(rf"(?:{names})['\"]?\s*[=:,]", text, re.IGNORECASE) is not None


def withheld(value: object, text: str) -> str:
    """A text that shows a value; where it shows a secret too, the name of its class instead."""
    return f"<{name_of(type(value))}: {REDACTED}>" if tells_secret(text) else text


class _Shown:
    """Stands in for an object within what is shown."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


def redacted(value: object, around: tuple[int, ...] = (), left: list[int] | None = None) -> object:
    """The value with the secrets replaced at any depth of its dicts, lists and tuples.

    What lies in itself, 50 levels deep, or behind the first 10,000 containers and objects is "...".

    Any other object that shows a secret, such as a dataclass with a password, is replaced by the name of its class.
    """
    kind = type(value)
    if kind in _SIMPLE:
        return value
    left = left or [MOST_SHOWN]
    left[0] -= 1
    if left[0] < 0 or id(value) in around or len(around) >= DEEPEST:
        return "..."
    around = (*around, id(value))
    if issubclass(kind, dict):
        pairs: Iterable[tuple[object, object]] = dict.items(value)  # type: ignore[arg-type]
        return {
            redacted(key, around, left): REDACTED if is_secret(key) else redacted(item, around, left)
            for key, item in pairs
        }
    if kind is list or kind is tuple:
        return kind(redacted(item, around, left) for item in value)  # type: ignore[attr-defined]
    return _Shown(withheld(value, repr_of(value)))


def shown(value: object) -> str:
    """The repr of a value without its secrets."""
    try:
        return repr(redacted(value))
    except Exception:
        return f"<unprintable {name_of(type(value))}>"
