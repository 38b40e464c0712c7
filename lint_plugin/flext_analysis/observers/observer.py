"""A place that reads something of an error, as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from flext_analysis.summaries import summary as op
from flext_analysis.summaries.code_walk import dotted_code
from flext_analysis.summaries.definitions import Definition
from flext_analysis.summaries.summary import Code

__all__ = ["Around", "Found", "Observer", "shown", "unstarred", "written"]


class Observer(NamedTuple):
    """A place that reads something of a value, which may be an error.

    ``kind`` is "class", "table" (something is looked up by it), "name", "repr" or "attribute"; ``effect`` is "shows" if
    the result goes anywhere, "logs" if it only goes into a log, and "prints" if it is only printed. ``subject`` is the
    value that is read, None for the error that is being handled. ``compared`` are the classes that its class is
    compared with: only errors of exactly these make a difference; None if it is not compared. ``texts`` are those that
    its name is compared with, likewise. ``asked`` is the attribute, or that of the class; "traceback" if that is shown.
    ``inside`` means that only members of a container are read: the text of a list is built from the reprs of its
    members. ``text`` is the source of the read (``...`` for a part of it); ``neutral`` is whether it is one of the
    forms that can be asked of the builtin instead (see the codemods' specification, section 8, and ``builtin_type``).
    """

    kind: str
    effect: str
    subject: Code | None
    place: int
    definition: Definition
    compared: tuple[Code, ...] | None = None
    texts: tuple[str, ...] | None = None
    asked: str = ""
    inside: bool = False
    text: str = ""
    neutral: bool = False

    @property
    def decides(self) -> bool:
        """Whether the program branches on what is read, as far as can be seen."""
        return self.kind == "table" or self.compared is not None or self.texts is not None


Found = Iterator[Observer]
Around = tuple[Code, ...]


def written(code: Code) -> str:
    """Return the text of a name or a chain of attributes, "..." for anything else.

    >>> written([op.NAME, "err"]), written([op.CONSTANT, "int", 3])
    ('err', '...')
    """
    return dotted_code(code) or "..."


def shown(subject: Code, place: int, definition: Definition, text: str, *, inside: bool = False) -> Observer:
    """Return the observer that shows the repr of something, or of what is ``inside``."""
    return Observer("repr", "shows", subject, place, definition, inside=inside, text=text)


def unstarred(code: Code) -> Code:
    """Return what is unpacked by a star, anything else unchanged."""
    return code[1] if code[0] == op.STARRED else code
