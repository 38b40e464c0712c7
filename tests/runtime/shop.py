"""Errors as users write them, at module level so that they can be pickled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from flext_exceptions import FlextExceptions


class KeywordOnly(FlextExceptions.ValidationError):
    """Its init takes keywords alone."""

    code = "SHOP_0001"
    sku: str | None = None

    def __init__(self, *, sku: str) -> None:
        super().__init__(f"no {sku}", field="sku", sku=sku)


class TwoRequired(FlextExceptions.NotFoundError):
    """Its init needs two arguments that are not its message."""

    def __init__(self, sku: str, shelf: int) -> None:
        self.shelf = shelf
        super().__init__(2, f"no {sku}", "shelf.txt", resource_id=sku)


class _Left(FlextExceptions.ValidationError):
    def __init__(self, text: str) -> None:
        FlextExceptions.ValidationError.__init__(self, text, field="left")


class _Right(FlextExceptions.ConnectionError):
    def __init__(self, service: str) -> None:
        FlextExceptions.ConnectionError.__init__(self, service=service)


class Diamond(_Left, _Right):
    """Calls both its parents, which do not know of each other."""

    def __init__(self, text: str, service: str) -> None:
        _Left.__init__(self, text)
        _Right.__init__(self, service)


class Slotted(FlextExceptions.Error):
    """Keeps a field outside its dict."""

    __slots__ = ("place",)

    def __init__(self, place: str) -> None:
        super().__init__("m")
        self.place = place


@dataclass(eq=False)
class Record(FlextExceptions.ConfigurationError):
    """Its init is generated."""

    where: str
    line: int = 0

    def __post_init__(self) -> None:
        super().__init__(f"{self.where}:{self.line}", config_key=self.where)


class Decoding(FlextExceptions.ValidationError, UnicodeDecodeError):
    """Has a builtin's layout that no type of ours has."""


class Several(FlextExceptions.BaseError, ExceptionGroup[Exception]):
    """A group that ``except FlextExceptions`` catches."""


class Reducing(FlextExceptions.Error):
    """Says itself how it pickles."""

    def __reduce__(self) -> tuple[type[Reducing], tuple[str]]:
        return Reducing, ("reduced",)


def users() -> list[FlextExceptions.BaseError]:
    """One of each of those that pickle by themselves."""
    return [
        KeywordOnly(sku="A-1"),
        TwoRequired("A-1", 4),
        Diamond("text", "service"),
        Slotted("here"),
        Record("file", 3),
        Decoding("utf-8", b"\xff", 0, 1, "bad", field="f"),
    ]


USERS = users()


def fail(error: FlextExceptions.BaseError) -> None:
    """Raise, in a worker."""
    raise error


def answer(number: int) -> tuple[FlextExceptions.BaseError, dict[str, int]]:
    """Make a user's error in a worker, and say what this worker counted for it."""
    with FlextExceptions.Metrics.isolated():
        error = users()[number]
        return error, dict(FlextExceptions.get_metrics())


class Unreachable(OSError):  # noqa: FLX304
    """An error of before, whose way to pickle is the builtin's."""


class Refused(Unreachable, FlextExceptions.ValidationError):
    """Below it and a typed one."""


class Named(NamedTuple):
    """A tuple whose names say what it holds."""

    user: str
    password: object


class Login(NamedTuple):
    """Another."""

    user: str
    token: object


@dataclass(frozen=True)
class Holding:
    """An object whose repr shows all that it holds."""

    cookie: object
