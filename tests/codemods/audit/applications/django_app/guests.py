"""The guests and what they wrote."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404

ENTRIES = {1: "lovely", 2: "quiet"}


class EntryTooLong(Exception):
    """The entry does not fit on a page."""


class GuestUnwelcome(Exception):
    """The guest is not welcome."""


def entry(number: int) -> str:
    """Return an entry."""
    if number not in ENTRIES:
        raise Http404("no such entry")
    return ENTRIES[number]


def remove(number: int, guest: str) -> None:
    """Tear an entry out."""
    entry(number)
    if guest != "owner":
        raise PermissionDenied
    if number == 1:
        raise RuntimeError("the first stays")


def write(text: str) -> int:
    """Write an entry."""
    if len(text) > 20:
        raise EntryTooLong(len(text))
    return len(text)
