"""What is known about an error class: its code, title, status and whether a retry may help."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from flext_analysis.entry_points.common.answers import class_status
from flext_analysis.entry_points.common.http_errors import full_lineage
from flext_analysis.entry_points.common.reading import Reader
from flext_analysis.program.hierarchy import ClassInfo, external_class
from flext_analysis.program.library import TYPES, library_path
from flext_analysis.summaries.definitions import Definition
from flext_exceptions.codes import ErrorCodes
from flext_exceptions.documents.problem_details import phrase

__all__ = ["ErrorFacts", "FactReader"]


class ErrorFacts(NamedTuple):
    """An error class. ``status`` is 0 if it names none; ``typed`` is whether it is the library's or below one."""

    path: str
    code: str = ""
    title: str = ""
    status: int = 0
    retryable: bool = False
    typed: bool = False
    lineage: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its name without its module."""
        return self.path.rpartition(".")[2]


class FactReader:
    """Reads the facts of a project's classes: its own from their bodies, the library's from the catalogue."""

    def __init__(self, reader: Reader, typed: Iterable[str] = ()) -> None:
        self.reader = reader
        self.declared = frozenset(typed)
        self._known: dict[str, ErrorFacts] = {}

    @cached_property
    def classes(self) -> dict[str, Definition]:
        """The classes of the project by dotted name."""
        return {one.path: one for one in self.reader.definitions("class")}

    def of(self, path: str) -> ErrorFacts:
        """Return the facts of the class with a dotted name."""
        known = self._known.get(path)
        if known is None:
            known = self._known[path] = self.read(path)
        return known

    def info(self, path: str) -> ClassInfo:
        """Return what the hierarchy knows about a class."""
        definition = self.classes.get(path)
        return self.reader.hierarchy.of_definition(definition) if definition is not None else external_class(path)

    def read(self, path: str) -> ErrorFacts:
        """Read the facts of a class."""
        info = self.info(path)
        lineage = full_lineage(info.lineage)
        library = next((known for one in lineage if (known := library_path(one)) in TYPES), None)
        row = TYPES.get(library or "")
        own = [self.classes[one] for one in lineage if one in self.classes]
        chain: list[Definition | str] = [self.classes.get(one, one) for one in lineage]
        typed = row is not None or not self.declared.isdisjoint(lineage)
        code = self.text(own, "code", "default_code", "error_code") or (row.code if row is not None else "")
        status = class_status(tuple(chain), self.reader) or (row.http_status if row is not None else 0)
        title = self.text(own, "title") or (row.title if row is not None else "") or phrase(status)
        retryable = self.flag(own, "retryable")
        if retryable is None:
            retryable = row.retryable if row is not None else False
        return ErrorFacts(path, code, title, status, retryable, typed, lineage)

    def text(self, own: list[Definition], *names: str) -> str:
        """Return the text that the nearest of some classes assigns to one of some names, "" if none does."""
        for cls in own:
            for name in names:
                for binding in cls.bindings.get(name, ()):
                    value = self.reader.text(binding.code, cls) if binding.kind == "assign" else None
                    if value is None and binding.kind == "assign":
                        value = code_of(self.reader.path(binding.code, cls))
                    if value is not None:
                        return value
        return ""

    def flag(self, own: list[Definition], name: str) -> bool | None:
        """Return the boolean that the nearest of some classes assigns to a name, None if none does."""
        for cls in own:
            for binding in cls.bindings.get(name, ()):
                value = self.reader.constant(binding.code, cls) if binding.kind == "assign" else None
                if isinstance(value, bool):
                    return value
        return None


def code_of(path: str) -> str | None:
    """Return the code that ``ErrorCodes.X`` refers to, None if a dotted name is something else.

    >>> code_of("flext_exceptions.ErrorCodes.NOT_FOUND") == ErrorCodes.NOT_FOUND
    True
    """
    owner, _, name = path.rpartition(".")
    value = getattr(ErrorCodes, name, None) if owner.endswith("ErrorCodes") else None
    return value if isinstance(value, str) else None
