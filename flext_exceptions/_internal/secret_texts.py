"""Secrets within a text, recognised by their form; :func:`flext_exceptions._internal.redaction.hidden` removes them.

=============================  ====================================================================================
a login in a URL or a DSN      ``postgresql://shop:[redacted]@db/orders`` (RFC 3986, section 3.2.1)
a name, ``=`` and a value      ``password=[redacted]``, ``--token=[redacted]``, ``?api_key=[redacted]&page=2``
a quoted name and a value      ``{"password": [redacted]}``, in JSON, in a repr, and in either within a text
a header                       ``Authorization: [redacted]``, ``Cookie: [redacted]`` (RFC 9110, section 11.6.2)
an element                     ``<password>[redacted]</password>``
an option and its argument     ``--password [redacted]``, ``curl -u ada:[redacted]``
a scheme and credentials       ``Bearer [redacted]``, ``Basic [redacted]`` (RFC 6750, RFC 7617)
a key of a known form          JSON Web Tokens, private keys in PEM, and keys that providers mark with a prefix
=============================  ====================================================================================

The time is linear in the length of the text: no pattern looks beyond the end of what it removes.
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
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----[^-]{0,10000}"
    r"(?:-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----)?"
    r"|\beyJ[\w-]{8,500}\.[\w-]{4,2000}\.[\w-]{0,1000}"
    r"|\b(?:gh[pousr]_|github_pat_|glpat-|sk-|sk_live_|sk_test_|rk_live_|rk_test_|xox[abeoprs]-|AIza|pypi-|npm_|hf_"
    r"|shp(?:at|ca|pa|ss)_|whsec_|do[opr]_v1_|ya29\.)[\w-]{16,}"
    r"|\bSG\.[\w-]{16,100}\.[\w-]{16,100}"
    r"|(?<=/)bot\d{5,20}:[\w-]{20,100}"  # Telegram
    r"|(?<=//hooks\.slack\.com/services/)[\w/]{10,200}"
)
# A token in place of user and password.
_BARE_LOGIN = re.compile(r"(?P<head>\bhttps?://)(?P<value>[\w.-]{10,300})(?=@)")
_THIN = re.compile(r"(?P<head>\bjdbc:oracle:\w{1,10}:[^\s/:@]{1,100}/)(?P<value>[^\s@]{1,300})(?=@)")
_USER_OPTION = re.compile(r"(?P<head>(?<!\S)(?:-u|--user)\s{1,3}[^\s:'\"]{1,200}:)(?P<value>[^\s'\"]{1,300})")
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
# What follows the first part of a header: further cookies, the parameters of a scheme.
_HEADER = re.compile(
    rf"(?P<head>\b(?P<name>(?:proxy-)?authorization|(?:set-)?cookie)\s?:\s{{0,3}})"
    rf"(?P<value>{_SCHEME}(?:{_QUOTED}|[^\s,;)\]}}\"']+(?:(?<==)\"[^\"\r\n]{{0,500}}\")?)"
    rf"(?:[;,]\s?[\w.\-]{{1,100}}=(?:\"[^\"\r\n]{{0,500}}\"|[^\s;,'\"]{{0,4000}}))*)",
    re.IGNORECASE,
)
_ELEMENT = re.compile(rf"(?P<head><(?P<name>{_NAME})>)(?P<value>[^<>\n]{{1,1000}})(?=<)")
# A line of pydantic's, and the rejected value in the next.
_REFUSED = re.compile(
    r"^(?P<head>(?P<name>[\w.\-\[\]<>, ]{1,200})\n[ ]{2}[^\n]{0,500}?\[type=[\w.]{1,100}, input_value=)"
    r"(?P<value>[^\n]{1,2000})(?=, input_type=)",
    re.MULTILINE,
)
_OPTION = re.compile(rf"(?P<head>(?<!\S)(?P<name>--{_NAME})\s+)(?P<value>{_QUOTED}|[^\s\-\"'][^\s\"']*)")
_CREDENTIALS = re.compile(r"(?P<head>\b(?:[Bb]earer|BEARER|[Bb]asic|BASIC)\s+)(?P<value>[A-Za-z0-9._~+/=-]{4,})")

_HEADERS = frozenset(("authorization", "proxy-authorization", "cookie", "set-cookie"))
_NOTHING = frozenset(
    "none null true false nil undefined ... '' \"\" bearer basic missing invalid expired required unset empty on off "
    "str int bool float bytes".split()
)
_MASKS = frozenset("*?")  # placeholders for a value that is withheld, or not filled in yet


def hide(text: str, is_secret: Judge, parts: tuple[str, ...], marked: bool) -> str:
    """The text with "[redacted]" in place of each secret.

    ``is_secret`` judges a name. Every name of a secret contains one of ``parts``, so texts without any of them are not
    searched for names. ``marked`` is whether the text may hold a secret without a name: a key, or credentials.
    """
    if marked:
        text = _KNOWN.sub(REDACTED, text)
        text = _replaced(_CREDENTIALS, _is_credential, text, is_secret)
    if "@" in text and ("://" in text or "jdbc:" in text):
        text = _replaced(_LOGIN, _is_login, text, is_secret)
        text = _replaced(_BARE_LOGIN, _is_token, text, is_secret)
        text = _replaced(_THIN, _is_login, text, is_secret)
    if "curl" in text:
        text = _replaced(_USER_OPTION, _is_login, text, is_secret)
    low = text.lower()
    for part in parts:
        if part in low:
            for pattern, form in _NAMED:
                text = _replaced(pattern, form, text, is_secret)
            break
    return text


def _replaced(pattern: re.Pattern[str], form: Form, text: str, is_secret: Judge) -> str:
    """The text with each match of a pattern replaced if it is a secret; a match that is not one may contain one."""
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


def _is_token(found: re.Match[str], is_secret: Judge) -> bool:
    return any(char.isdigit() for char in found["value"])


def _is_named(found: re.Match[str], is_secret: Judge) -> bool:
    return is_secret(found["name"])


def _is_member(found: re.Match[str], is_secret: Judge) -> bool:
    return is_secret(found["name"]) and (found["sep"] != "," or found["open"] is not None)


def _is_line(found: re.Match[str], is_secret: Judge) -> bool:
    """``name: value``, which in prose is not a secret: "unexpected token: end of file"."""
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
    return (
        bare.lower() in _NOTHING
        or _MASKS.issuperset(bare)
        or bare == "%s"
        or bare.lower().startswith(("optional[", "list["))
        or REDACTED.startswith(bare)
        or bare.startswith("[redacted")
    )


_NAMED: tuple[tuple[re.Pattern[str], Form], ...] = (
    (_REFUSED, _is_named),
    (_HEADER, _is_named),
    (_ELEMENT, _is_named),
    (_MEMBER, _is_member),
    (_ASSIGNED, _is_named),
    (_LINE, _is_line),
    (_OPTION, _is_named),
)
