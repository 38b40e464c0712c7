"""What may leave each function, under the names used in reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from flext_analysis.escapes import OPEN, RaisedError
from flext_analysis.summaries.definitions import Definition
from flext_analysis.summaries.summary import line_of
from flext_analysis.syntax.raise_sites import ALWAYS_PROTOCOL
from flext_codemods.audit.contracts.error_facts import FactReader
from flext_codemods.audit.program import Program, function_name, place_name
from flext_codemods.audit.witness import Ways

__all__ = ["FunctionEscapes", "Leaving", "escapes_of", "is_public", "untyped_at_boundary"]

# What the language requires, or what ends a process: nobody wants these typed.
EXPECTED = frozenset(f"builtins.{name}" for name in ALWAYS_PROTOCOL)
MAX_PLACES = 20  # of one class in one function


class Leaving(NamedTuple):
    """A class that may leave a function: its dotted name, the places that raise it (file and line).

    ``own`` means that code of the repository raises it; otherwise a table lists it for a callee.
    """

    path: str
    raised: tuple[str, ...]
    own: bool


class FunctionEscapes(NamedTuple):
    """What may leave a function. ``open`` means that there may be more: something on the way is not known."""

    name: str
    line: int
    public: bool
    leaving: tuple[Leaving, ...]
    open: bool


def escapes_of(program: Program, ways: Ways) -> Iterator[FunctionEscapes]:
    """Yield what may leave each function of the audited modules, in the order of the files."""
    known: dict[int, tuple[Leaving, ...]] = {}  # the same errors leave many functions
    rows: dict[int, Leaving] = {}
    for definition in program.definitions("function", "lambda"):
        mask = ways.mask(definition)
        leaving = known.get(mask)
        if leaving is None:
            errors = sorted(ways.by_class(mask).items())
            leaving = known[mask] = tuple(leaving_of(path, one, rows) for path, one in errors if path != OPEN)
        line = line_of(definition.scope.place)
        open_ = OPEN in ways.by_class(mask)
        yield FunctionEscapes(function_name(definition), line, is_public(definition), leaving, open_)


def leaving_of(path: str, errors: tuple[RaisedError, ...], rows: dict[int, Leaving]) -> Leaving:
    """Return what is known about the errors of a class that leave a function; ``rows`` are those made before."""
    known = rows.get(id(errors))
    if known is None:
        places = dict.fromkeys(place_name(*one.site) for one in errors if one.site)
        own = any(not one.from_table for one in errors)
        known = rows[id(errors)] = Leaving(path, tuple(places)[:MAX_PLACES], own)
    return known


def is_public(definition: Definition) -> bool:
    """Return whether a function can be called from elsewhere by its name: no part of it is private or local."""
    for part in definition.path.split("."):
        special = part.startswith("__") and part.endswith("__")
        if part in ("<locals>", "<lambda>") or (part.startswith("_") and not special):
            return False
    return True


def untyped_at_boundary(functions: Iterable[FunctionEscapes], facts: FactReader) -> Iterator[tuple[str, str, int, str]]:
    """Yield what leaves public functions untyped: the function, the class, the function's line, where it is raised."""
    for one in functions:
        for each in one.leaving if one.public else ():
            if not facts.of(each.path).typed and each.path not in EXPECTED:
                yield one.name, each.path, one.line, ", ".join(each.raised[:3])
