"""Secrets within a text, by their form: what :func:`flext_exceptions._internal.redaction.hidden` takes out.

=============================  ====================================================================================
a login in a URL or a DSN      ``postgresql://shop:[redacted]@db/orders`` (RFC 3986, section 3.2.1)
a name, ``=`` and a value      ``password=[redacted]``, ``--token=[redacted]``, ``?api_key=[redacted]&page=2``
a quoted name and a value      ``{"password": [redacted]}``, in JSON, in a repr, and in either within a text
a header                       ``Authorization: [redacted]``, ``Cookie: [redacted]`` (RFC 9110, section 11.6.2)
an option and its argument     ``--password [redacted]``
a scheme and credentials       ``Bearer [redacted]``, ``Basic [redacted]`` (RFC 6750, RFC 7617)
a key of a known form          JSON Web Tokens, private keys in PEM, and keys that providers mark with a prefix
=============================  ====================================================================================

The time is linear in the text: no pattern looks further than to the end of what it takes out.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .safe_text import REDACTED

Judge = Callable[[str], bool]
Form = Callable[[re.Match[str], Judge], bool]

_LOGIN = re.compile(
    r"(?P<head>\b[a-zA-Z][a-zA-Z0-9+.-]{0,30}://[^\s:/@?#'\"]{0,200}:)(?P<value>[^\s/?#'\"]{1,300})(?=@)"
)
_KNOWN = re.compile(
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]{0,10000}(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?"
    r"|\beyJ[\w-]{8,500}\.[\w-]{4,2000}\.[\w-]{0,1000}"
    r"|\b(?:gh[pousr]_|github_pat_|glpat-|sk-|sk_live_|sk_test_|rk_live_|xox[abeoprs]-|AIza)[\w-]{16,}"
)
_QUOTED = r"\"(?:[^\"\\]|\\.)*\"?|'(?:[^'\\]|\\.)*'?"
_NAME = r"[^\W\d][\w.\-]{0,100}(?:\[[\w.\-]{1,50}\]){0,3}"
_ASSIGNED = re.compile(
    rf"(?P<head>(?P<name>(?<![\w.\-\[])-{{0,2}}{_NAME})\s{{0,3}}(?:=>|=(?!=))\s{{0,3}})"
    rf"(?P<value>{_QUOTED}|[A-Za-z_][\w.]{{0,50}}\([^()]*\)?|\{{[^}}]*\}}?|[^\s&;,)\]}}\"']+)"
)
_MEMBER = re.compile(
    r"(?P<head>(?P<open>[(\[]\s*)?b?(?P<quote>\\{0,8}['\"])(?P<name>[^'\"\\]{1,100})(?P=quote)\s*(?P<sep>:|=>|,)\s*)"
    r"(?P<value>b?(?P<begin>\\{1,8}['\"])(?:(?!(?P=begin)).)*(?:(?P=begin))?"
    rf"|b?(?:{_QUOTED})|[\[{{][^\]}}]*[\]}}]?|[^\s,\]}})]+)",
    re.DOTALL,
)
_SCHEME = r"(?:(?:bearer|basic|digest|token|apikey|api-key|negotiate|aws4-hmac-sha256)\s+)?"
_LINE = re.compile(
    rf"(?P<before>^|[\n\r{{(\[,;'\"]\s{{0,20}}|[\w.\-\])]\s{{1,20}}|\s)(?P<head>(?P<name>{_NAME})\s?:\s{{1,3}}|(?P<name2>{_NAME}):)"
    rf"(?P<value>{_SCHEME}(?:{_QUOTED}|[^\s,;)\]}}\"']+))(?P<rest>[^\n\r]?)",
    re.IGNORECASE,
)
_OPTION = re.compile(rf"(?P<head>(?<!\S)(?P<name>--{_NAME})\s+)(?P<value>{_QUOTED}|[^\s\-\"'][^\s\"']*)")
_CREDENTIALS = re.compile(r"(?P<head>\b(?:[Bb]earer|BEARER|[Bb]asic|BASIC)\s+)(?P<value>[A-Za-z0-9._~+/=-]{4,})")

_HEADERS = frozenset(("authorization", "proxy-authorization", "cookie", "set-cookie"))
_NOTHING = frozenset(("none", "null", "true", "false", "nil", "undefined", "...", "''", '""', "bearer", "basic"))


def hide(text: str, is_secret: Judge, parts: tuple[str, ...], marked: bool) -> str:
    """The text with "[redacted]" in place of each secret.

    ``is_secret`` judges a name; ``parts`` are what every name of a secret has one of in it, so that texts without are
    not searched for such names. ``marked`` is whether it may hold a secret without a name: a key, or credentials.
    """
    if marked:
        text = _KNOWN.sub(REDACTED, text)
        text = _replaced(_CREDENTIALS, _is_credential, text, is_secret)
    if "://" in text and "@" in text:
        text = _replaced(_LOGIN, _is_login, text, is_secret)
    low = text.lower()
    for part in parts:
        if part in low:
            for pattern, form in _NAMED:
                text = _replaced(pattern, form, text, is_secret)
            break
    return text


def _replaced(pattern: re.Pattern[str], form: Form, text: str, is_secret: Judge) -> str:
    """The text with what a pattern finds replaced where it is a secret; where it is none, it may hold one."""
    parts: list[str] = []
    start = done = 0
    while (found := pattern.search(text, start)) is not None:
        if form(found, is_secret) and not _is_hidden(found["value"]):
            parts += text[done : found.start("value")], REDACTED
            start = done = found.end("value")
        else:
            start = max(found.end("head"), found.start() + 1)
    return "".join((*parts, text[done:])) if parts else text


def _is_login(found: re.Match[str], is_secret: Judge) -> bool:
    return True


def _is_named(found: re.Match[str], is_secret: Judge) -> bool:
    return is_secret(found["name"])


def _is_member(found: re.Match[str], is_secret: Judge) -> bool:
    return is_secret(found["name"]) and (found["sep"] != "," or found["open"] is not None)


def _is_line(found: re.Match[str], is_secret: Judge) -> bool:
    """``name: value``, which in prose is no secret: "unexpected token: end of file"."""
    name, value = found["name"] or found["name2"], found["value"]
    if not is_secret(name):
        return False
    before = found["before"]
    begins = not before or not (before[0].isalnum() or before[0] in "_.-)]")
    alone = found["rest"] in ("", ",", ";", ")", "]", "}", '"', "'") and not value.endswith("...")
    return name.lower() in _HEADERS or (begins and alone) or any(char.isdigit() for char in value)


def _is_credential(found: re.Match[str], is_secret: Judge) -> bool:
    value = found["value"]
    return len(value) >= 20 or value.lower() != value or any(char.isdigit() or char in "=+/" for char in value)


def _is_hidden(value: str) -> bool:
    """Whether there is nothing to hide, or it was hidden before, and perhaps cut short since."""
    bare = value.strip("'\"\\b ").rstrip(".")
    return bare.lower() in _NOTHING or not bare or REDACTED.startswith(bare) or bare.startswith("[redacted")


_NAMED: tuple[tuple[re.Pattern[str], Form], ...] = (
    (_MEMBER, _is_member),
    (_ASSIGNED, _is_named),
    (_LINE, _is_line),
    (_OPTION, _is_named),
)
