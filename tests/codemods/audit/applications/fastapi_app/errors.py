"""What may go wrong in the library."""

from __future__ import annotations

from fastapi import HTTPException

from flext_exceptions import FlextExceptions


class BookMissing(FlextExceptions.NotFoundError):
    """There is no such book."""

    code = "BOOK_MISSING"
    title = "No such book"


class BookLent(FlextExceptions.AlreadyExistsError):
    """Somebody else has the book."""

    code = "BOOK_LENT"
    title = "The book is lent"
    retryable = True


class ReaderBanned(Exception):
    """The reader may not borrow."""

    def __init__(self, reader: str) -> None:
        super().__init__(reader)
        self.reader = reader


class TooManyBooks(HTTPException):
    """The reader has as many books as one may have."""

    def __init__(self, most: int) -> None:
        super().__init__(status_code=429, detail=f"at most {most} books")
