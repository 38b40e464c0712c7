"""Where the outside world calls in, and who answers the errors that come out there: data only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from flext_analysis.summaries.definitions import Definition

__all__ = ["Answer", "Application", "EntryPoint", "ErrorHandler", "Lineage"]

Lineage = tuple[str, ...]  # the dotted names of a class and of those that it inherits from


class Answer(NamedTuple):
    """What the outside sees of an error: HTTP statuses or exit statuses, none, or None among them, where not known.

    ``by`` says who answers, for people; ``handled`` that somebody meant to: an error which only ends in a traceback or
    in the server's own page is not handled.
    """

    statuses: tuple[int | None, ...]
    by: str
    handled: bool = True


class ErrorHandler(NamedTuple):
    """A function or class that answers errors of some classes, ``"*"`` for all.

    ``statuses`` are those that its code names; ``own`` says that it answers with what the error itself says: its
    ``http_status``, its ``status_code``. ``status`` is that of an error page, where the handler is one for a status.
    """

    classes: tuple[str, ...]
    name: str
    statuses: tuple[int, ...] = ()
    own: bool = False
    status: int = 0
    definition: Definition | None = None


class Application(NamedTuple):
    """What stands around entry points: its handlers, and the answer to what none of them takes.

    ``statuses`` are the classes that the framework itself answers, each with its status (0: the error says it);
    ``errors`` tell for such classes which they inherit from. ``middlewares`` stand around the handlers.
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
    """Return the handler of the first class in a lineage that has one, the last that was registered; then one for all.

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

    ``kind`` is "route", "command", "task", "script" or "hook"; ``name`` is what people call it (``POST /orders``);
    ``functions`` are those that run for it: the view, its dependencies, its hooks. ``answers`` are answers of errors
    that no function raises: the framework's own check of a request, each with what it is for.
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
        """The function or module that the entry point is named for."""
        return self.where or (self.functions[0] if self.functions else None)

    def modules(self) -> Iterator[str]:
        """Yield the paths of the files that hold it."""
        yield from {one.module.path: None for one in (self.where, *self.functions) if one is not None}
