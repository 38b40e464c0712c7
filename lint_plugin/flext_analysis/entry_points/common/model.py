"""Where the outside world calls in, and what answers the errors that come out there: data only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from flext_analysis.summaries.definitions import Definition

__all__ = ["Answer", "Application", "EntryPoint", "ErrorHandler", "Lineage"]

Lineage = tuple[str, ...]  # the dotted names of a class and of its bases


class Answer(NamedTuple):
    """What the outside sees of an error: HTTP statuses or exit statuses, possibly none, or None for an unknown one.

    ``by`` names what answers, for people; ``handled`` is whether that is intended: an error that ends in a traceback or
    in the server's own page is not handled.
    """

    statuses: tuple[int | None, ...]
    by: str
    handled: bool = True


class ErrorHandler(NamedTuple):
    """A function or class that answers errors of some classes, ``"*"`` for all.

    ``statuses`` are those in its code; ``own`` means that it answers with the error's own: its ``http_status`` or
    ``status_code``. ``status`` is that of an error page, if the handler is for a status.
    """

    classes: tuple[str, ...]
    name: str
    statuses: tuple[int, ...] = ()
    own: bool = False
    status: int = 0
    definition: Definition | None = None


class Application(NamedTuple):
    """What surrounds entry points: its handlers, and the answer to errors that none of them takes.

    ``statuses`` are the classes that the framework itself answers, each with its status (0: the error has it);
    ``errors`` are the bases of such classes. ``middlewares`` surround the handlers.
    """

    framework: str
    handlers: tuple[ErrorHandler, ...] = ()
    middlewares: tuple[ErrorHandler, ...] = ()
    otherwise: Answer = Answer((), "nobody", handled=False)

    def handler_for(self, lineage: Iterable[str]) -> ErrorHandler | None:
        """Return the handler of the nearest class, as Flask and Starlette choose it."""
        return nearest(lineage, self.handlers)

    def middleware_for(self, lineage: Iterable[str]) -> ErrorHandler | None:
        """Return the middleware that takes an error which no handler took."""
        return nearest(lineage, self.middlewares)


def nearest(lineage: Iterable[str], handlers: tuple[ErrorHandler, ...]) -> ErrorHandler | None:
    """Return the handler of the first class in a lineage that has one, the last registered one; otherwise one for all.

    >>> handlers = (ErrorHandler(("*",), "any"), ErrorHandler(("builtins.ValueError",), "values"))
    >>> nearest(("shop.Bad", "builtins.ValueError"), handlers).name
    'values'
    """
    for path in (*lineage, "*"):
        for one in reversed(handlers):
            if path in one.classes:
                return one
    return None


class EntryPoint(NamedTuple):
    """A place where the outside world calls in.

    ``kind`` is "route", "command", "task", "script" or "hook"; ``name`` is its readable name (``POST /orders``);
    ``functions`` are those that run for it: the view, its dependencies, its hooks. ``answers`` are answers to errors
    that no function raises: the framework's own check of a request, each with a description.
    """

    framework: str
    kind: str
    name: str
    functions: tuple[Definition, ...]
    application: Application
    answers: tuple[tuple[int, str], ...] = ()
    where: Definition | None = None
    place: int = 0

    @property
    def definition(self) -> Definition | None:
        """The function or module that the entry point is named after."""
        return self.where or (self.functions[0] if self.functions else None)

    def modules(self) -> Iterator[str]:
        """Yield the paths of its files."""
        yield from {one.module.path: None for one in (self.where, *self.functions) if one is not None}
