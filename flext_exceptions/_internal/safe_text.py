"""The text of any object, without ever raising."""

from __future__ import annotations

REDACTED = "[redacted]"
"""Replaces a secret."""


def name_of(kind: type) -> str:
    """The name of a class, even if its metaclass raises on reading it."""
    try:
        return str(kind.__name__)
    except Exception:
        return "object"


def text_of(value: object) -> str:
    """``str(value)``, or a placeholder if it fails."""
    try:
        return str(value)
    except Exception:
        return f"<unprintable {name_of(type(value))}>"


def repr_of(value: object) -> str:
    """``repr(value)``, or a placeholder if it fails."""
    try:
        return repr(value)
    except Exception:
        return f"<unprintable {name_of(type(value))}>"


def clean(text: str) -> str:
    """The text as an exact ``str`` that UTF-8 can hold: lone surrogates are escaped."""
    text = str.__str__(text)
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")
