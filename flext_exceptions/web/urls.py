"""Urls as logs may show them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote_plus, urlsplit

from .._internal.redaction import is_secret, tells_secret
from .._internal.safe_text import REDACTED

# a query, a fragment, credentials, and characters that urlsplit treats specially
_MAY_TELL = re.compile(r"[?#@\[\]]|[^!-~]")

LIBRARIES = frozenset(("requests", "urllib3", "httpx", "httpcore", "h11", "h2", "anyio", "idna"))
"""The HTTP clients, and the libraries that they are built on."""


def shown_url(url: str) -> str:
    """A url without credentials and fragment, and without values of its query that are secret or name one.

    >>> shown_url("https://ada:pw@shop.example/a?page=2&api_key=123&next=%2Fb%3Ftoken%3D4#top")
    'https://shop.example/a?page=2&api_key=[redacted]&next=[redacted]'
    """
    if not _MAY_TELL.search(url):
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        return REDACTED
    query = _shown_query(parts.query)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query=query, fragment="").geturl()


def _shown_query(query: str) -> str:
    return "&".join(map(_shown_pair, query.split("&")))


def _shown_pair(pair: str) -> str:
    name, equals, value = pair.partition("=")
    key = unquote_plus(name).rstrip("]")  # user[password]
    return f"{name}={REDACTED}" if equals and (is_secret(key) or tells_secret(unquote_plus(value))) else pair


def hide(error: BaseException, url: str) -> None:
    """Remove from the messages of an error and those behind it what :func:`shown_url` removes from this url.

    >>> import requests
    >>> error = requests.ConnectionError("no answer: /a?token=1234")
    >>> hide(error, "http://stock/a?token=1234")
    >>> print(error)
    no answer: /a?token=[redacted]
    """
    for other in chain(error):
        if type(other).__module__.partition(".")[0] in LIBRARIES:  # otherwise it is the program's
            other.args = tuple(without_secrets(arg, url) if isinstance(arg, str) else arg for arg in other.args)


def without_secrets(text: str, url: str) -> str:
    """A text that may contain this url, as :func:`shown_url` shows it."""
    try:
        parts = urlsplit(url)
        login = parts.netloc.rpartition("@")[0]
        hidden = {parts.query: _shown_query(parts.query), f"{login}@" if login else "": ""}
    except ValueError:
        hidden = {url: REDACTED}
    for old, new in hidden.items():
        text = text.replace(old, new) if old else text
    return text


def chain(error: BaseException | None, end: BaseException | None = None) -> Iterator[BaseException]:
    """An error and those behind it, up to an end; no library chains more than ten."""
    for _ in range(10):
        if error is not None and error is not end:
            yield error
            error = error.__cause__ or error.__context__
