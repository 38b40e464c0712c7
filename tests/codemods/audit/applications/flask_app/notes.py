"""The notes."""

from __future__ import annotations

from collections.abc import Callable


class NoteMissing(Exception):
    """There is no such note."""


class NoteLocked(Exception):
    """The note may not be changed."""


class Notes:
    """All notes."""

    def __init__(self) -> None:
        self.texts: dict[int, str] = {1: "first"}
        self.locked = {1}

    def read(self, number: int) -> str:
        """Return a note."""
        if number not in self.texts:
            raise NoteMissing(number)
        return self.texts[number]

    def write(self, text: str) -> int:
        """Keep a note."""
        number = max(self.texts, default=0) + 1
        self.texts[number] = text
        return number

    def change(self, number: int, text: object) -> None:
        """Change a note."""
        self.read(number)
        if number in self.locked:
            raise NoteLocked(number)
        if not isinstance(text, str):
            raise ValueError("a note is a text")
        self.texts[number] = text


def bad() -> tuple[type[ZeroDivisionError], Callable[[ZeroDivisionError], tuple[str, int]]]:
    """Return a handler with its class."""
    return ZeroDivisionError, divided


def divided(error: ZeroDivisionError) -> tuple[str, int]:
    """Answer a division by zero."""
    return "divided", 400
