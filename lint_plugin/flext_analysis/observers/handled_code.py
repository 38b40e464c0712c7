"""Which handlers are around the code of a scope, and what is under them in its program."""

from __future__ import annotations

from collections.abc import Iterator

from flext_analysis.escapes.propagation.programs import Block, Exits, Suppress, Through, Try
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.code_walk import walk_code
from flext_analysis.summaries.summary import Code

__all__ = ["Around", "handled_statements", "handlers_around", "holds", "parts_of"]

Around = tuple[tuple[int, str | None], ...]  # the handlers around a statement: position and name, the innermost last


def handled_statements(code: list[Code]) -> Iterator[tuple[Code, Around]]:
    """Yield every statement with the handlers around it."""
    waiting: list[tuple[list[Code], Around]] = [(code, ())]
    while waiting:
        block, around = waiting.pop()
        for one in block:
            yield one, around
            if one[0] == op.TRY:
                waiting += [(one[1], around), (one[3], around), (one[4], around)]
                waiting += [(handler[2], (*around, (handler[3], handler[1]))) for handler in one[2]]
            elif one[0] == op.WITH:
                waiting.append((one[2], around))
            elif one[0] == op.CHOOSE:
                waiting += [(each, around) for each in one[1]]


def handlers_around(code: list[Code], place: int) -> Around:
    """Return the handlers around the expression at a position."""
    for statement, around in handled_statements(code):
        if around:
            for one, holder, _ in walk_code([statement]):
                if holder is statement and one[-1] == place:
                    return around
                if one[0] in (op.FORMATTED,) and holder is statement and one[2] == place:
                    return around
    return ()


def parts_of(program: Block) -> Iterator[tuple[object, Block]]:
    """Yield the parts of a program that have a body, with that."""
    for block in program.blocks():
        for part in block.parts:
            if isinstance(part, Try | Suppress | Exits | Through):
                yield part, part.body


def holds(part: object, place: int) -> bool:
    """Return whether a part is the ``try`` with a handler at a position, or the ``with`` there."""
    if isinstance(part, Try):
        return any(key[2] == place for key, _, _ in part.handlers)
    if isinstance(part, Through):
        return part.place == place
    return isinstance(part, Suppress | Exits) and part.key[2] == place
