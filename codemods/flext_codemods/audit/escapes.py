"""What may leave each function, under the names that reports have, and the ways there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from flext_analysis.escapes import OPEN
from flext_analysis.raise_sites import ALWAYS_PROTOCOL
from flext_analysis.summary import column_of, line_of
from flext_codemods.audit.error_facts import FactReader
from flext_codemods.audit.program import Program, function_name

__all__ = ["FunctionEscapes", "Leaving", "escapes_of", "is_public", "untyped_at_boundary"]


class Leaving(NamedTuple):
    """A class that may leave a function: its dotted name, where it is raised or called, and the function called there.

    ``via`` is "" where the function raises it itself.
    """

    path: str
    line: int
    column: int
    via: str = ""


class FunctionEscapes(NamedTuple):
    """What may leave a function. ``open`` says that there may be more: something on the way is not known."""

    name: str
    line: int
    public: bool
    leaving: tuple[Leaving, ...]
    open: bool


def escapes_of(program: Program) -> Iterator[FunctionEscapes]:
    """Yield what may leave each function of the modules that are audited, in the order of the files."""
    found = program.analysis.by_function()
    for definition in program.definitions("function", "lambda"):
        escapes = found.get(definition, {})
        leaving = [
            Leaving(
                path, line_of(way.place), column_of(way.place) + 1, function_name(way.via.definition) if way.via else ""
            )
            for path, (way, _) in sorted(escapes.items())
            if path != OPEN
        ]
        name = function_name(definition)
        yield FunctionEscapes(
            name, line_of(definition.scope.place), is_public(definition), tuple(leaving), OPEN in escapes
        )


def is_public(definition: object) -> bool:
    """Say whether a function can be called from elsewhere by its name: no part of it is private or local."""
    parts = getattr(definition, "path", "").split(".")
    return not any(part.startswith("_") and not (part.startswith("__") and part.endswith("__")) for part in parts) and (
        "<locals>" not in parts and "<lambda>" not in parts
    )


def untyped_at_boundary(functions: Iterable[FunctionEscapes], facts: FactReader) -> Iterator[tuple[str, str, int, str]]:
    """Yield what leaves public functions untyped: the function, the class, the line, and the function called there."""
    for one in functions:
        for each in one.leaving if one.public else ():
            if not facts.of(each.path).typed and each.path not in EXPECTED:
                yield one.name, each.path, each.line, each.via


# What the language asks for, or what ends a process: nobody wants these typed.
EXPECTED = frozenset(f"builtins.{name}" for name in ALWAYS_PROTOCOL)
