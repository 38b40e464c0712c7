"""The books, and who has them."""

from __future__ import annotations

from .errors import BookLent, BookMissing, ReaderBanned, TooManyBooks

MOST = 2
BANNED = {"mallory"}


class Shelf:
    """All books of the library."""

    def __init__(self) -> None:
        self.titles = {1: "Ulysses", 2: "Emma", 3: "Walden"}
        self.lent: dict[int, str] = {}

    def title(self, number: int) -> str:
        """Return the title of a book."""
        try:
            return self.titles[number]
        except KeyError as error:
            raise BookMissing("no such book", resource_id=str(number)) from error

    def lend(self, number: int, reader: str) -> None:
        """Give a book to a reader."""
        self.title(number)
        if reader in BANNED:
            raise ReaderBanned(reader)
        if sum(name == reader for name in self.lent.values()) >= MOST:
            raise TooManyBooks(MOST)
        if number in self.lent:
            raise BookLent("somebody has it")
        self.lent[number] = reader

    def take_back(self, number: int) -> None:
        """Take a book back."""
        if self.lent.pop(number, None) is None:
            raise LookupError(number)
