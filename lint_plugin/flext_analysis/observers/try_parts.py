"""The parts of a program that have a body: ``try``, and ``with`` of what may stop an error."""

from __future__ import annotations

from collections.abc import Iterator

from flext_analysis.escapes.propagation.programs import Block, Exits, Suppress, Through, Try

__all__ = ["holds", "parts_of"]


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
